/* What the electronic card does, event by event: grants, password, channels, codes, family. */
#include "services/ecard/rules/ecard_rules.h"

#include "tests/unit/services/ecard/rules/ecard_fixture.h"

#include <string.h>

static void normal(world *w)
{
        ecard_world_reset(w);
        ecard_world_issue(w, ecard_world_card(w, CARD_NORMAL));
}

static void lost(world *w)
{
        normal(w);
        ecard_world_enter(w, 0, CARD_TEMP_LOST);
}

static const char *settlement(world *w)
{
        return ecard_world_authorize(w, "medical_payment", POLICY_CHANNEL_ECARD);
}

static void R13_a_grant_counts_for_its_services_and_channels_only(void **state)
{
        (void)state;
        static world w;
        lost(&w);
        ecard_world_grant(&w, 50);
        assert_string_equal(settlement(&w), "");
        assert_int_equal(w.verdict.grant, 0);
        assert_string_equal(ecard_world_authorize(&w, "pension_query", POLICY_CHANNEL_ECARD),
                            "HOLDER_AUTHORIZATION_REQUIRED");
        assert_string_equal(
                ecard_world_authorize(&w, "medical_payment", POLICY_CHANNEL_MEDICAL_POS),
                "HOLDER_AUTHORIZATION_REQUIRED");
}

static void R13_I6_a_grant_ends_with_the_state_in_which_it_was_made(void **state)
{
        (void)state;
        static world w;
        static const card_state next[] = {CARD_LOST, CARD_NORMAL, CARD_CANCELLED};
        for (size_t i = 0; i < 3; i++) {
                lost(&w);
                ecard_world_grant(&w, 50);
                ecard_world_enter(&w, 0, next[i]);
                const char *why_not = "";
                ecard_view view = ecard_view_of(&w.holder, &w.ecard, w.facts.lock, &w.knobs);
                assert_false(
                        ecard_grant_counts(&w.ecard.grants[0], &view, w.facts.now_ms, &why_not));
                assert_string_equal(why_not, "GRANT_OF_EARLIER_STATE");
        }
}

/* Within the same millisecond: only the card's state version tells the two losses apart. */
static void R13_I6_recovered_and_lost_again_is_another_period(void **state)
{
        (void)state;
        static world w;
        lost(&w);
        ecard_world_grant(&w, 50);
        ecard_world_enter(&w, 0, CARD_NORMAL);
        ecard_world_enter(&w, 0, CARD_TEMP_LOST);
        assert_string_equal(settlement(&w), "HOLDER_AUTHORIZATION_REQUIRED");
}

static void R15_A1_another_lock_is_another_period(void **state)
{
        (void)state;
        static world w;
        normal(&w);
        w.facts.lock = (ecard_lock){POLICY_YES, 3};
        ecard_world_grant(&w, 50);
        assert_string_equal(settlement(&w), "");
        w.facts.lock.version = 5;
        assert_string_equal(settlement(&w), "HOLDER_AUTHORIZATION_REQUIRED");
}

static void R12_R13_no_grant_while_the_card_is_normal(void **state)
{
        (void)state;
        static world w;
        normal(&w);
        ecard_event *event = ecard_world_event(&w, ECARD_OPERATION_GRANT);
        event->grant = (ecard_grant){.service_count = 1, .services = {"medical_payment"}};
        event->grant.channels = POLICY_C(ECARD);
        assert_string_equal(ecard_world_apply(&w), "AUTHORIZATION_NOT_NEEDED");
}

static void A9_a_grant_lasts_a_session_and_never_over_24_hours(void **state)
{
        (void)state;
        static world w;
        lost(&w);
        ecard_world_grant(&w, 50);
        w.facts.now_ms = FIXTURE_NOW_MS + 30 * 60000 - 1;
        assert_string_equal(settlement(&w), "");
        w.facts.now_ms++;
        assert_string_equal(settlement(&w), "HOLDER_AUTHORIZATION_REQUIRED");
        ecard_event *event = ecard_world_event(&w, ECARD_OPERATION_GRANT);
        event->grant =
                (ecard_grant){.id = ecard_world_id(51), .service_count = 1, .services = {"x"}};
        event->grant.channels = POLICY_C(ECARD);
        event->lifetime_ms = INT64_C(24) * 3600000;
        assert_string_equal(ecard_world_apply(&w), "");
        event->grant.id = ecard_world_id(52);
        event->lifetime_ms++;
        assert_string_equal(ecard_world_apply(&w), "GRANT_TOO_LONG");
        assert_string_equal(policy_details_get(&w.verdict.details, "hours_max"), "24");
}

