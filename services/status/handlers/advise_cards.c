/* AdviseCards: what to do with each card of a person (R43-R46). */
#include "common/service/message.h"
#include "services/card/rules/card_holder.h"
#include "services/status/handlers/status_handlers.h"
#include "services/status/handlers/status_message.h"
#include "services/status/rules/status_advice.h"
#include "services/status/rules/status_next_steps.h"
#include "services/status/rules/status_view.h"

#include <string.h>

static Status__AdvisedCard *advised(rpc_call *call, subject *s, int index)
{
        arena *a = rpc_call_arena(call);
        const char *language = rpc_call_language(call);
        if (!subject_turn_to(call, s, index)) return NULL;
        const Status__CardStatus *status = card_status_message(call, s);
        const status_facts facts = status_facts_of(call, s);
        const status_advice advice = status_advise(&facts);
        Status__AdvisedCard *message = arena_alloc(a, sizeof *message);
        status__advised_card__init(message);
        message->name = status->name;
        message->card_number = status->card_number;
        message->display_status = status->display_status;
        message->display_text = status->display_text;
        message->financial_status = status->financial_status;
        message->duplicate_in_province = status->duplicate_in_province;
        message->advice = (Status__CardAdvice)advice;
        message->text = policy_text_in(status_advice_text(advice), language);
        message->rule = status_advice_rule(advice);
        message->n_next_steps = status->n_next_steps;
        message->next_steps = status->next_steps;
        return message;
}

/* Each card by its state and its advice; no number, no id. */
static const char *speak(rpc_call *call, const Status__AdviseCardsResponse *response)
{
        arena *a = rpc_call_arena(call);
        const char *language = rpc_call_language(call);
        if (service_call_of(call)->who.channel != POLICY_CHANNEL_PHONE_12333) return "";
        const bool english = strncmp(language, "en", 2) == 0;
        const char *text =
                arena_format(a, english ? "You have %zu cards here." : "您在本地有%zu张社保卡。",
                             response->n_cards);
        for (size_t i = 0; i < response->n_cards; i++)
                text = arena_format(a, english ? "%s Card %zu, %s: %s" : "%s第%zu张，%s：%s", text,
                                    i + 1, response->cards[i]->display_text,
                                    response->cards[i]->text);
        return text;
}

void handle_advise_cards(rpc_call *call, const ProtobufCMessage *message)
{
        const Status__AdviseCardsRequest *request = (const Status__AdviseCardsRequest *)message;
        arena *a = rpc_call_arena(call);
        subject_question question = {0};
        subject s;
        if (request->subject_case == STATUS__ADVISE_CARDS_REQUEST__SUBJECT_NAME)
                question.name = request->name;
        else if (request->subject_case == STATUS__ADVISE_CARDS_REQUEST__SUBJECT_IDENTITY_NUMBER)
                question.identity_number = request->identity_number;
        if (!subject_find(call, &question, &s)) return;
        const card_holder *holder = &s.record->holder;
        uint8_t order[CARD_CARDS_MAX];
        const size_t count = status_advice_order(holder, order);
        Status__AdviseCardsResponse response = STATUS__ADVISE_CARDS_RESPONSE__INIT;
        response.holder = resource_name_format(a, service_call_of(call)->instance->directory.region,
                                               "holders", holder->id);
        response.region = service_call_of(call)->instance->directory.region;
        response.as_of = message_timestamp(a, s.as_of_ms);
        response.cards = arena_alloc(a, (count + 1) * sizeof *response.cards);
        for (size_t i = 0; i < count; i++) {
                Status__AdvisedCard *card = advised(call, &s, order[i]);
                if (!card) return; /* the task's failure is the answer */
                response.cards[response.n_cards++] = card;
        }
        response.speakable = speak(call, &response);
        rpc_reply(call, &response.base);
}
