/* A change set: what one write does to the things of one holder, as {kind, before, after}.
 * It is the preview (validate_only), the rows, the journal and the feed, from one list. */
#ifndef SSCARD_COMMON_COMMIT_CHANGE_SET_H
#define SSCARD_COMMON_COMMIT_CHANGE_SET_H

#include "common/base/bytes.h"
#include "common/store/store.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct change change;
typedef struct change_kind change_kind;

/* When the rows of a change are written within its batch: "at most one" rules are partial unique
 * indexes, so who leaves a state goes before who enters it. */
typedef enum change_order {
        CHANGE_LEAVES = 0, /* leaves a state that a unique index guards */
        CHANGE_STAYS = 1,
        CHANGE_ENTERS = 2, /* enters one, or is new in one */
} change_order;

/* A const struct of a service's store/: how to write its rows and how to keep its record. */
struct change_kind {
        const char *name; /* "order"; the journal's and the feed's topic; static */
        /* Queues the row statements that lead from before to after. No compare of versions: the
         * holder's row has the one compare. Bytes must live in the batch's arena or the records. */
        void (*queue)(store_batch *batch, uint8_t part, const change *c);
        /* The record as bytes for the journal, in the arena; they are encrypted before they are
         * stored. No secret may be in them. */
        bytes (*pack)(arena *a, const void *record);
        /* NULL: CHANGE_STAYS always. */
        change_order (*order)(const change *c);
};

/* A timer of a thing: (part, key, kind, due) is its whole identity. */
typedef struct change_timer {
        ulid key;         /* of the thing, "order" */
        const char *kind; /* "temp_loss_end"; static */
        int64_t due;      /* business milliseconds */
} change_timer;

struct change {
        const change_kind *kind;
        const char *name;   /* resource name, in the journal and the feed */
        ulid id;            /* of the thing: the last key of the order of rows */
        int64_t version;    /* the thing's new one */
        const char *event;  /* "order.paid"; static */
        const void *before; /* the kind's record; NULL: it is new */
        const void *after;  /* NULL: it is gone */
        /* What time did, found at the load and made durable now (its own journal row, under the
         * timer's request id). NULL: the caller's own change. Settlements go first. */
        const change_timer *settles;
        change *next;
};

/* In the arena of a task. Zero with an arena is valid and empty. */
typedef struct change_set {
        arena *arena;
        change *first, *last;
        size_t count;
        struct change_set_timer *timers;
} change_set;

typedef struct change_set_timer {
        change_timer timer;
        bool set; /* false: cleared */
        struct change_set_timer *next;
} change_set_timer;

change_set change_set_begin(arena *a);
/* Copies `c` (not what it points at: that lives as long as the arena). Returns the copy. */
change *change_set_add(change_set *set, const change *c);
/* Timers are set and cleared in the same transaction. Setting one that stands is nothing. */
void change_set_set_timer(change_set *set, const change_timer *timer);
void change_set_clear_timer(change_set *set, const change_timer *timer);
/* Brings the changes into the order of their rows: settlements as they were added, then who leaves,
 * who stays, who enters, each by id. Stable; commit_apply() does it. */
void change_set_sort(change_set *set);

#endif
