/* Stress: a server process under bursts, idle gaps, cancels, short deadlines, jobs, sleeps, child
 * calls and a Redis that is killed again and again. No call without a status, no lost wake-up,
 * everything taken is put back. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/rpc/client.h"

#include "sscard/test/v1/echo_service.pb-c.h"

#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
        CALLERS = 200,
        BURSTS = 40,
        CALLS_A_BURST = 500,
        GAP_MS_MAX = 120,
        REDIS_LIFE_MS = 400,
        REDIS_DEATH_MS = 150,
        PATIENT_MS = 60000,
};

typedef struct process {
        pid_t pid;
        FILE *output;
} process;

typedef struct stress stress;
typedef struct caller {
        task task; /* first */
        stress *stress;
        loop_timer cancel;
        bool hurried; /* has a short deadline or will be cancelled */
} caller;

struct stress {
        char folder[64], socket[96];
        process server, redis;
        loop *loop;
        random_seeded random;
        rpc_peer *peer;
        caller callers[CALLERS];
        loop_timer next_burst, redis_timer;
        int burst, begun_in_burst, open;
        uint64_t ok, hurried_away, answered;
        uint32_t redis_kills;
};

static process process_start(char *const arguments[])
{
        process p = {0};
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        posix_spawn_file_actions_addclose(&actions, ends[0]);
        posix_spawn_file_actions_addclose(&actions, ends[1]);
        assert_int_equal(posix_spawnp(&p.pid, arguments[0], &actions, NULL, arguments, environ), 0);
        posix_spawn_file_actions_destroy(&actions);
        close(ends[1]);
        p.output = fdopen(ends[0], "r");
        assert_non_null(p.output);
        return p;
}

static int process_end(process *p, int signal_number)
{
        int status = 0;
        kill(p->pid, signal_number);
        assert_int_equal(waitpid(p->pid, &status, 0), p->pid);
        fclose(p->output);
        return status;
}

static void redis_start(stress *s)
{
        char *const arguments[] = {"redis-server", "--port",     "0",       "--unixsocket",
                                   s->socket,      "--save",     "",        "--dir",
                                   s->folder,      "--loglevel", "warning", NULL};
        s->redis = process_start(arguments);
}

static uint16_t server_start(stress *s)
{
        char *const arguments[] = {"tests/harness/echo_server", "--self", "--redis", s->socket,
                                   NULL};
        s->server = process_start(arguments);
        unsigned port = 0;
        assert_int_equal(fscanf(s->server.output, "ready %u", &port), 1);
        return (uint16_t)port;
}

static uint64_t dice(stress *s, uint64_t sides)
{
        return random_u64(&s->random.base) % sides;
}

static void cancel_fired(loop_timer *timer)
{
        caller *c = timer->data;
        task_interrupt(&c->task, FAILURE_CANCELLED);
}

static void caller_run(task *t)
{
        caller *c = (caller *)t;
        stress *s = c->stress;
        static const char *const keys[] = {"a", "b", "c", "d"};
        Echo__EchoRequest request = ECHO__ECHO_REQUEST__INIT;
        if (dice(s, 2)) request.sleep_ms = (uint32_t)dice(s, 20);
        if (dice(s, 2)) {
                request.n_read_keys = 1 + dice(s, ARRAY_LENGTH(keys));
                request.read_keys = (__typeof__(request.read_keys))keys;
        }
        request.child_calls = dice(s, 10) == 0;
        request.fail_code = dice(s, 20) == 0 ? FAILURE_ABORTED : 0;
        request.text = "stress";
        size_t length = echo__echo_request__get_packed_size(&request);
        uint8_t *packed = arena_alloc(&t->arena, length);
        echo__echo_request__pack(&request, packed);

        rpc_answer answer;
        bool answered = rpc_peer_call(s->peer, t, "sscard.test.v1.EchoService/Echo",
                                      bytes_of(packed, length), NULL, 0, &answer);
        if (!answered) {
                assert_true(c->hurried);
                s->hurried_away++;
                return;
        }
        s->answered++;
        if (c->hurried) return; /* the server may have seen the deadline first */
        assert_int_equal(answer.status, request.fail_code);
        s->ok += answer.status == 0;
}

static void burst_go_on(stress *s);

static void caller_done(task *t)
{
        caller *c = (caller *)t;
        loop_timer_stop(&c->cancel);
        c->stress->open--;
        burst_go_on(c->stress);
}

static void caller_start(stress *s, caller *c)
{
        int64_t now_ms = clock_monotonic_ms(clock_system());
        bool short_deadline = dice(s, 8) == 0, cancelled = dice(s, 8) == 0;
        int64_t deadline_ms = now_ms + (short_deadline ? (int64_t)dice(s, 25) : PATIENT_MS);
        c->hurried = short_deadline || cancelled;
        s->begun_in_burst++;
        s->open++;
        if (cancelled) loop_timer_start(&c->cancel, now_ms + (int64_t)dice(s, 15));
        assert_true(task_start(&c->task, deadline_ms, caller_run, caller_done));
}

static void next_burst_fired(loop_timer *timer)
{
        stress *s = timer->data;
        s->burst++;
        s->begun_in_burst = 0;
        burst_go_on(s);
}

