/* Who sees how much (S9, R49): every role on every channel. */
#include "services/status/rules/status_masking.h"

#include "tests/unit/services/card/rules/card_fixture.h"

static void S9_nobody_sees_a_whole_number_or_name(void **state)
{
        (void)state;
        int seeing = 0;
        for (int role = 1; role < POLICY_ROLE_COUNT; role++)
                for (int channel = 1; channel < POLICY_CHANNEL_COUNT; channel++) {
                        status_mask number =
                                status_mask_of(STATUS_SECRET_CARD_NUMBER, (policy_role)role,
                                               (policy_channel)channel);
                        status_mask name = status_mask_of(STATUS_SECRET_NAME, (policy_role)role,
                                                          (policy_channel)channel);
                        assert_true(number.first + number.last <= 5); /* of nine */
                        assert_true(name.first + name.last <= 1);
                        seeing += number.last > 0;
                }
        print_message("masking: %d of %d cells see a part\n", seeing,
                      (POLICY_ROLE_COUNT - 1) * (POLICY_CHANNEL_COUNT - 1));
}

static void R49_what_is_heard_or_seen_by_others_tells_less(void **state)
{
        (void)state;
        status_mask at_home =
                status_mask_of(STATUS_SECRET_CARD_NUMBER, POLICY_ROLE_HOLDER, POLICY_CHANNEL_ECARD);
        status_mask by_phone = status_mask_of(STATUS_SECRET_CARD_NUMBER, POLICY_ROLE_HOLDER,
                                              POLICY_CHANNEL_PHONE_12333);
        assert_int_equal(at_home.first, 1);
        assert_int_equal(by_phone.first, 0);
        assert_int_equal(by_phone.last, 3);
        status_mask other = status_mask_of(STATUS_SECRET_CARD_NUMBER, POLICY_ROLE_REGION,
                                           POLICY_CHANNEL_SYSTEM);
        assert_int_equal(other.first + other.last, 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(S9_nobody_sees_a_whole_number_or_name),
                cmocka_unit_test(R49_what_is_heard_or_seen_by_others_tells_less),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
