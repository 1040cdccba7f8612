/* GetCase: what is under way about a card, each leg with who moves next and since when (N9, R45).
 */
#include "common/service/message.h"
#include "services/status/handlers/status_handlers.h"
#include "services/status/handlers/status_message.h"
#include "services/status/rules/status_case.h"
#include "services/status/rules/status_next_steps.h"

#include <string.h>

static status_case_part part_of(const subject *s)
{
        status_case_pin pin = STATUS_CASE_PIN_ABSENT;
        if (s->pin.is_unanswered) pin = STATUS_CASE_PIN_UNKNOWN;
        if (s->pin.state)
                pin = s->pin.state == CREDENTIAL_NONE ? STATUS_CASE_PIN_NONE : STATUS_CASE_PIN_SET;
        return (status_case_part){.financial = s->account.financial,
                                  .bank_has_stopped = s->account.bank_has_stopped,
                                  .pin = pin};
}

/* The case, and `s` turned to the card that it is about. */
static bool find_case(rpc_call *call, subject *s, status_case *found)
{
        const card_holder *holder = &s->record->holder;
        int about = s->card;
        const status_case_kind kind = status_case_find(holder, s->card, &about);
        status_case_part old = {.financial = STATUS_FINANCIAL_ABSENT};
        const int predecessor =
                kind == STATUS_CASE_REPLACEMENT ? status_case_predecessor(holder, about) : -1;
        if (predecessor >= 0) {
                if (!subject_turn_to(call, s, predecessor)) return false;
                old = part_of(s);
        }
        if (!subject_turn_to(call, s, about)) return false;
        const status_case_part part = part_of(s);
        status_case_fill(holder, kind, about, &part, &old, found);
        return true;
}

static Status__CaseLeg *leg_message(rpc_call *call, const subject *s, const status_leg *leg)
{
        arena *a = rpc_call_arena(call);
        Status__CaseLeg *message = arena_alloc(a, sizeof *message);
        status__case_leg__init(message);
        message->code = leg->code;
        message->title = policy_text_in(leg->title, rpc_call_language(call));
        message->state = (Status__CaseLegState)leg->state;
        message->waits_for = (Status__CaseParty)leg->waits_for;
        message->since = message_timestamp(a, leg->since_ms);
        message->rule = leg->rule;
        if (leg->state == STATUS_LEG_PENDING && leg->since_ms)
                message->age_seconds = (s->as_of_ms - leg->since_ms) / 1000;
        return message;
}

static const char *speak(rpc_call *call, const Status__CardCase *response)
{
        if (service_call_of(call)->who.channel != POLICY_CHANNEL_PHONE_12333) return "";
        arena *a = rpc_call_arena(call);
        const bool english = strncmp(rpc_call_language(call), "en", 2) == 0;
        static const char *const zh[] = {"", "已完成", "办理中", "尚未开始", "暂时无法查询"};
        static const char *const en[] = {"", "done", "under way", "not yet", "not known now"};
        const char *text = "";
        for (size_t i = 0; i < response->n_legs; i++) {
                const Status__CaseLeg *leg = response->legs[i];
                text = english ? arena_format(a, "%s%s: %s. ", text, leg->title, en[leg->state])
                               : arena_format(a, "%s%s，%s。", text, leg->title, zh[leg->state]);
        }
        return *text ? text : english ? "Nothing is under way." : "没有正在办理的业务。";
}

static void answer(rpc_call *call, const subject *s, const status_case *found)
{
        arena *a = rpc_call_arena(call);
        const policy_step *steps[STATUS_STEPS_MAX];
        const status_facts facts = status_facts_of(call, s);
        Status__CardCase response = STATUS__CARD_CASE__INIT;
        response.card = resource_name_format(a, service_call_of(call)->instance->directory.region,
                                             "cards", s->record->holder.cards[found->card].id);
        response.kind = (Status__CaseKind)found->kind;
        response.done = found->done;
        response.as_of = message_timestamp(a, s->as_of_ms);
        response.legs = arena_alloc(a, (found->count + 1) * sizeof *response.legs);
        for (size_t i = 0; i < found->count; i++)
                response.legs[response.n_legs++] = leg_message(call, s, &found->legs[i]);
        status_message_steps(call, steps, status_next_steps(&facts, steps),
                             &s->record->holder.cards[s->card], &response.next_steps,
                             &response.n_next_steps);
        response.speakable = speak(call, &response);
        rpc_reply(call, &response.base);
}

void handle_get_case(rpc_call *call, const ProtobufCMessage *message)
{
        const Status__GetCaseRequest *request = (const Status__GetCaseRequest *)message;
        subject_question question = {.card_only = true};
        subject s;
        status_case found;
        if (request->subject_case == STATUS__GET_CASE_REQUEST__SUBJECT_NAME)
                question.name = request->name;
        else if (request->subject_case == STATUS__GET_CASE_REQUEST__SUBJECT_CARD_NUMBER)
                question.card_number = request->card_number;
        if (!subject_find(call, &question, &s) || !find_case(call, &s, &found)) return;
        answer(call, &s, &found);
}
