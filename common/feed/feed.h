/* The change feed (S8): every change of this service in order, without gaps, from any cursor.
 * A reader follows 256 parts; within a part the order is the journal's, between parts there is
 * none. */
#ifndef SSCARD_COMMON_FEED_FEED_H
#define SSCARD_COMMON_FEED_FEED_H

#include "common/commit/commit.h"
#include "common/commit/journal.h"
#include "common/feed/cursor.h"
#include "common/rpc/call.h"

typedef struct feed feed;

enum { FEED_EVENTS_MAX = 500, FEED_POLL_MS = 200, FEED_SILENCE_MS = 15000 };

/* One for a service. Wakes its readers when commit_apply() of this engine commits. */
feed *feed_open(commit_engine *engine);
/* Every task that used it must be over. NULL is allowed. */
void feed_close(feed *f);

typedef struct feed_event {
        journal_row row;
        const Journal__Record *record; /* NULL: erased */
} feed_event;

/* The next events after the cursor, FEED_EVENTS_MAX at most, and moves the cursor past them. None
 * is OK too. Suspends. Everything in `a`. False: UNAVAILABLE or interrupted. */
bool feed_read(task *t, feed *f, arena *a, feed_cursor *cursor, feed_event **events,
               size_t *count) MUST_CHECK;
/* Waits until something may have been committed since the last feed_read(), FEED_POLL_MS at most.
 * Suspends. False: interrupted or past the deadline. */
bool feed_wait(task *t, feed *f) MUST_CHECK;

/* A Watch handler's whole body after its checks: sends messages made by `message` (in its arena)
 * until the client goes, the deadline passes or the server drains; then the task's failure says so
 * and the server ends the stream with it. A cursor that is not ours is answered
 * INVALID_ARGUMENT/CURSOR_INVALID on `field`; an empty one starts at the first event. The first
 * message comes at once and, when nothing happens, one every FEED_SILENCE_MS, both without events
 * if there are none: a sign of life, and a cursor to come back with. Suspends. */
typedef ProtobufCMessage *feed_message(rpc_call *call, arena *a, const feed_event *events,
                                       size_t count, const char *cursor);
void feed_watch(rpc_call *call, feed *f, const char *field, const char *cursor,
                feed_message *message);

#endif
