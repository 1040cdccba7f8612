-- migration: 1 electronic cards, and who looks after whose
-- engine: sqlite
CREATE TABLE ecard (
        part INTEGER NOT NULL,
        holder BLOB NOT NULL,
        version INTEGER NOT NULL,
        record BLOB NOT NULL,
        PRIMARY KEY (part, holder)
) WITHOUT ROWID;
-- By the delegate's part. A row alone proves nothing: the ward's electronic card must name the
-- delegate, or the row be young.
CREATE TABLE family (
        part INTEGER NOT NULL,
        delegate BLOB NOT NULL,
        ward BLOB NOT NULL,
        relation INTEGER NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (part, delegate, ward)
) WITHOUT ROWID;
