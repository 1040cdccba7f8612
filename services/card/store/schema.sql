-- migration: 1 persons, cards, and who has a number
-- engine: sqlite
CREATE TABLE person (
        part INTEGER NOT NULL,
        holder BLOB NOT NULL,
        id_hash BLOB NOT NULL,
        version INTEGER NOT NULL,
        record BLOB NOT NULL,
        PRIMARY KEY (part, holder)
) WITHOUT ROWID;
CREATE UNIQUE INDEX person_by_identity ON person (part, id_hash);
CREATE TABLE card (
        part INTEGER NOT NULL,
        card BLOB NOT NULL,
        holder BLOB NOT NULL,
        state INTEGER NOT NULL,
        legacy_duplicate INTEGER NOT NULL,
        expires_on INTEGER NOT NULL,
        version INTEGER NOT NULL,
        record BLOB NOT NULL,
        PRIMARY KEY (part, holder, card)
) WITHOUT ROWID;
CREATE TABLE card_holder (
        part INTEGER NOT NULL,
        card BLOB NOT NULL,
        holder BLOB NOT NULL,
        PRIMARY KEY (part, card)
) WITHOUT ROWID;
-- R42 in the database itself: one NORMAL card a person, duplicates of the past excepted.
CREATE UNIQUE INDEX card_one_normal ON card (part, holder)
        WHERE state = 5 AND legacy_duplicate = 0;
-- Not by state: a row here is written only when a date changes, not at every change of a card.
CREATE INDEX card_by_expiry ON card (expires_on, card) WHERE expires_on > 0;
-- Numbers and chips have no part of their own: it comes from their hash.
CREATE TABLE claim (
        part INTEGER NOT NULL,
        claim_hash BLOB NOT NULL,
        card BLOB NOT NULL,
        holder BLOB NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (part, claim_hash)
) WITHOUT ROWID;
-- migration: 2 cards that left their holder's record, which holds the latest only
-- engine: sqlite
ALTER TABLE card ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
