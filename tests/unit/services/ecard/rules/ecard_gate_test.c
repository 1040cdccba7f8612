/* The gate against the paper: EXPECTED is typed from the first table of state-machines.md 2.3 and
 * from R12 to R15. */
#include "services/ecard/rules/ecard_gate.h"

#include "tests/unit/services/ecard/rules/ecard_fixture.h"

/* clang-format off */
/* PERSONAL: "yes", or the refusal without a grant. With a grant: "yes" or the refusal. */
static const struct {
        card_state state;
        bool locked;
        ecard_gate gate;
        const char *personal, *with_grant, *own_status, *issue;
} EXPECTED[] = {
{CARD_STATE_NONE,            false, ECARD_GATE_NOT_ISSUED,       "CARD_NOT_ISSUED",               "CARD_NOT_ISSUED",    "CARD_NOT_ISSUED", "CARD_NOT_ISSUED"},
{CARD_REQUESTED,             false, ECARD_GATE_NOT_ISSUED,       "CARD_NOT_ISSUED",               "CARD_NOT_ISSUED",    "CARD_NOT_ISSUED", "CARD_NOT_ISSUED"},
{CARD_PRODUCING,             false, ECARD_GATE_NOT_ISSUED,       "CARD_NOT_ISSUED",               "CARD_NOT_ISSUED",    "CARD_NOT_ISSUED", "CARD_NOT_ISSUED"},
{CARD_WITHDRAWN,             false, ECARD_GATE_NOT_ISSUED,       "CARD_NOT_ISSUED",               "CARD_NOT_ISSUED",    "CARD_NOT_ISSUED", "CARD_NOT_ISSUED"},
{CARD_ARCHIVED_UNCOLLECTED,  false, ECARD_GATE_LIMITED,          "SOCIAL_NOT_ENABLED",            "SOCIAL_NOT_ENABLED", "yes",             "SOCIAL_NOT_ENABLED"},
{CARD_ARCHIVED_COLLECTED,    false, ECARD_GATE_LIMITED,          "SOCIAL_NOT_ENABLED",            "SOCIAL_NOT_ENABLED", "yes",             "SOCIAL_NOT_ENABLED"},
{CARD_NORMAL,                false, ECARD_GATE_OPEN,             "yes",                           "yes",                "yes",             ""},
{CARD_NORMAL,                true,  ECARD_GATE_AUTH_REQUIRED,    "HOLDER_AUTHORIZATION_REQUIRED", "yes",                "HOLDER_AUTHORIZATION_REQUIRED", "CREDENTIAL_LOCKED"},
{CARD_TEMP_LOST,             false, ECARD_GATE_AUTH_REQUIRED,    "HOLDER_AUTHORIZATION_REQUIRED", "yes",                "HOLDER_AUTHORIZATION_REQUIRED", "CARD_LOST"},
{CARD_LOST,                  false, ECARD_GATE_AUTH_REQUIRED,    "HOLDER_AUTHORIZATION_REQUIRED", "yes",                "HOLDER_AUTHORIZATION_REQUIRED", "CARD_LOST"},
{CARD_CANCELLED,             false, ECARD_GATE_PERSONAL_BLOCKED, "CARD_CANCELLED",                "CARD_CANCELLED",     "CARD_CANCELLED",  "CARD_CANCELLED"},
};
/* clang-format on */
enum { ROWS = sizeof EXPECTED / sizeof EXPECTED[0] };

/* A person with an issued e-card whose card is in that row's state. */
static void put(world *w, int row)
{
        ecard_world_reset(w);
        if (EXPECTED[row].state != CARD_STATE_NONE) ecard_world_card(w, EXPECTED[row].state);
        ecard_world_issue(w, 0);
        w->facts.lock =
                (ecard_lock){policy_ternary_of(EXPECTED[row].locked), EXPECTED[row].locked ? 7 : 0};
}

static const char *or_yes(const char *reason)
{
        return *reason ? reason : "yes";
}

static void R12_R13_R14_R15_gate_of_every_state(void **state)
{
        (void)state;
        static world w;
        for (int row = 0; row < ROWS; row++) {
                put(&w, row);
                ecard_view view = ecard_view_of(&w.holder, &w.ecard, w.facts.lock, &w.knobs);
                assert_int_equal(view.gate, EXPECTED[row].gate);
                assert_string_equal(
                        or_yes(ecard_world_authorize(&w, "medical_payment", POLICY_CHANNEL_ECARD)),
                        EXPECTED[row].personal);
                assert_string_equal(
                        or_yes(ecard_world_authorize(&w, "own_status", POLICY_CHANNEL_ECARD)),
                        EXPECTED[row].own_status);
        }
}

static void R14_public_services_answer_in_every_state(void **state)
{
        (void)state;
        static world w;
        for (int row = 0; row < ROWS; row++) {
                put(&w, row);
                assert_string_equal(
                        ecard_world_authorize(&w, "policy_lookup", POLICY_CHANNEL_LOCAL_ONLINE),
                        "");
                w.ecard.level = ECARD_NONE;
                assert_string_equal(
                        ecard_world_authorize(&w, "outlet_finder", POLICY_CHANNEL_ECARD), "");
        }
}

