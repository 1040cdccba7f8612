/* The guards, one at a time. */
#include "services/bank/rules/bank_inquiry.h"

#include "tests/unit/services/bank/rules/bank_fixture.h"

static bank_world w;

static bank_inquiry ask(bank_operation operation)
{
        bank_world_event(&w, operation);
        return (bank_inquiry){&w.facts,
                              &w.event,
                              bank_operation_row_of(operation),
                              bank_world_card(&w),
                              bank_world_stored(&w),
                              NULL};
}

static void the_state_is_asked_before_the_channel(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_LOST, BANK_LOADED);
        bank_inquiry inquiry = ask(BANK_OPERATION_ACTIVATE);
        bank_cell cell;
        assert_int_equal(bank_guard_state(&inquiry, &cell), BANK_REFUSAL_CARD_LOST);
}

static void the_regions_gateway_speaks_for_every_bank_and_a_bank_for_itself(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_LOST, BANK_LOADED);
        bank_inquiry inquiry = ask(BANK_OPERATION_CONFIRM_LOSS);
        bank_world_as(&w, POLICY_ROLE_PLATFORM, POLICY_CHANNEL_SYSTEM, NULL);
        assert_int_equal(bank_guard_bank(&inquiry), BANK_REFUSAL_NONE);
        bank_world_as(&w, POLICY_ROLE_PLATFORM, POLICY_CHANNEL_SYSTEM, "102");
        assert_int_equal(bank_guard_bank(&inquiry), BANK_REFUSAL_WRONG_BANK);
        bank_world_as(&w, POLICY_ROLE_PLATFORM, POLICY_CHANNEL_SYSTEM, "105");
        assert_int_equal(bank_guard_bank(&inquiry), BANK_REFUSAL_NONE);
}

static void staff_that_serves_an_agent_needs_the_agents_papers(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_NORMAL, BANK_LOADED);
        w.cards.caller.actor = POLICY_ACTOR_PRINCIPAL;
        bank_inquiry inquiry = ask(BANK_OPERATION_ACTIVATE);
        const bank_who *who = NULL;
        card_needs missing = 0;
        assert_int_equal(bank_guard_channel(&inquiry, &who), BANK_REFUSAL_NONE);
        assert_int_equal(bank_guard_evidence(&inquiry, who, &missing),
                         BANK_REFUSAL_MISSING_EVIDENCE);
        assert_true(missing & CARD_N(AGENT_ID_DOCUMENT));
}

static void waiting_is_advised_only_while_the_bank_owes_an_answer(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_NORMAL, BANK_LOADED);
        bank_inquiry inquiry = ask(BANK_OPERATION_ACTIVATE);
        assert_false(bank_step_applies(&inquiry, &BANK_STEP_WAIT_FOR_BANK));
        assert_true(bank_step_applies(&inquiry, &BANK_STEP_ACTIVATE));
        bank_world_do(&w, BANK_OPERATION_ACTIVATE);
        inquiry = ask(BANK_OPERATION_ACTIVATE);
        assert_true(bank_step_applies(&inquiry, &BANK_STEP_WAIT_FOR_BANK));
        assert_false(bank_step_applies(&inquiry, &BANK_STEP_ACTIVATE));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_state_is_asked_before_the_channel),
                cmocka_unit_test(the_regions_gateway_speaks_for_every_bank_and_a_bank_for_itself),
                cmocka_unit_test(staff_that_serves_an_agent_needs_the_agents_papers),
                cmocka_unit_test(waiting_is_advised_only_while_the_bank_owes_an_answer),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
