/* Steps by state and overlay. Names only what the rules then allow: every candidate is asked. */
#include "services/card/rules/card_guidance.h"

#include "services/card/rules/card_rules.h"
#include "services/card/rules/card_settle.h"

#include <assert.h>

const policy_step CARD_WARNING_NO_LINKS = {
        .code = "NEVER_CLICK_EXPIRY_LINKS",
        .text = {"请勿点击任何内容为“社保卡到期”的短信链接，谨防财产损失。官方通知不含链接。",
                 "Never follow a link in a text message about card expiry: official notices carry "
                 "none. It is a fraud that costs people their savings."},
        .rule = "R35",
};
const policy_step CARD_WARNING_CONTRIBUTIONS = {
        .code = "CONTRIBUTIONS_NOT_AFFECTED",
        .text = {"社保卡未领取或未启用，不影响正常缴纳社会保险费；封存不等于停保。",
                 "A card that is not collected or not enabled does not affect contributions; "
                 "archived does not mean that payment stopped."},
        .rule = "R40",
};

typedef struct step_list {
        const card_facts *facts;
        const card_holder *holder;
        int card;
        const policy_step **steps;
        size_t count;
} step_list;

static void offer(step_list *list, const policy_step *step)
{
        assert(list->count < CARD_GUIDANCE_STEPS_MAX);
        if (card_rules_step_applies(list->facts, list->holder, list->card, step))
                list->steps[list->count++] = step;
}

static void offer_of_validity(step_list *list, const card_record *card)
{
        if (card_validity_of(card, list->facts->now_ms) > CARD_VALIDITY_VALID)
                offer(list, &CARD_STEP_REPLACE_EXPIRING);
}

/* A successor that is on its way comes before anything about the old card. */
static void offer_successor(step_list *list)
{
        if (card_live_successor(list->holder, list->card) < 0) return;
        offer(list, &CARD_STEP_ENABLE_REPLACEMENT);
        offer(list, &CARD_STEP_COLLECT_REPLACEMENT);
        offer(list, &CARD_STEP_WAIT_FOR_REPLACEMENT);
}

static void offer_of_state(step_list *list, const card_record *card)
{
        switch (card->state) {
        case CARD_REQUESTED:
        case CARD_PRODUCING:
                offer(list, &CARD_STEP_WAIT_FOR_PRODUCTION);
                break;
        case CARD_ARCHIVED_UNCOLLECTED:
                offer(list, &CARD_STEP_COLLECT);
                break;
        case CARD_ARCHIVED_COLLECTED:
                offer(list, &CARD_STEP_ENABLE);
                offer_of_validity(list, card);
                break;
        case CARD_NORMAL:
                offer_of_validity(list, card);
                break;
        case CARD_TEMP_LOST:
                offer(list, &CARD_STEP_RECOVER_TEMP);
                offer(list, &CARD_STEP_REPORT_FORMAL_LOSS);
                offer(list, &CARD_STEP_TELL_BANK);
                break;
        case CARD_LOST:
                offer(list, &CARD_STEP_REPLACE_LOST);
                if (card_live_successor(list->holder, list->card) < 0)
                        offer(list, &CARD_STEP_RECOVER_LOST);
                offer(list, &CARD_STEP_TELL_BANK);
                break;
        case CARD_CANCELLED: {
                int successor = card_holder_find(list->holder, card->superseded_by);
                if (successor >= 0 && list->holder->cards[successor].state == CARD_NORMAL)
                        offer(list, &CARD_STEP_USE_SUCCESSOR);
                offer(list, &CARD_STEP_APPLY_ANEW);
                break;
        }
        case CARD_WITHDRAWN:
                offer(list, &CARD_STEP_APPLY_ANEW);
                break;
        case CARD_STATE_NONE:
                break;
        }
        /* R44: the account outlives the card. */
        bool has_account = card->bank[0] != '\0' && card->number[0] != '\0';
        if (has_account && (card->state == CARD_LOST || card->state == CARD_CANCELLED))
                offer(list, &CARD_STEP_CLOSE_BANK_ACCOUNT);
        if (card_is_duplicate(list->holder, list->card)) offer(list, &CARD_STEP_CANCEL_DUPLICATE);
}

size_t card_guidance_steps(const card_holder *holder, const card_record *card,
                           const card_knobs *knobs, int64_t now_ms,
                           const policy_step *steps[CARD_GUIDANCE_STEPS_MAX])
{
        const policy_caller anyone = {.role = POLICY_ROLE_HOLDER};
        const card_facts facts = {.knobs = knobs, .caller = &anyone, .now_ms = now_ms};
        step_list list = {&facts, holder, (int)(card - holder->cards), steps, 0};
        offer_successor(&list);
        offer_of_state(&list, card);
        return list.count;
}

size_t card_guidance_warnings(const card_record *card, int64_t now_ms,
                              const policy_step *warnings[CARD_GUIDANCE_WARNINGS_MAX])
{
        size_t count = 0;
        card_validity validity = card_validity_of(card, now_ms);
        if (card_state_is_live(card->state) &&
            (validity == CARD_VALIDITY_EXPIRING || validity == CARD_VALIDITY_EXPIRED))
                warnings[count++] = &CARD_WARNING_NO_LINKS;
        if (card_state_is_live(card->state) && card->state < CARD_NORMAL)
                warnings[count++] = &CARD_WARNING_CONTRIBUTIONS;
        return count;
}
