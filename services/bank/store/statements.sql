-- One snapshot of all links of one holder.
-- name: link_load
SELECT h.version, l.card, l.record
FROM holder h
LEFT JOIN link l ON l.part = h.part AND l.holder = h.holder AND l.has_left = 0
WHERE h.part = $1 AND h.holder = $2
ORDER BY l.card;

-- name: link_find_holder
SELECT holder FROM link_holder WHERE part = $1 AND card = $2;

-- name: link_insert
INSERT INTO link (part, card, holder, state, closing_since, waiting_since, version, record)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: link_holder_insert
INSERT INTO link_holder (part, card, holder) VALUES ($1, $2, $3);

-- name: link_update
UPDATE link SET state = $4, closing_since = $5, waiting_since = $6, version = $7, record = $8
WHERE part = $1 AND holder = $2 AND card = $3;

-- name: link_leave
UPDATE link SET has_left = 1 WHERE part = $1 AND holder = $2 AND card = $3;

-- name: link_closing_ages
SELECT COUNT(*), COALESCE(MIN(closing_since), 0) FROM link WHERE closing_since > $1;

-- name: link_waiting_ages
SELECT COUNT(*), COALESCE(MIN(waiting_since), 0) FROM link WHERE waiting_since > $1;
