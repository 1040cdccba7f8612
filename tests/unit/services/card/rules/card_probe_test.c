/* N1: what the probe says is what happens when it is tried, for every state, overlay, role, channel
 * and operation; and doing the step that it names lifts the block (S11). */
#include "services/card/rules/card_access.h"
#include "services/card/rules/card_settle.h"
#include "tests/unit/services/card/rules/card_fixture.h"

#include <stdio.h>
#include <string.h>

/* What else may be true of a card: each overlay is one world. */
typedef enum overlay {
        PLAIN,
        EXPIRING,
        EXPIRED,
        EXPIRED_BLOCKS,      /* knob A10 */
        SUCCESSOR_REQUESTED, /* the card has a successor in that state */
        SUCCESSOR_PRODUCING,
        SUCCESSOR_READY,
        SUCCESSOR_COLLECTED,
        IS_SUCCESSOR,     /* the card is a successor of a NORMAL one */
        LEGACY_DUPLICATE, /* beside a NORMAL card */
        ENTITLED,         /* R46 */
        NEVER_RECOVERED,  /* knob A2 */
        FROM_ARCHIVED,    /* lost before it was enabled */
        BY_MAIL,
        INSTANT,
        NO_CONSENT,
        OUTLET_UNKNOWN,
        OUTLET_REFUSED,
        OUTLET_NOT_INSTANT, /* it makes no cards while one waits (R33) */
        DEAD,
        MINOR,
        FULL,        /* as many cards as a record holds, all of them living or linked */
        REGION_OPEN, /* knobs: loss online, enabling by phone, home visits and agents */
        STRANGER,    /* the caller is not the holder (R49) */
        OTHER_BANK,  /* the card is of another bank than the caller */
        OVERLAYS,
} overlay;

static int add_successor(world *w, int card, card_state state)
{
        int next = world_card(w, state);
        w->holder.cards[next].supersedes = w->holder.cards[card].id;
        w->holder.cards[card].superseded_by = w->holder.cards[next].id;
        return next;
}

