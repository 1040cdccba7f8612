-- name: trust_load
SELECT epoch, trusted, run_id FROM cache_trust WHERE instance = $1;

-- name: trust_insert
INSERT INTO cache_trust (instance, epoch, trusted, run_id) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING;

-- name: trust_update
UPDATE cache_trust SET epoch = $2, trusted = $3, run_id = $4 WHERE instance = $1 AND epoch = $5;