static void R13_a_revoked_grant_is_over_and_revoking_again_changes_nothing(void **state)
{
        (void)state;
        static world w;
        lost(&w);
        ecard_world_grant(&w, 50);
        ecard_world_event(&w, ECARD_OPERATION_REVOKE)->grant_id = ecard_world_id(50);
        assert_string_equal(ecard_world_apply(&w), "");
        assert_string_equal(settlement(&w), "HOLDER_AUTHORIZATION_REQUIRED");
        ecard_world_event(&w, ECARD_OPERATION_REVOKE)->grant_id = ecard_world_id(50);
        assert_string_equal(ecard_world_apply(&w), "");
        assert_false(w.verdict.changed);
        ecard_world_event(&w, ECARD_OPERATION_REVOKE)->grant_id = ecard_world_id(51);
        assert_string_equal(ecard_world_apply(&w), "GRANT_NOT_FOUND");
}

static void R13_sixteen_live_grants_at_most_and_ended_ones_make_room(void **state)
{
        (void)state;
        static world w;
        lost(&w);
        for (uint8_t i = 0; i < ECARD_GRANTS_MAX; i++)
                ecard_world_grant(&w, (uint8_t)(50 + i));
        ecard_event *event = ecard_world_event(&w, ECARD_OPERATION_GRANT);
        event->grant =
                (ecard_grant){.id = ecard_world_id(90), .service_count = 1, .services = {"x"}};
        event->grant.channels = POLICY_C(ECARD);
        assert_string_equal(ecard_world_apply(&w), "TOO_MANY_GRANTS");
        ecard_world_enter(&w, 0, CARD_LOST);
        assert_string_equal(ecard_world_apply(&w), "");
        assert_int_equal(w.ecard.grant_count, 1);
}

static void R23_one_epoch_for_change_and_reset(void **state)
{
        (void)state;
        static world w;
        normal(&w);
        ecard_world_event(&w, ECARD_OPERATION_PRESENT_CODE)->nonce[0] = 9;
        assert_string_equal(ecard_world_apply(&w), "");
        ecard_world_event(&w, ECARD_OPERATION_CHANGE_PASSWORD);
        assert_string_equal(ecard_world_apply(&w), "");
        assert_int_equal(w.ecard.password.epoch, 2);
        assert_true(w.ecard.code.used); /* what the old password opened is over */
        ecard_world_event(&w, ECARD_OPERATION_RESET_PASSWORD);
        assert_string_equal(ecard_world_apply(&w), "");
        assert_int_equal(w.ecard.password.epoch, 3);
}

static void R22_six_wrong_ones_lock_and_a_reset_helps(void **state)
{
        (void)state;
        static world w;
        normal(&w);
        for (uint8_t i = 1; i <= 6; i++) {
                ecard_world_event(&w, ECARD_OPERATION_ATTEMPT)->attempt[0] = i;
                assert_string_equal(ecard_world_apply(&w), "");
                assert_int_equal(ecard_attempts_left(&w.ecard, &w.knobs), 6 - i);
        }
        ecard_world_event(&w, ECARD_OPERATION_ATTEMPT)->attempt[0] = 7;
        assert_string_equal(ecard_world_apply(&w), "PASSWORD_LOCKED");
        ecard_world_event(&w, ECARD_OPERATION_RESET_PASSWORD);
        assert_string_equal(ecard_world_apply(&w), "");
        assert_int_equal(ecard_attempts_left(&w.ecard, &w.knobs), 6);
}

static void S1_the_same_attempt_counts_once(void **state)
{
        (void)state;
        static world w;
        normal(&w);
        ecard_world_event(&w, ECARD_OPERATION_ATTEMPT)->attempt[0] = 1;
        assert_string_equal(ecard_world_apply(&w), "");
        assert_string_equal(ecard_world_apply(&w), "");
        assert_false(w.verdict.changed);
        assert_int_equal(w.ecard.password.errors, 1);
        ecard_world_event(&w, ECARD_OPERATION_PROVE);
        assert_string_equal(ecard_world_apply(&w), "");
        assert_int_equal(w.ecard.password.errors, 0);
}