/* False: that overlay cannot lie over that state. */
static bool build(world *w, card_state state, overlay over, int *card)
{
        world_init(w);
        *card = state == CARD_STATE_NONE ? -1 : world_card(w, state);
        card_record *record = *card < 0 ? NULL : &w->holder.cards[*card];
        bool collected = card_state_is_collected(state);
        switch (over) {
        case PLAIN:
                return true;
        case EXPIRING:
                if (record == NULL || !card_state_is_made(state)) return false;
                record->expires_on = civil_date_add_days(civil_date_at(FIXTURE_NOW_MS), 60);
                return true;
        case EXPIRED_BLOCKS:
                w->knobs.values[CARD_KNOB_EXPIRY_BLOCKS_SOCIAL] = 1;
                /* fall through */
        case EXPIRED:
                if (record == NULL || !card_state_is_made(state)) return false;
                record->expires_on = civil_date_add_days(civil_date_at(FIXTURE_NOW_MS), -1);
                return true;
        case SUCCESSOR_REQUESTED:
                return collected && add_successor(w, *card, CARD_REQUESTED) > 0;
        case SUCCESSOR_PRODUCING:
                return collected && add_successor(w, *card, CARD_PRODUCING) > 0;
        case SUCCESSOR_READY:
                return collected && add_successor(w, *card, CARD_ARCHIVED_UNCOLLECTED) > 0;
        case SUCCESSOR_COLLECTED:
                return collected && add_successor(w, *card, CARD_ARCHIVED_COLLECTED) > 0;
        case IS_SUCCESSOR: {
                if (record == NULL || !card_state_is_live(state)) return false;
                if (record->ever_normal) return false;
                int old = world_card(w, CARD_NORMAL);
                record->supersedes = w->holder.cards[old].id;
                w->holder.cards[old].superseded_by = record->id;
                return true;
        }
        case LEGACY_DUPLICATE:
                if (record == NULL) return false;
                record->legacy_duplicate = true;
                world_card(w, CARD_NORMAL);
                return true;
        case ENTITLED:
                w->holder.person.entitlement = CARD_ENTITLEMENT_DRAWN;
                w->holder.person.entitlement_as_of_ms = FIXTURE_NOW_MS - DAY_MS;
                return true;
        case NEVER_RECOVERED:
                w->knobs.values[CARD_KNOB_RECOVER_AFTER_FORMAL_LOSS] = CARD_RECOVER_NEVER;
                return true;
        case FROM_ARCHIVED:
                if (state != CARD_TEMP_LOST && state != CARD_LOST) return false;
                record->prior = CARD_ARCHIVED_COLLECTED;
                record->ever_normal = false;
                return true;
        case BY_MAIL:
                if (record == NULL) return false;
                record->fulfilment = CARD_FULFILMENT_MAIL;
                return true;
        case INSTANT:
                if (record == NULL) return false;
                record->fulfilment = CARD_FULFILMENT_INSTANT;
                return true;
        case NO_CONSENT:
                if (record == NULL) return false;
                record->consent = (card_consent){0};
                return true;
        case OUTLET_UNKNOWN:
                w->facts.outlet_authorised = POLICY_UNKNOWN;
                return true;
        case OUTLET_REFUSED:
                w->facts.outlet_authorised = POLICY_NO;
                return true;
        case OUTLET_NOT_INSTANT:
                w->facts.outlet_instant = POLICY_NO;
                return true;
        case DEAD:
                if (record != NULL && card_state_is_live(state)) return false;
                w->holder.person.died_on = civil_date_add_days(civil_date_at(FIXTURE_NOW_MS), -9);
                return true;
        case MINOR:
                w->holder.person.born_on = (civil_date){2015, 5, 5};
                return true;
        case FULL:
                while (w->holder.card_count < CARD_CARDS_MAX) {
                        int more = world_card(w, CARD_ARCHIVED_COLLECTED);
                        w->holder.cards[more].legacy_duplicate = true;
                }
                return true;
        case REGION_OPEN:
                w->knobs.values[CARD_KNOB_FORMAL_LOSS_ONLINE] = 1;
                w->knobs.values[CARD_KNOB_ENABLE_BY_PHONE] = 1;
                w->knobs.values[CARD_KNOB_COLLECT_BY_HOME_VISIT] = 1;
                w->knobs.values[CARD_KNOB_COLLECT_BY_AGENT] = 1;
                return true;
        case STRANGER:
                w->caller.is_holder = POLICY_NO;
                return true;
        case OTHER_BANK:
                w->caller.bank_is_own = POLICY_NO;
                return true;
        case OVERLAYS:
                break;
        }
        return false;
}

/* The event as the probe has it, with exactly the needs met. */
static void bare_event(world *w, card_operation operation, int card, card_needs met)
{
        w->event = card_event_sample(&w->facts, card < 0 ? (ulid){0} : w->holder.cards[card].id,
                                     operation);
        w->event.born_on = w->holder.person.born_on;
        w->event.new_card = world_id(w->next++);
        w->caller.approver = NULL;
        for (int i = 0; i < CARD_NEED_COUNT; i++) {
                if (!((met >> i) & 1)) continue;
                card_evidences kinds = card_need_kinds((card_need)i);
                if (kinds != 0) w->event.evidence |= kinds & -kinds; /* one of them is enough */
                if (i == CARD_NEED_CONSENT) w->event.consent_given = true;
                if (i == CARD_NEED_BANK) w->event.bank = "102";
                if (i == CARD_NEED_SECOND_PERSON) w->caller.approver = "op-2";
        }
}

