/* Batches and their request ids: whatever changes the content changes the id, nothing else does. */
#include "tools/seed/seed_plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/ulid.h"

#include <string.h>

static seed_plan plan_of(uint64_t count)
{
        return (seed_plan){.people = {.seed = 1, .today = {2026, 3, 1}, .region = "330000"},
                           .count = count,
                           .batch = 500};
}

static void Batches_cover_everybody_once(void **state)
{
        (void)state;
        seed_plan plan = plan_of(1201);
        uint64_t next = 0;
        for (uint64_t i = 0; i < seed_plan_batches(&plan); i++) {
                uint64_t first;
                uint32_t size;
                seed_plan_batch(&plan, i, &first, &size);
                assert_int_equal(first, next);
                assert_in_range(size, 1, SEED_BATCH_MAX);
                next += size;
        }
        assert_int_equal(next, 1201);
        assert_int_equal(seed_plan_batches(&plan), 3);
        plan.count = 1000;
        assert_int_equal(seed_plan_batches(&plan), 2);
}

static void S1_the_same_plan_has_the_same_request_ids(void **state)
{
        (void)state;
        arena a = {0};
        seed_plan plan = plan_of(1000), again = plan_of(1000);
        for (uint64_t i = 0; i < 2; i++)
                assert_string_equal(seed_plan_request_id(&plan, i, &a),
                                    seed_plan_request_id(&again, i, &a));
        /* More people: the batches that were whole stay what they are. */
        again.count = 1700;
        assert_string_equal(seed_plan_request_id(&plan, 1, &a),
                            seed_plan_request_id(&again, 1, &a));
        arena_release(&a);
}

static void S1_another_content_has_another_request_id(void **state)
{
        (void)state;
        arena a = {0};
        seed_plan plans[7];
        for (size_t i = 0; i < ARRAY_LENGTH(plans); i++)
                plans[i] = plan_of(1000);
        plans[1].people.seed = 2;
        plans[2].people.today.day = 2;
        plans[3].people.region = "370000";
        plans[4].people.apart = true;
        plans[5].batch = 400;
        plans[6].count = 499;
        for (size_t i = 0; i < ARRAY_LENGTH(plans); i++) {
                const char *id = seed_plan_request_id(&plans[i], 0, &a);
                ulid parsed;
                assert_true(ulid_parse(id, &parsed));
                for (size_t other = 0; other < i; other++)
                        assert_string_not_equal(id, seed_plan_request_id(&plans[other], 0, &a));
        }
        assert_string_not_equal(seed_plan_request_id(&plans[0], 0, &a),
                                seed_plan_request_id(&plans[0], 1, &a));
        arena_release(&a);
}

static void A_run_later_in_the_month_is_about_the_same_people(void **state)
{
        (void)state;
        civil_date day = seed_plan_day((civil_date){2026, 3, 30});
        assert_int_equal(civil_date_compare(day, (civil_date){2026, 3, 1}), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(Batches_cover_everybody_once),
                cmocka_unit_test(S1_the_same_plan_has_the_same_request_ids),
                cmocka_unit_test(S1_another_content_has_another_request_id),
                cmocka_unit_test(A_run_later_in_the_month_is_about_the_same_people),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
