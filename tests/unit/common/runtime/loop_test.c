/* What both loops share: marked work, posts, holds, the virtual clock. */
#include "tests/unit/common/runtime/fixture.h"

#include <pthread.h>
#include <string.h>

typedef struct flusher {
        loop_flush flush;
        loop *loop;
        int runs, again, *order, number;
} flusher;

static void flusher_run(loop_flush *flush)
{
        flusher *f = (flusher *)flush;
        f->runs++;
        if (f->order) *f->order = *f->order * 10 + f->number;
        if (f->again-- > 0) loop_mark_flush(f->loop, flush);
}

static void marking_twice_flushes_once(void **state)
{
        (void)state;
        fixture f;
        fixture_init_virtual(&f);
        flusher one = {.flush = {.run = flusher_run}, .loop = f.loop};
        loop_mark_flush(f.loop, &one.flush);
        loop_mark_flush(f.loop, &one.flush);
        fixture_run_ms(&f, 0);
        assert_int_equal(one.runs, 1);
        fixture_run_ms(&f, 0);
        assert_int_equal(one.runs, 1);
        fixture_release(&f);
}

static void last_flushes_run_after_the_others(void **state)
{
        (void)state;
        fixture f;
        fixture_init_virtual(&f);
        int order = 0;
        flusher replies = {.flush = {.run = flusher_run, .last = true},
                           .loop = f.loop,
                           .order = &order,
                           .number = 2};
        flusher socket = {
                .flush = {.run = flusher_run}, .loop = f.loop, .order = &order, .number = 1};
        loop_mark_flush(f.loop, &replies.flush);
        loop_mark_flush(f.loop, &socket.flush);
        fixture_run_ms(&f, 0);
        assert_int_equal(order, 12);
        fixture_release(&f);
}

static void a_flush_that_marks_itself_runs_again_in_a_later_turn(void **state)
{
        (void)state;
        fixture f;
        fixture_init_virtual(&f);
        flusher one = {.flush = {.run = flusher_run}, .loop = f.loop, .again = 3};
        uint64_t turns = loop_count(f.loop).turns;
        loop_mark_flush(f.loop, &one.flush);
        fixture_run_ms(&f, 0);
        assert_int_equal(one.runs, 4);
        assert_true(loop_count(f.loop).turns - turns >= 4);
        fixture_release(&f);
}

static void an_unmarked_flush_does_not_run(void **state)
{
        (void)state;
        fixture f;
        fixture_init_virtual(&f);
        flusher a = {.flush = {.run = flusher_run}, .loop = f.loop}, b = a, c = a;
        loop_mark_flush(f.loop, &a.flush);
        loop_mark_flush(f.loop, &b.flush);
        loop_unmark_flush(f.loop, &b.flush);
        loop_mark_flush(f.loop, &c.flush);
        fixture_run_ms(&f, 0);
        assert_int_equal(a.runs, 1);
        assert_int_equal(b.runs, 0);
        assert_int_equal(c.runs, 1);
        fixture_release(&f);
}

static void a_virtual_clock_runs_to_the_given_time_and_no_further(void **state)
{
        (void)state;
        fixture f;
        fixture_init_virtual(&f);
        int64_t began_ms = loop_now_ms(f.loop);
        fixture_run_ms(&f, 60LL * 24 * 3600 * 1000);
        assert_int_equal(loop_now_ms(f.loop) - began_ms, 60LL * 24 * 3600 * 1000);
        fixture_release(&f);
}

enum { POSTERS = 4, POSTS = 5000 };

typedef struct postbox {
        loop *loop;
        int came, last[POSTERS];
        bool in_order;
} postbox;

typedef struct letter {
        postbox *box;
        int poster, number;
} letter;

static void letter_came(void *argument)
{
        letter *l = argument;
        if (l->number != l->box->last[l->poster] + 1) l->box->in_order = false;
        l->box->last[l->poster] = l->number;
        if (++l->box->came == POSTERS * POSTS) loop_stop(l->box->loop);
}

typedef struct poster {
        postbox *box;
        int number;
        letter letters[POSTS];
} poster;

static void *poster_main(void *argument)
{
        poster *p = argument;
        for (int i = 0; i < POSTS; i++) {
                p->letters[i] = (letter){p->box, p->number, i + 1};
                loop_post(p->box->loop, letter_came, &p->letters[i]);
        }
        return NULL;
}

static void posts_from_many_threads_all_come_in_order_and_wake_the_loop(void **state)
{
        (void)state;
        static poster posters[POSTERS];
        fixture f;
        fixture_init_real(&f);
        postbox box = {.loop = f.loop, .in_order = true};
        pthread_t threads[POSTERS];
        for (int i = 0; i < POSTERS; i++) {
                posters[i].box = &box;
                posters[i].number = i;
                assert_int_equal(pthread_create(&threads[i], NULL, poster_main, &posters[i]), 0);
        }
        loop_run(f.loop);
        for (int i = 0; i < POSTERS; i++)
                pthread_join(threads[i], NULL);
        assert_int_equal(box.came, POSTERS * POSTS);
        assert_true(box.in_order);
        fixture_release(&f);
}

static void let_go(loop_timer *timer)
{
        loop_release_hold(timer->data);
}

static void a_stopped_loop_runs_until_every_holder_has_let_go(void **state)
{
        (void)state;
        fixture f;
        fixture_init_real(&f);
        loop_timer timer;
        loop_timer_init(f.loop, &timer, let_go, f.loop);
        int64_t at_ms = clock_monotonic_ms(clock_system()) + 20;
        loop_timer_start(&timer, at_ms);
        loop_hold(f.loop);
        loop_stop(f.loop);
        loop_run(f.loop);
        assert_true(loop_now_ms(f.loop) >= at_ms);
        loop_timer_close(&timer, NULL);
        fixture_release(&f);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(marking_twice_flushes_once),
                cmocka_unit_test(last_flushes_run_after_the_others),
                cmocka_unit_test(a_flush_that_marks_itself_runs_again_in_a_later_turn),
                cmocka_unit_test(an_unmarked_flush_does_not_run),
                cmocka_unit_test(a_virtual_clock_runs_to_the_given_time_and_no_further),
                cmocka_unit_test(posts_from_many_threads_all_come_in_order_and_wake_the_loop),
                cmocka_unit_test(a_stopped_loop_runs_until_every_holder_has_let_go),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
