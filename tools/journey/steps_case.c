/* What is under way about the old card, leg by leg. */
#include "tools/journey/journey.h"

static policy_text leg_state(Status__CaseLegState state)
{
        static const policy_text STATES[] = {
                {"?", "?"},          {"已办", "done"},      {"待办", "pending"},
                {"未到", "not yet"}, {"不明", "not known"},
        };
        return (unsigned)state < ARRAY_LENGTH(STATES) ? STATES[state] : STATES[0];
}

bool journey_step_case(journey *j)
{
        if (!journey_has(j, REGION_STATUS,
                         (policy_text){"补卡办到哪一步了？逐项说明",
                                       "how far is the replacement? leg by leg"}))
                return true;
        const actor *holder = &j->cast.holder;
        Status__GetCaseRequest request = STATUS__GET_CASE_REQUEST__INIT;
        request.subject_case = STATUS__GET_CASE_REQUEST__SUBJECT_NAME;
        request.name = j->old_card.name;
        request.read_options = journey_read_options(j, holder, POLICY_CHANNEL_ECARD);
        const Status__CardCase *answer = journey_body(
                j, journey_call(j, holder, POLICY_CHANNEL_ECARD, REGION_STATUS, "GetCase",
                                &request.base, &status__card_case__descriptor));
        if (!answer) return true;
        for (size_t i = 0; i < answer->n_legs; i++) {
                const Status__CaseLeg *leg = answer->legs[i];
                policy_text state = leg_state(leg->state);
                story_item(j->story,
                           arena_format(&j->a, "%s  %s  %s", leg->title, leg->code,
                                        j->story->language == STORY_ENGLISH ? state.en : state.zh));
        }
        journey_tell_steps(j, answer->next_steps, answer->n_next_steps);
        journey_expect(j, answer->kind == STATUS__CASE_KIND__CASE_KIND_REPLACEMENT,
                       "the old card's case should be a replacement (N9)");
        journey_expect(j, answer->n_legs > 0, "a case should have legs (N9)");
        return true;
}
