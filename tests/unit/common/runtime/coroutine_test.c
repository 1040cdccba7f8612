/* Stacks: deep use, the guard page, pooling, what goes back to the kernel after a burst. */
#include "tests/unit/common/runtime/fixture.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BURST = 300 };

static int dig(int depth)
{
        volatile char ground[1024];
        memset((char *)ground, depth, sizeof ground);
        return depth ? dig(depth - 1) + ground[depth % 1024] : ground[0];
}

static void run_dig(task *t)
{
        dig(*(int *)t->owner);
}

static void high_water_follows_the_deepest_use(void **state)
{
        (void)state;
        fixture f;
        fixture_init_virtual(&f);
        int depth = 30;
        task t = {0};
        task_init(&t, f.loop, &depth);
        assert_true(task_start(&t, TASK_NO_DEADLINE, run_dig, NULL));
        size_t bytes = loop_stack_high_water(f.loop);
        assert_true(bytes >= 30 * 1024);
        task_release(&t, NULL);
        fixture_release(&f);
}

static void a_stack_overflow_hits_the_guard_page(void **state)
{
        (void)state;
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
                fixture f;
                signal(SIGSEGV, SIG_DFL);
                fclose(stderr);
                fixture_init_virtual(&f);
                int depth = 2000;
                task t = {0};
                task_init(&t, f.loop, &depth);
                if (!task_start(&t, TASK_NO_DEADLINE, run_dig, NULL)) _exit(0);
                _exit(0); /* it lived: nothing guards the stack */
        }
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(!WIFEXITED(status) || WEXITSTATUS(status) != 0);
}

static void run_wait(task *t)
{
        if (!task_park(t, NULL, task_interrupt_nothing)) return;
}

static void stacks_of_a_burst_are_used_again(void **state)
{
        (void)state;
        fixture f;
        fixture_init_virtual(&f);
        static task tasks[BURST];
        memset(tasks, 0, sizeof tasks);
        for (int round = 0; round < 3; round++) {
                for (int i = 0; i < BURST; i++) {
                        if (round == 0) task_init(&tasks[i], f.loop, NULL);
                        assert_true(task_start(&tasks[i], TASK_NO_DEADLINE, run_wait, NULL));
                }
                for (int i = 0; i < BURST; i++)
                        task_resume(&tasks[i]);
        }
        assert_int_equal(loop_count(f.loop).stacks, BURST);
        for (int i = 0; i < BURST; i++)
                task_release(&tasks[i], NULL);
        fixture_release(&f);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(high_water_follows_the_deepest_use),
                cmocka_unit_test(a_stack_overflow_hits_the_guard_page),
                cmocka_unit_test(stacks_of_a_burst_are_used_again),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