static bool access_allows(world *w, card_operation operation)
{
        policy_access_result access =
                policy_access_evaluate(policy_access_find(CARD_ACCESS, CARD_ACCESS_COUNT,
                                                          card_operation_row_of(operation)->method),
                                       &w->caller);
        access = policy_access_settle(&access, &w->caller);
        if (access.verdict == POLICY_ACCESS_ALLOW) return true;
        policy_details details = {0};
        w->verdict.refusal = *policy_access_refusal(&access, &details);
        return false;
}

/* As the pipeline does it: access, then the rules. */
static const char *try_it(world *w, card_operation operation)
{
        if (access_allows(w, operation)) world_apply(w);
        return world_reason(w);
}

static card_verdict probed;

static void check_cell(world *w, card_operation operation, int card, card_probe *kind)
{
        w->caller.approver = NULL;
        ulid id = card < 0 ? (ulid){0} : w->holder.cards[card].id;
        *kind = card_rules_probe(&w->facts, id, operation, 0, &probed);
        switch (*kind) {
        case CARD_PROBE_ALLOWED:
                bare_event(w, operation, card, 0);
                assert_string_equal(try_it(w, operation), "OK");
                assert_int_equal(w->verdict.changed, probed.changed);
                break;
        case CARD_PROBE_NEEDS:
                bare_event(w, operation, card, 0);
                assert_string_equal(try_it(w, operation), probed.refusal.reason);
                bare_event(w, operation, card, probed.needs);
                assert_string_equal(try_it(w, operation), "OK");
                for (int i = 0; i < CARD_NEED_COUNT; i++) { /* none of them is superfluous */
                        card_needs one = (card_needs)1 << i;
                        if (!(probed.needs & one)) continue;
                        bare_event(w, operation, card, probed.needs & ~one);
                        /* Another's evidence may meet it too. */
                        if (w->event.evidence & card_need_kinds((card_need)i)) continue;
                        try_it(w, operation);
                        assert_int_equal(w->verdict.needs, one);
                }
                break;
        case CARD_PROBE_BLOCKED:
                bare_event(w, operation, card, (1u << CARD_NEED_COUNT) - 1);
                assert_string_equal(try_it(w, operation), probed.refusal.reason);
                assert_true(policy_refusal_step_count(&probed.refusal) > 0);
                break;
        case CARD_PROBE_DEPENDS:
                assert_string_equal(probed.depends_on, "OUTLET_AUTHORISED");
                w->facts.outlet_authorised = POLICY_NO;
                bare_event(w, operation, card, (1u << CARD_NEED_COUNT) - 1);
                assert_string_equal(try_it(w, operation), probed.refusal.reason);
                w->facts.outlet_authorised = POLICY_YES;
                bare_event(w, operation, card, probed.needs);
                assert_string_equal(try_it(w, operation), "OK");
                w->facts.outlet_authorised = POLICY_UNKNOWN;
                break;
        }
        w->caller.approver = "op-2";
}

static void N1_the_probe_agrees_with_what_is_tried(void **state)
{
        (void)state;
        static world w;
        int cells = 0, kinds[5] = {0};
        for (int s = CARD_STATE_NONE; s <= CARD_WITHDRAWN; s++)
                for (int over = 0; over < OVERLAYS; over++) {
                        int card;
                        if (!build(&w, (card_state)s, (overlay)over, &card)) continue;
                        for (int role = 1; role < POLICY_ROLE_COUNT; role++)
                                for (int channel = 1; channel < POLICY_CHANNEL_COUNT; channel++)
                                        for (int op = 0; op < CARD_OPERATION_COUNT; op++) {
                                                world_as(&w, (policy_role)role,
                                                         (policy_channel)channel);
                                                w.caller.assurance = channel % 4;
                                                card_probe kind;
                                                check_cell(&w, (card_operation)op, card, &kind);
                                                kinds[kind]++;
                                                cells++;
                                        }
                }
        print_message("N1: %d cells tried: %d allowed, %d need evidence, %d blocked, %d depend\n",
                      cells, kinds[CARD_PROBE_ALLOWED], kinds[CARD_PROBE_NEEDS],
                      kinds[CARD_PROBE_BLOCKED], kinds[CARD_PROBE_DEPENDS]);
        assert_true(cells > 250000);
}

