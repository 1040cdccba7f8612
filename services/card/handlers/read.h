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

/* Pages: an opaque token that only this service makes, bound to the list and its filter. The token
 * carries up to PAGE_STATE_BYTES of state. False: answered INVALID_ARGUMENT/PAGE_TOKEN_MALFORMED.
 */
enum { PAGE_STATE_BYTES = 64, PAGE_SIZE_DEFAULT = 50, PAGE_SIZE_MAX = 500 };
bool page_read(rpc_call *call, int32_t page_size, const char *token, const char *filter,
               int32_t *size, void *state, size_t state_bytes, bool *first) MUST_CHECK;
const char *page_token(rpc_call *call, const char *filter, const void *state, size_t state_bytes);

#endif