static void R13_a_grant_opens_where_the_paper_says_with_grant(void **state)
{
        (void)state;
        static world w;
        for (int row = 0; row < ROWS; row++) {
                put(&w, row);
                ecard_view view = ecard_view_of(&w.holder, &w.ecard, w.facts.lock, &w.knobs);
                w.ecard.grant_count = 1;
                w.ecard.grants[0] = (ecard_grant){.id = ecard_world_id(50),
                                                  .service_count = 1,
                                                  .services = {"medical_payment"},
                                                  .channels = POLICY_C(ECARD),
                                                  .granted_at_ms = FIXTURE_NOW_MS,
                                                  .expires_at_ms = FIXTURE_NOW_MS + 1000,
                                                  .period = view.period};
                assert_string_equal(
                        or_yes(ecard_world_authorize(&w, "medical_payment", POLICY_CHANNEL_ECARD)),
                        EXPECTED[row].with_grant);
        }
}

static void a_new_issue_is_refused_as_the_paper_says(void **state)
{
        (void)state;
        static world w;
        for (int row = 0; row < ROWS; row++) {
                put(&w, row);
                w.ecard = (ecard_record){.holder = w.holder.id, .level = ECARD_NONE};
                ecard_world_event(&w, ECARD_OPERATION_ISSUE);
                assert_string_equal(ecard_world_apply(&w), EXPECTED[row].issue);
        }
}

static void A1_a_region_blocks_while_the_password_is_locked(void **state)
{
        (void)state;
        static world w;
        put(&w, 7);
        w.knobs.values[ECARD_KNOB_WHEN_LOCKED] = ECARD_WHEN_LOCKED_BLOCKED;
        assert_string_equal(ecard_world_authorize(&w, "medical_payment", POLICY_CHANNEL_ECARD),
                            "CREDENTIAL_LOCKED");
        w.knobs.values[ECARD_KNOB_WHEN_LOCKED] = ECARD_WHEN_LOCKED_OPEN;
        assert_string_equal(ecard_world_authorize(&w, "medical_payment", POLICY_CHANNEL_ECARD), "");
}

static void A1_a_lock_that_nobody_knows_is_no_open_gate(void **state)
{
        (void)state;
        static world w;
        put(&w, 6);
        w.facts.lock.locked = POLICY_UNKNOWN;
        ecard_view view = ecard_view_of(&w.holder, &w.ecard, w.facts.lock, &w.knobs);
        assert_int_equal(view.gate, ECARD_GATE_UNKNOWN);
}

static void A8_a_region_issues_for_a_collected_card(void **state)
{
        (void)state;
        static world w;
        ecard_world_reset(&w);
        ecard_world_card(&w, CARD_ARCHIVED_COLLECTED);
        w.knobs.values[ECARD_KNOB_ISSUE_REQUIRES] = ECARD_ISSUE_REQUIRES_COLLECTED;
        ecard_world_event(&w, ECARD_OPERATION_ISSUE);
        assert_string_equal(ecard_world_apply(&w), "");
        ecard_world_reset(&w);
        ecard_world_card(&w, CARD_ARCHIVED_UNCOLLECTED);
        w.knobs.values[ECARD_KNOB_ISSUE_REQUIRES] = ECARD_ISSUE_REQUIRES_COLLECTED;
        ecard_world_event(&w, ECARD_OPERATION_ISSUE);
        assert_string_equal(ecard_world_apply(&w), "SOCIAL_NOT_ENABLED");
}

static void a_successor_under_way_does_not_hide_a_lost_card(void **state)
{
        (void)state;
        static world w;
        ecard_world_reset(&w);
        int old = ecard_world_card(&w, CARD_LOST);
        ecard_world_issue(&w, old);
        int fresh = ecard_world_card(&w, CARD_REQUESTED);
        w.holder.cards[fresh].supersedes = w.holder.cards[old].id;
        w.holder.cards[old].superseded_by = w.holder.cards[fresh].id;
        for (card_state at = CARD_REQUESTED; at <= CARD_ARCHIVED_COLLECTED; at++) {
                ecard_world_enter(&w, fresh, at);
                ecard_view view = ecard_view_of(&w.holder, &w.ecard, w.facts.lock, &w.knobs);
                assert_int_equal(view.gate, ECARD_GATE_AUTH_REQUIRED);
                assert_int_equal(view.card, old);
        }
}