/* ---- doing the step lifts the block ---- */

static const char *blocked(world *w, card_operation operation, int card)
{
        ulid id = card < 0 ? (ulid){0} : w->holder.cards[card].id;
        card_probe kind = card_rules_probe(&w->facts, id, operation, 0, &probed);
        return kind == CARD_PROBE_BLOCKED ? probed.refusal.reason : "";
}

/* Does the step as it says: by whom, where, on which card; what blocks the step is lifted first. */
static void do_step(world *w, const policy_step *step, int card, int depth)
{
        assert_true(depth < 4);
        if (step->operation == NULL) { /* time does it */
                assert_string_equal(step->code, "WAIT_FOR_RENEWAL_WINDOW");
                w->facts.now_ms =
                        civil_date_start_unix_ms(card_renewal_opens_on(&w->holder.cards[card]));
                return;
        }
        card_operation operation = card_operation_find(step->operation);
        assert_true(operation < CARD_OPERATION_COUNT);
        world_as(w, policy_roles_first(step->who), policy_channels_first(step->channels));
        w->caller.assurance = 3;
        w->caller.is_holder = w->caller.bank_is_own = POLICY_YES; /* the right person goes */
        while (blocked(w, operation, card)[0] != '\0') {
                char reason[40];
                snprintf(reason, sizeof reason, "%s", probed.refusal.reason);
                const policy_step *before = NULL;
                int target = -1;
                for (size_t i = 0; i < policy_refusal_step_count(&probed.refusal); i++)
                        if (before == NULL && probed.refusal.steps[i]->lifts) {
                                before = probed.refusal.steps[i];
                                target = probed.step_cards[i];
                        }
                assert_non_null(before);
                policy_caller caller = w->caller;
                do_step(w, before, target, depth + 1);
                w->caller = caller;
                assert_string_not_equal(blocked(w, operation, card), reason);
        }
        world_event(w, operation, card);
        if (operation == CARD_OPERATION_SET_ENTITLEMENT)
                w->event.entitlement_as_of_ms = w->facts.now_ms;
        world_apply(w);
        assert_string_equal(world_reason(w), "OK");
        world_keep(w);
}

static void S11_doing_the_named_step_lifts_the_block(void **state)
{
        (void)state;
        static world w;
        static card_verdict first;
        int lifted = 0, advised = 0, final = 0;
        for (int s = CARD_STATE_NONE; s <= CARD_WITHDRAWN; s++)
                for (int over = 0; over < OVERLAYS; over++)
                        for (int role = 1; role < POLICY_ROLE_COUNT; role++)
                                for (int channel = 1; channel < POLICY_CHANNEL_COUNT; channel++)
                                        for (int op = 0; op < CARD_OPERATION_COUNT; op++) {
                                                int card;
                                                if (!build(&w, (card_state)s, (overlay)over, &card))
                                                        continue;
                                                world_as(&w, (policy_role)role,
                                                         (policy_channel)channel);
                                                policy_caller caller = w.caller;
                                                if (blocked(&w, (card_operation)op, card)[0] == 0)
                                                        continue;
                                                first = probed;
                                                size_t count =
                                                        policy_refusal_step_count(&first.refusal);
                                                bool any = false;
                                                for (size_t i = 0; i < count; i++) {
                                                        const policy_step *step =
                                                                first.refusal.steps[i];
                                                        if (!step->lifts) {
                                                                advised++;
                                                                continue;
                                                        }
                                                        any = true;
                                                        build(&w, (card_state)s, (overlay)over,
                                                              &card);
                                                        do_step(&w, step, first.step_cards[i], 0);
                                                        bool moved =
                                                                strcmp(step->code,
                                                                       "USE_ALLOWED_CHANNEL") ==
                                                                        0 ||
                                                                first.code ==
                                                                        CARD_REFUSAL_CHANNEL_NOT_ALLOWED;
                                                        if (!moved) {
                                                                w.caller = caller;
                                                                assert_string_not_equal(
                                                                        blocked(&w,
                                                                                (card_operation)op,
                                                                                card),
                                                                        first.refusal.reason);
                                                        }
                                                        lifted++;
                                                }
                                                if (!any) final++;
                                        }
        print_message("S11: %d steps done, each lifted its block; %d pieces of advice; %d blocks "
                      "that nothing lifts\n",
                      lifted, advised, final);
        assert_true(lifted > 10000);
}

