/* SQLite as a store engine: WAL, one writer thread with group commit, point reads on the loop,
 * lists on a reader thread. Must never let two processes write one file.
 *
 * Point reads of a turn share a snapshot: the locks of a read cost more than the read, and after
 * each commit every page would be fetched anew. It ends with the turn, and before anybody is told
 * that his write is done, so nobody reads less than he was told. */
#define _GNU_SOURCE /* asprintf */
#include "common/store/engine.h"
#include "common/store/engines/sqlite_connection.h"
#include "common/store/engines/sqlite_files.h"
#include "common/store/engines/sqlite_log_file.h"
#include "common/store/engines/sqlite_schema.h"
#include "common/store/engines/sqlite_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* So many of a long turn are committed while it goes on, if the writer has nothing to do. */
enum { WRITES_WORTH_A_COMMIT = 16 };

typedef struct sqlite_store {
        store base; /* first */
        char *uri;
        int lock;       /* descriptor; -1: none */
        bool is_inline; /* one connection, the writer's, for everything */
        bool read_only;
        sqlite_log_files log_files;
        sqlite_connection reads, lists;
        bool snapshot_is_open;   /* of `reads` */
        uint64_t snapshot_wakes; /* the writer's when it was taken */
        loop_flush snapshot_flush;
        loop *loop;
        sqlite_mailbox list_mailbox;
        bool writer_mailbox_open, list_mailbox_open;
        sqlite_writer writer;
        uint64_t queries, lists_done;
} sqlite_store;

typedef struct sqlite_list {
        sqlite_letter letter; /* first */
        const store_statement *statement;
        const store_value *values;
        size_t value_count;
        store_rows *rows;
        int code;
} sqlite_list;

static const store_statement snapshot_begin = {"snapshot_begin", "BEGIN", 0};
static const store_statement snapshot_commit = {"snapshot_commit", "COMMIT", 0};

static sqlite_store *sqlite_of(store *s)
{
        return (sqlite_store *)s;
}

static void snapshot_end(sqlite_store *s)
{
        if (!s->snapshot_is_open) return;
        s->snapshot_is_open = false;
        if (sqlite3_get_autocommit(s->reads.handle)) return; /* an I/O error has ended it */
        int code = sqlite_connection_run(&s->reads, &snapshot_commit, NULL, 0, NULL, NULL);
        assert(code == SQLITE_OK);
}

static void snapshot_flush(loop_flush *flush)
{
        snapshot_end((sqlite_store *)((char *)flush - offsetof(sqlite_store, snapshot_flush)));
}

/* Where a point read of now belongs. */
static sqlite_connection *reads_of_turn(sqlite_store *s)
{
        if (s->is_inline) return &s->writer.connection;
        if (s->snapshot_wakes != s->writer.mailbox.wakes) snapshot_end(s);
        if (s->snapshot_is_open) return &s->reads;
        s->snapshot_wakes = s->writer.mailbox.wakes;
        s->snapshot_is_open =
                sqlite_connection_run(&s->reads, &snapshot_begin, NULL, 0, NULL, NULL) == SQLITE_OK;
        loop_mark_flush(s->loop, &s->snapshot_flush);
        return &s->reads;
}

static void list_work(void *owner, sqlite_letter *first)
{
        sqlite_store *s = owner;
        for (sqlite_letter *each = first; each; each = each->next) {
                sqlite_list *list = (sqlite_list *)each;
                sqlite_connection *c = s->is_inline ? &s->writer.connection : &s->lists;
                list->code = sqlite_connection_run(c, list->statement, list->values,
                                                   list->value_count, list->rows, NULL);
        }
}

static void write_work(void *owner, sqlite_letter *first)
{
        sqlite_store *s = owner;
        sqlite_writer_commit_group(&s->writer, first);
}

static void sqlite_close(store *base)
{
        sqlite_store *s = sqlite_of(base);
        if (s->writer_mailbox_open) sqlite_mailbox_close(&s->writer.mailbox);
        if (s->list_mailbox_open) sqlite_mailbox_close(&s->list_mailbox);
        sqlite_checkpoint_stop(&s->writer.checkpoint);
        snapshot_end(s);
        loop_unmark_flush(s->loop, &s->snapshot_flush);
        sqlite_connection_close(&s->reads);
        sqlite_connection_close(&s->lists);
        sqlite_connection_close(&s->writer.connection); /* the last: it empties the log */
        sqlite_log_files_close(&s->log_files);
        if (s->lock >= 0) close(s->lock);
        free(s->uri);
        free(s);
}

