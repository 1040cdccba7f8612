/* The questions in between: what is the state of my card, what can I do now, may it be used. */
#include "tools/journey/journey.h"

#include <inttypes.h>
#include <string.h>

/* One who asks, and where. */
typedef struct asking {
        const actor *who;
        policy_channel channel;
} asking;

enum { ASKINGS = 3 };

static void everybody(const journey *j, asking list[ASKINGS])
{
        list[0] = (asking){&j->cast.holder, POLICY_CHANNEL_ECARD};
        list[1] = (asking){&j->cast.hotline, POLICY_CHANNEL_PHONE_12333};
        list[2] = (asking){&j->cast.clerk, POLICY_CHANNEL_BRANCH};
}

static const Status__CardStatus *ask(journey *j, const asking *one, const journey_card *card)
{
        Status__GetCardStatusRequest request = STATUS__GET_CARD_STATUS_REQUEST__INIT;
        request.subject_case = STATUS__GET_CARD_STATUS_REQUEST__SUBJECT_CARD_NUMBER;
        request.card_number = card->number;
        request.read_options = journey_read_options(j, one->who, one->channel);
        return journey_body(j,
                            journey_call(j, one->who, one->channel, REGION_STATUS, "GetCardStatus",
                                         &request.base, &status__card_status__descriptor));
}

const Status__CardStatus *journey_status(journey *j, const journey_card *card)
{
        if (!j->to->clients[REGION_STATUS]) return NULL;
        asking holder = {&j->cast.holder, POLICY_CHANNEL_ECARD};
        return ask(j, &holder, card);
}

static void expect_status(journey *j, const Status__CardStatus *status, const journey_card *card,
                          Status__SocialStatus social)
{
        journey_expect(j, strcmp(status->name, card->name) == 0, "it is another card: %s",
                       status->name);
        journey_expect(j, status->state == card->state, "state is %s, should be %s (R39)",
                       journey_state_text(status->state).en, journey_state_text(card->state).en);
        journey_expect(j, status->version == card->version,
                       "version is %" PRId64 ", should be %" PRId64 " (R48)", status->version,
                       card->version);
        journey_expect(j, status->social_status == social,
                       "the social security function is %d, should be %d", status->social_status,
                       social);
        journey_expect(j, !status->contributions_affected,
                       "a card must never touch contributions (R40)");
        journey_expect(j, strcmp(status->card_number, card->number) != 0,
                       "the card number should be masked (R49)");
}

static void tell_status(journey *j, const Status__CardStatus *status)
{
        story_item(j->story,
                   arena_format(&j->a, "%s  %s  %s", status->card_number, status->display_text,
                                journey_state_text(status->state).en));
}

/* The same question on every channel; one truth (R48). */
static void ask_everybody(journey *j, const journey_card *card, Status__SocialStatus social)
{
        asking list[ASKINGS];
        everybody(j, list);
        for (int i = 0; i < ASKINGS; i++) {
                const Status__CardStatus *status = ask(j, &list[i], card);
                if (!status) continue;
                tell_status(j, status);
                expect_status(j, status, card, social);
                bool phone = list[i].channel == POLICY_CHANNEL_PHONE_12333;
                if (phone) story_quote(j->story, status->speakable);
                journey_expect(j, !phone || *status->speakable,
                               "the phone should have something to read out (R48)");
                if (i == 0) {
                        story_quote(j->story, status->meaning);
                        journey_tell_steps(j, status->next_steps, status->n_next_steps);
                }
        }
}

static void ask_usable(journey *j, const journey_card *card, Status__Usability wanted)
{
        static const char *const WORDS[] = {"?", "USABLE", "NOT_USABLE", "ASK_HOLDER"};
        const actor *pharmacy = &j->cast.pharmacy;
        Status__CheckUsableRequest request = STATUS__CHECK_USABLE_REQUEST__INIT;
        request.subject_case = STATUS__CHECK_USABLE_REQUEST__SUBJECT_CARD_NUMBER;
        request.card_number = card->number;
        request.purpose = COMMON__PURPOSE__PURPOSE_MEDICAL;
        request.read_options = journey_read_options(j, pharmacy, POLICY_CHANNEL_MEDICAL_POS);
        const Status__CheckUsableResponse *answer =
                journey_body(j, journey_call(j, pharmacy, POLICY_CHANNEL_MEDICAL_POS, REGION_STATUS,
                                             "CheckUsable", &request.base,
                                             &status__check_usable_response__descriptor));
        if (!answer) return;
        const char *word = (unsigned)answer->usability < ARRAY_LENGTH(WORDS)
                                   ? WORDS[answer->usability]
                                   : WORDS[0];
        story_item(j->story, word);
        journey_expect(j, answer->usability == wanted, "it should be %s (N13)", WORDS[wanted]);
}

