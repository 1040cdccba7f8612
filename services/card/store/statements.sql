-- One snapshot of all that is held about one holder: a single statement, so that person and cards
-- are never of two moments.
-- name: holder_load
SELECT h.version, p.version, p.record, c.card, c.record
FROM person p
JOIN holder h ON h.part = p.part AND h.holder = p.holder
LEFT JOIN card c ON c.part = p.part AND c.holder = p.holder AND c.archived = 0
WHERE p.part = $1 AND p.holder = $2
ORDER BY c.card;

-- name: person_find
SELECT holder FROM person WHERE part = $1 AND id_hash = $2;

-- name: card_find_holder
SELECT holder FROM card_holder WHERE part = $1 AND card = $2;

-- name: claim_find
SELECT card, holder, at FROM claim WHERE part = $1 AND claim_hash = $2;

-- name: claim_insert
INSERT INTO claim (part, claim_hash, card, holder, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING;

-- name: claim_take_over
UPDATE claim SET card = $3, holder = $4, at = $5 WHERE part = $1 AND claim_hash = $2 AND card = $6;

-- name: person_insert
INSERT INTO person (part, holder, id_hash, version, record) VALUES ($1, $2, $3, $4, $5);

-- name: person_update
UPDATE person SET version = $3, record = $4 WHERE part = $1 AND holder = $2;

-- name: card_insert
INSERT INTO card (part, card, holder, state, legacy_duplicate, expires_on, version, record)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: card_holder_insert
INSERT INTO card_holder (part, card, holder) VALUES ($1, $2, $3);

-- name: card_update
UPDATE card SET state = $4, legacy_duplicate = $5, expires_on = $6, version = $7, record = $8
WHERE part = $1 AND holder = $2 AND card = $3;

-- name: card_archive
UPDATE card SET archived = 1 WHERE part = $1 AND holder = $2 AND card = $3;

-- name: card_load_archived
SELECT record FROM card WHERE part = $1 AND holder = $2 AND card = $3 AND archived = 1;

-- name: card_list_archived_up
SELECT record FROM card WHERE part = $1 AND holder = $2 AND card > $3 AND archived = 1
ORDER BY card LIMIT $4;

-- name: card_list_archived_down
SELECT record FROM card WHERE part = $1 AND holder = $2 AND card < $3 AND archived = 1
ORDER BY card DESC LIMIT $4;

-- name: card_list_expiring
SELECT card, holder, expires_on, record FROM card
WHERE expires_on > 0 AND state < 8 AND expires_on <= $1
  AND (expires_on > $2 OR (expires_on = $2 AND card > $3))
ORDER BY expires_on, card LIMIT $4;