static void R23_a_session_is_asked_for_and_an_ended_one_is_refused(void **state)
{
        (void)state;
        static world w;
        normal(&w);
        w.facts.session = ECARD_SESSION_NONE;
        ecard_world_event(&w, ECARD_OPERATION_PRESENT_CODE);
        assert_string_equal(ecard_world_apply(&w), "SESSION_REQUIRED");
        w.caller.assurance = 3;
        assert_string_equal(ecard_world_apply(&w), "");
        w.facts.session = ECARD_SESSION_ENDED;
        assert_string_equal(ecard_world_apply(&w), "SESSION_ENDED");
        assert_string_equal(settlement(&w), "SESSION_ENDED");
}

static void assert_steps(const world *w, const char *const *codes, size_t count)
{
        assert_int_equal(policy_refusal_step_count(&w->verdict.refusal), count);
        for (size_t i = 0; i < count; i++)
                assert_string_equal(w->verdict.refusal.steps[i]->code, codes[i]);
}

static void R24_to_R28_face_mismatch_names_them_in_order(void **state)
{
        (void)state;
        static const char *const in_order[] = {"FACE_LIGHTING", "FACE_FRAMING", "CHECK_REAL_NAME",
                                               "REPLACE_CARD_WITH_NEW_PHOTO"};
        static world w;
        ecard_world_reset(&w);
        ecard_world_card(&w, CARD_NORMAL);
        ecard_world_event(&w, ECARD_OPERATION_ISSUE)->face = POLICY_NO;
        assert_string_equal(ecard_world_apply(&w), "FACE_MISMATCH");
        assert_steps(&w, in_order, 4);
        assert_string_equal(w.verdict.refusal.steps[0]->rule, "R25");
        assert_string_equal(w.verdict.refusal.steps[3]->rule, "R28");
        assert_int_equal(w.ecard.level, ECARD_NONE);
}

static void R27_on_wechat_real_name_comes_first(void **state)
{
        (void)state;
        static const char *const in_order[] = {"CHECK_REAL_NAME", "FACE_LIGHTING", "FACE_FRAMING",
                                               "REPLACE_CARD_WITH_NEW_PHOTO"};
        static world w;
        ecard_world_reset(&w);
        ecard_world_card(&w, CARD_NORMAL);
        ecard_event *event = ecard_world_event(&w, ECARD_OPERATION_ISSUE);
        event->host = ECARD_HOST_WECHAT;
        event->face = POLICY_NO;
        assert_string_equal(ecard_world_apply(&w), "FACE_MISMATCH");
        assert_steps(&w, in_order, 4);
}

static void R27_another_real_name_is_refused_before_the_face_is_asked_for(void **state)
{
        (void)state;
        static const char *const only[] = {"CHECK_REAL_NAME"};
        static world w;
        ecard_world_reset(&w);
        ecard_world_card(&w, CARD_NORMAL);
        ecard_event *event = ecard_world_event(&w, ECARD_OPERATION_ISSUE);
        event->host = ECARD_HOST_WECHAT;
        event->real_name = POLICY_NO;
        event->face = POLICY_UNKNOWN;
        assert_string_equal(ecard_world_apply(&w), "REALNAME_MISMATCH");
        assert_false(w.verdict.needs_face);
        assert_steps(&w, only, 1);
        event->real_name = POLICY_YES;
        assert_string_equal(ecard_world_apply(&w), "");
        assert_true(w.verdict.needs_face);
        assert_false(w.verdict.changed);
}

static void R28_the_new_photo_is_not_named_while_a_replacement_is_under_way(void **state)
{
        (void)state;
        static world w;
        ecard_world_reset(&w);
        int old = ecard_world_card(&w, CARD_NORMAL), fresh = ecard_world_card(&w, CARD_REQUESTED);
        w.holder.cards[fresh].supersedes = w.holder.cards[old].id;
        w.holder.cards[old].superseded_by = w.holder.cards[fresh].id;
        ecard_world_event(&w, ECARD_OPERATION_ISSUE)->face = POLICY_NO;
        assert_string_equal(ecard_world_apply(&w), "FACE_MISMATCH");
        assert_int_equal(policy_refusal_step_count(&w.verdict.refusal), 3);
}

