#include "services/ecard/rules/ecard_services.h"

#include "tests/unit/services/ecard/rules/ecard_fixture.h"

static void A8_only_own_status_and_enabling_answer_while_archived(void **state)
{
        (void)state;
        assert_true(ecard_service_of("own_status", false).while_archived);
        assert_true(ecard_service_of("enable_social", false).while_archived);
        assert_false(ecard_service_of("medical_payment", false).while_archived);
        assert_false(ecard_service_of("", false).while_archived);
}

static void R14_the_class_is_the_regions(void **state)
{
        (void)state;
        assert_true(ecard_service_of("policy_lookup", true).is_public);
        assert_false(ecard_service_of("policy_lookup", false).is_public);
        assert_true(ecard_service_of("bank_payment", false).needs_l2);
        assert_false(ecard_service_of("bank_paymen", false).needs_l2);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(A8_only_own_status_and_enabling_answer_while_archived),
                cmocka_unit_test(R14_the_class_is_the_regions),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
