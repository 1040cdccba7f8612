/* The tables of the electronic card: one row a person, and who looks after whose. */
#ifndef SSCARD_SERVICES_ECARD_STORE_ECARD_STORE_H
#define SSCARD_SERVICES_ECARD_STORE_ECARD_STORE_H

#include "common/commit/change_set.h"
#include "common/store/store.h"
#include "services/ecard/record/ecard_record.h"

typedef struct ecard_store {
        store *store; /* borrowed, as all here */
        record_keys keys;
        const clock_source *clock;
} ecard_store;

extern const store_schema ecard_schema;

/* As it stands in the database, not yet settled by the owners' records. */
typedef struct ecard_loaded {
        ecard_row row;
        int64_t version; /* of the holder's row; 0: there is none yet */
        bool is_new;     /* no row: level NONE */
} ecard_loaded;

/* Everything in the task's arena; without a row a record of level NONE; without `with_secrets` the
 * sealed part stays "" and the row must not be written. May suspend. False: UNAVAILABLE, or
 * DATA_LOSS for a row that cannot be read. */
bool ecard_store_load(task *t, const ecard_store *store, ulid holder, bool with_secrets,
                      ecard_loaded *loaded) MUST_CHECK;

/* Puts a ward into the delegate's family, in a transaction of its own; repeatable. The row counts
 * for FAMILY_CLAIM_LIFE_MS by itself, afterwards only if the ward's electronic card names the
 * delegate. Suspends. False: UNAVAILABLE. */
enum { FAMILY_CLAIM_LIFE_MS = 600000 };
bool ecard_store_claim_family(task *t, const ecard_store *store, ulid delegate, ulid ward,
                              ecard_relation relation) MUST_CHECK;
/* How many of that relation the delegate looks after, `ward` not counted. May suspend. */
bool ecard_store_count_family(task *t, const ecard_store *store, ulid delegate, ulid ward,
                              ecard_relation relation, int64_t *count) MUST_CHECK;

/* The kind of change; its records are ecard_row_change, in the arena. */
typedef struct ecard_row_change {
        const record_keys *keys;
        const ecard_row *row;
} ecard_row_change;
extern const change_kind ECARD_CHANGE_KIND;

#endif
