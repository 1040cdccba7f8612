/* One SQLite connection with its prepared statements. One thread at a time. */
#ifndef SSCARD_COMMON_STORE_ENGINES_SQLITE_CONNECTION_H
#define SSCARD_COMMON_STORE_ENGINES_SQLITE_CONNECTION_H

#include "common/base/failure.h"
#include "common/store/store.h"

#include <sqlite3.h>

typedef struct sqlite_prepared sqlite_prepared;

/* Zero is closed. */
typedef struct sqlite_connection {
        sqlite3 *handle;
        sqlite_prepared *prepared; /* uthash by the statement's address */
} sqlite_connection;

/* `uri`: "file:…". Registers sha256(), sets what every connection needs. */
bool sqlite_connection_open(sqlite_connection *c, const char *uri, int flags, int64_t cache_kib,
                            failure *f) MUST_CHECK;
void sqlite_connection_close(sqlite_connection *c);

/* The SQLite result code; SQLITE_OK: it has run, and `rows` (NULL: none are wanted) are in
 * rows->arena. `touched` (may be NULL): rows that it returned or changed. */
int sqlite_connection_run(sqlite_connection *c, const store_statement *statement,
                          const store_value *values, size_t value_count, store_rows *rows,
                          int64_t *touched);
/* SQLITE_OK, or why it cannot be prepared. */
int sqlite_connection_prepare(sqlite_connection *c, const store_statement *statement);

/* A fixed text: PRAGMA, BEGIN, a migration. The result code. */
int sqlite_connection_execute(sqlite_connection *c, const char *sql);
/* The first column of the first row of a fixed text; `otherwise` when there is none. */
int64_t sqlite_connection_integer(sqlite_connection *c, const char *sql, int64_t otherwise);

/* What a result code means for whoever waits. */
store_outcome sqlite_outcome(int code, store_meaning meaning);
/* Records it: DATA_LOSS/STORE_CORRUPT or UNAVAILABLE/STORE_UNAVAILABLE. Returns false. */
bool sqlite_failure(failure *f, int code, const char *what);

#endif
