/* Group commit. A transaction is told OK only after the COMMIT of its group has
 * returned; a failed COMMIT is UNAVAILABLE for all of them. Must never answer before. */
#include "common/store/engines/sqlite_writer.h"

static const store_statement begin_group = {"begin_group", "BEGIN IMMEDIATE", 0};
static const store_statement commit_group = {"commit_group", "COMMIT", 0};
static const store_statement rollback_group = {"rollback_group", "ROLLBACK", 0};
static const store_statement savepoint = {"savepoint", "SAVEPOINT write", 0};
static const store_statement savepoint_keep = {"savepoint_keep", "RELEASE write", 0};
static const store_statement savepoint_undo = {"savepoint_undo", "ROLLBACK TO write", 0};

static int run(sqlite_writer *w, const store_statement *statement)
{
        return sqlite_connection_run(&w->connection, statement, NULL, 0, NULL, NULL);
}

static void count(uint64_t *counter, uint64_t more)
{
        __atomic_fetch_add(counter, more, __ATOMIC_RELAXED);
}

/* Runs the statements of one batch; its outcome unless the group fails later. */
static void write_run(sqlite_writer *w, sqlite_write *write)
{
        write->outcome = STORE_OK;
        write->code = SQLITE_OK;
        for (store_batch_item *item = write->batch->first; item; item = item->next) {
                int64_t touched = 0;
                int code = sqlite_connection_run(&w->connection, item->statement, item->values,
                                                 item->value_count, &item->rows, &touched);
                if (code != SQLITE_OK) {
                        write->outcome = sqlite_outcome(code, item->meaning);
                        write->code = code;
                        return;
                }
                if (item->expect == STORE_EXPECT_ONE && touched != 1) {
                        write->outcome = STORE_CONFLICT;
                        return;
                }
        }
}

static void write_run_in_savepoint(sqlite_writer *w, sqlite_write *write)
{
        int code = run(w, &savepoint);
        if (code == SQLITE_OK) {
                write_run(w, write);
                if (write->outcome != STORE_OK && !sqlite3_get_autocommit(w->connection.handle))
                        code = run(w, &savepoint_undo);
                if (code == SQLITE_OK && !sqlite3_get_autocommit(w->connection.handle))
                        code = run(w, &savepoint_keep);
        }
        if (code == SQLITE_OK) return;
        write->outcome = STORE_UNAVAILABLE;
        write->code = code;
}

/* What was OK so far is not: the group was not committed. */
static void group_fail(sqlite_letter *first, int code)
{
        for (sqlite_letter *each = first; each; each = each->next) {
                sqlite_write *write = (sqlite_write *)each;
                if (write->outcome != STORE_OK && write->outcome != 0) continue;
                write->outcome = STORE_UNAVAILABLE;
                write->code = code;
        }
}

static void group_count(sqlite_writer *w, sqlite_letter *first)
{
        uint64_t batches = 0, conflicts = 0, duplicates = 0, failures = 0;
        for (sqlite_letter *each = first; each; each = each->next) {
                const sqlite_write *write = (const sqlite_write *)each;
                assert(write->outcome != 0);
                batches++;
                conflicts += write->outcome == STORE_CONFLICT;
                duplicates += write->outcome == STORE_DUPLICATE;
                failures += write->outcome == STORE_UNAVAILABLE;
        }
        count(&w->counts.groups, 1);
        count(&w->counts.batches, batches);
        if (conflicts) count(&w->counts.conflicts, conflicts);
        if (duplicates) count(&w->counts.duplicates, duplicates);
        if (failures) count(&w->counts.failures, failures);
}

/* Nearly always all of a group succeed: no savepoint then, which would copy every page that a write
 * touches. False: one failed, and nothing of the group stands. */
static bool group_run_at_once(sqlite_writer *w, sqlite_letter *first)
{
        if (run(w, &begin_group) != SQLITE_OK) return false;
        bool good = true;
        for (sqlite_letter *each = first; each && good; each = each->next) {
                write_run(w, (sqlite_write *)each);
                good = ((sqlite_write *)each)->outcome == STORE_OK;
        }
        int code = good ? run(w, &commit_group) : SQLITE_ABORT;
        if (code == SQLITE_OK) return true;
        sqlite_outcome(code, STORE_MEANS_CONFLICT); /* stops at a failed sync */
        if (!sqlite3_get_autocommit(w->connection.handle)) run(w, &rollback_group);
        return false;
}

/* Each in a savepoint: a failure rolls back alone. */
static void group_run_one_by_one(sqlite_writer *w, sqlite_letter *first)
{
        for (sqlite_letter *each = first; each; each = each->next)
                ((sqlite_write *)each)->outcome = 0;
        int code = run(w, &begin_group);
        for (sqlite_letter *each = first; code == SQLITE_OK && each; each = each->next) {
                write_run_in_savepoint(w, (sqlite_write *)each);
                /* Disk full and I/O errors can end the whole transaction. */
                if (sqlite3_get_autocommit(w->connection.handle))
                        code = ((sqlite_write *)each)->code;
        }
        if (code == SQLITE_OK) code = run(w, &commit_group);
        if (code == SQLITE_OK) return;
        sqlite_outcome(code, STORE_MEANS_CONFLICT); /* stops at a failed sync */
        if (!sqlite3_get_autocommit(w->connection.handle)) run(w, &rollback_group);
        group_fail(first, code);
}

void sqlite_writer_commit_group(sqlite_writer *w, sqlite_letter *first)
{
        if (!group_run_at_once(w, first)) group_run_one_by_one(w, first);
        group_count(w, first);
        sqlite_checkpoint_end_log(&w->checkpoint, &w->connection);
}
