/* A peer on the wire against a server on the same real loop. */
#include "tests/unit/common/rpc/fixture.h"

#include "sscard/test/v1/echo_service.pb-c.h"

#include <stdio.h>
#include <string.h>

static bool echo(fixture *f, const Echo__EchoRequest *request, Echo__EchoResponse **response)
{
        return rpc_peer_call_message(f->peer, &f->task, ECHO, &request->base,
                                     &echo__echo_response__descriptor, NULL, 0,
                                     (ProtobufCMessage **)response);
}

static void send_sizes(fixture *f)
{
        static uint8_t payload[3 << 20];
        for (size_t i = 0; i < sizeof payload; i++)
                payload[i] = (uint8_t)(i * 31);
        /* In one slice, in several, at edges, and large. */
        static const size_t sizes[] = {0,    1,     20,    30,       4096,   8191,
                                       8192, 16384, 16385, 64 << 10, 300000, 3 << 20};
        for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++) {
                Echo__EchoRequest request = ECHO__ECHO_REQUEST__INIT;
                Echo__EchoResponse *response;
                request.payload = (ProtobufCBinaryData){.len = sizes[i], .data = payload};
                assert_true(echo(f, &request, &response));
                assert_int_equal(response->payload.len, sizes[i]);
                if (sizes[i]) assert_memory_equal(response->payload.data, payload, sizes[i]);
        }
}

static void messages_of_all_sizes_come_back_whole(void **state)
{
        (void)state;
        fixture f;
        fixture_init(&f, true, NULL);
        run_on_task(&f, 20000, send_sizes);
        fixture_release(&f);
}

static void send_too_much(fixture *f)
{
        static uint8_t payload[5 << 20];
        Echo__EchoRequest request = ECHO__ECHO_REQUEST__INIT;
        Echo__EchoResponse *response;
        request.payload = (ProtobufCBinaryData){.len = sizeof payload, .data = payload};
        assert_false(echo(f, &request, &response));
        assert_int_equal(f->task.failure.kind, FAILURE_RESOURCE_EXHAUSTED);
}

static void a_message_over_the_limit_is_refused(void **state)
{
        (void)state;
        fixture f;
        fixture_init(&f, true, NULL);
        run_on_task(&f, 20000, send_too_much);
        fixture_release(&f);
}

static void ask_for_too_much(fixture *f)
{
        Echo__EchoRequest request = ECHO__ECHO_REQUEST__INIT;
        Echo__EchoResponse *response;
        request.reply_bytes = 5 << 20;
        assert_false(echo(f, &request, &response));
        assert_int_equal(f->task.failure.kind, FAILURE_RESOURCE_EXHAUSTED);
}

static void an_answer_over_the_limit_is_an_error_not_a_crash(void **state)
{
        (void)state;
        fixture f;
        fixture_init(&f, true, NULL);
        run_on_task(&f, 20000, ask_for_too_much);
        fixture_release(&f);
}

static void send_long_metadata(fixture *f)
{
        static char value[3001];
        memset(value, 'v', sizeof value - 1);
        const rpc_metadata metadata[] = {{"x-long", value}};
        for (int i = 0; i < 50; i++) {
                Echo__CountRequest request = ECHO__COUNT_REQUEST__INIT;
                Echo__CountResponse *response;
                assert_true(rpc_peer_call_message(f->peer, &f->task, COUNT, &request.base,
                                                  &echo__count_response__descriptor, metadata, 1,
                                                  (ProtobufCMessage **)&response));
                assert_int_equal(response->begun, sizeof value - 1);
        }
}

static void long_metadata_values_are_borrowed_from_the_call(void **state)
{
        (void)state;
        fixture f;
        fixture_init(&f, true, NULL);
        run_on_task(&f, 20000, send_long_metadata);
        fixture_release(&f);
}

static void ask_unknown_method(fixture *f)
{
        rpc_answer answer;
        assert_true(rpc_peer_call(f->peer, &f->task, "x.Y/Z", bytes_of(NULL, 0), NULL, 0, &answer));
        assert_int_equal(answer.status, FAILURE_UNIMPLEMENTED);
        assert_true(answer.details.length > 0);
}

static void an_unknown_method_is_answered_at_once(void **state)
{
        (void)state;
        fixture f;
        fixture_init(&f, true, NULL);
        run_on_task(&f, 20000, ask_unknown_method);
        fixture_release(&f);
}

static void sleep_beyond_deadline(fixture *f)
{
        Echo__EchoRequest request = ECHO__ECHO_REQUEST__INIT;
        Echo__EchoResponse *response;
        request.sleep_ms = 60000;
        assert_false(echo(f, &request, &response));
        assert_int_equal(f->task.failure.kind, FAILURE_DEADLINE_EXCEEDED);
}

static bool no_call_is_open(fixture *f)
{
        return rpc_server_count(f->server).open == 0;
}

static void the_deadline_travels_to_the_server(void **state)
{
        (void)state;
        fixture f;
        fixture_init(&f, true, NULL);
        run_on_task(&f, 60, sleep_beyond_deadline);
        run_until(&f, no_call_is_open);
        fixture_release(&f);
}

static bool one_call_is_open(fixture *f)
{
        return rpc_server_count(f->server).open == 1;
}

