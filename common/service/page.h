/* Pages of lists: an opaque token that only this service makes, bound to the list and its filter.
 */
#ifndef SSCARD_COMMON_SERVICE_PAGE_H
#define SSCARD_COMMON_SERVICE_PAGE_H

#include "common/service/call.h"

/* The token carries up to PAGE_STATE_BYTES of state. False: answered
 * INVALID_ARGUMENT/PAGE_TOKEN_MALFORMED. */
enum { PAGE_STATE_BYTES = 64, PAGE_SIZE_DEFAULT = 50, PAGE_SIZE_MAX = 500 };
bool page_read(rpc_call *call, int32_t page_size, const char *token, const char *filter,
               int32_t *size, void *state, size_t state_bytes, bool *first) MUST_CHECK;
const char *page_token(rpc_call *call, const char *filter, const void *state, size_t state_bytes);

#endif
