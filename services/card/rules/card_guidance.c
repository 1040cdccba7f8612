/* Steps by state. Must only name what the rules then allow. */
#include "services/card/rules/card_guidance.h"

#include "services/card/rules/card_refusals.h"
#include "services/card/rules/card_rules.h"
#include "services/card/rules/card_settle.h"

typedef struct step_list {
        const policy_step **steps;
        size_t count;
} step_list;

static void add(step_list *list, const policy_step *step)
{
        if (list->count < CARD_GUIDANCE_STEPS_MAX) list->steps[list->count++] = step;
}

/* A successor that is on its way comes before anything about the old card. */
static void add_successor(step_list *list, const card_holder *holder, const card_record *card)
{
        int successor = card_live_successor(holder, (int)(card - holder->cards));
        if (successor < 0) return;
        switch (holder->cards[successor].state) {
        case CARD_ARCHIVED_UNCOLLECTED:
                add(list, &CARD_STEP_COLLECT_REPLACEMENT);
                break;
        case CARD_ARCHIVED_COLLECTED:
                add(list, &CARD_STEP_ENABLE_REPLACEMENT);
                break;
        case CARD_NORMAL:
                add(list, &CARD_STEP_USE_SUCCESSOR);
                break;
        default:
                add(list, &CARD_STEP_WAIT_FOR_REPLACEMENT);
        }
}

static void add_of_loss(step_list *list, const card_holder *holder, const card_record *card)
{
        bool replaced = card_live_successor(holder, (int)(card - holder->cards)) >= 0;
        if (card->state == CARD_TEMP_LOST) {
                add(list, &CARD_STEP_RECOVER_TEMP);
                add(list, &CARD_STEP_REPORT_FORMAL_LOSS);
        } else if (!replaced) {
                add(list, &CARD_STEP_RECOVER_LOST);
                add(list, &CARD_STEP_REPLACE_LOST);
        }
        add(list, &CARD_STEP_TELL_BANK);
}

static void add_of_state(step_list *list, const card_holder *holder, const card_record *card,
                         int64_t now_ms)
{
        switch (card->state) {
        case CARD_REQUESTED:
        case CARD_PRODUCING:
                add(list, &CARD_STEP_WAIT_FOR_PRODUCTION);
                break;
        case CARD_ARCHIVED_UNCOLLECTED:
                add(list, &CARD_STEP_COLLECT);
                break;
        case CARD_ARCHIVED_COLLECTED:
                add(list, &CARD_STEP_ENABLE);
                break;
        case CARD_NORMAL:
                if (card_validity_of(card, now_ms) > CARD_VALIDITY_VALID &&
                    card_live_successor(holder, (int)(card - holder->cards)) < 0)
                        add(list, &CARD_STEP_REPLACE_EXPIRING);
                if (card_is_duplicate(holder, (int)(card - holder->cards)))
                        add(list, &CARD_STEP_CANCEL_DUPLICATE);
                break;
        case CARD_TEMP_LOST:
        case CARD_LOST:
                add_of_loss(list, holder, card);
                break;
        case CARD_CANCELLED:
                add(list, &CARD_STEP_CLOSE_BANK_ACCOUNT);
                break;
        default:
                break;
        }
}

size_t card_guidance_steps(const card_holder *holder, const card_record *card, int64_t now_ms,
                           const policy_step *steps[CARD_GUIDANCE_STEPS_MAX])
{
        step_list list = {steps, 0};
        add_successor(&list, holder, card);
        add_of_state(&list, holder, card, now_ms);
        return list.count;
}
