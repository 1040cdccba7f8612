/* Turns on a virtual loop: one at a time a holder, in the order of coming; who is cancelled leaves.
 */
#include "services/ecard/handlers/holder_turn.h"

#include "tests/unit/common/runtime/fixture.h"

#include <string.h>

enum { TASKS = 4 };

typedef struct crowd crowd;
typedef struct member {
        crowd *crowd;
        task task;
        int number;
        bool failed;
} member;

struct crowd {
        fixture fixture;
        holder_turns turns;
        member members[TASKS];
        int inside, most, order[TASKS], served;
        bool apart; /* each has a holder of its own */
};

static void run(task *t)
{
        member *m = t->owner;
        crowd *c = m->crowd;
        ulid holder = {{0}};
        if (c->apart) holder.bytes[0] = (uint8_t)m->number;
        SCOPED(holder_turn) turn = {0};
        if (!holder_turn_take(t, &c->turns, holder, &turn)) {
                m->failed = true;
                return;
        }
        if (++c->inside > c->most) c->most = c->inside;
        c->order[c->served++] = m->number;
        m->failed = !task_sleep(t, 10);
        c->inside--;
}

static void crowd_run(crowd *c, bool apart, int interrupted)
{
        memset(c, 0, sizeof *c);
        fixture_init_virtual(&c->fixture);
        c->apart = apart;
        for (int i = 0; i < TASKS; i++) {
                c->members[i].crowd = c;
                c->members[i].number = i;
                task_init(&c->members[i].task, c->fixture.loop, &c->members[i]);
                assert_true(task_start(&c->members[i].task, TASK_NO_DEADLINE, run, NULL));
        }
        if (interrupted >= 0) task_interrupt(&c->members[interrupted].task, FAILURE_CANCELLED);
        fixture_run_ms(&c->fixture, 1000);
        for (int i = 0; i < TASKS; i++) {
                assert_true(task_is_over(&c->members[i].task));
                task_release(&c->members[i].task, NULL);
        }
        assert_null(c->turns.all);
        fixture_release(&c->fixture);
}

static void one_at_a_time_in_the_order_of_coming(void **state)
{
        (void)state;
        crowd c;
        crowd_run(&c, false, -1);
        assert_int_equal(c.most, 1);
        assert_int_equal(c.served, TASKS);
        for (int i = 0; i < TASKS; i++)
                assert_int_equal(c.order[i], i);
}

static void different_holders_do_not_wait_for_each_other(void **state)
{
        (void)state;
        crowd c;
        crowd_run(&c, true, -1);
        assert_int_equal(c.most, TASKS);
}

static void who_is_cancelled_while_waiting_leaves_and_the_others_go_on(void **state)
{
        (void)state;
        crowd c;
        crowd_run(&c, false, 2);
        assert_true(c.members[2].failed);
        assert_int_equal(c.served, TASKS - 1);
        assert_int_equal(c.most, 1);
}

static void who_is_cancelled_inside_lets_the_next_in(void **state)
{
        (void)state;
        crowd c;
        crowd_run(&c, false, 0);
        assert_true(c.members[0].failed);
        assert_int_equal(c.served, TASKS);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(one_at_a_time_in_the_order_of_coming),
                cmocka_unit_test(different_holders_do_not_wait_for_each_other),
                cmocka_unit_test(who_is_cancelled_while_waiting_leaves_and_the_others_go_on),
                cmocka_unit_test(who_is_cancelled_inside_lets_the_next_in),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
