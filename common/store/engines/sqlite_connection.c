/* One SQLite connection: opens it, keeps its statements prepared, copies rows into an arena.
 * Must never be used by two threads at a time. */
#include "common/store/engines/sqlite_connection.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

struct sqlite_prepared {
        const store_statement *statement;
        sqlite3_stmt *handle;
        int *index_of; /* of $n, at n - 1: SQLite numbers names by their appearance */
        int column_count;
        UT_hash_handle hh;
};

/* PostgreSQL's sha256(bytea). `chain || hash` of two blobs is TEXT here, so the bytes are read as
 * they are and nothing is cast. */
static void sha256_function(sqlite3_context *context, int count, sqlite3_value **values)
{
        assert(count == 1);
        if (sqlite3_value_type(values[0]) == SQLITE_NULL) return;
        const void *data = sqlite3_value_blob(values[0]);
        int length = sqlite3_value_bytes(values[0]);
        unsigned char digest[SHA256_DIGEST_LENGTH];
        SHA256(data ? data : "", (size_t)length, digest);
        sqlite3_result_blob(context, digest, sizeof digest, SQLITE_TRANSIENT);
}

bool sqlite_failure(failure *f, int code, const char *what)
{
        int primary = code & 0xff;
        if (primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB)
                return failure_set(f, FAILURE_DATA_LOSS, "STORE_CORRUPT",
                                   "The database is damaged (%s): %s.", what, sqlite3_errstr(code));
        return failure_set(f, FAILURE_UNAVAILABLE, "STORE_UNAVAILABLE",
                           "The database cannot be used (%s): %s.", what, sqlite3_errstr(code));
}

store_outcome sqlite_outcome(int code, store_meaning meaning)
{
        assert(code != SQLITE_OK);
        /* A failed sync leaves the kernel's pages in an unknown state; a later one may lie. */
        assert(code != SQLITE_IOERR_FSYNC && code != SQLITE_IOERR_DIR_FSYNC);
        if ((code & 0xff) != SQLITE_CONSTRAINT) return STORE_UNAVAILABLE;
        return meaning == STORE_MEANS_DUPLICATE ? STORE_DUPLICATE : STORE_CONFLICT;
}

