/* The edges of the rules: what is refused first, what a limit leaves, which steps are named. */
#include "services/ecard/rules/ecard_rules.h"

#include "tests/unit/services/ecard/rules/ecard_fixture.h"

#include <string.h>

static void normal(world *w)
{
        ecard_world_reset(w);
        ecard_world_issue(w, ecard_world_card(w, CARD_NORMAL));
}

static bool names(const policy_step *const *steps, size_t count, const char *code)
{
        for (size_t i = 0; i < count; i++)
                if (strcmp(steps[i]->code, code) == 0) return true;
        return false;
}

static bool guidance_names(const world *w, const char *code)
{
        const policy_step *steps[ECARD_STEPS_MAX];
        return names(steps, ecard_next_steps(&w->facts, steps), code);
}

static void S11_guidance_names_what_can_be_done_now(void **state)
{
        (void)state;
        static world w;
        ecard_world_reset(&w);
        ecard_world_card(&w, CARD_NORMAL);
        assert_true(guidance_names(&w, "ISSUE_ECARD"));
        assert_false(guidance_names(&w, "CHANGE_PASSWORD"));
        ecard_world_enter(&w, 0, CARD_LOST);
        assert_false(guidance_names(&w, "ISSUE_ECARD"));
        normal(&w);
        assert_false(guidance_names(&w, "ISSUE_ECARD"));
        assert_false(guidance_names(&w, "GRANT_AUTHORIZATION"));
        assert_true(guidance_names(&w, "CHANGE_PASSWORD"));
        w.ecard.password.errors = 6;
        assert_true(guidance_names(&w, "RESET_PASSWORD"));
        assert_false(guidance_names(&w, "CHANGE_PASSWORD"));
        ecard_world_enter(&w, 0, CARD_TEMP_LOST);
        assert_true(guidance_names(&w, "GRANT_AUTHORIZATION"));
}

static bool refusal_names(world *w, const char *code)
{
        (void)ecard_world_apply(w);
        return names(w->verdict.refusal.steps, policy_refusal_step_count(&w->verdict.refusal),
                     code);
}

static void S11_a_refusal_names_no_step_that_would_be_refused(void **state)
{
        (void)state;
        static world w;
        normal(&w);
        ecard_world_event(&w, ECARD_OPERATION_TAKE_CODE);
        assert_true(refusal_names(&w, "PRESENT_NEW_CODE"));
        ecard_world_enter(&w, 0, CARD_LOST);
        assert_true(refusal_names(&w, "PRESENT_NEW_CODE"));
        ecard_world_enter(&w, 0, CARD_CANCELLED);
        assert_false(refusal_names(&w, "PRESENT_NEW_CODE"));
        normal(&w);
        (void)ecard_world_authorize(&w, "bank_payment", POLICY_CHANNEL_ECARD);
        assert_string_equal(w.verdict.refusal.steps[0]->code, "UPGRADE_ECARD");
        w.facts.bank_active = POLICY_NO;
        (void)ecard_world_authorize(&w, "bank_payment", POLICY_CHANNEL_ECARD);
        assert_string_equal(w.verdict.refusal.steps[0]->code, "ACTIVATE_FINANCIAL_FUNCTION");
        ecard_world_reset(&w);
        ecard_world_card(&w, CARD_NORMAL);
        ecard_world_event(&w, ECARD_OPERATION_PRESENT_CODE);
        assert_true(refusal_names(&w, "ISSUE_ECARD"));
}

static void R22_reset_goes_by_phone_or_by_face(void **state)
{
        (void)state;
        static world w;
        normal(&w);
        ecard_event *event = ecard_world_event(&w, ECARD_OPERATION_RESET_PASSWORD);
        event->phone = POLICY_UNKNOWN;
        event->face = POLICY_UNKNOWN;
        assert_string_equal(ecard_world_apply(&w), "");
        assert_true(w.verdict.needs_face);
        event->face = POLICY_NO;
        assert_string_equal(ecard_world_apply(&w), "FACE_MISMATCH");
        event->face = POLICY_YES;
        assert_string_equal(ecard_world_apply(&w), "");
        assert_int_equal(w.ecard.password.epoch, 2);
        event->face = POLICY_UNKNOWN;
        event->has_photo = false;
        assert_string_equal(ecard_world_apply(&w), "MISSING_EVIDENCE");
        event->phone = POLICY_YES;
        assert_string_equal(ecard_world_apply(&w), "");
        assert_int_equal(w.ecard.password.epoch, 3);
        event->has_photo = true;
        assert_string_equal(ecard_world_apply(&w), ""); /* a phone is enough */
        assert_false(w.verdict.needs_face);
        w.facts.session = ECARD_SESSION_NONE; /* whoever forgot it has none */
        assert_string_equal(ecard_world_apply(&w), "");
        event->password = ECARD_PASSWORD_LENGTH;
        assert_string_equal(ecard_world_apply(&w), "WEAK_PASSWORD");
        event->operation = ECARD_OPERATION_CHANGE_PASSWORD;
        assert_string_equal(ecard_world_apply(&w), "WEAK_PASSWORD");
}

