-- name: thing_insert
-- Comments do not count: $9.
INSERT INTO thing (part, id, name, body) VALUES ($1, $2, $3, $4);

-- name: thing_load
SELECT id, name, body FROM thing WHERE id = $2 AND part = $1 AND $1 = part;

-- name: thing_list
SELECT id, name, body FROM thing WHERE part = $1 ORDER BY id;

-- name: thing_rename
UPDATE thing SET name = $3 WHERE part = $1 AND id = $2 RETURNING id, name;

-- name: thing_hash
SELECT sha256($1), sha256(body || $2) FROM thing WHERE id = $3;

-- name: thing_colour
SELECT colour FROM thing WHERE id = $1;

-- name: nothing_of_the_kind
SELECT no_such_column FROM thing WHERE id = $1;
