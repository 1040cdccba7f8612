/* When the log is copied, and by whom. Must never copy with two threads at a time. */
#define _GNU_SOURCE /* pthread_setname_np */
#include "common/store/engines/sqlite_checkpoint.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

enum { INTERVAL_MS = 1000, LAZY_INTERVAL_MS = 100, LOG_BYTES_MAX = 64 << 20 };

/* A log that began anew is shorter than what was copied of the one before. */
static int64_t pages_left(const sqlite_checkpoint *c)
{
        return c->grown_pages < c->copied_pages ? c->grown_pages : c->grown_pages - c->copied_pages;
}

static bool is_due(const sqlite_checkpoint *c)
{
        return !c->is_stuck && pages_left(c) >= c->stride_pages;
}

static void pass(sqlite_checkpoint *c, sqlite_connection *connection)
{
        int log_pages = -1, copied_pages = -1;
        pthread_mutex_lock(&c->pass_mutex);
        int code = sqlite3_wal_checkpoint_v2(connection->handle, NULL, SQLITE_CHECKPOINT_PASSIVE,
                                             &log_pages, &copied_pages);
        pthread_mutex_unlock(&c->pass_mutex);
        assert(code != SQLITE_IOERR_FSYNC);
        __atomic_fetch_add(&c->passes, 1, __ATOMIC_RELAXED);

        pthread_mutex_lock(&c->mutex);
        c->thread_copies = false;
        /* Somebody reads an old state for long, or the disk fails: no use in trying at once. */
        c->is_stuck = copied_pages < log_pages && copied_pages <= c->copied_pages;
        if (copied_pages >= 0) c->copied_pages = copied_pages;
        pthread_mutex_unlock(&c->mutex);
}

/* After each commit, on the writer's thread. */
static int log_grew(void *argument, sqlite3 *handle, const char *database, int pages)
{
        sqlite_checkpoint *c = argument;
        (void)handle;
        (void)database;
        pthread_mutex_lock(&c->mutex);
        if (pages < c->grown_pages) {
                c->next_end_pages = 0;
                c->is_stuck = false;
        }
        __atomic_store_n(&c->grown_pages, pages, __ATOMIC_RELAXED);
        bool wake = !c->changed || is_due(c);
        c->changed = true;
        pthread_mutex_unlock(&c->mutex);
        if (wake) pthread_cond_signal(&c->cond);
        return SQLITE_OK;
}

void sqlite_checkpoint_end_log(sqlite_checkpoint *c, sqlite_connection *writer)
{
        if (!c->runs) return;
        pthread_mutex_lock(&c->mutex);
        int64_t grown = c->grown_pages;
        bool end = grown > c->max_pages && grown >= c->next_end_pages &&
                   (!c->thread_copies || grown > 2 * c->max_pages);
        if (end) c->next_end_pages = grown + c->max_pages / 16;
        pthread_mutex_unlock(&c->mutex);
        if (end) pass(c, writer);
}

/* False: it is to stop. */
static bool pause_until_due(sqlite_checkpoint *c)
{
        pthread_mutex_lock(&c->mutex);
        while (!c->changed && !c->stops)
                pthread_cond_wait(&c->cond, &c->mutex);
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        int64_t ns = until.tv_nsec + (int64_t)c->interval_ms * 1000000;
        until.tv_sec += ns / 1000000000;
        until.tv_nsec = ns % 1000000000;
        int code = 0;
        while (!c->stops && !is_due(c) && code != ETIMEDOUT)
                code = pthread_cond_timedwait(&c->cond, &c->mutex, &until);
        c->changed = false;
        bool goes_on = !c->stops;
        c->thread_copies = goes_on;
        pthread_mutex_unlock(&c->mutex);
        return goes_on;
}

static void *checkpoint_run(void *argument)
{
        sqlite_checkpoint *c = argument;
        while (pause_until_due(c))
                pass(c, &c->connection);
        return NULL;
}

static void sizes_set(sqlite_checkpoint *c, const store_options *options)
{
        int64_t bytes_max = options->wal_bytes_max ? options->wal_bytes_max : LOG_BYTES_MAX;
        c->max_pages = bytes_max / c->page_bytes;
        c->stride_pages = c->max_pages * 3 / 8 + 1;
        c->interval_ms = options->lazy_sync ? LAZY_INTERVAL_MS : INTERVAL_MS;
        if (options->checkpoint_interval_ms) c->interval_ms = options->checkpoint_interval_ms;
}

static void locks_release(sqlite_checkpoint *c)
{
        pthread_mutex_destroy(&c->pass_mutex);
        pthread_mutex_destroy(&c->mutex);
        pthread_cond_destroy(&c->cond);
        sqlite_connection_close(&c->connection);
}

bool sqlite_checkpoint_start(sqlite_checkpoint *c, const char *uri, sqlite_connection *writer,
                             const store_options *options, failure *f)
{
        c->page_bytes = sqlite_connection_integer(writer, "PRAGMA page_size", 4096);
        sizes_set(c, options);
        if (!sqlite_connection_open(&c->connection, uri, SQLITE_OPEN_READWRITE, 256, f))
                return false;

        pthread_mutex_init(&c->pass_mutex, NULL);
        pthread_mutex_init(&c->mutex, NULL);
        pthread_condattr_t attributes;
        pthread_condattr_init(&attributes);
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
        pthread_cond_init(&c->cond, &attributes);
        pthread_condattr_destroy(&attributes);

        sigset_t all, before; /* signals are the loop's */
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        c->runs = pthread_create(&c->thread, NULL, checkpoint_run, c) == 0;
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        if (c->runs) {
                pthread_setname_np(c->thread, "checkpoint");
                sqlite3_wal_hook(writer->handle, log_grew, c);
                return true;
        }
        locks_release(c);
        return failure_set(f, FAILURE_UNAVAILABLE, "STORE_UNAVAILABLE",
                           "There is no thread for checkpoints.");
}

void sqlite_checkpoint_stop(sqlite_checkpoint *c)
{
        if (!c->runs) return;
        pthread_mutex_lock(&c->mutex);
        c->stops = true;
        pthread_mutex_unlock(&c->mutex);
        pthread_cond_signal(&c->cond);
        pthread_join(c->thread, NULL);
        c->runs = false;
        locks_release(c);
}
