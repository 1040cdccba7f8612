/* The server's life: a taken port, wrong rows, never started, drained with and without calls. */
#include "tests/unit/common/rpc/fixture.h"

#include "sscard/test/v1/echo_service.pb-c.h"

#include <stdio.h>
#include <string.h>

typedef struct house {
        random_seeded random;
        loop *loop;
        bool drained;
} house;

static void house_init(house *h)
{
        memset(h, 0, sizeof *h);
        random_seeded_init(&h->random, 1);
        const loop_options options = {.clock = clock_system(), .random = &h->random.base};
        h->loop = loop_create(&options);
        assert_non_null(h->loop);
}

static rpc_server *serve(house *h, const char *listen, failure *why)
{
        const rpc_server_options options = {.listen = listen, .drain_grace_ms = 1};
        rpc_service service = echo_service();
        return rpc_server_create(h->loop, &options, &service, 1, why);
}

static void on_drained(void *argument)
{
        house *h = argument;
        h->drained = true;
        loop_stop(h->loop);
}

static void on_fixture_drained(void *argument)
{
        fixture *f = argument;
        f->drained = true;
}

static void a_taken_port_is_said(void **state)
{
        (void)state;
        house h;
        house_init(&h);
        failure why = {0};
        rpc_server *first = serve(&h, "127.0.0.1:0", &why);
        assert_non_null(first);
        char listen[32];
        snprintf(listen, sizeof listen, "127.0.0.1:%u", rpc_server_port(first));
        assert_null(serve(&h, listen, &why));
        assert_string_equal(why.reason, "CANNOT_LISTEN");
        assert_non_null(strstr(why.message, listen));
        rpc_server_destroy(first);
        loop_destroy(h.loop);
}

static void a_server_that_was_never_started_can_go(void **state)
{
        (void)state;
        house h;
        house_init(&h);
        failure why = {0};
        rpc_server *server = serve(&h, "127.0.0.1:0", &why);
        assert_non_null(server);
        rpc_server_destroy(server);
        loop_stop(h.loop);
        loop_run(h.loop); /* it does not hold the loop any more */
        loop_destroy(h.loop);
}

static void a_started_server_holds_the_loop_until_it_has_drained(void **state)
{
        (void)state;
        house h;
        house_init(&h);
        failure why = {0};
        rpc_server *server = serve(&h, "127.0.0.1:0", &why);
        rpc_server_start(server);
        loop_stop(h.loop);
        rpc_server_drain(server, on_drained, &h);
        rpc_server_drain(server, NULL, NULL); /* once is enough */
        loop_run(h.loop);
        assert_true(h.drained);
        rpc_server_destroy(server);
        loop_destroy(h.loop);
}

/* On virtual time, so to the millisecond. */
static void a_drain_waits_for_the_grace_that_was_asked_for_and_for_none_when_it_is_0(void **state)
{
        (void)state;
        const uint32_t graces_ms[] = {0, 1, 300};
        for (size_t i = 0; i < ARRAY_LENGTH(graces_ms); i++) {
                fixture f;
                const rpc_server_options options = {.drain_grace_ms = graces_ms[i]};
                fixture_init(&f, false, &options);
                loop_hold(f.loop);
                int64_t begun_ms = loop_now_ms(f.loop);
                rpc_server_drain(f.server, on_fixture_drained, &f);
                if (graces_ms[i] > 0) loop_run_virtual(f.loop, begun_ms + graces_ms[i] - 1);
                assert_false(f.drained);
                loop_run_virtual(f.loop, begun_ms + graces_ms[i]);
                assert_true(f.drained);
                loop_release_hold(f.loop);
                rpc_peer_destroy(f.peer);
                rpc_server_destroy(f.server);
                loop_destroy(f.loop);
        }
}

static void own_methods_are_numbered_from_zero(void **state)
{
        (void)state;
        house h;
        house_init(&h);
        failure why = {0};
        rpc_server *server = serve(&h, "127.0.0.1:0", &why);
        size_t count;
        const rpc_method *methods = rpc_server_methods(server, &count);
        assert_int_equal(count, 3);
        for (uint32_t i = 0; i < count; i++)
                assert_int_equal(methods[i].index, i);
        assert_string_equal(methods[0].full_name, ECHO);
        rpc_server_destroy(server);
        loop_destroy(h.loop);
}

static void a_missing_certificate_is_said(void **state)
{
        (void)state;
        house h;
        house_init(&h);
        failure why = {0};
        const rpc_server_options options = {.listen = "127.0.0.1:0",
                                            .certificate_file = "/none/server.pem",
                                            .key_file = "/none/server.key"};
        rpc_service service = echo_service();
        assert_null(rpc_server_create(h.loop, &options, &service, 1, &why));
        assert_string_equal(why.reason, "CANNOT_READ_PEM");
        loop_destroy(h.loop);
}

static void two_servers_share_a_port_when_asked_to(void **state)
{
        (void)state;
        house h;
        house_init(&h);
        failure why = {0};
        rpc_service service = echo_service();
        rpc_server_options options = {.listen = "127.0.0.1:0", .share_port = true};
        rpc_server *first = rpc_server_create(h.loop, &options, &service, 1, &why);
        assert_non_null(first);
        char listen[32];
        snprintf(listen, sizeof listen, "127.0.0.1:%u", rpc_server_port(first));
        options.listen = listen;
        rpc_server *second = rpc_server_create(h.loop, &options, &service, 1, &why);
        assert_non_null(second);
        rpc_server_destroy(first);
        rpc_server_destroy(second);
        loop_destroy(h.loop);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_taken_port_is_said),
                cmocka_unit_test(a_server_that_was_never_started_can_go),
                cmocka_unit_test(a_started_server_holds_the_loop_until_it_has_drained),
                cmocka_unit_test(
                        a_drain_waits_for_the_grace_that_was_asked_for_and_for_none_when_it_is_0),
                cmocka_unit_test(own_methods_are_numbered_from_zero),
                cmocka_unit_test(a_missing_certificate_is_said),
                cmocka_unit_test(two_servers_share_a_port_when_asked_to),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
