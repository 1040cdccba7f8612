-- The statements of commit, in the order in which a write uses them.

-- name: idem_insert
INSERT INTO idem (part, key, request_hash, holder, status, message, answer, at, keep)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: idem_load
SELECT request_hash, holder, status, message, answer, at FROM idem WHERE part = $1 AND key = $2;

-- name: idem_fill
UPDATE idem SET status = $1, message = $2, answer = $3
 WHERE part = $4 AND key = $5 AND status IS NULL;

-- name: idem_old
SELECT key FROM idem WHERE part = $1 AND at < $2 AND keep = 0 LIMIT 500;

-- name: idem_delete
DELETE FROM idem WHERE part = $1 AND key = $2;

-- name: holder_create
INSERT INTO holder (part, holder, version, op, seq) VALUES ($1, $2, 0, $3, 0)
ON CONFLICT (part, holder) DO NOTHING;

-- name: holder_advance
UPDATE holder SET version = version + 1, op = $1 WHERE part = $2 AND holder = $3 AND version = $4;

-- name: holder_version
SELECT version FROM holder WHERE part = $1 AND holder = $2;

-- name: holder_seq
SELECT seq FROM holder WHERE part = $1 AND holder = $2;

-- name: part_head_advance
UPDATE part_head SET seq = seq + 1, chain = sha256(chain || $1) WHERE part = $2;

-- name: journal_insert
-- A missed compare makes seq NULL, and the whole batch fails. By version alone the loser of a race
-- would see the winner's row and pass: hence op. The rows of one batch follow each other.
INSERT INTO journal (part, seq, chain, at, name, version, event, record_hash, record, previous)
VALUES ($1,
  (SELECT p.seq FROM part_head p JOIN holder h ON h.part = p.part
    WHERE p.part = $1 AND h.holder = $2 AND h.version = $3 AND h.op = $4),
  (SELECT chain FROM part_head WHERE part = $1), $5, $6, $7, $8, $9, $10,
  CASE WHEN $11 = 1
    THEN COALESCE((SELECT seq FROM holder WHERE part = $1 AND holder = $2), 0)
    ELSE (SELECT seq - 1 FROM part_head WHERE part = $1) END);

-- name: holder_journaled
UPDATE holder SET seq = (SELECT seq FROM part_head WHERE part = $1) WHERE part = $1 AND holder = $2;

-- name: feed_cursor_create
INSERT INTO feed_cursor (part, source, seq, op) VALUES ($1, $2, 0, $3)
ON CONFLICT (part, source) DO NOTHING;

-- name: feed_cursor_advance
UPDATE feed_cursor SET seq = $1, op = $2 WHERE part = $3 AND source = $4 AND seq = $5;

-- name: feed_cursor_guard
-- NULL, which the column does not take, unless the advance was this attempt's.
UPDATE feed_cursor SET seq =
  (SELECT c.seq FROM feed_cursor c WHERE c.part = $1 AND c.source = $2 AND c.op = $3)
 WHERE part = $1 AND source = $2;

-- name: feed_cursor_load
SELECT seq FROM feed_cursor WHERE part = $1 AND source = $2;

-- name: feed_cursor_list
SELECT part, seq FROM feed_cursor WHERE source = $1 ORDER BY part;

-- name: journal_after
SELECT seq, chain, at, name, version, event, record_hash, record, previous FROM journal
 WHERE part = $1 AND seq > $2 ORDER BY seq LIMIT 500;

-- name: journal_load
SELECT seq, chain, at, name, version, event, record_hash, record, previous FROM journal
 WHERE part = $1 AND seq = $2;

-- name: journal_erase
UPDATE journal SET record = $1 WHERE part = $2 AND seq = $3;

-- name: part_head_load
SELECT seq, chain FROM part_head WHERE part = $1;

-- name: part_head_list
SELECT part, seq FROM part_head WHERE part >= $1 ORDER BY part;

-- name: timer_set
INSERT INTO timer (part, due, key, kind) VALUES ($1, $2, $3, $4)
ON CONFLICT (part, due, key, kind) DO NOTHING;

-- name: timer_clear
DELETE FROM timer WHERE part = $1 AND due = $2 AND key = $3 AND kind = $4;

-- name: timer_due
SELECT due, key, kind FROM timer WHERE part = $1 AND due <= $2 ORDER BY due, key, kind LIMIT 100;

-- name: timer_next
SELECT due FROM timer WHERE part = $1 ORDER BY due LIMIT 1;

-- name: timer_waiting
SELECT COUNT(*), MIN(due) FROM timer WHERE due > $1;

-- name: timer_load
SELECT due FROM timer WHERE part = $1 AND due = $2 AND key = $3 AND kind = $4;