static int64_t otherwise(int64_t value, int64_t other)
{
        return value ? value : other;
}

/* A log that survives a crash and is synced at each commit; in memory there is neither. */
static bool journal_mode_set(sqlite_store *s, const store_options *options, failure *f)
{
        const char *pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL";
        if (options->lazy_sync) pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL";
        if (options->memory) pragmas = "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF";
        int code = sqlite_connection_execute(&s->writer.connection, pragmas);
        if (code != SQLITE_OK) return sqlite_failure(f, code, "log");
        static const char is_wal[] =
                "SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'";
        if (options->memory || sqlite_connection_integer(&s->writer.connection, is_wal, 0) == 1)
                return true;
        return failure_set(f, FAILURE_UNAVAILABLE, "STORE_UNAVAILABLE",
                           "The data folder's file system has no shared memory for a log.");
}

static bool writer_open(sqlite_store *s, const store_options *options, failure *f)
{
        char *uri = NULL;
        bool gathers = !options->lazy_sync && !options->memory;
        if (gathers) sqlite_log_files_open(&s->log_files);
        int length = gathers ? asprintf(&uri, "%s?vfs=%s", s->uri, s->log_files.name)
                             : asprintf(&uri, "%s", s->uri);
        assert(length > 0);
        bool opened = sqlite_connection_open(&s->writer.connection, uri,
                                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                                             otherwise(options->cache_kib, 65536), f);
        free(uri);
        return opened;
}

static bool open_for_writing(sqlite_store *s, const store_options *options, failure *f)
{
        if (!options->memory) {
                s->lock = sqlite_files_lock(options->folder, options->name, f);
                if (s->lock < 0) return false;
        }
        if (!writer_open(s, options, f) || !journal_mode_set(s, options, f) ||
            !sqlite_schema_migrate(&s->writer.connection, options->schemas, f))
                return false;
        if (s->is_inline) return true;

        int64_t kib = otherwise(options->read_cache_kib, 8192);
        if (!sqlite_connection_open(&s->reads, s->uri, SQLITE_OPEN_READWRITE, kib, f) ||
            !sqlite_connection_open(&s->lists, s->uri, SQLITE_OPEN_READWRITE, kib, f))
                return false;
        return sqlite_checkpoint_start(&s->writer.checkpoint, s->uri, &s->writer.connection,
                                       options, f);
}

/* Beside a running process through its log; a file that lies alone in a folder that cannot be
 * written is read as it is. */
static bool open_for_reading(sqlite_store *s, const store_options *options, failure *f)
{
        failure first = {0};
        if (sqlite_connection_open(&s->writer.connection, s->uri, SQLITE_OPEN_READONLY, 8192,
                                   &first) &&
            sqlite_schema_check(&s->writer.connection, options->schemas, &first))
                return true;
        if (first.kind == FAILURE_UNAVAILABLE && !options->memory) {
                sqlite_connection_close(&s->writer.connection);
                char *uri = NULL;
                if (asprintf(&uri, "%s?immutable=1", s->uri) < 0) abort();
                failure second = {0};
                bool opened = sqlite_connection_open(&s->writer.connection, uri,
                                                     SQLITE_OPEN_READONLY, 8192, &second) &&
                              sqlite_schema_check(&s->writer.connection, options->schemas, &second);
                free(uri);
                if (opened) return true;
        }
        *f = first;
        return false;
}

static bool mailboxes_open(sqlite_store *s, loop *l, const store_options *options, failure *f)
{
        uint32_t group_max = options->group_max;
        if (group_max == 0 || group_max > STORE_BATCHES_PER_GROUP)
                group_max = STORE_BATCHES_PER_GROUP;
        s->writer.mailbox = (sqlite_mailbox){.loop = l,
                                             .work = write_work,
                                             .owner = s,
                                             .take_max = group_max,
                                             .early_min = WRITES_WORTH_A_COMMIT};
        s->list_mailbox = (sqlite_mailbox){.loop = l, .work = list_work, .owner = s, .take_max = 1};
        s->writer_mailbox_open =
                sqlite_mailbox_open(&s->writer.mailbox, "store-writer", !s->is_inline, f);
        s->list_mailbox_open =
                s->writer_mailbox_open &&
                sqlite_mailbox_open(&s->list_mailbox, "store-lists", !s->is_inline, f);
        return s->list_mailbox_open;
}

