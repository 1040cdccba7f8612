/* A statement and a schema: constants that the build makes from a room's .sql files.
 * Nothing here runs anything. See statements.bzl for how they are made. */
#ifndef SSCARD_COMMON_STORE_STATEMENT_H
#define SSCARD_COMMON_STORE_STATEMENT_H

#include <stddef.h>
#include <stdint.h>

/* One `-- name: order_load` block of a .sql file. Static storage; its address is its identity, so
 * an engine prepares it once a connection. The text is the dialect that SQLite >= 3.35 and
 * PostgreSQL share: parameters $1..$n without a gap, ON CONFLICT, RETURNING, times as integer
 * milliseconds. */
typedef struct store_statement {
        const char *name;         /* "order_load" */
        const char *sql;          /* one statement, without its comment lines */
        uint32_t parameter_count; /* n of $n; counted by the build */
} store_statement;

/* One `-- migration: 3 adds the photo` block of a schema.sql. */
typedef struct store_migration {
        int64_t number;    /* 1, 2, 3 … */
        const char *title; /* "adds the photo" */
        const char *sqlite_sql;
} store_migration;

/* All migrations of one component of a database ("orders", "commit"), in order. */
typedef struct store_schema {
        const char *component;
        const store_migration *migrations;
        size_t migration_count;
} store_schema;

#endif
