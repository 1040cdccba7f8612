-- name: account_insert
INSERT INTO account (part, account, holder, state, version) VALUES ($1, $2, $3, $4, $5);

-- name: account_update
UPDATE account SET state = $1, version = $2 WHERE part = $3 AND account = $4;

-- name: account_load
SELECT holder, state, version FROM account WHERE part = $1 AND account = $2;

-- name: idem_count
SELECT count(*) FROM idem WHERE part = $1;

-- name: journal_count
SELECT count(*), COALESCE(sum(version), 0) FROM journal WHERE part = $1;

-- name: journal_deface
UPDATE journal SET event = $1 WHERE part = $2 AND seq = $3;

-- name: journal_deface_record
UPDATE journal SET record = $1 WHERE part = $2 AND seq = $3;

-- name: journal_cut
DELETE FROM journal WHERE part = $1 AND seq >= $2 AND seq < $3;

-- name: journal_swap
UPDATE journal SET record_hash = (SELECT record_hash FROM journal j WHERE j.part = $1 AND j.seq = $2),
  record = (SELECT record FROM journal j WHERE j.part = $1 AND j.seq = $2),
  name = (SELECT name FROM journal j WHERE j.part = $1 AND j.seq = $2),
  version = (SELECT version FROM journal j WHERE j.part = $1 AND j.seq = $2),
  at = (SELECT at FROM journal j WHERE j.part = $1 AND j.seq = $2)
 WHERE part = $1 AND seq = $3;

-- name: idem_age
UPDATE idem SET at = at - $1 WHERE part = $2;

-- name: audit_deface
UPDATE read_audit SET outcome = 0 WHERE seq = $1;

-- name: audit_count
SELECT count(*) FROM read_audit WHERE seq > $1;
