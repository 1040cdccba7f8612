-- All that is held about one holder, in one snapshot.
-- name: credential_load
SELECT h.version, c.card, c.record, c.errors, c.salt, c.mac, c.initial_salt, c.initial_mac,
       c.initial_generation, c.attempt, c.attempt_record, c.attempt_at, c.pending, c.pending_record
FROM holder h
LEFT JOIN credential c ON c.part = h.part AND c.holder = h.holder
WHERE h.part = $1 AND h.holder = $2
ORDER BY c.card;

-- name: credential_find_holder
SELECT holder FROM credential_holder WHERE part = $1 AND card = $2;

-- Counts the guess before it is compared: one at a time, of the very row that was looked at. A
-- locked one is marked and not counted: it is refused after the same work.
-- name: credential_reserve
UPDATE credential
   SET errors = errors + CASE WHEN state < 4 AND errors < $5 THEN 1 ELSE 0 END,
       attempt = $6, attempt_record = $7, attempt_at = $8
 WHERE part = $1 AND holder = $2 AND card = $3 AND version = $4
   AND state IN (2, 3, 4) AND attempt IS NULL AND pending IS NULL;

-- name: credential_insert
INSERT INTO credential (part, holder, card, state, errors, version, record, salt, mac, initial_salt,
                        initial_mac, initial_generation)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: credential_holder_insert
INSERT INTO credential_holder (part, card, holder) VALUES ($1, $2, $3);

-- Every write of a credential ends the guess that was in flight.
-- name: credential_update
UPDATE credential
   SET state = $4, errors = $5, version = $6, record = $7, salt = $8, mac = $9, initial_salt = $10,
       initial_mac = $11, initial_generation = $12, attempt = NULL, attempt_record = NULL,
       attempt_at = NULL, pending = $13, pending_record = $14
 WHERE part = $1 AND holder = $2 AND card = $3;

-- name: credential_list_pending
SELECT part, holder, card FROM credential WHERE pending IS NOT NULL AND part >= $1 LIMIT 100;
