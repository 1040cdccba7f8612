/* The changes of a verdict as rows, journal entries and timers. */
#ifndef SSCARD_SERVICES_CARD_HANDLERS_CARD_CHANGES_H
#define SSCARD_SERVICES_CARD_HANDLERS_CARD_CHANGES_H

#include "common/commit/change_set.h"
#include "services/card/rules/card_rules.h"
#include "services/card/store/card_store.h"

/* Adds every card that changed. `list`, `keys` and `region` live as long as the change set. */
void card_changes_add(change_set *changes, const record_keys *keys, const char *region, ulid holder,
                      const card_changes *list);

/* For queue_more of a write: the cards that leave the record. `argument`: the card_verdict. */
void card_leavers_queue(store_batch *batch, void *argument);

#endif