static void S11_the_step_of_a_loss_is_the_one_that_its_state_allows(void **state)
{
        (void)state;
        static world w;
        lost(&w);
        assert_string_equal(settlement(&w), "HOLDER_AUTHORIZATION_REQUIRED");
        assert_string_equal(w.verdict.refusal.steps[0]->code, "GRANT_AUTHORIZATION");
        for (size_t i = 0; i < policy_refusal_step_count(&w.verdict.refusal); i++)
                assert_string_not_equal(w.verdict.refusal.steps[i]->rule, "A2");
}

static void a_channel_is_bound_once_and_unbound(void **state)
{
        (void)state;
        static world w;
        normal(&w);
        assert_string_equal(
                ecard_world_authorize(&w, "medical_payment", POLICY_CHANNEL_LOCAL_ONLINE),
                "CHANNEL_NOT_BOUND");
        ecard_world_event(&w, ECARD_OPERATION_BIND)->channel = POLICY_CHANNEL_LOCAL_ONLINE;
        assert_string_equal(ecard_world_apply(&w), "");
        assert_true(w.verdict.changed);
        assert_string_equal(ecard_world_apply(&w), "");
        assert_false(w.verdict.changed);
        assert_string_equal(
                ecard_world_authorize(&w, "medical_payment", POLICY_CHANNEL_LOCAL_ONLINE), "");
        ecard_world_event(&w, ECARD_OPERATION_UNBIND)->channel = POLICY_CHANNEL_LOCAL_ONLINE;
        assert_string_equal(ecard_world_apply(&w), "");
        assert_false(ecard_is_bound(&w.ecard, POLICY_CHANNEL_LOCAL_ONLINE));
        /* A terminal has no account of the holder's. */
        assert_string_equal(
                ecard_world_authorize(&w, "medical_payment", POLICY_CHANNEL_MEDICAL_POS), "");
}

static void no_channel_is_bound_while_the_card_is_lost(void **state)
{
        (void)state;
        static world w;
        lost(&w);
        ecard_world_event(&w, ECARD_OPERATION_BIND)->channel = POLICY_CHANNEL_LOCAL_ONLINE;
        assert_string_equal(ecard_world_apply(&w), "CARD_LOST");
}

static void R5_L2_needs_the_bank_link_and_ends_with_it(void **state)
{
        (void)state;
        static world w;
        normal(&w);
        assert_string_equal(ecard_world_authorize(&w, "bank_payment", POLICY_CHANNEL_ECARD),
                            "ECARD_LEVEL_TOO_LOW");
        w.facts.bank_active = POLICY_NO;
        ecard_world_event(&w, ECARD_OPERATION_UPGRADE);
        assert_string_equal(ecard_world_apply(&w), "FINANCIAL_NOT_ACTIVATED");
        w.facts.bank_active = POLICY_YES;
        ecard_world_event(&w, ECARD_OPERATION_UPGRADE)->phone = POLICY_UNKNOWN;
        assert_string_equal(ecard_world_apply(&w), "MISSING_EVIDENCE");
        ecard_world_event(&w, ECARD_OPERATION_UPGRADE);
        assert_string_equal(ecard_world_apply(&w), "");
        assert_string_equal(ecard_world_authorize(&w, "bank_payment", POLICY_CHANNEL_ECARD), "");
        w.facts.bank_active = POLICY_NO;
        assert_string_equal(ecard_world_authorize(&w, "bank_payment", POLICY_CHANNEL_ECARD),
                            "ECARD_LEVEL_TOO_LOW");
        assert_string_equal(w.verdict.settlement, "ecard.downgraded");
}

