/* What every read of cards has in common: find, load, settle to now, check the owner. */
#ifndef SSCARD_SERVICES_CARD_HANDLERS_READ_H
#define SSCARD_SERVICES_CARD_HANDLERS_READ_H

#include "common/service/call.h"
#include "services/card/handlers/card_app.h"

/* A holder settled to the call's time, whom the caller may see. In the call's arena. Suspends.
 * NULL: answered (NOT_FOUND, PERMISSION_DENIED), or the task failed. */
const holder_record *read_holder(rpc_call *call, ulid holder);
/* The holder of a card; `index` of the card among theirs. */
const holder_record *read_holder_of_card(rpc_call *call, ulid card, int *index);

#endif
