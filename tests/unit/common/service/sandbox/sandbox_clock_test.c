/* The clock file: shared at once, kept over a restart, never backwards, never of somebody else's.
 */
#include "common/service/sandbox/sandbox_clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const int64_t SIXTY_DAYS = INT64_C(60) * 24 * 60 * 60 * 1000;

typedef struct place {
        char folder[200], path[240];
} place;

static int place_make(void **state)
{
        place *p = calloc(1, sizeof *p);
        const char *above = getenv("TEST_TMPDIR");
        snprintf(p->folder, sizeof p->folder, "%s/clock-XXXXXX", above ? above : "/tmp");
        if (!mkdtemp(p->folder)) return -1;
        snprintf(p->path, sizeof p->path, "%s/clock", p->folder);
        *state = p;
        return 0;
}

static int place_clear(void **state)
{
        place *p = *state;
        unlink(p->path);
        rmdir(p->folder);
        free(p);
        return 0;
}

static void open_as(sandbox_clock *clock, const place *p, sandbox_clock_use use)
{
        failure f = {0};
        *clock = (sandbox_clock){0};
        if (!sandbox_clock_open(clock, p->path, use, &f)) fail_msg("%s: %s", f.reason, f.message);
}

static void refused_as(const place *p, sandbox_clock_use use, const char *reason)
{
        failure f = {0};
        sandbox_clock clock = {0};
        assert_false(sandbox_clock_open(&clock, p->path, use, &f));
        assert_string_equal(f.reason, reason);
}

static int64_t ahead(const sandbox_clock *clock)
{
        return clock_business_ms(&clock->base) - clock_wall_ms(&clock->base);
}

static void advance(const sandbox_clock *clock, int64_t ms)
{
        sandbox_clock_move(clock, sandbox_clock_hold(clock) + ms);
        sandbox_clock_let_go(clock);
}

static void a_new_clock_shows_real_time(void **state)
{
        sandbox_clock clock;
        open_as(&clock, *state, SANDBOX_CLOCK_MOVE);
        assert_in_range(ahead(&clock) + 1, 0, 2);
        assert_in_range(clock_wall_ms(clock_system()) - clock_wall_ms(&clock.base), 0, 60000);
        assert_in_range(clock_monotonic_ms(clock_system()) - clock_monotonic_ms(&clock.base), 0,
                        60000);
        sandbox_clock_release(&clock);
}

static void all_who_follow_see_a_move_at_once(void **state)
{
        sandbox_clock mover, follower;
        open_as(&follower, *state, SANDBOX_CLOCK_FOLLOW);
        open_as(&mover, *state, SANDBOX_CLOCK_MOVE);
        assert_ptr_equal(sandbox_clock_of(&mover.base), &mover);
        int64_t now = sandbox_clock_hold(&mover);
        assert_int_equal(clock_business_ms(&follower.base), now);
        assert_true(sandbox_clock_is_held(&follower));
        sandbox_clock_move(&mover, now + SIXTY_DAYS);
        assert_int_equal(clock_business_ms(&follower.base), now + SIXTY_DAYS);
        sandbox_clock_let_go(&mover);
        assert_false(sandbox_clock_is_held(&follower));
        assert_true(clock_business_ms(&follower.base) >= now + SIXTY_DAYS);
        assert_true(sandbox_clock_save(&mover));
        sandbox_clock_release(&mover);
        sandbox_clock_release(&follower);
}

static void only_business_time_moves(void **state)
{
        sandbox_clock clock;
        open_as(&clock, *state, SANDBOX_CLOCK_MOVE);
        int64_t monotonic = clock_monotonic_ms(&clock.base);
        advance(&clock, SIXTY_DAYS);
        assert_in_range(clock_wall_ms(&clock.base) - clock_wall_ms(clock_system()) + 1000, 0, 2000);
        assert_in_range(clock_monotonic_ms(&clock.base) - monotonic, 0, 60000);
        sandbox_clock_release(&clock);
}

static void the_offset_survives_a_restart(void **state)
{
        sandbox_clock clock;
        open_as(&clock, *state, SANDBOX_CLOCK_MOVE);
        advance(&clock, SIXTY_DAYS);
        int64_t shown = clock_business_ms(&clock.base);
        sandbox_clock_release(&clock);
        open_as(&clock, *state, SANDBOX_CLOCK_FOLLOW);
        assert_true(clock_business_ms(&clock.base) >= shown);
        assert_in_range(ahead(&clock) - SIXTY_DAYS, 0, 60000);
        sandbox_clock_release(&clock);
}