bool journey_step_status_waiting(journey *j)
{
        if (journey_has(j, REGION_STATUS,
                        (policy_text){"打电话问：我的卡怎么是“封存”？",
                                      "a phone call: why is my card \"archived\"?"})) {
                asking phone = {&j->cast.hotline, POLICY_CHANNEL_PHONE_12333};
                const Status__CardStatus *status = ask(j, &phone, &j->old_card);
                if (!status) return true;
                expect_status(j, status, &j->old_card,
                              STATUS__SOCIAL_STATUS__SOCIAL_STATUS_NOT_ENABLED);
                story_quote(j->story, status->speakable);
                journey_tell_steps(j, status->next_steps, status->n_next_steps);
                journey_expect(j, *status->speakable,
                               "the phone should have something to read out (R48)");
                journey_expect(j, status->n_next_steps > 0, "it should say how to collect (R37)");
        }
        return true;
}

bool journey_step_status_normal(journey *j)
{
        if (journey_has(j, REGION_STATUS,
                        (policy_text){"查询：各渠道同一答案", "one answer on every channel"})) {
                ask_everybody(j, &j->old_card, STATUS__SOCIAL_STATUS__SOCIAL_STATUS_ENABLED);
                ask_usable(j, &j->old_card, STATUS__USABILITY__USABILITY_USABLE);
        }
        return true;
}

bool journey_step_status_temp_lost(journey *j)
{
        if (journey_has(j, REGION_STATUS,
                        (policy_text){"立即查询：所有渠道都已停用",
                                      "asked at once: dead on every channel"})) {
                ask_everybody(j, &j->old_card, STATUS__SOCIAL_STATUS__SOCIAL_STATUS_SUSPENDED);
                ask_usable(j, &j->old_card, STATUS__USABILITY__USABILITY_NOT_USABLE);
        }
        return true;
}

bool journey_step_status_recovered(journey *j)
{
        if (journey_has(j, REGION_STATUS, (policy_text){"查询：又可使用", "asked again: in use"})) {
                ask_everybody(j, &j->old_card, STATUS__SOCIAL_STATUS__SOCIAL_STATUS_ENABLED);
                ask_usable(j, &j->old_card, STATUS__USABILITY__USABILITY_USABLE);
        }
        return true;
}

bool journey_step_status_both(journey *j)
{
        if (journey_has(j, REGION_STATUS,
                        (policy_text){"查询两张卡：新卡正常，旧卡注销",
                                      "both cards: the new one in use, the old one ended"})) {
                asking holder = {&j->cast.holder, POLICY_CHANNEL_ECARD};
                const Status__CardStatus *status = ask(j, &holder, &j->new_card);
                if (status) {
                        tell_status(j, status);
                        story_quote(j->story, status->meaning);
                        expect_status(j, status, &j->new_card,
                                      STATUS__SOCIAL_STATUS__SOCIAL_STATUS_ENABLED);
                }
                status = ask(j, &holder, &j->old_card);
                if (status) {
                        tell_status(j, status);
                        story_quote(j->story, status->meaning);
                        journey_tell_steps(j, status->next_steps, status->n_next_steps);
                        expect_status(j, status, &j->old_card,
                                      STATUS__SOCIAL_STATUS__SOCIAL_STATUS_ENDED);
                }
                ask_usable(j, &j->new_card, STATUS__USABILITY__USABILITY_USABLE);
                ask_usable(j, &j->old_card, STATUS__USABILITY__USABILITY_NOT_USABLE);
        }
        return true;
}

