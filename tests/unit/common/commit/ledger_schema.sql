-- migration: 1 a toy service: accounts of holders, at most one OPEN a holder
CREATE TABLE account (part INTEGER NOT NULL, account BLOB NOT NULL, holder BLOB NOT NULL, state TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (part, account));
CREATE UNIQUE INDEX one_open ON account (part, holder) WHERE state = 'OPEN';