static void advice_that_names_an_operation_can_be_done(void **state)
{
        (void)state;
        static world w;
        static card_verdict first;
        int tried = 0;
        for (int s = CARD_STATE_NONE; s <= CARD_WITHDRAWN; s++)
                for (int over = 0; over < OVERLAYS; over++)
                        for (int op = 0; op < CARD_OPERATION_COUNT; op++) {
                                int card;
                                if (!build(&w, (card_state)s, (overlay)over, &card)) continue;
                                world_as_whoever_may(&w, (card_operation)op, (card_state)s);
                                if (blocked(&w, (card_operation)op, card)[0] == '\0') continue;
                                first = probed;
                                for (size_t i = 0; i < policy_refusal_step_count(&first.refusal);
                                     i++) {
                                        const policy_step *step = first.refusal.steps[i];
                                        if (step->lifts || step->operation == NULL) continue;
                                        world_as(&w, policy_roles_first(step->who),
                                                 policy_channels_first(step->channels));
                                        w.caller.assurance = 3;
                                        w.caller.is_holder = w.caller.bank_is_own = POLICY_YES;
                                        assert_string_equal(
                                                blocked(&w, card_operation_find(step->operation),
                                                        first.step_cards[i]),
                                                "");
                                        tried++;
                                }
                        }
        print_message("S11: %d pieces of advice followed\n", tried);
        assert_true(tried > 50);
}

static void evidence_that_would_be_shown_counts(void **state)
{
        (void)state;
        static world w;
        world_init(&w);
        int card = world_card(&w, CARD_NORMAL);
        ulid id = w.holder.cards[card].id;
        assert_int_equal(
                card_rules_probe(&w.facts, id, CARD_OPERATION_REPORT_FORMAL_LOSS, 0, &w.verdict),
                CARD_PROBE_NEEDS);
        assert_int_equal(w.verdict.needs, CARD_N(ID_DOCUMENT));
        assert_int_equal(card_rules_probe(&w.facts, id, CARD_OPERATION_REPORT_FORMAL_LOSS,
                                          CARD_E(ID_DOCUMENT), &w.verdict),
                         CARD_PROBE_ALLOWED);
}

static void a_foreign_card_is_blocked_by_ownership(void **state)
{
        (void)state;
        static world w;
        world_init(&w);
        int card = world_card(&w, CARD_NORMAL);
        w.caller.is_holder = POLICY_NO;
        assert_int_equal(card_rules_probe(&w.facts, w.holder.cards[card].id,
                                          CARD_OPERATION_REPORT_TEMP_LOSS, 0, &w.verdict),
                         CARD_PROBE_BLOCKED);
        assert_string_equal(w.verdict.refusal.reason, "NOT_YOUR_RESOURCE");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(N1_the_probe_agrees_with_what_is_tried),
                cmocka_unit_test(S11_doing_the_named_step_lifts_the_block),
                cmocka_unit_test(advice_that_names_an_operation_can_be_done),
                cmocka_unit_test(evidence_that_would_be_shown_counts),
                cmocka_unit_test(a_foreign_card_is_blocked_by_ownership),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
