/* What the rules decided, as what commit writes: the one change of a link, its timers, the holder's
 * record after it. For handlers and jobs alike. */
#ifndef SSCARD_SERVICES_BANK_HANDLERS_BANK_CHANGE_H
#define SSCARD_SERVICES_BANK_HANDLERS_BANK_CHANGE_H

#include "services/bank/handlers/bank_app.h"
#include "services/bank/rules/bank_rules.h"

/* The links with the verdict's one in its place. */
void bank_holder_after(const bank_holder *before, const bank_link *after, bank_holder *links);
/* Adds the change and the timers of its requests. */
void bank_change_add(change_set *changes, const bank_app *app, ulid holder,
                     const bank_verdict *verdict);
/* Ids for whatever may be made. */
bank_ids bank_ids_new(const bank_app *app, int64_t now_ms, uint8_t part);
/* "regions/R/cards/ID/bankLink". */
const char *bank_link_name(arena *a, const char *region, ulid card);

#endif
