#include "services/ecard/rules/ecard_services.h"

#include "tests/unit/services/ecard/rules/ecard_fixture.h"

static void R14_a_service_that_nobody_classified_is_personal(void **state)
{
        (void)state;
        assert_int_equal(ecard_service_of("no.such.service")->class, ECARD_SERVICE_PERSONAL);
        assert_int_equal(ecard_service_of("")->class, ECARD_SERVICE_PERSONAL);
        assert_int_equal(ecard_service_of("policy.lookup")->class, ECARD_SERVICE_PUBLIC);
        assert_int_equal(ecard_service_of("policy.looku")->class, ECARD_SERVICE_PERSONAL);
}

static void A8_only_own_status_and_enabling_answer_while_archived(void **state)
{
        (void)state;
        size_t count = 0, open = 0;
        const ecard_service *all = ecard_services_all(&count);
        for (size_t i = 0; i < count; i++) {
                assert_ptr_equal(ecard_service_of(all[i].code), &all[i]);
                assert_non_null(all[i].text.zh);
                assert_non_null(all[i].text.en);
                if (all[i].while_archived) open++;
        }
        assert_int_equal(open, 2);
        assert_true(ecard_service_of("card.status")->while_archived);
        assert_true(ecard_service_of("card.enable")->while_archived);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(R14_a_service_that_nobody_classified_is_personal),
                cmocka_unit_test(A8_only_own_status_and_enabling_answer_while_archived),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
