-- name: read_audit_insert
INSERT INTO read_audit (seq, chain, at, part, holder, caller, purpose, channel, method, outcome)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: read_audit_text_insert
INSERT INTO read_audit_text (id, text) VALUES ($1, $2);

-- name: read_audit_last
SELECT seq, chain FROM read_audit WHERE seq > $1 ORDER BY seq DESC LIMIT 1;

-- name: read_audit_text_last
SELECT id FROM read_audit_text WHERE id > $1 ORDER BY id DESC LIMIT 1;

-- name: read_audit_after
SELECT a.seq, a.chain, a.at, a.part, a.holder, c.text, p.text, h.text, m.text, a.outcome
  FROM read_audit a
  JOIN read_audit_text c ON c.id = a.caller
  JOIN read_audit_text p ON p.id = a.purpose
  JOIN read_audit_text h ON h.id = a.channel
  JOIN read_audit_text m ON m.id = a.method
 WHERE a.seq > $1 ORDER BY a.seq LIMIT 1000;
