-- The audit of reads: a chained stream, a file a process.

-- migration: 1 entries, and the few texts they name
-- engine: sqlite
CREATE TABLE read_audit (
  seq INTEGER PRIMARY KEY,
  chain BLOB NOT NULL,
  at INTEGER NOT NULL,
  part INTEGER NOT NULL,
  holder BLOB,
  caller INTEGER NOT NULL,
  purpose INTEGER NOT NULL,
  channel INTEGER NOT NULL,
  method INTEGER NOT NULL,
  outcome INTEGER NOT NULL
);

CREATE TABLE read_audit_text (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL
);
