/* The card service's tables: persons, cards, and who has a number. The holder with all cards is
 * loaded and written as one; personal data is sealed in the rows. */
#ifndef SSCARD_SERVICES_CARD_STORE_CARD_STORE_H
#define SSCARD_SERVICES_CARD_STORE_CARD_STORE_H

#include "common/commit/change_set.h"
#include "common/store/store.h"
#include "services/card/record/holder_record.h"

typedef struct card_store {
        store *store; /* borrowed, as all here */
        record_keys keys;
        const clock_source *clock;
} card_store;

extern const store_schema card_schema;

/* A holder as it stands in the database, not yet settled by time. */
typedef struct card_loaded {
        holder_record record;
        int64_t version; /* of the holder's row: the compare of the next write, the cache's version
                          */
} card_loaded;

/* Everything in the task's arena. May suspend. False: UNAVAILABLE, or DATA_LOSS for a row that
 * cannot be read. `*found` false: no such holder, `loaded` untouched. */
bool card_store_load(task *t, const card_store *store, uint8_t part, ulid holder,
                     card_loaded *loaded, bool *found) MUST_CHECK;

/* The same with one card of the holder's, which may have left the record: then it stands there in
 * the place of another ended one. For reading, and for rules that refuse: such a holder must never
 * be written. */
bool card_store_load_with(task *t, const card_store *store, ulid holder, ulid card,
                          card_loaded *loaded, bool *found) MUST_CHECK;
/* Those that have left: at most `limit` behind `after`, oldest first (after zero: from the oldest)
 * or newest first (after all ones). */
bool card_store_list_archived(task *t, const card_store *store, ulid holder, ulid after,
                              bool newest_first, int64_t limit, card_record **cards,
                              size_t *count) MUST_CHECK;
/* In the batch of a write: these leave. Borrows all until the batch is committed. */
void card_store_archive(store_batch *batch, const ulid *holder, const ulid *cards, size_t count);

/* Look-ups of a holder. `*found` false: none; `holder` untouched. May suspend. False: UNAVAILABLE.
 */
bool card_store_find_by_card(task *t, const card_store *store, ulid card, ulid *holder,
                             bool *found) MUST_CHECK;
bool card_store_find_by_identity(task *t, const card_store *store, uint8_t part,
                                 const digest *identity_hash, ulid *holder, bool *found) MUST_CHECK;
/* By a number's or chip's hash, with its own part. The claim alone proves nothing: the card's
 * record must carry the number. */
bool card_store_find_claim(task *t, const card_store *store, uint8_t part, const digest *claim,
                           ulid *card, ulid *holder, int64_t *claimed_at_ms,
                           bool *found) MUST_CHECK;

typedef enum card_claim {
        CARD_CLAIM_GRANTED = 1, /* it is this card's now, or was already */
        CARD_CLAIM_TAKEN,       /* another card has it: `*owner` */
} card_claim;
/* Claims a number or chip for a card, in a transaction of its own; repeatable. A claim that is not
 * granted may be taken over with card_store_take_claim() once its card is known not to carry it for
 * CARD_CLAIM_LIFE_MS. Suspends. False: UNAVAILABLE. */
enum { CARD_CLAIM_LIFE_MS = 600000 };
bool card_store_claim(task *t, const card_store *store, uint8_t part, const digest *claim,
                      ulid card, ulid holder, card_claim *verdict, ulid *owner, ulid *owner_holder,
                      int64_t *claimed_at_ms) MUST_CHECK;
bool card_store_take_claim(task *t, const card_store *store, uint8_t part, const digest *claim,
                           ulid card, ulid holder, ulid from_card, bool *taken) MUST_CHECK;

/* The two kinds of change. Records: card_row_change and person_row_change, in the arena. */
typedef struct card_row_change {
        const record_keys *keys;
        ulid holder;
        const card_record *card;
} card_row_change;
typedef struct person_row_change {
        const record_keys *keys;
        const person_record *person;
} person_row_change;
extern const change_kind CARD_CHANGE_KIND, PERSON_CHANGE_KIND;

/* A row of ListExpiringCards, of the whole region, by date and id. */
typedef struct card_expiring {
        ulid holder;
        card_record card;
} card_expiring;
bool card_store_list_expiring(task *t, const card_store *store, civil_date until,
                              civil_date after_date, ulid after_card, int64_t limit,
                              card_expiring **rows, size_t *count) MUST_CHECK;

#endif