static store *sqlite_open(loop *l, const store_options *options, failure *f)
{
        assert(options->name && (options->folder || options->memory));
        assert(!options->memory || options->inline_writes);
        /* Saves a lock shared by all threads at each allocation; refused once SQLite is in use. */
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);

        sqlite_store *s = calloc(1, sizeof *s);
        assert(s);
        s->base.engine = &store_engine_sqlite;
        s->lock = -1;
        s->loop = l;
        s->snapshot_flush = (loop_flush){.run = snapshot_flush, .last = true};
        s->read_only = options->read_only;
        s->is_inline = options->inline_writes || options->read_only;
        s->uri = sqlite_files_uri(options->folder, options->name, options->memory);
        bool opened = options->read_only ? open_for_reading(s, options, f)
                                         : open_for_writing(s, options, f);
        if (opened && mailboxes_open(s, l, options, f)) return &s->base;
        sqlite_close(&s->base);
        return NULL;
}

static bool sqlite_query(task *t, store *base, const store_statement *statement, store_rows *rows,
                         const store_value *values, size_t value_count)
{
        sqlite_store *s = sqlite_of(base);
        s->queries++;
        int code =
                sqlite_connection_run(reads_of_turn(s), statement, values, value_count, rows, NULL);
        if (code == SQLITE_OK) return true;
        failure f = {0};
        sqlite_failure(&f, code, statement->name);
        return task_fail(t, f.kind, f.reason, "%s", f.message);
}

static bool sqlite_list_rows(task *t, store *base, const store_statement *statement,
                             store_rows *rows, const store_value *values, size_t value_count)
{
        sqlite_store *s = sqlite_of(base);
        sqlite_list list = {
                .statement = statement, .values = values, .value_count = value_count, .rows = rows};
        s->lists_done++;
        if (!sqlite_mailbox_send(t, &s->list_mailbox, &list.letter)) return false;
        if (list.code == SQLITE_OK) return !task_is_interrupted(t);
        failure f = {0};
        sqlite_failure(&f, list.code, statement->name);
        return task_fail(t, f.kind, f.reason, "%s", f.message);
}

static store_outcome sqlite_commit(task *t, store *base, store_batch *batch)
{
        sqlite_store *s = sqlite_of(base);
        if (s->read_only) {
                task_fail(t, FAILURE_UNAVAILABLE, "STORE_UNAVAILABLE",
                          "The database is open for reading only.");
                return STORE_UNAVAILABLE;
        }
        sqlite_write write = {.batch = batch};
        if (!sqlite_mailbox_send(t, &s->writer.mailbox, &write.letter)) return STORE_UNAVAILABLE;
        if (write.outcome == STORE_UNAVAILABLE) {
                failure f = {0};
                sqlite_failure(&f, write.code, "write");
                task_fail(t, f.kind, f.reason, "%s", f.message);
        }
        return write.outcome;
}

static bool sqlite_prepare(store *base, const store_statement *statement, failure *f)
{
        sqlite_store *s = sqlite_of(base);
        sqlite_connection *c = s->is_inline ? &s->writer.connection : &s->reads;
        if (sqlite_connection_prepare(c, statement) == SQLITE_OK) return true;
        return failure_set(f, FAILURE_INTERNAL, "STORE_STATEMENT", "%s: %s", statement->name,
                           sqlite3_errmsg(c->handle));
}

static store_counts sqlite_count(const store *base)
{
        const sqlite_store *s = (const sqlite_store *)base;
        const store_counts *w = &s->writer.counts;
        const sqlite_checkpoint *c = &s->writer.checkpoint;
        return (store_counts){
                .queries = s->queries,
                .lists = s->lists_done,
                .batches = __atomic_load_n(&w->batches, __ATOMIC_RELAXED),
                .groups = __atomic_load_n(&w->groups, __ATOMIC_RELAXED),
                .conflicts = __atomic_load_n(&w->conflicts, __ATOMIC_RELAXED),
                .duplicates = __atomic_load_n(&w->duplicates, __ATOMIC_RELAXED),
                .failures = __atomic_load_n(&w->failures, __ATOMIC_RELAXED),
                .checkpoints = __atomic_load_n(&c->passes, __ATOMIC_RELAXED),
                .wal_bytes = __atomic_load_n(&c->grown_pages, __ATOMIC_RELAXED) * c->page_bytes,
        };
}

const store_engine store_engine_sqlite = {
        .name = "sqlite",
        .open = sqlite_open,
        .close = sqlite_close,
        .query = sqlite_query,
        .list = sqlite_list_rows,
        .commit = sqlite_commit,
        .prepare = sqlite_prepare,
        .count = sqlite_count,
};
