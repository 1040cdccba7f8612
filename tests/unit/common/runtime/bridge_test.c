/* The real turn: libuv, gRPC's queue and timers wake one sleeping thread; nothing is lost. */
#include "tests/unit/common/runtime/fixture.h"

#include "common/runtime/loop_io.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { PINGS = 3000 };

typedef struct pinger {
        fixture fixture;
        uv_poll_t poll;
        int to_loop[2], to_thread[2], pings;
} pinger;

static void *echo_main(void *argument)
{
        pinger *p = argument;
        char byte;
        while (read(p->to_thread[0], &byte, 1) == 1 && byte) {
                if (byte % 16 == 0) usleep(100); /* now and then the loop has fallen asleep */
                if (write(p->to_loop[1], &byte, 1) != 1) break;
        }
        return NULL;
}

static void ping(pinger *p)
{
        char byte = (char)(1 + p->pings % 100);
        assert_int_equal(write(p->to_thread[1], &byte, 1), 1);
}

static void pong(uv_poll_t *poll, int status, int events)
{
        pinger *p = poll->data;
        char byte;
        assert_int_equal(status, 0);
        assert_true(events & UV_READABLE);
        assert_int_equal(read(p->to_loop[0], &byte, 1), 1);
        if (++p->pings == PINGS) {
                uv_poll_stop(poll);
                loop_stop(p->fixture.loop);
        } else {
                ping(p);
        }
}

static void libuv_wakes_the_sleeping_queue_each_time(void **state)
{
        (void)state;
        pinger p = {0};
        fixture_init_real(&p.fixture);
        assert_int_equal(pipe(p.to_loop), 0);
        assert_int_equal(pipe(p.to_thread), 0);
        uv_poll_init(loop_uv(p.fixture.loop), &p.poll, p.to_loop[0]);
        p.poll.data = &p;
        uv_poll_start(&p.poll, UV_READABLE, pong);
        loop_uv_changed(p.fixture.loop);
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, echo_main, &p), 0);
        ping(&p);
        loop_run(p.fixture.loop);
        assert_int_equal(p.pings, PINGS);
        assert_true(loop_count(p.fixture.loop).kicks > 0);
        char end = 0;
        assert_int_equal(write(p.to_thread[1], &end, 1), 1);
        pthread_join(thread, NULL);
        fixture_release(&p.fixture);
        for (int i = 0; i < 2; i++) {
                close(p.to_loop[i]);
                close(p.to_thread[i]);
        }
}

static void stop_soon(loop_timer *timer)
{
        loop_stop(timer->owner);
}

static void an_idle_loop_sleeps_instead_of_spinning(void **state)
{
        (void)state;
        fixture f;
        fixture_init_real(&f);
        loop_timer timer;
        loop_timer_init(f.loop, &timer, stop_soon, NULL);
        loop_timer_start(&timer, loop_now_ms(f.loop) + 100);
        loop_run(f.loop);
        assert_true(loop_count(f.loop).turns < 20);
        loop_timer_close(&timer, NULL);
        fixture_release(&f);
}

static void stop_at_signal(void *argument, int number)
{
        assert_int_equal(number, SIGUSR1);
        loop_stop(argument);
}

static void raise_signal(loop_timer *timer)
{
        (void)timer;
        raise(SIGUSR1);
}

static void a_signal_reaches_the_loop(void **state)
{
        (void)state;
        fixture f;
        fixture_init_real(&f);
        assert_true(loop_on_signal(f.loop, SIGUSR1, stop_at_signal, f.loop));
        loop_timer timer;
        loop_timer_init(f.loop, &timer, raise_signal, NULL);
        loop_timer_start(&timer, loop_now_ms(f.loop) + 5);
        loop_run(f.loop);
        loop_timer_close(&timer, NULL);
        fixture_release(&f);
}

static void two_loops_live_in_one_process(void **state)
{
        (void)state;
        fixture a, b;
        fixture_init_real(&a);
        fixture_init_real(&b);
        loop_stop(a.loop);
        loop_stop(b.loop);
        loop_run(a.loop);
        loop_run(b.loop);
        fixture_release(&a);
        fixture_release(&b);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(libuv_wakes_the_sleeping_queue_each_time),
                cmocka_unit_test(an_idle_loop_sleeps_instead_of_spinning),
                cmocka_unit_test(a_signal_reaches_the_loop),
                cmocka_unit_test(two_loops_live_in_one_process),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