static void a_code_is_good_once_and_only_the_newest(void **state)
{
        (void)state;
        static world w;
        normal(&w);
        ecard_world_event(&w, ECARD_OPERATION_PRESENT_CODE)->nonce[0] = 1;
        assert_string_equal(ecard_world_apply(&w), "");
        ecard_event *take = ecard_world_event(&w, ECARD_OPERATION_TAKE_CODE);
        assert_string_equal(ecard_world_apply(&w), "CODE_REPLACED");
        take->claim.nonce[0] = 1;
        take->claim.signed_by_us = false;
        assert_string_equal(ecard_world_apply(&w), "CODE_FORGED");
        take->claim.signed_by_us = true;
        take->claim.binding_holds = false;
        assert_string_equal(ecard_world_apply(&w), "CODE_OUTDATED");
        take->claim.binding_holds = true;
        w.facts.wall_ms = take->claim.expires_at_ms;
        assert_string_equal(ecard_world_apply(&w), "CODE_EXPIRED");
        w.facts.wall_ms--;
        assert_string_equal(ecard_world_apply(&w), "");
        assert_string_equal(ecard_world_apply(&w), "CODE_USED");
}

static void R13_a_code_for_a_lost_card_needs_a_grant_for_the_code(void **state)
{
        (void)state;
        static world w;
        lost(&w);
        ecard_world_event(&w, ECARD_OPERATION_PRESENT_CODE)->nonce[0] = 1;
        assert_string_equal(ecard_world_apply(&w), "HOLDER_AUTHORIZATION_REQUIRED");
        ecard_event *event = ecard_world_event(&w, ECARD_OPERATION_GRANT);
        event->grant = (ecard_grant){.id = ecard_world_id(50), .service_count = 1};
        event->grant.services[0] = "ecard_code";
        event->grant.channels = POLICY_C(ECARD);
        assert_string_equal(ecard_world_apply(&w), "");
        ecard_world_event(&w, ECARD_OPERATION_PRESENT_CODE)->nonce[0] = 1;
        assert_string_equal(ecard_world_apply(&w), "");
}

static void closing_leaves_nothing_and_may_be_undone_by_a_new_issue(void **state)
{
        (void)state;
        static world w;
        normal(&w);
        ecard_world_event(&w, ECARD_OPERATION_CLOSE);
        assert_string_equal(ecard_world_apply(&w), "");
        assert_int_equal(w.ecard.binding_count, 0);
        assert_int_equal(w.ecard.password.epoch, 2); /* no session survives */
        assert_string_equal(settlement(&w), "ECARD_CLOSED");
        ecard_world_event(&w, ECARD_OPERATION_ISSUE)->serial = ecard_world_id(101);
        assert_string_equal(ecard_world_apply(&w), "");
        assert_int_equal(w.ecard.level, ECARD_L1);
        assert_true(ulid_equal(w.ecard.serial, ecard_world_id(100)));
}

static void family_limits_are_those_of_the_relation(void **state)
{
        (void)state;
        static const struct {
                ecard_relation relation;
                int64_t most;
        } limits[] = {{ECARD_RELATION_ELDER, 4},
                      {ECARD_RELATION_CHILD, 3},
                      {ECARD_RELATION_SPOUSE, 1},
                      {ECARD_RELATION_OTHER, 2}};
        static world w;
        for (size_t i = 0; i < 4; i++) {
                ecard_world_reset(&w);
                ecard_world_card(&w, CARD_NORMAL);
                w.caller.role = POLICY_ROLE_GUARDIAN;
                ecard_event *event = ecard_world_event(&w, ECARD_OPERATION_ISSUE);
                event->delegate = ecard_world_id(150);
                assert_string_equal(ecard_world_apply(&w), "FAMILY_RELATION_REQUIRED");
                event->relation = limits[i].relation;
                event->family_count = limits[i].most;
                assert_string_equal(ecard_world_apply(&w), "FAMILY_LIMIT_REACHED");
                event->family_count--;
                assert_string_equal(ecard_world_apply(&w), "");
                assert_true(ulid_equal(w.ecard.delegate, ecard_world_id(150)));
        }
}

static void a_child_under_16_needs_a_photo_of_its_own(void **state)
{
        (void)state;
        static world w;
        ecard_world_reset(&w);
        ecard_world_card(&w, CARD_NORMAL);
        w.caller.role = POLICY_ROLE_GUARDIAN;
        ecard_event *event = ecard_world_event(&w, ECARD_OPERATION_ISSUE);
        event->delegate = ecard_world_id(150);
        event->relation = ECARD_RELATION_CHILD;
        w.holder.person.born_on = (civil_date){2010, 11, 24}; /* 16 tomorrow */
        assert_string_equal(ecard_world_apply(&w), "PHOTO_REQUIRED");
        event->photo_given = true;
        assert_string_equal(ecard_world_apply(&w), "");
        ecard_world_issue(&w, 0);
        w.ecard.level = ECARD_NONE;
        event->photo_given = false;
        w.holder.person.born_on = (civil_date){2010, 11, 23};
        assert_string_equal(ecard_world_apply(&w), "");
}