bool sqlite_connection_open(sqlite_connection *c, const char *uri, int flags, int64_t cache_kib,
                            failure *f)
{
        *c = (sqlite_connection){0};
        int code = sqlite3_open_v2(uri, &c->handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI,
                                   NULL);
        if (code != SQLITE_OK) {
                sqlite_failure(f, code, "open");
                sqlite_connection_close(c);
                return false;
        }
        sqlite3_extended_result_codes(c->handle, 1);
        sqlite3_busy_timeout(c->handle, 5000);
        sqlite3_db_config(c->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        code = sqlite3_create_function_v2(c->handle, "sha256", 1,
                                          SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                          NULL, sha256_function, NULL, NULL, NULL);
        /* No spilling: SQLite 3.40 writes wrong checksums into the log after a ROLLBACK TO
         * that undid pages it had spilled, and after a crash all that was committed since is gone.
         * A group is small enough to stay in memory. */
        char pragmas[192];
        snprintf(pragmas, sizeof pragmas,
                 "PRAGMA cache_size=-%lld; PRAGMA cache_spill=OFF; PRAGMA temp_store=MEMORY;"
                 "PRAGMA trusted_schema=OFF; PRAGMA wal_autocheckpoint=0",
                 (long long)cache_kib);
        if (code == SQLITE_OK) code = sqlite_connection_execute(c, pragmas);
        if (code == SQLITE_OK) return true;
        sqlite_failure(f, code, "open");
        sqlite_connection_close(c);
        return false;
}

void sqlite_connection_close(sqlite_connection *c)
{
        sqlite_prepared *each, *next;
        HASH_ITER(hh, c->prepared, each, next)
        {
                HASH_DEL(c->prepared, each);
                sqlite3_finalize(each->handle);
                free(each->index_of);
                free(each);
        }
        int code = sqlite3_close(c->handle);
        assert(code == SQLITE_OK);
        *c = (sqlite_connection){0};
}

/* SQLITE_OK and *prepared, or why not. */
static int prepared_find(sqlite_connection *c, const store_statement *statement,
                         sqlite_prepared **prepared)
{
        HASH_FIND_PTR(c->prepared, &statement, *prepared);
        if (*prepared) return SQLITE_OK;

        sqlite3_stmt *handle = NULL;
        int code = sqlite3_prepare_v3(c->handle, statement->sql, -1, SQLITE_PREPARE_PERSISTENT,
                                      &handle, NULL);
        if (code != SQLITE_OK) return code;
        assert(sqlite3_bind_parameter_count(handle) == (int)statement->parameter_count);

        sqlite_prepared *p = calloc(1, sizeof *p);
        assert(p);
        p->statement = statement;
        p->handle = handle;
        p->column_count = sqlite3_column_count(handle);
        p->index_of = calloc(statement->parameter_count + 1, sizeof *p->index_of);
        assert(p->index_of);
        for (int i = 1; i <= (int)statement->parameter_count; i++) {
                long number = strtol(sqlite3_bind_parameter_name(handle, i) + 1, NULL, 10);
                assert(number >= 1 && number <= (long)statement->parameter_count);
                p->index_of[number - 1] = i;
        }
        HASH_ADD_PTR(c->prepared, statement, p);
        *prepared = p;
        return SQLITE_OK;
}

int sqlite_connection_prepare(sqlite_connection *c, const store_statement *statement)
{
        sqlite_prepared *prepared = NULL;
        return prepared_find(c, statement, &prepared);
}

static int bind_value(sqlite3_stmt *handle, int index, const store_value *value)
{
        switch (value->type) {
        case STORE_NULL:
                return sqlite3_bind_null(handle, index);
        case STORE_INTEGER:
                return sqlite3_bind_int64(handle, index, value->integer);
        case STORE_TEXT:
                return sqlite3_bind_text64(handle, index, (const char *)value->bytes.data,
                                           value->bytes.length, SQLITE_STATIC, SQLITE_UTF8);
        case STORE_BLOB:
                return sqlite3_bind_blob64(handle, index, value->bytes.data, value->bytes.length,
                                           SQLITE_STATIC);
        }
        assert(!"not a store_type");
        return SQLITE_MISUSE;
}

static store_value column_value(sqlite3_stmt *handle, int column, arena *a)
{
        switch (sqlite3_column_type(handle, column)) {
        case SQLITE_INTEGER:
                return store_integer(sqlite3_column_int64(handle, column));
        case SQLITE_TEXT: {
                const void *text = sqlite3_column_text(handle, column);
                size_t length = (size_t)sqlite3_column_bytes(handle, column);
                return store_text_bytes(bytes_of(arena_copy(a, text, length), length));
        }
        case SQLITE_BLOB: {
                const void *blob = sqlite3_column_blob(handle, column);
                size_t length = (size_t)sqlite3_column_bytes(handle, column);
                return store_blob(bytes_of(arena_copy(a, blob ? blob : "", length), length));
        }
        case SQLITE_NULL:
                return store_null();
        }
        assert(!"a number that is no integer has no place in a table");
        return store_null();
}

/* Appends the current row; the array doubles, the old one stays in the arena. */
static void rows_take(sqlite3_stmt *handle, int column_count, store_rows *rows, size_t *room)
{
        store_value *values = (store_value *)rows->values;
        size_t used = rows->row_count * (size_t)column_count;
        if (rows->row_count == *room) {
                *room = *room ? *room * 2 : 2;
                values = arena_alloc(rows->arena,
                                     *room * (size_t)column_count * sizeof(store_value));
                if (used) memcpy(values, rows->values, used * sizeof(store_value));
                rows->values = values;
        }
        for (int i = 0; i < column_count; i++)
                values[used + (size_t)i] = column_value(handle, i, rows->arena);
        rows->row_count++;
}

int sqlite_connection_run(sqlite_connection *c, const store_statement *statement,
                          const store_value *values, size_t value_count, store_rows *rows,
                          int64_t *touched)
{
        sqlite_prepared *prepared;
        int code = prepared_find(c, statement, &prepared);
        if (code != SQLITE_OK) return code;
        sqlite3_stmt *handle = prepared->handle;

        for (size_t i = 0; i < value_count && code == SQLITE_OK; i++)
                code = bind_value(handle, prepared->index_of[i], &values[i]);

        size_t room = 0, returned = 0;
        if (rows) {
                rows->values = NULL;
                rows->row_count = 0;
                rows->column_count = (size_t)prepared->column_count;
        }
        while (code == SQLITE_OK) {
                int step = sqlite3_step(handle);
                if (step == SQLITE_DONE) break;
                if (step != SQLITE_ROW) {
                        code = step;
                        break;
                }
                returned++;
                if (rows) rows_take(handle, prepared->column_count, rows, &room);
        }
        if (touched)
                *touched =
                        prepared->column_count ? (int64_t)returned : sqlite3_changes64(c->handle);
        sqlite3_reset(handle); /* its code is the step's, which we have */
        return code;
}

int sqlite_connection_execute(sqlite_connection *c, const char *sql)
{
        return sqlite3_exec(c->handle, sql, NULL, NULL, NULL);
}

int64_t sqlite_connection_integer(sqlite_connection *c, const char *sql, int64_t otherwise)
{
        sqlite3_stmt *handle = NULL;
        int64_t value = otherwise;
        if (sqlite3_prepare_v2(c->handle, sql, -1, &handle, NULL) == SQLITE_OK &&
            sqlite3_step(handle) == SQLITE_ROW)
                value = sqlite3_column_int64(handle, 0);
        sqlite3_finalize(handle);
        return value;
}
