/* What the rules decided, as what commit writes: the one change of a link, its timers, the holder's
 * record after it. For handlers and jobs alike. */
#ifndef SSCARD_SERVICES_BANK_HANDLERS_BANK_CHANGE_H
#define SSCARD_SERVICES_BANK_HANDLERS_BANK_CHANGE_H

#include "services/bank/handlers/bank_app.h"
#include "services/bank/rules/bank_rules.h"

/* What is written: the links with the verdict's one in its place. In the arena of who asks. */
typedef struct bank_write_links {
        bank_holder links;
        uint8_t part;
        ulid holder, leaver; /* leaver zero: none leaves the record */
} bank_write_links;
/* False: there is no room; nobody has so many accounts. */
bool bank_links_after(const bank_holder *before, const bank_link *after,
                      bank_write_links *write) MUST_CHECK;
/* commit's queue_more; its argument is a bank_write_links. */
void bank_queue_leaver(store_batch *batch, void *write);
/* Adds the change and the timers of its requests. */
void bank_change_add(change_set *changes, const bank_app *app, ulid holder,
                     const bank_verdict *verdict);
/* A card whose link is stored, and that has left the card service's record, is put back as what it
 * is: ended. */
void bank_recall_card(card_holder *cards, const bank_link *link);
/* Ids for whatever may be made. */
bank_ids bank_ids_new(const bank_app *app, int64_t now_ms, uint8_t part);
/* "regions/R/cards/ID/bankLink". */
const char *bank_link_name(arena *a, const char *region, ulid card);

#endif
