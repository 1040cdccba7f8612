/* From records to the messages of the API: masked, dated, in the caller's language.
 */
#ifndef SSCARD_SERVICES_CARD_HANDLERS_CARD_MESSAGE_H
#define SSCARD_SERVICES_CARD_HANDLERS_CARD_MESSAGE_H

#include "common/pack/pack.h"
#include "common/rpc/call.h"
#include "services/card/record/holder_record.h"

#include "sscard/card/v1/card.pb-c.h"

/* For whom and when a message is written. */
typedef struct message_context {
        arena *arena; /* where everything goes */
        const char *language, *region;
        const rule_pack *pack; /* the region's names */
        policy_role role;      /* of the reader */
        policy_channel channel;
        int64_t now_ms;
} message_context;
/* The call's arena, language, role and time. */
message_context message_context_of(rpc_call *call);

/* `holder` settled to now; `card` is one of its cards. */
Card__Card *card_message(const message_context *c, const card_holder *holder,
                         const card_record *card);
Card__Holder *holder_message(const message_context *c, const holder_record *record);

/* Steps of a refusal-free answer about a card, as messages. */
void card_message_steps(const message_context *c, const card_record *card,
                        const policy_step *const *steps, size_t count, Common__NextStep ***messages,
                        size_t *message_count);

#endif