static void the_ecard_moves_to_the_enabled_successor_and_keeps_its_password(void **state)
{
        (void)state;
        static world w;
        ecard_world_reset(&w);
        int old = ecard_world_card(&w, CARD_NORMAL);
        ecard_world_issue(&w, old);
        int fresh = ecard_world_card(&w, CARD_NORMAL);
        w.holder.cards[fresh].supersedes = w.holder.cards[old].id;
        ecard_world_enter(&w, old, CARD_CANCELLED);
        ecard_record settled = w.ecard;
        assert_string_equal(ecard_settle(&w.facts, &settled), "ecard.moved");
        assert_true(ulid_equal(settled.card, w.holder.cards[fresh].id));
        assert_true(ulid_equal(settled.serial, w.ecard.serial));
        assert_int_equal(settled.password.epoch, w.ecard.password.epoch);
        assert_string_equal(ecard_world_authorize(&w, "medical_payment", POLICY_CHANNEL_ECARD), "");
        assert_int_equal(w.verdict.view.gate, ECARD_GATE_OPEN);
}

static void an_unrelated_new_card_does_not_open_the_gate_until_it_is_issued_anew(void **state)
{
        (void)state;
        static world w;
        ecard_world_reset(&w);
        ecard_world_issue(&w, ecard_world_card(&w, CARD_CANCELLED));
        int fresh = ecard_world_card(&w, CARD_NORMAL);
        assert_string_equal(ecard_world_authorize(&w, "medical_payment", POLICY_CHANNEL_ECARD),
                            "CARD_CANCELLED");
        ecard_world_event(&w, ECARD_OPERATION_ISSUE);
        assert_string_equal(ecard_world_apply(&w), "");
        assert_true(w.verdict.changed);
        assert_true(ulid_equal(w.ecard.card, w.holder.cards[fresh].id));
        assert_int_equal(w.ecard.password.epoch, 2);
        assert_string_equal(ecard_world_authorize(&w, "medical_payment", POLICY_CHANNEL_ECARD), "");
}

/* For a person without an electronic card: the card that one would be issued for. */
static void the_card_nearest_to_use_counts(void **state)
{
        (void)state;
        static const card_state far_to_near[] = {CARD_WITHDRAWN, CARD_CANCELLED,
                                                 CARD_REQUESTED, CARD_ARCHIVED_COLLECTED,
                                                 CARD_TEMP_LOST, CARD_NORMAL};
        static world w;
        for (size_t i = 1; i < sizeof far_to_near / sizeof far_to_near[0]; i++)
                for (int order = 0; order < 2; order++) {
                        ecard_world_reset(&w);
                        ecard_world_card(&w, far_to_near[order ? i : i - 1]);
                        ecard_world_card(&w, far_to_near[order ? i - 1 : i]);
                        assert_int_equal(ecard_current_card(&w.holder, &w.ecard), order ? 0 : 1);
                }
}

static void of_two_successors_the_one_in_use_takes_over(void **state)
{
        (void)state;
        static world w;
        for (int order = 0; order < 2; order++) {
                ecard_world_reset(&w);
                ecard_world_issue(&w, ecard_world_card(&w, CARD_CANCELLED));
                for (int i = 0; i < 2; i++) {
                        int next = ecard_world_card(&w, i == order ? CARD_NORMAL
                                                                   : CARD_ARCHIVED_COLLECTED);
                        w.holder.cards[next].supersedes = w.holder.cards[0].id;
                }
                assert_int_equal(ecard_current_card(&w.holder, &w.ecard), 1 + order);
        }
}

static void I6_a_period_is_of_one_card(void **state)
{
        (void)state;
        ecard_period one = {ecard_world_id(1), 3, 0}, other = {ecard_world_id(2), 3, 0};
        assert_true(ecard_period_equal(&one, &one));
        assert_false(ecard_period_equal(&one, &other));
}

static void every_row_of_the_paper_has_its_name(void **state)
{
        (void)state;
        assert_string_equal(ecard_card_row_name(ECARD_ROW_LOST), "TEMP_LOST, LOST");
        assert_string_equal(ecard_card_row_name(ECARD_ROW_LOCKED), "NORMAL + pin_locked");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(R12_R13_R14_R15_gate_of_every_state),
                cmocka_unit_test(R14_public_services_answer_in_every_state),
                cmocka_unit_test(R13_a_grant_opens_where_the_paper_says_with_grant),
                cmocka_unit_test(a_new_issue_is_refused_as_the_paper_says),
                cmocka_unit_test(the_card_nearest_to_use_counts),
                cmocka_unit_test(of_two_successors_the_one_in_use_takes_over),
                cmocka_unit_test(I6_a_period_is_of_one_card),
                cmocka_unit_test(every_row_of_the_paper_has_its_name),
                cmocka_unit_test(A1_a_region_blocks_while_the_password_is_locked),
                cmocka_unit_test(A1_a_lock_that_nobody_knows_is_no_open_gate),
                cmocka_unit_test(A8_a_region_issues_for_a_collected_card),
                cmocka_unit_test(a_successor_under_way_does_not_hide_a_lost_card),
                cmocka_unit_test(the_ecard_moves_to_the_enabled_successor_and_keeps_its_password),
                cmocka_unit_test(
                        an_unrelated_new_card_does_not_open_the_gate_until_it_is_issued_anew),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
