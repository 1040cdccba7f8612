/* See bank_fixture.h. */
#include "tests/unit/services/bank/rules/bank_fixture.h"

#include <string.h>

bank_ids bank_world_ids(bank_world *w)
{
        bank_ids ids;
        for (int i = 0; i < BANK_REQUEST_KIND_COUNT; i++)
                ids.of[i] = world_id(1000 + w->next++);
        return ids;
}

bank_link bank_world_link(bank_world *w, ulid card, bank_state state)
{
        bank_link link = {.card = card,
                          .version = 3,
                          .state = state,
                          .loss = BANK_LOSS_NO,
                          .bank = "105",
                          .account = state == BANK_NONE ? "" : "acc-1"};
        int64_t then = FIXTURE_NOW_MS - 80 * DAY_MS;
        if (state >= BANK_LOADED) link.loaded_at_ms = then;
        if (state == BANK_ACTIVE) link.activated_at_ms = then;
        if (state == BANK_CLOSURE_PENDING || state == BANK_CLOSED)
                link.closure = (bank_closure){.id = world_id(1000 + w->next++),
                                              .cause = BANK_CLOSURE_CARD_CANCELLED,
                                              .opened_at_ms = then,
                                              .agency_done_at_ms = then};
        if (state == BANK_CLOSED) link.closed_at_ms = link.closure.bank_done_at_ms = then;
        bank_link_tidy(&link);
        return link;
}

void bank_world_init(bank_world *w, card_state card, bank_state link)
{
        memset(w, 0, sizeof *w);
        world_init(&w->cards);
        world_card(&w->cards, card);
        w->links.id = w->cards.holder.id;
        w->links.link_count = 1;
        w->links.links[0] = bank_world_link(w, bank_world_card(w)->id, link);
        w->knobs = bank_knobs_national();
        w->facts = (bank_facts){.cards = &w->cards.holder,
                                .card_knobs = &w->cards.knobs,
                                .links = &w->links,
                                .knobs = &w->knobs,
                                .caller = &w->cards.caller,
                                .now_ms = FIXTURE_NOW_MS,
                                .region = "330000"};
        bank_world_as(w, POLICY_ROLE_BANK_OPERATOR, POLICY_CHANNEL_BANK_BRANCH, "105");
}

void bank_world_as(bank_world *w, policy_role role, policy_channel channel, const char *bank)
{
        world_as(&w->cards, role, channel);
        w->cards.caller.bank = bank;
}

bank_event *bank_world_event(bank_world *w, bank_operation operation)
{
        w->event = (bank_event){.operation = operation,
                                .card = bank_world_card(w)->id,
                                .evidence = R9_EVIDENCE,
                                .ids = bank_world_ids(w)};
        return &w->event;
}

static const char *reason(const bank_world *w)
{
        return bank_verdict_is_refused(&w->verdict) ? w->verdict.refusal.reason : "OK";
}

const char *bank_world_apply(bank_world *w)
{
        bank_rules_apply(&w->facts, &w->event, &w->verdict);
        return reason(w);
}

static void keep(bank_world *w)
{
        if (!w->verdict.changed) return;
        assert_int_equal(w->verdict.after.version, w->verdict.before.version + 1);
        assert_null(bank_link_broken(&w->verdict.after));
        w->links.links[0] = w->verdict.after;
}

void bank_world_do(bank_world *w, bank_operation operation)
{
        bank_world_event(w, operation);
        assert_string_equal(bank_world_apply(w), "OK");
        keep(w);
}

void bank_world_follow(bank_world *w, bank_event_kind kind)
{
        bank_ids ids = bank_world_ids(w);
        bank_rules_follow(bank_world_stored(w), bank_world_card(w), kind, &ids, w->facts.now_ms,
                          &w->verdict);
        keep(w);
}

const char *bank_world_answer(bank_world *w, bank_request_kind kind, bank_answer_kind answer)
{
        bank_ids ids = bank_world_ids(w);
        bank_answer said = {.reference = bank_world_stored(w)->requests[kind].reference,
                            .kind = answer,
                            .problem = BANK_PROBLEM_TIMEOUT,
                            .attempted = true,
                            .account = "acc-7",
                            .reason = answer == BANK_ANSWER_REFUSED ? "NO_SUCH_PERSON" : ""};
        bank_rules_answer(bank_world_stored(w), bank_world_card(w), &said, &ids, w->facts.now_ms,
                          &w->verdict);
        if (!bank_verdict_is_refused(&w->verdict)) keep(w);
        return reason(w);
}

bank_link *bank_world_stored(bank_world *w)
{
        return &w->links.links[0];
}

card_record *bank_world_card(bank_world *w)
{
        return &w->cards.holder.cards[0];
}

bool bank_world_advises(const bank_world *w, const char *code)
{
        for (size_t i = 0; i < policy_refusal_step_count(&w->verdict.refusal); i++)
                if (strcmp(w->verdict.refusal.steps[i]->code, code) == 0) return true;
        return false;
}