static void run_long_call(task *t)
{
        fixture *f = t->owner;
        Echo__EchoRequest request = ECHO__ECHO_REQUEST__INIT;
        Echo__EchoResponse *response;
        request.sleep_ms = 60000;
        assert_false(echo(f, &request, &response));
        assert_int_equal(t->failure.kind, FAILURE_CANCELLED);
}

static void cancelling_the_caller_cancels_the_call_on_the_server(void **state)
{
        (void)state;
        fixture f;
        fixture_init(&f, true, NULL);
        assert_true(task_start(&f.task, TASK_NO_DEADLINE, run_long_call, NULL));
        run_until(&f, one_call_is_open);
        task_interrupt(&f.task, FAILURE_CANCELLED);
        assert_true(task_is_over(&f.task));
        run_until(&f, no_call_is_open);
        assert_int_equal(rpc_server_count(f.server).cancelled, 1);
        fixture_release(&f);
}

static void call_nobody(fixture *f)
{
        failure why = {0};
        const rpc_peer_options options = {
                .target = "127.0.0.1:1", .breaker_failures = 2, .breaker_open_ms = 60000};
        rpc_peer *nobody = rpc_peer_create(f->loop, &options, &why);
        assert_non_null(nobody);
        rpc_answer answer;
        for (int i = 0; i < 3; i++) {
                assert_true(
                        rpc_peer_call(nobody, &f->task, ECHO, bytes_of(NULL, 0), NULL, 0, &answer));
                assert_int_equal(answer.status, FAILURE_UNAVAILABLE);
        }
        assert_string_equal(answer.message, "The peer does not answer."); /* the breaker's */
        rpc_peer_destroy(nobody);
}

static void an_unreachable_peer_is_unavailable_and_opens_the_breaker(void **state)
{
        (void)state;
        fixture f;
        fixture_init(&f, true, NULL);
        run_on_task(&f, 20000, call_nobody);
        fixture_release(&f);
}

static void child_call(task *t, void *argument)
{
        fixture *f = argument;
        rpc_answer answer;
        Echo__EchoRequest request = ECHO__ECHO_REQUEST__INIT;
        request.sleep_ms = 20;
        uint8_t packed[16];
        size_t length = echo__echo_request__pack(&request, packed);
        assert_true(rpc_peer_call(f->peer, t, ECHO, bytes_of(packed, length), NULL, 0, &answer));
        if (answer.status == FAILURE_RESOURCE_EXHAUSTED)
                f->clock.wall_ms++;
        else
                assert_int_equal(answer.status, 0);
}

static void call_more_than_the_cap(fixture *f)
{
        enum { CALLS = 20 };
        f->clock.wall_ms = 0;
        task_group *group = task_group_begin(&f->task);
        for (int i = 0; i < CALLS; i++)
                task_group_spawn(group, child_call, f);
        assert_true(task_group_wait(group));
        assert_int_equal(f->clock.wall_ms, CALLS - 4); /* counted there by child_call() */
}

static void calls_over_the_cap_are_shed_and_the_rest_served(void **state)
{
        (void)state;
        fixture f;
        const rpc_server_options options = {.calls_max = 4};
        fixture_init(&f, true, &options);
        run_on_task(&f, 20000, call_more_than_the_cap);
        assert_int_equal(rpc_server_count(f.server).shed, 16);
        fixture_release(&f);
}

static void run_slow_call(task *t)
{
        fixture *f = t->owner;
        Echo__EchoRequest request = ECHO__ECHO_REQUEST__INIT;
        Echo__EchoResponse *response;
        request.sleep_ms = 150;
        assert_true(echo(f, &request, &response));
}

static void on_drained(void *argument)
{
        fixture *f = argument;
        f->drained = true;
}

static bool is_drained(fixture *f)
{
        return f->drained;
}

/* The client learns of the answer a moment after the server has let it go. */
static bool is_answered(fixture *f)
{
        return task_is_over(&f->task);
}

static void a_call_in_flight_is_finished_while_the_server_drains(void **state)
{
        (void)state;
        fixture f;
        fixture_init(&f, true, NULL);
        assert_true(task_start(&f.task, TASK_NO_DEADLINE, run_slow_call, NULL));
        run_until(&f, one_call_is_open);
        rpc_server_drain(f.server, on_drained, &f);
        assert_true(rpc_server_is_draining(f.server));
        loop_hold(f.loop); /* the server lets go of its own when it has drained */
        run_until(&f, is_drained);
        run_until(&f, is_answered);
        assert_int_equal(rpc_server_count(f.server).by_status[0], 1);
        task_release(&f.task, NULL);
        rpc_peer_destroy(f.peer);
        rpc_server_destroy(f.server);
        loop_release_hold(f.loop);
        loop_destroy(f.loop);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(messages_of_all_sizes_come_back_whole),
                cmocka_unit_test(a_message_over_the_limit_is_refused),
                cmocka_unit_test(an_answer_over_the_limit_is_an_error_not_a_crash),
                cmocka_unit_test(long_metadata_values_are_borrowed_from_the_call),
                cmocka_unit_test(an_unknown_method_is_answered_at_once),
                cmocka_unit_test(the_deadline_travels_to_the_server),
                cmocka_unit_test(cancelling_the_caller_cancels_the_call_on_the_server),
                cmocka_unit_test(an_unreachable_peer_is_unavailable_and_opens_the_breaker),
                cmocka_unit_test(calls_over_the_cap_are_shed_and_the_rest_served),
                cmocka_unit_test(a_call_in_flight_is_finished_while_the_server_drains),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
