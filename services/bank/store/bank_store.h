/* The bank service's tables. The holder with all links is loaded and written as one; the reference
 * of an account is sealed in the rows. */
#ifndef SSCARD_SERVICES_BANK_STORE_BANK_STORE_H
#define SSCARD_SERVICES_BANK_STORE_BANK_STORE_H

#include "common/commit/change_set.h"
#include "common/store/store.h"
#include "services/bank/record/link_record.h"

typedef struct bank_store {
        store *store; /* borrowed, as all here */
        record_keys keys;
} bank_store;

extern const store_schema bank_schema;

/* A holder's links as they stand in the database. */
typedef struct bank_loaded {
        bank_holder links;
        int64_t version; /* of the holder's row: the compare of the next write; 0: no row */
} bank_loaded;

/* Everything in the task's arena. May suspend. False: UNAVAILABLE, or DATA_LOSS for a row that
 * cannot be read. No row of that holder is version 0 and no links. */
bool bank_store_load(task *t, const bank_store *store, ulid holder, bank_loaded *loaded) MUST_CHECK;
/* `*found` false: no link of that card is stored; `holder` untouched. May suspend. */
bool bank_store_find_by_card(task *t, const bank_store *store, ulid card, ulid *holder,
                             bool *found) MUST_CHECK;

/* The kind of change. Its record is a bank_row_change, in the arena. */
typedef struct bank_row_change {
        const record_keys *keys;
        ulid holder;
        const bank_link *link;
} bank_row_change;
extern const change_kind BANK_LINK_CHANGE_KIND;

/* The link of that card leaves the holder's record; its row stays. */
void bank_store_queue_leaver(store_batch *batch, uint8_t part, ulid holder, ulid card);

/* What is half done in the whole region: how many, and since when the oldest; 0: none. */
typedef struct bank_ages {
        int64_t closing, closing_since_ms; /* closures whose bank leg is open */
        int64_t waiting, waiting_since_ms; /* links whose bank owes an answer */
} bank_ages;
bool bank_store_ages(task *t, const bank_store *store, bank_ages *ages) MUST_CHECK;

#endif
