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

/* Steps that need the status service; told as skipped where a region has none. */
static bool has_status(journey *j, policy_text title)
{
        if (j->to->clients[REGION_STATUS]) {
                story_step(j->story, title);
                return true;
        }
        story_skip(j->story, title,
                   (policy_text){"本区域没有状态查询服务", "this region has no status service"});
        return false;
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

/* The same question on every channel; one truth (R48). */
static void ask_everybody(journey *j, const journey_card *card, Status__SocialStatus social)
{
        asking list[ASKINGS];
        everybody(j, list);
        for (int i = 0; i < ASKINGS; i++) {
                const Status__CardStatus *status = ask(j, &list[i], card);
                if (!status) continue;
                story_item(j->story, arena_format(&j->a, "%s  %s  %s", status->card_number,
                                                  status->display_text,
                                                  journey_state_text(status->state).en));
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
        if (has_status(j, (policy_text){"打电话问：我的卡怎么是“封存”？",
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
        if (has_status(j, (policy_text){"查询：各渠道同一答案", "one answer on every channel"})) {
                ask_everybody(j, &j->old_card, STATUS__SOCIAL_STATUS__SOCIAL_STATUS_ENABLED);
                ask_usable(j, &j->old_card, STATUS__USABILITY__USABILITY_USABLE);
        }
        return true;
}

bool journey_step_status_temp_lost(journey *j)
{
        if (has_status(j, (policy_text){"立即查询：所有渠道都已停用",
                                        "asked at once: dead on every channel"})) {
                ask_everybody(j, &j->old_card, STATUS__SOCIAL_STATUS__SOCIAL_STATUS_SUSPENDED);
                ask_usable(j, &j->old_card, STATUS__USABILITY__USABILITY_NOT_USABLE);
        }
        return true;
}

bool journey_step_status_recovered(journey *j)
{
        if (has_status(j, (policy_text){"查询：又可使用", "asked again: in use"})) {
                ask_everybody(j, &j->old_card, STATUS__SOCIAL_STATUS__SOCIAL_STATUS_ENABLED);
                ask_usable(j, &j->old_card, STATUS__USABILITY__USABILITY_USABLE);
        }
        return true;
}

bool journey_step_status_both(journey *j)
{
        if (has_status(j, (policy_text){"查询两张卡：新卡正常，旧卡注销",
                                        "both cards: the new one in use, the old one ended"})) {
                asking holder = {&j->cast.holder, POLICY_CHANNEL_ECARD};
                const Status__CardStatus *status = ask(j, &holder, &j->new_card);
                if (status) {
                        story_quote(j->story, status->meaning);
                        expect_status(j, status, &j->new_card,
                                      STATUS__SOCIAL_STATUS__SOCIAL_STATUS_ENABLED);
                }
                status = ask(j, &holder, &j->old_card);
                if (status) {
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

static const char *verdict_mark(Status__ActionVerdict verdict)
{
        static const char *const MARKS[] = {"?", "✓", "…", "–", "±"};
        return (unsigned)verdict < ARRAY_LENGTH(MARKS) ? MARKS[verdict] : MARKS[0];
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
                       "%s is %s %s, should be %s %s", operation, verdict_mark(action->verdict),
                       action->reason, verdict_mark(verdict), reason);
}

bool journey_step_allowed(journey *j)
{
        if (!has_status(j, (policy_text){"我现在能办什么？", "what can I do now?"})) return true;
        const actor *holder = &j->cast.holder;
        Status__ListAllowedActionsRequest request = STATUS__LIST_ALLOWED_ACTIONS_REQUEST__INIT;
        request.subject_case = STATUS__LIST_ALLOWED_ACTIONS_REQUEST__SUBJECT_NAME;
        request.name = j->old_card.name;
        request.read_options = journey_read_options(j, holder, POLICY_CHANNEL_ECARD);
        const Status__ListAllowedActionsResponse *list =
                journey_body(j, journey_call(j, holder, POLICY_CHANNEL_ECARD, REGION_STATUS,
                                             "ListAllowedActions", &request.base,
                                             &status__list_allowed_actions_response__descriptor));
        if (!list) return true;
        for (size_t i = 0; i < list->n_actions; i++) {
                const Status__AllowedAction *action = list->actions[i];
                story_item(j->story,
                           arena_format(&j->a, "%s %s  %s%s%s%s%s", verdict_mark(action->verdict),
                                        action->title, action->operation,
                                        *action->reason ? "  " : "", action->reason,
                                        *action->rule ? "  " : "", action->rule));
        }
        expect_action(j, list, "ReportLoss:TEMPORARY",
                      STATUS__ACTION_VERDICT__ACTION_VERDICT_ALLOWED, "");
        expect_action(j, list, "RecoverCard", STATUS__ACTION_VERDICT__ACTION_VERDICT_BLOCKED,
                      "NOT_LOST");
        return true;
}
