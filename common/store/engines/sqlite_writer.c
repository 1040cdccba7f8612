/* Group commit and checkpoints. A transaction is told OK only after the COMMIT of its group has
 * returned; a failed COMMIT is UNAVAILABLE for all of them. Must never answer before. */
#define _GNU_SOURCE /* pthread_setname_np */
#include "common/store/engines/sqlite_writer.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

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

static void checkpoint(sqlite_writer *w, sqlite_connection *c)
{
        pthread_mutex_lock(&w->checkpoint_mutex);
        int code =
                sqlite3_wal_checkpoint_v2(c->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        pthread_mutex_unlock(&w->checkpoint_mutex);
        assert(code != SQLITE_IOERR_FSYNC);
        count(&w->counts.checkpoints, 1);
}

static void checkpoint_announce(sqlite_writer *w)
{
        if (!w->checkpoints) return;
        pthread_mutex_lock(&w->commit_mutex);
        w->commits++;
        bool idle = w->checkpoint_is_idle; /* it looks by itself while it is not */
        pthread_mutex_unlock(&w->commit_mutex);
        if (idle) pthread_cond_signal(&w->commit_cond);
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
        checkpoint_announce(w);

        /* Between groups nobody writes, so the log starts anew with the next one. */
        if (w->checkpoints && w->counts.wal_bytes > w->wal_bytes_max) checkpoint(w, &w->connection);
}

/* After each commit, on the writer's thread. */
static int wal_grew(void *argument, sqlite3 *handle, const char *database, int pages)
{
        sqlite_writer *w = argument;
        (void)handle;
        (void)database;
        __atomic_store_n(&w->counts.wal_bytes, pages * w->page_bytes, __ATOMIC_RELAXED);
        return SQLITE_OK;
}

/* False: it is to stop. */
static bool checkpoint_pause(sqlite_writer *w, uint64_t *seen)
{
        pthread_mutex_lock(&w->commit_mutex);
        w->checkpoint_is_idle = true;
        while (w->commits == *seen && !w->stops)
                pthread_cond_wait(&w->commit_cond, &w->commit_mutex);
        w->checkpoint_is_idle = false;
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        int64_t ns = until.tv_nsec + (int64_t)w->checkpoint_interval_ms * 1000000;
        until.tv_sec += ns / 1000000000;
        until.tv_nsec = ns % 1000000000;
        int code = 0;
        while (!w->stops && code != ETIMEDOUT)
                code = pthread_cond_timedwait(&w->commit_cond, &w->commit_mutex, &until);
        *seen = w->commits;
        bool goes_on = !w->stops;
        pthread_mutex_unlock(&w->commit_mutex);
        return goes_on;
}

static void *checkpoint_run(void *argument)
{
        sqlite_writer *w = argument;
        uint64_t seen = 0;
        while (checkpoint_pause(w, &seen))
                checkpoint(w, &w->checkpoint_connection);
        return NULL;
}

bool sqlite_writer_start(sqlite_writer *w, const char *uri, const store_options *options,
                         failure *f)
{
        w->wal_bytes_max = options->wal_bytes_max ? options->wal_bytes_max : 64 << 20;
        w->checkpoint_interval_ms = options->checkpoint_interval_ms
                                            ? options->checkpoint_interval_ms
                                    : options->lazy_sync ? 100
                                                         : 50;
        w->page_bytes = sqlite_connection_integer(&w->connection, "PRAGMA page_size", 4096);
        sqlite3_wal_hook(w->connection.handle, wal_grew, w);
        if (!sqlite_connection_open(&w->checkpoint_connection, uri, SQLITE_OPEN_READWRITE, 256, f))
                return false;

        pthread_mutex_init(&w->checkpoint_mutex, NULL);
        pthread_mutex_init(&w->commit_mutex, NULL);
        pthread_condattr_t attributes;
        pthread_condattr_init(&attributes);
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
        pthread_cond_init(&w->commit_cond, &attributes);
        pthread_condattr_destroy(&attributes);

        sigset_t all, before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        w->checkpoints = pthread_create(&w->checkpoint_thread, NULL, checkpoint_run, w) == 0;
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        if (w->checkpoints) {
                pthread_setname_np(w->checkpoint_thread, "checkpoint");
                return true;
        }
        pthread_mutex_destroy(&w->checkpoint_mutex);
        pthread_mutex_destroy(&w->commit_mutex);
        pthread_cond_destroy(&w->commit_cond);
        sqlite_connection_close(&w->checkpoint_connection);
        return failure_set(f, FAILURE_UNAVAILABLE, "STORE_UNAVAILABLE",
                           "There is no thread for checkpoints.");
}

void sqlite_writer_stop(sqlite_writer *w)
{
        if (!w->checkpoints) return;
        pthread_mutex_lock(&w->commit_mutex);
        w->stops = true;
        pthread_mutex_unlock(&w->commit_mutex);
        pthread_cond_signal(&w->commit_cond);
        pthread_join(w->checkpoint_thread, NULL);
        w->checkpoints = false;
        pthread_mutex_destroy(&w->checkpoint_mutex);
        pthread_mutex_destroy(&w->commit_mutex);
        pthread_cond_destroy(&w->commit_cond);
        sqlite_connection_close(&w->checkpoint_connection);
}
