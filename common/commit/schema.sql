-- The tables of commit: what every service that owns data has beside its own.

-- migration: 1 holders, idempotency, journal, feed cursors, trust in caches, timers
-- engine: sqlite
CREATE TABLE holder (
  part INTEGER NOT NULL,
  holder BLOB NOT NULL,
  version INTEGER NOT NULL,
  op BLOB NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (part, holder)
) WITHOUT ROWID;

-- Long rows (idem, journal) have a rowid: they are appended to pages that a group of writes shares,
-- and only the short key goes to a random page. In a tree of long keys every step down is a page.
-- `key` is made of caller, method and request id: key_of() in idempotency.c.
CREATE TABLE idem (
  part INTEGER NOT NULL,
  key BLOB NOT NULL,
  request_hash BLOB NOT NULL,
  holder BLOB NOT NULL,
  status INTEGER,
  message TEXT,
  answer BLOB,
  at INTEGER NOT NULL,
  keep INTEGER NOT NULL,
  PRIMARY KEY (part, key)
);

CREATE TABLE part_head (
  part INTEGER NOT NULL PRIMARY KEY,
  seq INTEGER NOT NULL,
  chain BLOB NOT NULL
) WITHOUT ROWID;

INSERT INTO part_head (part, seq, chain)
  WITH RECURSIVE parts (part) AS (VALUES (0) UNION ALL SELECT part + 1 FROM parts WHERE part < 255)
  SELECT part, 0, zeroblob(32) FROM parts;

CREATE TABLE journal (
  part INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  chain BLOB NOT NULL,
  at INTEGER NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  event TEXT NOT NULL,
  record_hash BLOB NOT NULL,
  record BLOB NOT NULL,
  previous INTEGER NOT NULL,
  PRIMARY KEY (part, seq)
);

CREATE TABLE feed_cursor (
  part INTEGER NOT NULL,
  source TEXT NOT NULL,
  seq INTEGER NOT NULL,
  op BLOB NOT NULL,
  PRIMARY KEY (part, source)
) WITHOUT ROWID;

CREATE TABLE cache_trust (
  instance TEXT NOT NULL PRIMARY KEY,
  epoch INTEGER NOT NULL,
  trusted INTEGER NOT NULL,
  run_id TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE timer (
  part INTEGER NOT NULL,
  due INTEGER NOT NULL,
  key BLOB NOT NULL,
  kind TEXT NOT NULL,
  PRIMARY KEY (part, due, key, kind)
) WITHOUT ROWID;
