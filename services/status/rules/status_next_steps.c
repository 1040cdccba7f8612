/* Steps of a status answer. Those of the card come from the card's rules; here are those that need
 * another service's record, which an absent service never gives. */
#include "services/status/rules/status_next_steps.h"

#include "services/bank/rules/bank_refusals.h"
#include "services/card/rules/card_guidance.h"
#include "services/credential/rules/credential_refusals.h"

#include <assert.h>

/* clang-format off */
static const policy_step UNLOCK_PASSWORD = {
        .code = "UNLOCK_OR_RESET_PASSWORD",
        .text = {"请携带有效身份证件和社保卡到服务网点解锁或重置社保卡密码。",
                 "Unlock or reset the card's password at a service institution, with your identity document and the card."},
        .channels = POLICY_C(BRANCH) | POLICY_C(BANK_BRANCH), .who = POLICY_R(HOLDER),
        .documents = {"ID_DOCUMENT", "CARD_PRESENTED"}, .contact = POLICY_CONTACT_ISSUING_12333, .rule = "R20"};
static const policy_step APPLY_FOR_CARD = {
        .code = "APPLY_FOR_CARD", .operation = "ApplyCard",
        .text = {"您在本地尚无社保卡，可通过网点或线上平台申领。", "You have no card here; apply at an outlet or online."},
        .channels = POLICY_C(BRANCH) | POLICY_C(BANK_BRANCH) | POLICY_CHANNELS_ONLINE,
        .who = POLICY_R(HOLDER) | POLICY_R(GUARDIAN) | POLICY_R(AGENT),
        .contact = POLICY_CONTACT_LOCAL_12333, .rule = "R31"};
/* clang-format on */

typedef struct step_list {
        const policy_step **steps;
        size_t count;
} step_list;

enum { STEPS_OF_OTHERS = 6 }; /* to unlock, to change, to activate (2), to wait, to apply */
_Static_assert(STATUS_STEPS_MAX >= CARD_GUIDANCE_STEPS_MAX + STEPS_OF_OTHERS, "all have room");

static void add(step_list *list, const policy_step *step)
{
        assert(list->count < STATUS_STEPS_MAX);
        list->steps[list->count++] = step;
}

static bool can_be_activated(const status_facts *facts, const card_record *card)
{
        return facts->financial == STATUS_FINANCIAL_LOADED && !facts->bank_is_asked &&
               (card->state == CARD_ARCHIVED_COLLECTED || card->state == CARD_NORMAL);
}

/* An account that is closed is not to be closed again (R44), and a loss that the bank has confirmed
 * not to be reported there once more (R13). */
static bool is_settled_with_the_bank(const status_facts *facts, const policy_step *step)
{
        if (step == &CARD_STEP_TELL_BANK) return facts->bank_has_stopped;
        return step == &CARD_STEP_CLOSE_BANK_ACCOUNT &&
               (facts->financial == STATUS_FINANCIAL_CLOSED ||
                facts->financial == STATUS_FINANCIAL_NONE);
}

size_t status_next_steps(const status_facts *facts, const policy_step *steps[STATUS_STEPS_MAX])
{
        step_list list = {steps, 0};
        if (facts->card < 0) {
                if (civil_date_is_zero(facts->holder->person.died_on)) add(&list, &APPLY_FOR_CARD);
                return list.count;
        }
        assert(facts->card < facts->holder->card_count);
        const card_record *card = &facts->holder->cards[facts->card];
        if (card->state == CARD_NORMAL && facts->pin_locked == POLICY_YES)
                add(&list, &UNLOCK_PASSWORD);

        const policy_step *of_card[CARD_GUIDANCE_STEPS_MAX];
        size_t count =
                card_guidance_steps(facts->holder, card, facts->knobs, facts->now_ms, of_card);
        for (size_t i = 0; i < count; i++) {
                if (!is_settled_with_the_bank(facts, of_card[i])) add(&list, of_card[i]);
        }
        if (facts->pin_is_initial &&
            (card->state == CARD_NORMAL || card->state == CARD_ARCHIVED_COLLECTED))
                add(&list, &CREDENTIAL_STEP_CHANGE_INITIAL);
        if (can_be_activated(facts, card)) {
                add(&list, &BANK_STEP_ACTIVATE);
                add(&list, &BANK_STEP_HOME_VISIT_OR_AGENT);
        }
        if (facts->bank_is_asked) add(&list, &BANK_STEP_WAIT_FOR_BANK);
        return list.count;
}

size_t status_warnings(const status_facts *facts, const policy_step *warnings[STATUS_WARNINGS_MAX])
{
        if (facts->card < 0) {
                warnings[0] = &CARD_WARNING_CONTRIBUTIONS;
                return 1;
        }
        return card_guidance_warnings(&facts->holder->cards[facts->card], facts->now_ms, warnings);
}
