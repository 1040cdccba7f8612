/* What of an imported person cannot stand in a record, whatever the rules say of it. */
#ifndef SSCARD_SERVICES_CARD_HANDLERS_IMPORT_CHECK_H
#define SSCARD_SERVICES_CARD_HANDLERS_IMPORT_CHECK_H

#include "common/rpc/error.h"

#include "sscard/card/v1/card_service.pb-c.h"

/* Texts that are missing or too long, lists that are. False: `violation` names the first, with its
 * path from `holders[index]` on, in the arena. */
bool import_check(arena *a, const Card__ImportedHolder *message, size_t index,
                  rpc_error_violation *violation) MUST_CHECK;

#endif
