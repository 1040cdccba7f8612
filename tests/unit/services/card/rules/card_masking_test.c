/* Who sees how much (S9, R49): every role on every channel. */
#include "services/card/rules/card_masking.h"

#include "tests/unit/services/card/rules/card_fixture.h"

static void S9_nobody_sees_a_whole_number_or_name(void **state)
{
        /* Of so many characters at least. */
        static const size_t lengths[CARD_SECRET_COUNT] = {9, 2, 18, 11, 16};
        (void)state;
        int seeing = 0;
        for (int role = 0; role < POLICY_ROLE_COUNT; role++)
                for (int channel = 0; channel < POLICY_CHANNEL_COUNT; channel++)
                        for (int secret = 0; secret < CARD_SECRET_COUNT; secret++) {
                                card_mask mask =
                                        card_mask_of((card_secret)secret, (policy_role)role,
                                                     (policy_channel)channel);
                                /* Three are hidden at least; of a name all but the first. */
                                size_t hidden = secret == CARD_SECRET_NAME ? 1 : 3;
                                assert_true(mask.first + mask.last + hidden <= lengths[secret]);
                                seeing += mask.first + mask.last > 0;
                        }
        print_message("masking: %d cells see a part\n", seeing);
        assert_true(seeing > 0);
}

static void S9_records_for_others_hold_what_the_widest_mask_shows(void **state)
{
        size_t first = 0, last = 0;
        (void)state;
        for (int role = 0; role < POLICY_ROLE_COUNT; role++)
                for (int channel = 0; channel < POLICY_CHANNEL_COUNT; channel++) {
                        card_mask mask = card_mask_of(CARD_SECRET_NUMBER, (policy_role)role,
                                                      (policy_channel)channel);
                        if (mask.first > first) first = mask.first;
                        if (mask.last > last) last = mask.last;
                }
        assert_int_equal(first, CARD_NUMBER_FIRST_MAX);
        assert_int_equal(last, CARD_NUMBER_LAST_MAX);
}

static void expect(card_secret secret, policy_role role, policy_channel channel, size_t first,
                   size_t last)
{
        card_mask mask = card_mask_of(secret, role, channel);
        assert_int_equal(mask.first, first);
        assert_int_equal(mask.last, last);
}

static void R49_what_is_heard_or_seen_by_others_tells_less(void **state)
{
        (void)state;
        expect(CARD_SECRET_NUMBER, POLICY_ROLE_HOLDER, POLICY_CHANNEL_ECARD, 1, 3);
        expect(CARD_SECRET_NUMBER, POLICY_ROLE_HOLDER, POLICY_CHANNEL_PHONE_12333, 0, 3);
        expect(CARD_SECRET_NUMBER, POLICY_ROLE_OPERATOR, POLICY_CHANNEL_BRANCH, 1, 4);
        expect(CARD_SECRET_NUMBER, POLICY_ROLE_OPERATOR, POLICY_CHANNEL_PHONE_12333, 0, 3);
        expect(CARD_SECRET_NUMBER, POLICY_ROLE_REGION, POLICY_CHANNEL_SYSTEM, 0, 0);
        expect(CARD_SECRET_NUMBER, POLICY_ROLE_HOLDER, POLICY_CHANNEL_UNSPECIFIED, 0, 0);
}

static void S9_the_person_sees_the_last_four_and_staff_the_first_and_last_four(void **state)
{
        (void)state;
        expect(CARD_SECRET_IDENTITY_NUMBER, POLICY_ROLE_GUARDIAN, POLICY_CHANNEL_LOCAL_ONLINE, 0,
               4);
        expect(CARD_SECRET_IDENTITY_NUMBER, POLICY_ROLE_OPERATOR, POLICY_CHANNEL_BRANCH, 4, 4);
        expect(CARD_SECRET_PHONE, POLICY_ROLE_AGENT, POLICY_CHANNEL_BRANCH, 0, 4);
        expect(CARD_SECRET_PHONE, POLICY_ROLE_BANK_OPERATOR, POLICY_CHANNEL_BANK_BRANCH, 3, 4);
        expect(CARD_SECRET_NAME, POLICY_ROLE_AUDITOR, POLICY_CHANNEL_SYSTEM, 1, 0);
        expect(CARD_SECRET_CHIP_ID, POLICY_ROLE_PLATFORM, POLICY_CHANNEL_SYSTEM, 2, 4);
        expect(CARD_SECRET_CHIP_ID, POLICY_ROLE_HOLDER, POLICY_CHANNEL_ECARD, 0, 0);
        expect(CARD_SECRET_IDENTITY_NUMBER, POLICY_ROLE_SYSTEM, POLICY_CHANNEL_SYSTEM, 0, 0);
}

static void S9_some_things_are_shown_to_some_roles_only(void **state)
{
        (void)state;
        assert_true(card_is_shown(CARD_PRIVATE_CHIP, POLICY_ROLE_PLATFORM));
        assert_false(card_is_shown(CARD_PRIVATE_CHIP, POLICY_ROLE_HOLDER));
        assert_true(card_is_shown(CARD_PRIVATE_MAIL_REFERENCE, POLICY_ROLE_HOLDER));
        assert_false(card_is_shown(CARD_PRIVATE_MAIL_REFERENCE, POLICY_ROLE_AUDITOR));
        assert_true(card_is_shown(CARD_PRIVATE_BORN_ON, POLICY_ROLE_GUARDIAN));
        assert_false(card_is_shown(CARD_PRIVATE_BORN_ON, POLICY_ROLE_AGENT));
        assert_false(card_is_shown(CARD_PRIVATE_ENTITLEMENT, POLICY_ROLE_BANK_OPERATOR));
        assert_true(card_is_shown(CARD_PRIVATE_REQUEST_ID, POLICY_ROLE_AUDITOR));
        for (int what = 0; what < CARD_PRIVATE_COUNT; what++) {
                assert_false(card_is_shown((card_private)what, POLICY_ROLE_KIOSK));
                assert_false(card_is_shown((card_private)what, POLICY_ROLE_UNSPECIFIED));
                assert_true(card_is_shown((card_private)what, POLICY_ROLE_OPERATOR));
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(S9_nobody_sees_a_whole_number_or_name),
                cmocka_unit_test(S9_records_for_others_hold_what_the_widest_mask_shows),
                cmocka_unit_test(R49_what_is_heard_or_seen_by_others_tells_less),
                cmocka_unit_test(
                        S9_the_person_sees_the_last_four_and_staff_the_first_and_last_four),
                cmocka_unit_test(S9_some_things_are_shown_to_some_roles_only),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
