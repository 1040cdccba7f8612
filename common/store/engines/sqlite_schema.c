/* Numbered migrations, tracked in schema_version(component, version).
 * Must never touch a database that another service, a newer version or another program has made. */
#include "common/store/engines/sqlite_schema.h"

#include <string.h>

/* "SSCD": in the header of the file, so that file(1) and we know it. */
#define APPLICATION_ID 0x53534344

static const store_statement version_list = {
        "version_list", "SELECT component, version FROM schema_version ORDER BY component", 0};
static const store_statement version_put = {
        "version_put",
        "INSERT INTO schema_version (component, version) VALUES ($1, $2)"
        " ON CONFLICT (component) DO UPDATE SET version = excluded.version",
        2};

static bool foreign(failure *f, const char *text, const char *component, long long version)
{
        return failure_set(f, FAILURE_FAILED_PRECONDITION, "STORE_FOREIGN", text, component,
                           version);
}

static const store_schema *schema_find(const store_schema *const *schemas, const char *component)
{
        for (; *schemas; schemas++)
                if (strcmp((*schemas)->component, component) == 0) return *schemas;
        return NULL;
}

static int64_t version_of(const store_rows *rows, const char *component)
{
        for (size_t i = 0; i < rows->row_count; i++) {
                const store_value *row = store_row(rows, i);
                if (strcmp(store_row_text(row, 0), component) == 0)
                        return store_row_integer(row, 1);
        }
        return 0;
}

/* An empty file is ours to fill; *rows is empty then. */
static bool versions_read(sqlite_connection *c, store_rows *rows, bool *is_new, failure *f)
{
        int64_t tables = sqlite_connection_integer(c, "SELECT count(*) FROM sqlite_schema", -1);
        if (tables < 0) return sqlite_failure(f, sqlite3_extended_errcode(c->handle), "schema");
        *is_new = tables == 0;
        if (*is_new) return true;
        if (sqlite_connection_integer(c, "PRAGMA application_id", 0) != APPLICATION_ID)
                return failure_set(f, FAILURE_FAILED_PRECONDITION, "STORE_FOREIGN",
                                   "The file is a database of another program.");
        int code = sqlite_connection_run(c, &version_list, NULL, 0, rows, NULL);
        return code == SQLITE_OK || sqlite_failure(f, code, "schema_version");
}

static bool versions_are_known(const store_schema *const *schemas, const store_rows *rows,
                               bool others_may_stand, failure *f)
{
        for (size_t i = 0; i < rows->row_count; i++) {
                const char *component = store_row_text(store_row(rows, i), 0);
                int64_t version = store_row_integer(store_row(rows, i), 1);
                const store_schema *schema = schema_find(schemas, component);
                if (!schema && others_may_stand) continue;
                if (!schema)
                        return foreign(f,
                                       "The database has tables of \"%s\" (version %lld), which"
                                       " this service does not know.",
                                       component, version);
                if (version > (int64_t)schema->migration_count)
                        return foreign(f,
                                       "The tables of \"%s\" are of version %lld, newer than"
                                       " this program.",
                                       component, version);
        }
        return true;
}

bool sqlite_schema_check(sqlite_connection *c, const store_schema *const *schemas, failure *f)
{
        SCOPED(arena) memory = {0};
        store_rows rows = {.arena = &memory};
        bool is_new = false;
        if (!versions_read(c, &rows, &is_new, f)) return false;
        if (!versions_are_known(schemas, &rows, true, f)) return false;
        for (const store_schema *const *each = schemas; *each; each++)
                if (version_of(&rows, (*each)->component) != (int64_t)(*each)->migration_count)
                        return foreign(f, "The tables of \"%s\" are not of version %lld.",
                                       (*each)->component, (long long)(*each)->migration_count);
        return true;
}

static bool schema_bring_forward(sqlite_connection *c, const store_schema *schema, int64_t version,
                                 failure *f)
{
        for (size_t i = (size_t)version; i < schema->migration_count; i++) {
                const store_migration *migration = &schema->migrations[i];
                assert(migration->number == (int64_t)i + 1);
                int code = sqlite_connection_execute(c, migration->sqlite_sql);
                if (code == SQLITE_OK)
                        code = sqlite_connection_run(
                                c, &version_put,
                                (const store_value[]){store_text(schema->component),
                                                      store_integer(migration->number)},
                                2, NULL, NULL);
                if (code != SQLITE_OK)
                        return failure_set(f, FAILURE_UNAVAILABLE, "STORE_UNAVAILABLE",
                                           "Migration %lld of \"%s\" failed: %s.",
                                           (long long)migration->number, schema->component,
                                           sqlite3_errmsg(c->handle));
        }
        return true;
}

static bool migrate(sqlite_connection *c, const store_schema *const *schemas, failure *f)
{
        SCOPED(arena) memory = {0};
        store_rows rows = {.arena = &memory};
        bool is_new = false;
        if (!versions_read(c, &rows, &is_new, f)) return false;
        if (!versions_are_known(schemas, &rows, false, f)) return false;
        if (is_new) {
                int code = sqlite_connection_execute(
                        c, "PRAGMA application_id=0x53534344;"
                           "CREATE TABLE schema_version (component TEXT PRIMARY KEY,"
                           " version BIGINT NOT NULL) WITHOUT ROWID");
                if (code != SQLITE_OK) return sqlite_failure(f, code, "schema_version");
        }
        for (const store_schema *const *each = schemas; *each; each++)
                if (!schema_bring_forward(c, *each, version_of(&rows, (*each)->component), f))
                        return false;
        return true;
}

bool sqlite_schema_migrate(sqlite_connection *c, const store_schema *const *schemas, failure *f)
{
        int code = sqlite_connection_execute(c, "BEGIN IMMEDIATE");
        if (code != SQLITE_OK) return sqlite_failure(f, code, "begin");
        bool done = migrate(c, schemas, f);
        code = sqlite_connection_execute(c, done ? "COMMIT" : "ROLLBACK");
        if (done && code != SQLITE_OK) {
                sqlite_connection_execute(c, "ROLLBACK");
                return sqlite_failure(f, code, "commit");
        }
        return done;
}
