/* Groups of children on a virtual loop. */
#include "tests/unit/common/runtime/fixture.h"

#include <string.h>

enum { CHILDREN = 5 };

typedef struct family {
        fixture fixture;
        task parent;
        task_group *group;
        int ended, interrupted;
        bool result, sleep_before_waiting;
        int64_t child_ms[CHILDREN];
} family;

typedef struct order {
        family *family;
        int64_t sleep_ms;
} order;

static void child(task *t, void *argument)
{
        order *o = argument;
        if (!task_sleep(t, o->sleep_ms)) o->family->interrupted++;
        o->family->ended++;
}

static void run_parent(task *t)
{
        family *f = t->owner;
        order orders[CHILDREN];
        f->group = task_group_begin(t);
        for (int i = 0; i < CHILDREN; i++) {
                orders[i] = (order){f, f->child_ms[i]};
                task_group_spawn(f->group, child, &orders[i]);
        }
        if (f->sleep_before_waiting && !task_sleep(t, 1000)) f->interrupted += 100;
        f->result = task_group_wait(f->group);
}

static void family_init(family *f)
{
        memset(f, 0, sizeof *f);
        fixture_init_virtual(&f->fixture);
        task_init(&f->parent, f->fixture.loop, f);
        for (int i = 0; i < CHILDREN; i++)
                f->child_ms[i] = 10 * (i + 1);
}

static void family_release(family *f)
{
        task_release(&f->parent, NULL);
        fixture_release(&f->fixture);
}

/* Two children have 25 ms; the parent has all the time and goes on. */
static void run_parent_within(task *t)
{
        family *f = t->owner;
        order orders[2] = {{f, 10}, {f, 1000}};
        f->group = task_group_begin_within(t, 25);
        for (int i = 0; i < 2; i++)
                task_group_spawn(f->group, child, &orders[i]);
        f->result = task_group_wait(f->group);
        if (!task_sleep(t, 1000)) f->interrupted += 100;
}

static void children_may_have_less_time_than_their_parent(void **state)
{
        (void)state;
        family f;
        family_init(&f);
        assert_true(task_start(&f.parent, TASK_NO_DEADLINE, run_parent_within, NULL));
        fixture_run_ms(&f.fixture, 2000);
        assert_true(task_is_over(&f.parent));
        assert_true(f.result);
        assert_int_equal(f.ended, 2);
        assert_int_equal(f.interrupted, 1);
        family_release(&f);
}

static void children_run_beside_each_other_and_the_parent_waits_for_all(void **state)
{
        (void)state;
        family f;
        family_init(&f);
        assert_true(task_start(&f.parent, TASK_NO_DEADLINE, run_parent, NULL));
        fixture_run_ms(&f.fixture, 49);
        assert_int_equal(f.ended, 4);
        assert_false(task_is_over(&f.parent));
        fixture_run_ms(&f.fixture, 1);
        assert_int_equal(f.ended, 5);
        assert_true(task_is_over(&f.parent));
        assert_true(f.result);
        family_release(&f);
}

static void children_that_never_wait_are_over_before_the_parent_waits_long(void **state)
{
        (void)state;
        family f;
        family_init(&f);
        memset(f.child_ms, 0, sizeof f.child_ms);
        assert_true(task_start(&f.parent, TASK_NO_DEADLINE, run_parent, NULL));
        fixture_run_ms(&f.fixture, 0);
        assert_true(task_is_over(&f.parent));
        assert_int_equal(f.ended, CHILDREN);
        family_release(&f);
}

static void interrupting_the_parent_interrupts_the_children_and_waits_for_them(void **state)
{
        (void)state;
        family f;
        family_init(&f);
        assert_true(task_start(&f.parent, TASK_NO_DEADLINE, run_parent, NULL));
        fixture_run_ms(&f.fixture, 25);
        task_interrupt(&f.parent, FAILURE_CANCELLED);
        assert_true(task_is_over(&f.parent));
        assert_false(f.result);
        assert_int_equal(f.ended, CHILDREN);
        assert_int_equal(f.interrupted, 3);
        assert_int_equal(f.parent.failure.kind, FAILURE_CANCELLED);
        family_release(&f);
}

static void a_parent_interrupted_elsewhere_takes_its_children_along(void **state)
{
        (void)state;
        family f;
        family_init(&f);
        f.sleep_before_waiting = true;
        assert_true(task_start(&f.parent, TASK_NO_DEADLINE, run_parent, NULL));
        fixture_run_ms(&f.fixture, 5);
        task_interrupt(&f.parent, FAILURE_CANCELLED);
        assert_true(task_is_over(&f.parent));
        assert_int_equal(f.interrupted, 100 + CHILDREN);
        family_release(&f);
}

static void children_have_the_deadline_of_their_parent(void **state)
{
        (void)state;
        family f;
        family_init(&f);
        int64_t deadline_ms = loop_now_ms(f.fixture.loop) + 35;
        assert_true(task_start(&f.parent, deadline_ms, run_parent, NULL));
        fixture_run_ms(&f.fixture, 35);
        assert_true(task_is_over(&f.parent));
        assert_false(f.result);
        assert_int_equal(f.interrupted, 2);
        assert_int_equal(f.parent.failure.kind, FAILURE_DEADLINE_EXCEEDED);
        family_release(&f);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(children_run_beside_each_other_and_the_parent_waits_for_all),
                cmocka_unit_test(children_may_have_less_time_than_their_parent),
                cmocka_unit_test(children_that_never_wait_are_over_before_the_parent_waits_long),
                cmocka_unit_test(
                        interrupting_the_parent_interrupts_the_children_and_waits_for_them),
                cmocka_unit_test(a_parent_interrupted_elsewhere_takes_its_children_along),
                cmocka_unit_test(children_have_the_deadline_of_their_parent),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
