-- migration: 1 things
CREATE TABLE thing (part INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT, body BLOB, PRIMARY KEY (part, id));
CREATE UNIQUE INDEX thing_name ON thing (part, name);
