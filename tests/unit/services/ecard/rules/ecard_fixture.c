#include "tests/unit/services/ecard/rules/ecard_fixture.h"

#include "services/card/rules/card_holder.h"

#include <string.h>

ulid ecard_world_id(uint8_t number)
{
        ulid id = {{0}};
        id.bytes[0] = 1;
        id.bytes[14] = number;
        return id;
}

void ecard_world_reset(world *w)
{
        memset(w, 0, sizeof *w);
        w->holder.id = ecard_world_id(200);
        w->holder.exists = true;
        w->holder.person.born_on = (civil_date){1980, 5, 17};
        w->ecard = (ecard_record){.holder = w->holder.id, .level = ECARD_NONE};
        w->knobs = ecard_knobs_national();
        w->card_knobs = card_knobs_national();
        w->caller = (policy_caller){.roles = POLICY_R(HOLDER),
                                    .role = POLICY_ROLE_HOLDER,
                                    .channel = POLICY_CHANNEL_ECARD,
                                    .actor = POLICY_ACTOR_SELF,
                                    .assurance = 2};
        w->facts = (ecard_facts){.holder = &w->holder,
                                 .ecard = &w->ecard,
                                 .lock = {.locked = POLICY_NO},
                                 .bank_active = POLICY_YES,
                                 .knobs = &w->knobs,
                                 .card_knobs = &w->card_knobs,
                                 .caller = &w->caller,
                                 .now_ms = FIXTURE_NOW_MS,
                                 .wall_ms = FIXTURE_NOW_MS,
                                 .region = "330000",
                                 .session = ECARD_SESSION_LIVE};
}

int ecard_world_card(world *w, card_state state)
{
        int index = w->holder.card_count++;
        card_record *card = &w->holder.cards[index];
        *card = (card_record){.id = ecard_world_id((uint8_t)(index + 1)), .version = 1};
        card_record_tidy(card);
        ecard_world_enter(w, index, state);
        return index;
}

void ecard_world_enter(world *w, int index, card_state state)
{
        card_record *card = &w->holder.cards[index];
        card->version++;
        card_enter(card, state, FIXTURE_NOW_MS);
        if (state == CARD_TEMP_LOST) {
                card->temp_loss_until_ms = FIXTURE_NOW_MS + 864000000;
                card->temp_loss_outcome = CARD_TEMP_LOSS_RESTORE;
        }
        if ((state == CARD_TEMP_LOST || state == CARD_LOST) && card->prior == CARD_STATE_NONE)
                card->prior = CARD_NORMAL;
        if (state == CARD_CANCELLED) card->cancel_reason = CARD_CANCEL_HOLDER;
}

void ecard_world_issue(world *w, int card)
{
        w->ecard =
                (ecard_record){.holder = w->holder.id,
                               .serial = ecard_world_id(100),
                               .version = 1,
                               .level = ECARD_L1,
                               .card = w->holder.cards[card].id,
                               .binding_count = 1,
                               .bindings = {{POLICY_CHANNEL_ECARD, ECARD_HOST_APP, FIXTURE_NOW_MS}},
                               .password = {.epoch = 1},
                               .issued_at_ms = FIXTURE_NOW_MS};
}

ecard_event *ecard_world_event(world *w, ecard_operation operation)
{
        w->event = (ecard_event){.operation = operation,
                                 .channel = POLICY_CHANNEL_ECARD,
                                 .host = ECARD_HOST_APP,
                                 .real_name = POLICY_YES,
                                 .face = POLICY_YES,
                                 .has_photo = true,
                                 .serial = ecard_world_id(100),
                                 .phone = POLICY_YES,
                                 .service = {.code = ""},
                                 .claim = {.signed_by_us = true,
                                           .expires_at_ms = FIXTURE_NOW_MS + 60000,
                                           .binding_holds = true}};
        return &w->event;
}

const char *ecard_world_apply(world *w)
{
        ecard_rules_apply(&w->facts, &w->event, &w->verdict);
        if (ecard_verdict_is_refused(&w->verdict)) return w->verdict.refusal.reason;
        w->ecard = w->verdict.after;
        return "";
}

const char *ecard_world_authorize(world *w, const char *service, policy_channel channel)
{
        bool is_public =
                strcmp(service, "policy_lookup") == 0 || strcmp(service, "outlet_finder") == 0;
        ecard_service asked = ecard_service_of(service, is_public);
        ecard_rules_authorize(&w->facts, &asked, channel, &w->verdict);
        return ecard_verdict_is_refused(&w->verdict) ? w->verdict.refusal.reason : "";
}

void ecard_world_grant(world *w, uint8_t id)
{
        ecard_event *event = ecard_world_event(w, ECARD_OPERATION_GRANT);
        event->grant = (ecard_grant){.id = ecard_world_id(id),
                                     .service_count = 1,
                                     .services = {"medical_payment"},
                                     .channels = POLICY_C(ECARD)};
        assert_string_equal(ecard_world_apply(w), "");
}
