/* See card_fixture.h. What may be done where is typed here from the paper. */
#include "tests/unit/services/card/rules/card_fixture.h"

#include "services/card/rules/card_invariants.h"
#include "services/card/rules/card_settle.h"

#include <stdio.h>
#include <string.h>

ulid world_id(uint32_t number)
{
        ulid id = {{0x01, 0x93}};
        memcpy(&id.bytes[8], &number, sizeof number);
        return id;
}

void world_init(world *w)
{
        memset(&w->holder, 0, sizeof w->holder);
        w->next = 1;
        w->holder.id = world_id(999999);
        w->holder.exists = true;
        w->holder.person.version = 1;
        w->holder.person.born_on = (civil_date){1990, 5, 17};
        w->knobs = card_knobs_national();
        w->caller = (policy_caller){
                .issuer = "test",
                .subject = "someone",
                .channels_allowed = POLICY_CHANNELS_ALL,
                .assurance = 3,
                .operator_id = "op-1",
                .bank = "105",
                .region = "330000",
                .has_case_reference = true,
                .purpose_granted = true,
                .approver = "op-2",
                .is_holder = POLICY_YES,
                .bank_is_own = POLICY_YES,
        };
        w->facts = (card_facts){
                .holder = &w->holder,
                .knobs = &w->knobs,
                .caller = &w->caller,
                .now_ms = FIXTURE_NOW_MS,
                .region = "330000",
                .outlet_authorised = POLICY_YES,
                .outlet_instant = POLICY_YES,
                .other_regions = POLICY_YES,
        };
        world_as(w, POLICY_ROLE_HOLDER, POLICY_CHANNEL_BRANCH);
}

static const char *new_number(world *w)
{
        char *number = w->numbers[w->next % 64];
        snprintf(number, 10, "A%08u", w->next);
        return number;
}

int world_card(world *w, card_state state)
{
        int index = w->holder.card_count++;
        card_record *card = &w->holder.cards[index];
        *card = (card_record){.id = world_id(w->next++), .version = 7, .state = state};
        card->requested_at_ms = card->state_since_ms = FIXTURE_NOW_MS - 90 * DAY_MS;
        card->consent.at_ms = card->requested_at_ms;
        card->fulfilment = CARD_FULFILMENT_PICKUP;
        card->apply_reason = CARD_APPLY_FIRST;
        card->bank = "105";
        card->photo = "photo-old";
        if (state >= CARD_ARCHIVED_UNCOLLECTED && state <= CARD_CANCELLED) {
                card->number = new_number(w);
                card->issued_on = (civil_date){2020, 1, 1};
                card->expires_on = (civil_date){2030, 1, 1};
                card->made_at_ms = card->requested_at_ms;
        }
        if (card_state_is_collected(state)) card->collected_at_ms = card->requested_at_ms;
        if (state == CARD_NORMAL || state == CARD_TEMP_LOST || state == CARD_LOST)
                card->ever_normal = true;
        if (state == CARD_TEMP_LOST || state == CARD_LOST) card->prior = CARD_NORMAL;
        if (state == CARD_TEMP_LOST) {
                card->temp_loss_until_ms = FIXTURE_NOW_MS + 5 * DAY_MS;
                card->temp_loss_outcome = CARD_TEMP_LOSS_RESTORE;
        }
        if (state == CARD_CANCELLED) card->cancel_reason = CARD_CANCEL_HOLDER;
        card_record_tidy(card);
        return index;
}

void world_as(world *w, policy_role role, policy_channel channel)
{
        w->caller.roles = POLICY_ROLE_BIT(role);
        w->caller.role = role;
        w->caller.channel = channel;
        w->caller.actor = role == POLICY_ROLE_HOLDER     ? POLICY_ACTOR_SELF
                          : role == POLICY_ROLE_GUARDIAN ? POLICY_ACTOR_WARD
                          : role == POLICY_ROLE_AGENT    ? POLICY_ACTOR_PRINCIPAL
                                                         : POLICY_ACTOR_NONE;
}

void world_as_whoever_may(world *w, card_operation operation, card_state state)
{
        (void)state;
        switch (operation) {
        case CARD_OPERATION_START_PRODUCTION:
        case CARD_OPERATION_COMPLETE_PRODUCTION:
        case CARD_OPERATION_FAIL_PRODUCTION:
        case CARD_OPERATION_SET_ENTITLEMENT:
                world_as(w, POLICY_ROLE_PLATFORM, POLICY_CHANNEL_SYSTEM);
                return;
        case CARD_OPERATION_ENABLE_BY_PIN_CHANGE:
                world_as(w, POLICY_ROLE_SYSTEM, POLICY_CHANNEL_SYSTEM);
                return;
        default:
                world_as(w, POLICY_ROLE_OPERATOR, POLICY_CHANNEL_BRANCH);
        }
}

card_event *world_event(world *w, card_operation operation, int card)
{
        w->event = card_event_sample(&w->facts, card < 0 ? (ulid){0} : w->holder.cards[card].id,
                                     operation);
        w->event.evidence = CARD_EVIDENCES_ALL;
        w->event.consent_given = true;
        w->event.no_local_entitlements = true;
        w->event.photo = "photo-new";
        w->event.bank = operation == CARD_OPERATION_REPLACE_BANK_CHANGE ? "102" : "105";
        w->event.born_on = (civil_date){1990, 5, 17};
        w->event.new_card = world_id(w->next++);
        if (operation == CARD_OPERATION_COMPLETE_PRODUCTION &&
            (card < 0 || w->holder.cards[card].number[0] == '\0'))
                w->event.number = new_number(w);
        return &w->event;
}

card_verdict *world_apply(world *w)
{
        card_rules_apply(&w->facts, &w->event, &w->verdict);
        return &w->verdict;
}

void world_keep(world *w)
{
        assert_false(card_verdict_is_refused(&w->verdict));
        if (w->verdict.changed) w->holder = w->verdict.after;
}

void world_do(world *w, card_operation operation, int card)
{
        policy_caller caller = w->caller;
        world_as_whoever_may(w, operation, CARD_STATE_NONE);
        world_event(w, operation, card);
        world_apply(w);
        assert_string_equal(world_reason(w), "OK");
        world_keep(w);
        w->caller = caller;
}

const char *world_reason(const world *w)
{
        return card_verdict_is_refused(&w->verdict) ? w->verdict.refusal.reason : "OK";
}

void world_expect(world *w, const char *reason)
{
        world_apply(w);
        assert_string_equal(world_reason(w), reason);
}
