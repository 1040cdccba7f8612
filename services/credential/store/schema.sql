-- migration: 1 the PIN of each card, the guess in flight, the change that waits
-- engine: sqlite
-- salt, mac, initial_*: of the PIN, never in a record, a journal row or the cache. attempt*: a guess
-- that was counted and is not resolved. pending*: a change of PIN that waits for the card's side.
CREATE TABLE credential (
        part INTEGER NOT NULL,
        holder BLOB NOT NULL,
        card BLOB NOT NULL,
        state INTEGER NOT NULL,
        errors INTEGER NOT NULL,
        version INTEGER NOT NULL,
        record BLOB NOT NULL,
        salt BLOB NOT NULL,
        mac BLOB NOT NULL,
        initial_salt BLOB NOT NULL,
        initial_mac BLOB NOT NULL,
        initial_generation INTEGER NOT NULL,
        attempt BLOB,
        attempt_record BLOB,
        attempt_at INTEGER,
        pending BLOB,
        pending_record BLOB,
        PRIMARY KEY (part, holder, card)
) WITHOUT ROWID;
CREATE TABLE credential_holder (
        part INTEGER NOT NULL,
        card BLOB NOT NULL,
        holder BLOB NOT NULL,
        PRIMARY KEY (part, card)
) WITHOUT ROWID;
CREATE INDEX credential_pending ON credential (pending) WHERE pending IS NOT NULL;