static void burst_go_on(stress *s)
{
        for (int i = 0; i < CALLERS && s->begun_in_burst < CALLS_A_BURST; i++)
                if (task_is_over(&s->callers[i].task)) caller_start(s, &s->callers[i]);
        if (s->open || s->begun_in_burst < CALLS_A_BURST || s->next_burst.sequence) return;
        if (s->burst == BURSTS) {
                loop_stop(s->loop);
                return;
        }
        /* A gap: everything falls asleep, and the first call of the next burst must wake it. */
        int64_t now_ms = clock_monotonic_ms(clock_system());
        loop_timer_start(&s->next_burst, now_ms + (int64_t)dice(s, GAP_MS_MAX));
}

static void redis_timer_fired(loop_timer *timer)
{
        stress *s = timer->data;
        int64_t now_ms = clock_monotonic_ms(clock_system());
        if (s->redis.pid) {
                process_end(&s->redis, SIGKILL);
                s->redis.pid = 0;
                s->redis_kills++;
                loop_timer_start(timer, now_ms + REDIS_DEATH_MS);
        } else {
                redis_start(s);
                loop_timer_start(timer, now_ms + REDIS_LIFE_MS);
        }
}

static void stress_init(stress *s)
{
        memset(s, 0, sizeof *s);
        random_seeded_init(&s->random, 20261123);
        snprintf(s->folder, sizeof s->folder, "/tmp/stress-XXXXXX");
        assert_non_null(mkdtemp(s->folder));
        snprintf(s->socket, sizeof s->socket, "%s/redis", s->folder);
        redis_start(s);
        char target[32];
        snprintf(target, sizeof target, "127.0.0.1:%u", server_start(s));
        const loop_options options = {.clock = clock_system(), .random = &s->random.base};
        s->loop = loop_create(&options);
        assert_non_null(s->loop);
        failure why = {0};
        const rpc_peer_options peer = {.target = target, .breaker_failures = UINT32_MAX};
        s->peer = rpc_peer_create(s->loop, &peer, &why);
        assert_non_null(s->peer);
        loop_timer_init(s->loop, &s->next_burst, next_burst_fired, s);
        loop_timer_init(s->loop, &s->redis_timer, redis_timer_fired, s);
        for (int i = 0; i < CALLERS; i++) {
                s->callers[i].stress = s;
                task_init(&s->callers[i].task, s->loop, &s->callers[i]);
                loop_timer_init(s->loop, &s->callers[i].cancel, cancel_fired, &s->callers[i]);
        }
}

static void stress_release(stress *s)
{
        for (int i = 0; i < CALLERS; i++) {
                task_release(&s->callers[i].task, NULL);
                loop_timer_close(&s->callers[i].cancel, NULL);
        }
        loop_timer_close(&s->next_burst, NULL);
        loop_timer_close(&s->redis_timer, NULL);
        rpc_peer_destroy(s->peer);
        loop_destroy(s->loop);
        if (s->redis.pid) process_end(&s->redis, SIGTERM);
        char command[128];
        snprintf(command, sizeof command, "rm -rf '%s'", s->folder);
        assert_int_equal(system(command), 0);
}

/* The server's last words: what it counted. */
static void server_end(stress *s)
{
        uint64_t begun, finished, shed, cancelled, promised, kept;
        unsigned stacks, spare;
        kill(s->server.pid, SIGTERM);
        int found =
                fscanf(s->server.output,
                       " begun %" SCNu64 " finished %" SCNu64 " shed %" SCNu64 " cancelled %" SCNu64
                       " turns %*u sleeps %*u kicks %*u uv_runs %*u stacks %u spare %u"
                       " stack_bytes %*u promised %" SCNu64 " kept %" SCNu64,
                       &begun, &finished, &shed, &cancelled, &stacks, &spare, &promised, &kept);
        int status = process_end(&s->server, 0);
        assert_int_equal(found, 8);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        print_message("server: begun %" PRIu64 ", cancelled %" PRIu64 "; client: answered %" PRIu64
                      ", hurried away %" PRIu64 "; Redis killed %u times\n",
                      begun, cancelled, s->answered, s->hurried_away, s->redis_kills);
        assert_int_equal(begun, finished);
        assert_int_equal(promised, kept);
        assert_int_equal(stacks, spare);
        assert_int_equal(shed, 0);
        assert_true(cancelled > 0);
        assert_true(begun >= s->answered);
}

static void every_call_ends_and_nothing_is_left_behind(void **state)
{
        (void)state;
        static stress s;
        stress_init(&s);
        s.burst = 1;
        loop_timer_start(&s.redis_timer, clock_monotonic_ms(clock_system()) + REDIS_LIFE_MS);
        burst_go_on(&s);
        loop_run(s.loop);
        assert_int_equal(s.answered + s.hurried_away, BURSTS * CALLS_A_BURST);
        assert_true(s.ok > BURSTS * CALLS_A_BURST / 2);
        assert_true(s.redis_kills > 0);
        server_end(&s);
        stress_release(&s);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_call_ends_and_nothing_is_left_behind),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