static void a_guardian_needs_to_name_whose_and_a_holder_must_not(void **state)
{
        (void)state;
        static world w;
        ecard_world_reset(&w);
        ecard_world_card(&w, CARD_NORMAL);
        ecard_world_event(&w, ECARD_OPERATION_ISSUE)->delegate = ecard_world_id(150);
        assert_string_equal(ecard_world_apply(&w), "FAMILY_GUARDIAN_REQUIRED");
        w.caller.role = POLICY_ROLE_GUARDIAN;
        ecard_world_event(&w, ECARD_OPERATION_ISSUE);
        assert_string_equal(ecard_world_apply(&w), "FAMILY_GUARDIAN_REQUIRED");
}

static void issue_asks_for_photo_and_a_password_that_is_not_guessed(void **state)
{
        (void)state;
        static world w;
        ecard_world_reset(&w);
        ecard_world_card(&w, CARD_NORMAL);
        ecard_world_event(&w, ECARD_OPERATION_ISSUE)->has_photo = false;
        assert_string_equal(ecard_world_apply(&w), "PHOTO_REQUIRED");
        ecard_world_event(&w, ECARD_OPERATION_ISSUE)->password = ECARD_PASSWORD_SEQUENCE;
        assert_string_equal(ecard_world_apply(&w), "WEAK_PASSWORD");
        assert_string_equal(policy_details_get(&w.verdict.details, "fault"), "SEQUENCE");
        w.holder.person.died_on = (civil_date){2026, 1, 2};
        assert_string_equal(ecard_world_apply(&w), "PERSON_DEAD");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(R13_a_grant_counts_for_its_services_and_channels_only),
                cmocka_unit_test(R13_I6_a_grant_ends_with_the_state_in_which_it_was_made),
                cmocka_unit_test(R13_I6_recovered_and_lost_again_is_another_period),
                cmocka_unit_test(R15_A1_another_lock_is_another_period),
                cmocka_unit_test(R12_R13_no_grant_while_the_card_is_normal),
                cmocka_unit_test(A9_a_grant_lasts_a_session_and_never_over_24_hours),
                cmocka_unit_test(R13_a_revoked_grant_is_over_and_revoking_again_changes_nothing),
                cmocka_unit_test(R13_sixteen_live_grants_at_most_and_ended_ones_make_room),
                cmocka_unit_test(R23_one_epoch_for_change_and_reset),
                cmocka_unit_test(R22_six_wrong_ones_lock_and_a_reset_helps),
                cmocka_unit_test(S1_the_same_attempt_counts_once),
                cmocka_unit_test(R23_a_session_is_asked_for_and_an_ended_one_is_refused),
                cmocka_unit_test(R24_to_R28_face_mismatch_names_them_in_order),
                cmocka_unit_test(R27_on_wechat_real_name_comes_first),
                cmocka_unit_test(R27_another_real_name_is_refused_before_the_face_is_asked_for),
                cmocka_unit_test(R28_the_new_photo_is_not_named_while_a_replacement_is_under_way),
                cmocka_unit_test(S11_the_step_of_a_loss_is_the_one_that_its_state_allows),
                cmocka_unit_test(a_channel_is_bound_once_and_unbound),
                cmocka_unit_test(no_channel_is_bound_while_the_card_is_lost),
                cmocka_unit_test(R5_L2_needs_the_bank_link_and_ends_with_it),
                cmocka_unit_test(a_code_is_good_once_and_only_the_newest),
                cmocka_unit_test(R13_a_code_for_a_lost_card_needs_a_grant_for_the_code),
                cmocka_unit_test(closing_leaves_nothing_and_may_be_undone_by_a_new_issue),
                cmocka_unit_test(family_limits_are_those_of_the_relation),
                cmocka_unit_test(a_child_under_16_needs_a_photo_of_its_own),
                cmocka_unit_test(a_guardian_needs_to_name_whose_and_a_holder_must_not),
                cmocka_unit_test(issue_asks_for_photo_and_a_password_that_is_not_guessed),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
