-- migration: 1 things
CREATE TABLE thing (part INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT, body BLOB, PRIMARY KEY (part, id));
CREATE UNIQUE INDEX thing_name ON thing (part, name);

-- migration: 2 a colour; its text has a "quote" and a \ backslash
-- engine: postgresql
ALTER TABLE thing ADD COLUMN nonsense;
-- engine: any
ALTER TABLE thing ADD COLUMN colour TEXT NOT NULL DEFAULT 'a "b" \';
