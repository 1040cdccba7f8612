/* The feed: reads the journal behind a cursor, waits for more, and carries a Watch.
 * Must never move a cursor past a row that it has not handed out. */
#include "common/feed/feed.h"

#include "common/rpc/error.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

/* A task that sleeps until something is committed. On its stack. */
typedef struct feed_waiter {
        task *t;
        struct feed_waiter *prev, *next;
} feed_waiter;

struct feed {
        commit_engine *engine;
        commit_listener listener;
        loop_flush flush; /* wakes the waiters once a turn */
        feed_waiter *waiters;
        int64_t heads[FEED_PARTS];
        bool heads_are_old;
};

static void feed_committed(commit_listener *listener, uint8_t part, const change_set *changes)
{
        feed *f = (feed *)((char *)listener - offsetof(feed, listener));
        (void)part;
        (void)changes;
        f->heads_are_old = true;
        if (f->waiters) loop_mark_flush(commit_engine_loop(f->engine), &f->flush);
}

static void feed_flush(loop_flush *flush)
{
        feed *f = (feed *)((char *)flush - offsetof(feed, flush));
        feed_waiter *each, *next, *waiters = f->waiters;
        f->waiters = NULL;
        for (each = waiters; each; each = next) {
                next = each->next;
                each->prev = NULL; /* woken: it is in no list any more */
                if (task_is_parked(each->t)) task_resume(each->t);
        }
}

feed *feed_open(commit_engine *engine)
{
        feed *f = calloc(1, sizeof *f);
        assert(f);
        f->engine = engine;
        f->heads_are_old = true;
        f->listener.committed = feed_committed;
        f->flush.run = feed_flush;
        commit_engine_listen(engine, &f->listener);
        return f;
}

void feed_close(feed *f)
{
        if (!f) return;
        assert(!f->waiters);
        commit_engine_unlisten(f->engine, &f->listener);
        loop_unmark_flush(commit_engine_loop(f->engine), &f->flush);
        free(f);
}

static bool heads_refresh(task *t, feed *f)
{
        if (!f->heads_are_old) return true;
        f->heads_are_old = false; /* what is committed from here on makes them old again */
        if (journal_heads(t, commit_engine_store(f->engine), f->heads)) return true;
        f->heads_are_old = true;
        return false;
}

/* Appends the rows of one part behind the cursor, and moves it. */
static bool part_read(task *t, feed *f, arena *a, int part, feed_cursor *cursor, feed_event *events,
                      size_t *count)
{
        journal_row *rows;
        size_t row_count;
        if (!journal_list(t, commit_engine_store(f->engine), a, (uint8_t)part, cursor->seq[part],
                          &rows, &row_count))
                return false;
        for (size_t i = 0; i < row_count && *count < FEED_EVENTS_MAX; i++) {
                if (rows[i].seq != cursor->seq[part] + 1)
                        return task_fail(t, FAILURE_DATA_LOSS, "JOURNAL_BROKEN",
                                         "The journal has a gap in part %d.", part);
                feed_event *event = &events[(*count)++];
                bool erased;
                event->row = rows[i];
                event->record =
                        journal_open_record(commit_engine_keyring(f->engine), a, &rows[i], &erased);
                if (!event->record && !erased)
                        return task_fail(t, FAILURE_DATA_LOSS, "JOURNAL_BROKEN",
                                         "A record of part %d does not open.", part);
                cursor->seq[part] = rows[i].seq;
        }
        return true;
}

bool feed_read(task *t, feed *f, arena *a, feed_cursor *cursor, feed_event **events, size_t *count)
{
        TASK_MAY_SUSPEND(t);
        *count = 0;
        *events = NULL;
        if (!heads_refresh(t, f)) return false;
        for (int part = 0; part < FEED_PARTS && *count < FEED_EVENTS_MAX; part++) {
                if (cursor->seq[part] >= f->heads[part]) continue;
                if (!*events) *events = arena_alloc(a, FEED_EVENTS_MAX * sizeof **events);
                if (!part_read(t, f, a, part, cursor, *events, count)) return false;
        }
        return true;
}

bool feed_wait(task *t, feed *f)
{
        TASK_MAY_SUSPEND(t);
        if (f->heads_are_old && !task_is_interrupted(t)) return true;
        feed_waiter waiter = {.t = t};
        DL_APPEND(f->waiters, &waiter);
        bool goes_on = task_sleep(t, FEED_POLL_MS);
        if (waiter.prev) DL_DELETE(f->waiters, &waiter);
        f->heads_are_old = true; /* another process may have written */
        return goes_on;
}

/* Ours, and not ahead of the journal (a database that was restored is behind its readers). */
static bool cursor_accept(rpc_call *call, feed *f, const char *text, feed_cursor *cursor,
                          bool *accepted)
{
        task *t = rpc_call_task(call);
        *accepted = feed_cursor_parse(text ? text : "", commit_engine_hash(f->engine), cursor);
        if (!*accepted) return true;
        f->heads_are_old = true;
        if (!heads_refresh(t, f)) return false;
        for (int part = 0; part < FEED_PARTS; part++)
                if (cursor->seq[part] > f->heads[part]) *accepted = false;
        return true;
}

void feed_watch(rpc_call *call, feed *f, const char *field, const char *text, feed_message *message)
{
        task *t = rpc_call_task(call);
        TASK_MAY_SUSPEND(t);
        feed_cursor cursor;
        bool accepted;
        if (!cursor_accept(call, f, text, &cursor, &accepted)) return;
        if (!accepted) {
                rpc_reply_invalid(call, field, "CURSOR_INVALID", "S8",
                                  "The cursor was not given out by this service.");
                return;
        }
        SCOPED(arena) memory = {0};  /* a stream lives long: each batch goes before the next */
        int64_t silent_until_ms = 0; /* the first message comes at once: it says where one stands */
        for (;;) {
                arena_reset(&memory);
                feed_event *events;
                size_t count;
                if (!feed_read(t, f, &memory, &cursor, &events, &count)) return;
                int64_t now_ms = loop_now_ms(commit_engine_loop(f->engine));
                if (count == 0 && now_ms < silent_until_ms) {
                        if (!feed_wait(t, f)) return;
                        continue;
                }
                silent_until_ms = now_ms + FEED_SILENCE_MS;
                const char *next =
                        feed_cursor_format(&memory, &cursor, commit_engine_hash(f->engine));
                const ProtobufCMessage *batch = message(call, &memory, events, count, next);
                if (!rpc_stream_send_from(call, &memory, batch)) return;
        }
}