static const char *verdict_mark(Status__ActionVerdict verdict, bool no_change)
{
        if (no_change) return "=";
        static const char *const MARKS[] = {"?", "✓", "…", "–", "±"};
        return (unsigned)verdict < ARRAY_LENGTH(MARKS) ? MARKS[verdict] : MARKS[0];
}

static void tell_action(journey *j, const Status__AllowedAction *action)
{
        const char *lift = action->n_lifted_by ? action->lifted_by[0]->code : "";
        story_item(j->story,
                   arena_format(&j->a, "%s %s  %s%s%s%s%s%s%s",
                                verdict_mark(action->verdict, action->no_change), action->title,
                                action->operation, *action->reason ? "  " : "", action->reason,
                                *action->rule ? "  " : "", action->rule, *lift ? "  → " : "",
                                lift));
}

/* What is for other people is only counted. */
static void tell_actions(journey *j, const Status__ListAllowedActionsResponse *list)
{
        unsigned others = 0;
        for (size_t i = 0; i < list->n_actions; i++) {
                bool for_others = strcmp(list->actions[i]->reason, "ROLE_NOT_ALLOWED") == 0;
                others += for_others;
                if (!for_others) tell_action(j, list->actions[i]);
        }
        story_note(j->story,
                   story_format(&j->a, "✓ 可办 = 已是如此 … 需材料 – 不可办；另有%u项由他人办理",
                                "✓ can, = is so already, … needs something, – cannot; %u more are "
                                "for others",
                                others));
}

static const Status__AllowedAction *find_action(const Status__ListAllowedActionsResponse *list,
                                                const char *operation)
{
        for (size_t i = 0; i < list->n_actions; i++)
                if (strcmp(list->actions[i]->operation, operation) == 0) return list->actions[i];
        return NULL;
}

static void expect_action(journey *j, const Status__ListAllowedActionsResponse *list,
                          const char *operation, Status__ActionVerdict verdict, const char *reason)
{
        const Status__AllowedAction *action = find_action(list, operation);
        journey_expect(j, action != NULL, "%s should be listed", operation);
        if (!action) return;
        journey_expect(j, action->verdict == verdict && strcmp(action->reason, reason) == 0,
                       "%s is %s %s, should be %s %s", operation,
                       verdict_mark(action->verdict, action->no_change), action->reason,
                       verdict_mark(verdict, false), reason);
}

/* What the holder can do on her phone; `only` NULL: everything. */
static const Status__ListAllowedActionsResponse *list_actions(journey *j, const char *only)
{
        const actor *holder = &j->cast.holder;
        Status__ListAllowedActionsRequest request = STATUS__LIST_ALLOWED_ACTIONS_REQUEST__INIT;
        request.subject_case = STATUS__LIST_ALLOWED_ACTIONS_REQUEST__SUBJECT_NAME;
        request.name = j->old_card.name;
        request.read_options = journey_read_options(j, holder, POLICY_CHANNEL_ECARD);
        request.operations = &only;
        request.n_operations = only ? 1 : 0;
        return journey_body(j, journey_call(j, holder, POLICY_CHANNEL_ECARD, REGION_STATUS,
                                            "ListAllowedActions", &request.base,
                                            &status__list_allowed_actions_response__descriptor));
}

void journey_expect_foretold(journey *j, const char *operation, const char *reason)
{
        if (!j->to->clients[REGION_STATUS]) return;
        const Status__ListAllowedActionsResponse *list = list_actions(j, operation);
        if (!list) return;
        for (size_t i = 0; i < list->n_actions; i++)
                tell_action(j, list->actions[i]);
        expect_action(j, list, operation, STATUS__ACTION_VERDICT__ACTION_VERDICT_BLOCKED, reason);
}

bool journey_step_allowed(journey *j)
{
        if (!journey_has(j, REGION_STATUS, (policy_text){"我现在能办什么？", "what can I do now?"}))
                return true;
        const Status__ListAllowedActionsResponse *list = list_actions(j, NULL);
        if (!list) return true;
        tell_actions(j, list);
        expect_action(j, list, "ReportLoss:TEMPORARY",
                      STATUS__ACTION_VERDICT__ACTION_VERDICT_ALLOWED, "");
        expect_action(j, list, "RecoverCard", STATUS__ACTION_VERDICT__ACTION_VERDICT_BLOCKED,
                      "NOT_LOST");
        return true;
}
