-- migration: 1 links between cards and bank accounts
-- engine: sqlite
CREATE TABLE link (
        part INTEGER NOT NULL,
        card BLOB NOT NULL,
        holder BLOB NOT NULL,
        state INTEGER NOT NULL,
        has_left INTEGER NOT NULL DEFAULT 0,
        closing_since INTEGER NOT NULL,
        waiting_since INTEGER NOT NULL,
        version INTEGER NOT NULL,
        record BLOB NOT NULL,
        PRIMARY KEY (part, holder, card)
) WITHOUT ROWID;
CREATE TABLE link_holder (
        part INTEGER NOT NULL,
        card BLOB NOT NULL,
        holder BLOB NOT NULL,
        PRIMARY KEY (part, card)
) WITHOUT ROWID;
-- How old the oldest half-done case is: few rows, written when a case opens or ends.
CREATE INDEX link_closing ON link (closing_since) WHERE closing_since > 0;
CREATE INDEX link_waiting ON link (waiting_since) WHERE waiting_since > 0;
