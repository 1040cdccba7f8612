/* Next steps as messages: whose method does an operation, lists. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/rpc/step.h"

static const char SERVICE[] = "x.orders.v1.OrderService";

static void an_operation_is_done_by_a_method_whatever_its_variant(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        assert_string_equal(rpc_step_method(&a, SERVICE, "PayOrder"),
                            "x.orders.v1.OrderService/PayOrder");
        assert_string_equal(rpc_step_method(&a, SERVICE, "PayOrder:LATE"),
                            "x.orders.v1.OrderService/PayOrder");
        assert_string_equal(rpc_step_method(&a, SERVICE, "y.v1.Other/Do"), "y.v1.Other/Do");
        assert_string_equal(rpc_step_method(&a, SERVICE, "y.v1.Other/Do:LATE"), "y.v1.Other/Do");
        assert_string_equal(rpc_step_method(&a, SERVICE, NULL), "");
}

static void a_list_keeps_its_order_and_its_language(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        const policy_step pay = {.code = "PAY",
                                 .text = {"付款", "Pay."},
                                 .rule = "R1",
                                 .operation = "PayOrder:LATE"},
                          wait = {.code = "WAIT", .text = {"请等待", "Wait."}};
        const policy_step *const steps[] = {&pay, &wait};
        Common__NextStep **messages;
        size_t count;
        rpc_steps_fill(&a, steps, 2, "en", SERVICE, &messages, &count);
        assert_int_equal(count, 2);
        assert_string_equal(messages[0]->code, "PAY");
        assert_string_equal(messages[0]->text, "Pay.");
        assert_string_equal(messages[0]->method, "x.orders.v1.OrderService/PayOrder");
        assert_string_equal(messages[1]->code, "WAIT");
        assert_string_equal(messages[1]->method, "");
        rpc_steps_fill(&a, steps, 0, "en", SERVICE, &messages, &count);
        assert_int_equal(count, 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(an_operation_is_done_by_a_method_whatever_its_variant),
                cmocka_unit_test(a_list_keeps_its_order_and_its_language),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
