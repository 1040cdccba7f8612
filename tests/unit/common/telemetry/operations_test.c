/* The operations port over real HTTP: pages, states, and clients that behave badly. */
#include "common/telemetry/operations.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const metric_declaration turns = {
        .name = "loop_turns_total", .help = "Turns of the loop.", .type = METRIC_COUNTER};

typedef struct fixture {
        metrics *metrics;
        metric_value *turns;
        operations *port;
        char reply[65536];
} fixture;

static int set_up(void **state)
{
        fixture *f = calloc(1, sizeof *f);
        if (!f) return -1;
        f->metrics = metrics_create();
        f->turns = metric_series(metrics_family(f->metrics, &turns), NULL);
        operations_options options = {
                .listen = "127.0.0.1:0", .metrics = f->metrics, .clock = clock_system()};
        failure why = {0};
        f->port = operations_create(&options, &why);
        *state = f;
        return f->port && operations_port(f->port) != 0 ? 0 : -1;
}

static int tear_down(void **state)
{
        fixture *f = *state;
        operations_destroy(f->port);
        metrics_destroy(f->metrics);
        free(f);
        return 0;
}

static int connected(const operations *port)
{
        struct sockaddr_in address = {.sin_family = AF_INET,
                                      .sin_port = htons(operations_port(port)),
                                      .sin_addr = {htonl(INADDR_LOOPBACK)}};
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        assert_true(fd >= 0);
        struct timeval limit = {.tv_sec = 10};
        assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
        assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
        return fd;
}

static int ask(fixture *f, const operations *port, const char *method, const char *path)
{
        char request[512];
        int length =
                snprintf(request, sizeof request,
                         "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", method, path);
        int fd = connected(port);
        assert_int_equal(write(fd, request, (size_t)length), length);
        size_t got = 0;
        for (;;) {
                ssize_t n = read(fd, f->reply + got, sizeof f->reply - 1 - got);
                if (n <= 0) break;
                got += (size_t)n;
        }
        f->reply[got] = '\0';
        close(fd);
        int status = 0;
        assert_int_equal(sscanf(f->reply, "HTTP/1.1 %d", &status), 1);
        return status;
}

static void metrics_are_shown_as_they_are_now(void **state)
{
        fixture *f = *state;
        metric_add(f->turns, 41);
        assert_int_equal(ask(f, f->port, "GET", "/metrics"), 200);
        assert_non_null(strstr(f->reply, "text/plain; version=0.0.4"));
        assert_non_null(strstr(f->reply, "\nloop_turns_total 41\n"));
        metric_add(f->turns, 1);
        assert_int_equal(ask(f, f->port, "GET", "/metrics?x=1"), 200);
        assert_non_null(strstr(f->reply, "\nloop_turns_total 42\n"));
}

static void readiness_follows_the_state_and_names_the_reason(void **state)
{
        fixture *f = *state;
        static const struct {
                operations_state state;
                const char *why;
                int status;
                const char *words;
        } cases[] = {
                {OPERATIONS_STARTING, "", 503, "\r\n\r\nSTARTING\n"},
                {OPERATIONS_READY, "", 200, "\r\n\r\nREADY\n"},
                {OPERATIONS_READ_ONLY, "STORE_READ_ONLY", 200,
                 "\r\n\r\nDEGRADED STORE_READ_ONLY\n"},
                {OPERATIONS_BROKEN, "DISK_FULL", 503, "\r\n\r\nBROKEN DISK_FULL\n"},
                {OPERATIONS_DRAINING, NULL, 503, "\r\n\r\nDRAINING\n"},
        };
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                operations_set_state(f->port, cases[i].state, cases[i].why);
                assert_int_equal(ask(f, f->port, "GET", "/readyz"), cases[i].status);
                assert_non_null(strstr(f->reply, cases[i].words));
                assert_int_equal(ask(f, f->port, "GET", "/healthz"), 200);
        }
}

static void a_loop_that_does_not_turn_is_not_alive(void **state)
{
        fixture *f = *state;
        clock_manual clock;
        clock_manual_init(&clock, 0);
        operations_options options = {.listen = "127.0.0.1:0",
                                      .metrics = f->metrics,
                                      .clock = &clock.base,
                                      .heartbeat_max_ms = 1000};
        /* The clock is changed only while no request is under way: each has been answered. */
        failure why = {0};
        operations *port = operations_create(&options, &why);
        assert_non_null(port);
        assert_int_equal(ask(f, port, "GET", "/healthz"), 200);
        clock_manual_advance(&clock, 1001);
        assert_int_equal(ask(f, port, "GET", "/healthz"), 503);
        assert_non_null(strstr(f->reply, "LOOP_DOES_NOT_TURN"));
        operations_beat(port);
        assert_int_equal(ask(f, port, "GET", "/healthz"), 200);
        operations_destroy(port);
}

static void other_pages_and_methods_are_refused(void **state)
{
        fixture *f = *state;
        assert_int_equal(ask(f, f->port, "GET", "/"), 404);
        assert_int_equal(ask(f, f->port, "GET", "/metrics/../etc/passwd"), 404);
        assert_int_equal(ask(f, f->port, "POST", "/metrics"), 405);
        assert_int_equal(ask(f, f->port, "DELETE", "/readyz"), 405);
}

static void clients_that_say_nothing_do_not_stop_it_from_ending(void **state)
{
        fixture *f = *state;
        int silent[8];
        for (int i = 0; i < 8; i++) {
                silent[i] = connected(f->port);
                assert_true(write(silent[i], "GET /met", 8) == 8);
        }
        assert_int_equal(ask(f, f->port, "GET", "/healthz"), 200);
        operations_destroy(f->port);
        f->port = NULL;
        for (int i = 0; i < 8; i++)
                close(silent[i]);
}

static void an_address_that_cannot_be_had_is_a_clear_failure(void **state)
{
        fixture *f = *state;
        static const char *const bad[] = {"",           "9301",        "localhost:9301",
                                          "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536",
                                          "[::1:9301",  ":9301"};
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
                operations_options options = {
                        .listen = bad[i], .metrics = f->metrics, .clock = clock_system()};
                failure why = {0};
                assert_null(operations_create(&options, &why));
                assert_string_equal(why.reason, "OPERATIONS_ADDRESS");
        }
        char taken[32];
        snprintf(taken, sizeof taken, "127.0.0.1:%d", operations_port(f->port));
        operations_options options = {
                .listen = taken, .metrics = f->metrics, .clock = clock_system()};
        failure why = {0};
        assert_null(operations_create(&options, &why));
        assert_string_equal(why.reason, "OPERATIONS_PORT_TAKEN");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
                CASE(metrics_are_shown_as_they_are_now),
                CASE(readiness_follows_the_state_and_names_the_reason),
                CASE(a_loop_that_does_not_turn_is_not_alive),
                CASE(other_pages_and_methods_are_refused),
                CASE(clients_that_say_nothing_do_not_stop_it_from_ending),
                CASE(an_address_that_cannot_be_had_is_a_clear_failure),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
