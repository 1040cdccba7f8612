-- name: notice_find
SELECT n.holder, n.record, h.version FROM notice n
JOIN holder h ON h.part = n.part AND h.holder = n.holder
WHERE n.part = $1 AND n.notice = $2;

-- The newest first: ids are in the order of time.
-- name: notice_list
SELECT record FROM notice WHERE part = $1 AND holder = $2 ORDER BY notice DESC LIMIT $3;

-- name: notice_insert
INSERT INTO notice (part, holder, notice, version, record) VALUES ($1, $2, $3, $4, $5);

-- name: notice_update
UPDATE notice SET version = $4, record = $5 WHERE part = $1 AND holder = $2 AND notice = $3;