static void a_host_is_asked_for_and_sixteen_channels_are_enough(void **state)
{
        (void)state;
        static world w;
        normal(&w);
        ecard_event *event = ecard_world_event(&w, ECARD_OPERATION_BIND);
        event->host = ECARD_HOST_NONE;
        assert_string_equal(ecard_world_apply(&w), "HOST_REQUIRED");
        event->host = ECARD_HOST_WECHAT;
        event->real_name = POLICY_NO;
        assert_string_equal(ecard_world_apply(&w), "REALNAME_MISMATCH");
        event->real_name = POLICY_YES;
        assert_string_equal(ecard_world_apply(&w), "");
        assert_true(w.verdict.changed); /* the same channel in another program */
        w.ecard.binding_count = ECARD_BINDINGS_MAX;
        event->host = ECARD_HOST_ALIPAY;
        assert_string_equal(ecard_world_apply(&w), "TOO_MANY_CHANNELS");
        normal(&w);
        event = ecard_world_event(&w, ECARD_OPERATION_UNBIND);
        event->host = ECARD_HOST_ALIPAY;
        assert_string_equal(ecard_world_apply(&w), "");
        assert_false(w.verdict.changed);
        event->host = ECARD_HOST_APP;
        assert_string_equal(ecard_world_apply(&w), "");
        assert_true(w.verdict.changed);
        assert_string_equal(ecard_world_apply(&w), "");
        assert_false(w.verdict.changed);
}

static void R13_a_grant_names_services_and_channels(void **state)
{
        (void)state;
        static world w;
        normal(&w);
        ecard_event *event = ecard_world_event(&w, ECARD_OPERATION_GRANT);
        ecard_world_enter(&w, 0, CARD_CANCELLED);
        assert_string_equal(ecard_world_apply(&w), "CARD_CANCELLED");
        normal(&w);
        ecard_world_enter(&w, 0, CARD_LOST);
        event = ecard_world_event(&w, ECARD_OPERATION_GRANT);
        assert_string_equal(ecard_world_apply(&w), "GRANT_SERVICES_REQUIRED");
        event->grant.service_count = 1;
        event->grant.services[0] = "pension_query";
        assert_string_equal(ecard_world_apply(&w), "GRANT_CHANNELS_REQUIRED");
        event->grant.channels = POLICY_C(ECARD);
        event->face = POLICY_UNKNOWN; /* nobody asks for it here */
        assert_string_equal(ecard_world_apply(&w), "");
        assert_false(w.verdict.needs_face);
}

static void R13_only_the_ended_ones_make_room(void **state)
{
        (void)state;
        static world w;
        normal(&w);
        ecard_world_enter(&w, 0, CARD_LOST);
        for (uint8_t i = 0; i < ECARD_GRANTS_MAX; i++)
                ecard_world_grant(&w, (uint8_t)(50 + i));
        w.ecard.grants[3].revoked = true;
        ecard_world_grant(&w, 90);
        assert_int_equal(w.ecard.grant_count, ECARD_GRANTS_MAX);
        assert_true(ulid_equal(w.ecard.grants[3].id, ecard_world_id(54)));
}

static void a_code_is_taken_for_a_service_only_if_the_service_is_allowed(void **state)
{
        (void)state;
        static world w;
        normal(&w);
        ecard_world_event(&w, ECARD_OPERATION_PRESENT_CODE)->nonce[0] = 1;
        assert_string_equal(ecard_world_apply(&w), "");
        ecard_event *take = ecard_world_event(&w, ECARD_OPERATION_TAKE_CODE);
        take->claim.nonce[0] = 1;
        take->channel = POLICY_CHANNEL_MEDICAL_POS;
        take->service = ecard_service_of("bank_payment", false);
        assert_string_equal(ecard_world_apply(&w), "ECARD_LEVEL_TOO_LOW");
        take->service = ecard_service_of("medical_payment", false);
        assert_string_equal(ecard_world_apply(&w), "");
}

static void a_code_that_nobody_showed_is_not_taken(void **state)
{
        (void)state;
        static world w;
        normal(&w);
        ecard_world_event(&w, ECARD_OPERATION_TAKE_CODE);
        assert_string_equal(ecard_world_apply(&w), "CODE_REPLACED");
}

static void a_person_without_ecard_is_told_so_and_an_unknown_birth_is_no_child(void **state)
{
        (void)state;
        static world w;
        ecard_world_reset(&w);
        ecard_world_card(&w, CARD_NORMAL);
        assert_string_equal(ecard_world_authorize(&w, "pension_query", POLICY_CHANNEL_ECARD),
                            "ECARD_NOT_ISSUED");
        w.holder.person.born_on = (civil_date){0};
        ecard_world_event(&w, ECARD_OPERATION_ISSUE);
        assert_string_equal(ecard_world_apply(&w), "");
}

static void a_move_and_a_fall_to_L1_at_once_are_told_as_a_move(void **state)
{
        (void)state;
        static world w;
        normal(&w);
        w.ecard.level = ECARD_L2;
        int fresh = ecard_world_card(&w, CARD_NORMAL);
        w.holder.cards[fresh].supersedes = w.holder.cards[0].id;
        ecard_world_enter(&w, 0, CARD_CANCELLED);
        w.facts.bank_active = POLICY_NO;
        ecard_record settled = w.ecard;
        assert_string_equal(ecard_settle(&w.facts, &settled), "ecard.moved");
        assert_int_equal(settled.level, ECARD_L1);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(S11_guidance_names_what_can_be_done_now),
                cmocka_unit_test(S11_a_refusal_names_no_step_that_would_be_refused),
                cmocka_unit_test(R22_reset_goes_by_phone_or_by_face),
                cmocka_unit_test(a_host_is_asked_for_and_sixteen_channels_are_enough),
                cmocka_unit_test(R13_a_grant_names_services_and_channels),
                cmocka_unit_test(R13_only_the_ended_ones_make_room),
                cmocka_unit_test(a_code_is_taken_for_a_service_only_if_the_service_is_allowed),
                cmocka_unit_test(a_code_that_nobody_showed_is_not_taken),
                cmocka_unit_test(
                        a_person_without_ecard_is_told_so_and_an_unknown_birth_is_no_child),
                cmocka_unit_test(a_move_and_a_fall_to_L1_at_once_are_told_as_a_move),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
