-- name: ecard_load
SELECT h.version, e.record
FROM ecard e
JOIN holder h ON h.part = e.part AND h.holder = e.holder
WHERE e.part = $1 AND e.holder = $2;

-- name: ecard_insert
INSERT INTO ecard (part, holder, version, record) VALUES ($1, $2, $3, $4);

-- name: ecard_update
UPDATE ecard SET version = $3, record = $4 WHERE part = $1 AND holder = $2;

-- name: family_claim
INSERT INTO family (part, delegate, ward, relation, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (part, delegate, ward) DO UPDATE SET relation = $4, at = $5;

-- name: family_of
SELECT ward, at FROM family WHERE part = $1 AND delegate = $2 AND relation = $3 ORDER BY ward LIMIT 64;
