/* GetGuidance: what to do, by card, by refusal code, or by topic of the public questions (R2). */
#include "services/status/handlers/status_handlers.h"
#include "services/status/handlers/status_message.h"
#include "services/status/rules/status_access.h"
#include "services/status/rules/status_guidance.h"
#include "services/status/rules/status_next_steps.h"
#include "services/status/rules/status_refusals.h"
#include "services/status/rules/status_speakable.h"
#include "services/status/rules/status_view.h"

#include <string.h>

enum { SPEECH_BYTES = 1600 };

static const char *text_in(rpc_call *call, policy_text text)
{
        const char *chosen = policy_text_in(text, rpc_call_language(call));
        return chosen ? chosen : "";
}

static const char *speak(rpc_call *call, const policy_step *const *steps, size_t count)
{
        if (service_call_of(call)->who.channel != POLICY_CHANNEL_PHONE_12333) return "";
        char *text = arena_alloc(rpc_call_arena(call), SPEECH_BYTES);
        status_speak_steps(steps, count, rpc_call_language(call), text, SPEECH_BYTES);
        return text;
}

static void fill_rules(rpc_call *call, const policy_step *const *steps, size_t count,
                       Status__Guidance *guidance)
{
        const char **rules = arena_alloc(rpc_call_arena(call), (count + 1) * sizeof *rules);
        for (size_t i = 0; i < count; i++) {
                bool known = !steps[i]->rule;
                for (size_t n = 0; !known && n < guidance->n_rules; n++)
                        known = strcmp(rules[n], steps[i]->rule) == 0;
                if (!known) rules[guidance->n_rules++] = steps[i]->rule;
        }
        guidance->rules = (__typeof__(guidance->rules))rules;
}

/* ---- about a card ---- */

static void answer_about_card(rpc_call *call, const char *name)
{
        service_call *state = service_call_of(call);
        policy_access_span rows = policy_access_find(STATUS_ACCESS, STATUS_ACCESS_COUNT,
                                                     STATUS_GUIDANCE_ABOUT_SOMEBODY);
        state->access = policy_access_evaluate(rows, &state->who);
        if (state->access.verdict == POLICY_ACCESS_DENY) {
                service_refuse_access(call, &state->access);
                return;
        }
        state->who.role = state->access.role;
        subject s;
        if (!subject_find(call, &(subject_question){.name = name}, &s)) return;
        status_facts facts = status_facts_of(call, &s);
        const policy_step *steps[STATUS_STEPS_MAX], *warnings[STATUS_WARNINGS_MAX];
        size_t step_count = status_next_steps(&facts, steps);
        size_t warning_count = status_warnings(&facts, warnings);
        const card_record *card = facts.card >= 0 ? &facts.holder->cards[facts.card] : NULL;
        status_display display =
                status_display_of(card ? card->state : CARD_STATE_NONE, facts.pin_locked);
        Status__Guidance guidance = STATUS__GUIDANCE__INIT;
        guidance.title = text_in(call, status_display_text(display));
        guidance.text = text_in(call, status_display_meaning(display));
        status_message_steps(call, steps, step_count, card, &guidance.next_steps,
                             &guidance.n_next_steps);
        status_message_warnings(call, warnings, warning_count, &guidance.warnings,
                                &guidance.n_warnings);
        fill_rules(call, steps, step_count, &guidance);
        guidance.speakable = status_message_speak(call, &facts);
        rpc_reply(call, &guidance.base);
}

/* ---- about nobody ---- */

static void answer_about_reason(rpc_call *call, const char *reason)
{
        const policy_refusal *refusal = status_refusal_find(reason);
        if (!refusal) {
                rpc_refuse(call, status_refusal_of(STATUS_REFUSAL_REASON_UNKNOWN), NULL, 0);
                return;
        }
        size_t count = policy_refusal_step_count(refusal);
        Status__Guidance guidance = STATUS__GUIDANCE__INIT;
        const char *rule = refusal->rule;
        guidance.title = refusal->reason;
        guidance.text = text_in(call, refusal->text);
        status_message_steps(call, refusal->steps, count, NULL, &guidance.next_steps,
                             &guidance.n_next_steps);
        guidance.rules = (__typeof__(guidance.rules))&rule;
        guidance.n_rules = rule ? 1 : 0;
        guidance.speakable = speak(call, refusal->steps, count);
        rpc_reply(call, &guidance.base);
}

static size_t length_of(const void *const *list, size_t most)
{
        size_t count = 0;
        while (count < most && list[count])
                count++;
        return count;
}

static void answer_about_topic(rpc_call *call, Status__GuidanceTopic topic)
{
        const status_guidance *found = status_guidance_of((status_topic)topic);
        if (!found) {
                rpc_refuse(call, status_refusal_of(STATUS_REFUSAL_GUIDANCE_SUBJECT_REQUIRED), NULL,
                           0);
                return;
        }
        size_t steps = length_of((const void *const *)found->steps, STATUS_GUIDANCE_PARTS_MAX);
        Status__Guidance guidance = STATUS__GUIDANCE__INIT;
        guidance.title = text_in(call, found->title);
        guidance.text = text_in(call, found->text);
        status_message_steps(call, found->steps, steps, NULL, &guidance.next_steps,
                             &guidance.n_next_steps);
        status_message_warnings(
                call, found->warnings,
                length_of((const void *const *)found->warnings, STATUS_GUIDANCE_PARTS_MAX),
                &guidance.warnings, &guidance.n_warnings);
        guidance.rules = (__typeof__(guidance.rules))found->rules;
        guidance.n_rules = length_of((const void *const *)found->rules, STATUS_GUIDANCE_PARTS_MAX);
        guidance.speakable = speak(call, found->steps, steps);
        rpc_reply(call, &guidance.base);
}

void handle_get_guidance(rpc_call *call, const ProtobufCMessage *message)
{
        const Status__GetGuidanceRequest *request = (const Status__GetGuidanceRequest *)message;
        service_call_of(call)->about_nobody =
                request->subject_case != STATUS__GET_GUIDANCE_REQUEST__SUBJECT_NAME;
        switch (request->subject_case) {
        case STATUS__GET_GUIDANCE_REQUEST__SUBJECT_NAME:
                answer_about_card(call, request->name);
                return;
        case STATUS__GET_GUIDANCE_REQUEST__SUBJECT_REASON:
                answer_about_reason(call, request->reason);
                return;
        case STATUS__GET_GUIDANCE_REQUEST__SUBJECT_TOPIC:
                answer_about_topic(call, request->topic);
                return;
        default:
                rpc_refuse(call, status_refusal_of(STATUS_REFUSAL_GUIDANCE_SUBJECT_REQUIRED), NULL,
                           0);
        }
}
