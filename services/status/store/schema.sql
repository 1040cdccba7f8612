-- migration: 1 notices to people
-- engine: sqlite
CREATE TABLE notice (
        part INTEGER NOT NULL,
        holder BLOB NOT NULL,
        notice BLOB NOT NULL,
        version INTEGER NOT NULL,
        record BLOB NOT NULL,
        PRIMARY KEY (part, holder, notice)
) WITHOUT ROWID;
CREATE UNIQUE INDEX notice_by_id ON notice (part, notice);