static void a_clock_that_was_left_standing_goes_on_from_there(void **state)
{
        sandbox_clock clock, follower;
        open_as(&clock, *state, SANDBOX_CLOCK_MOVE);
        int64_t stood = sandbox_clock_hold(&clock) + SIXTY_DAYS;
        sandbox_clock_move(&clock, stood);
        sandbox_clock_release(&clock); /* as a crash does */
        open_as(&follower, *state, SANDBOX_CLOCK_FOLLOW);
        assert_true(sandbox_clock_is_held(&follower)); /* not hers to move */
        open_as(&clock, *state, SANDBOX_CLOCK_MOVE);
        assert_false(sandbox_clock_is_held(&follower));
        int64_t now = clock_business_ms(&follower.base);
        assert_in_range(now - stood, 0, 60000);
        sandbox_clock_release(&clock);
        sandbox_clock_release(&follower);
}

static void only_one_process_moves_it(void **state)
{
        sandbox_clock clock;
        open_as(&clock, *state, SANDBOX_CLOCK_MOVE);
        refused_as(*state, SANDBOX_CLOCK_MOVE, "CLOCK_LOCKED");
        sandbox_clock_release(&clock);
        open_as(&clock, *state, SANDBOX_CLOCK_MOVE);
        sandbox_clock_release(&clock);
}

static void write_file(const place *p, const char *content, size_t size)
{
        FILE *file = fopen(p->path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(content, 1, size, file), size);
        fclose(file);
}

static void a_file_of_somebody_else_is_refused(void **state)
{
        write_file(*state, "sixteen letters!", 16);
        refused_as(*state, SANDBOX_CLOCK_MOVE, "CLOCK_FOREIGN");
        write_file(*state, "SSCLOCK1", 8);
        refused_as(*state, SANDBOX_CLOCK_FOLLOW, "CLOCK_FOREIGN");
}

static void a_folder_that_is_not_there_is_told(void **state)
{
        place nowhere = {.path = "/nowhere/at/all/clock"};
        (void)state;
        refused_as(&nowhere, SANDBOX_CLOCK_FOLLOW, "CLOCK_UNAVAILABLE");
}

/* Another process reads while this one moves: what it sees never goes back, and never is a mixture.
 */
static void another_process_never_sees_it_go_back(void **state)
{
        enum { MOVES = 20000 };
        sandbox_clock clock;
        open_as(&clock, *state, SANDBOX_CLOCK_MOVE);
        int ready[2];
        assert_int_equal(pipe(ready), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
                sandbox_clock mine = {0};
                failure f = {0};
                const place *p = *state;
                if (!sandbox_clock_open(&mine, p->path, SANDBOX_CLOCK_FOLLOW, &f)) _exit(2);
                int64_t begin = clock_business_ms(&mine.base), before = begin;
                if (write(ready[1], "r", 1) != 1) _exit(3);
                while (before < begin + MOVES * INT64_C(86400000)) {
                        int64_t now = clock_business_ms(&mine.base);
                        if (now < before) _exit(4);
                        if (now > begin + 2 * MOVES * INT64_C(86400000)) _exit(5);
                        before = now;
                }
                _exit(0);
        }
        char byte;
        assert_int_equal(read(ready[0], &byte, 1), 1);
        for (int i = 0; i <= MOVES; i++)
                advance(&clock, 86400000);
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
        close(ready[0]);
        close(ready[1]);
        sandbox_clock_release(&clock);
}

int main(void)
{
#define AT_PLACE(test) cmocka_unit_test_setup_teardown(test, place_make, place_clear)
        const struct CMUnitTest tests[] = {
                AT_PLACE(a_new_clock_shows_real_time),
                AT_PLACE(all_who_follow_see_a_move_at_once),
                AT_PLACE(only_business_time_moves),
                AT_PLACE(the_offset_survives_a_restart),
                AT_PLACE(a_clock_that_was_left_standing_goes_on_from_there),
                AT_PLACE(only_one_process_moves_it),
                AT_PLACE(a_file_of_somebody_else_is_refused),
                AT_PLACE(a_folder_that_is_not_there_is_told),
                AT_PLACE(another_process_never_sees_it_go_back),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
