/* From links to the messages of the API: masked, dated, in the caller's language. */
#ifndef SSCARD_SERVICES_BANK_HANDLERS_BANK_MESSAGE_H
#define SSCARD_SERVICES_BANK_HANDLERS_BANK_MESSAGE_H

#include "common/pack/pack.h"
#include "common/rpc/call.h"
#include "services/bank/rules/bank_rules.h"

#include "sscard/bank/v1/bank_link.pb-c.h"

/* For whom and when a message is written. */
typedef struct bank_message_context {
        arena *arena; /* where everything goes */
        const char *language, *region;
        const rule_pack *pack; /* names of banks */
        int64_t now_ms;
} bank_message_context;
/* The call's arena, language and time. */
bank_message_context bank_message_context_of(rpc_call *call);

/* The link of a card of facts->cards, with what holds at once because of the card, and what can be
 * done now. */
Bank__BankLink *bank_link_message(const bank_message_context *c, const bank_facts *facts,
                                  ulid card);
/* A link as it was stored, without what its card adds: for the feed. `holder` zero: not known. */
Bank__BankLink *bank_stored_message(const bank_message_context *c, const bank_link *link,
                                    ulid holder);

/* Steps as messages; `bank`: whose contact is meant. */
void bank_message_steps(const bank_message_context *c, const char *bank,
                        const policy_step *const *steps, size_t count, Common__NextStep ***messages,
                        size_t *message_count);
/* Steps that another service's operation does get its full name, in copies: the rules know
 * operations, the wire knows methods. */
void bank_steps_of_others(arena *a, const policy_step **steps, size_t count);

#endif
