/* A peer on the same virtual loop: answers, failures, deadlines, cancellation, health, drain. */
#include "tests/unit/common/rpc/fixture.h"

#include "grpc/health/v1/health.pb-c.h"
#include "sscard/test/v1/echo_service.pb-c.h"

#include <string.h>

static bool echo(fixture *f, const Echo__EchoRequest *request, Echo__EchoResponse **response)
{
        return rpc_peer_call_message(f->peer, &f->task, ECHO, &request->base,
                                     &echo__echo_response__descriptor, NULL, 0,
                                     (ProtobufCMessage **)response);
}

static void say_hello(fixture *f)
{
        Echo__EchoRequest request = ECHO__ECHO_REQUEST__INIT;
        Echo__EchoResponse *response;
        request.text = "你好";
        assert_true(echo(f, &request, &response));
        assert_string_equal(response->text, "你好");
}

static void an_answer_comes_back(void **state)
{
        (void)state;
        fixture f;
        fixture_init(&f, false, NULL);
        run_on_task(&f, 1000, say_hello);
        fixture_release(&f);
}

static void ask_for_failure(fixture *f)
{
        Echo__EchoRequest request = ECHO__ECHO_REQUEST__INIT;
        Echo__EchoResponse *response;
        request.fail_code = FAILURE_ABORTED;
        assert_false(echo(f, &request, &response));
        assert_int_equal(f->task.failure.kind, FAILURE_ABORTED);
        assert_string_equal(f->task.failure.reason, "AS_YOU_WISH");
}

static void a_failure_keeps_its_kind_and_reason(void **state)
{
        (void)state;
        fixture f;
        fixture_init(&f, false, NULL);
        run_on_task(&f, 1000, ask_for_failure);
        fixture_release(&f);
}

static void ask_for_too_long(fixture *f)
{
        Echo__EchoRequest request = ECHO__ECHO_REQUEST__INIT;
        Echo__EchoResponse *response;
        request.sleep_ms = 60000;
        assert_false(echo(f, &request, &response));
        assert_int_equal(f->task.failure.kind, FAILURE_DEADLINE_EXCEEDED);
}

static void the_deadline_of_the_caller_ends_the_callee_too(void **state)
{
        (void)state;
        fixture f;
        fixture_init(&f, false, NULL);
        run_on_task(&f, 50, ask_for_too_long);
        loop_run_virtual(f.loop, loop_now_ms(f.loop));
        assert_int_equal(rpc_server_count(f.server).open, 0);
        fixture_release(&f);
}

static void ask_for_stream(fixture *f)
{
        Echo__EchoStreamRequest request = ECHO__ECHO_STREAM_REQUEST__INIT;
        Echo__EchoStreamResponse *response;
        request.count = 5;
        assert_true(rpc_peer_call_message(f->peer, &f->task, ECHO_STREAM, &request.base,
                                          &echo__echo_stream_response__descriptor, NULL, 0,
                                          (ProtobufCMessage **)&response));
        assert_int_equal(response->index, 0);
}

static void of_a_stream_the_first_message_is_taken_and_the_call_ends(void **state)
{
        (void)state;
        fixture f;
        fixture_init(&f, false, NULL);
        run_on_task(&f, 1000, ask_for_stream);
        assert_int_equal(rpc_server_count(f.server).open, 0);
        fixture_release(&f);
}

static void ask_unknown_method(fixture *f)
{
        rpc_answer answer;
        assert_true(rpc_peer_call(f->peer, &f->task, "x.Y/Z", bytes_of(NULL, 0), NULL, 0, &answer));
        assert_int_equal(answer.status, FAILURE_UNIMPLEMENTED);
}

static void an_unknown_method_is_unimplemented(void **state)
{
        (void)state;
        fixture f;
        fixture_init(&f, false, NULL);
        run_on_task(&f, 1000, ask_unknown_method);
        fixture_release(&f);
}

static void send_rubbish(fixture *f)
{
        rpc_answer answer;
        assert_true(
                rpc_peer_call(f->peer, &f->task, ECHO, bytes_of("\x0a\x7f", 2), NULL, 0, &answer));
        assert_int_equal(answer.status, FAILURE_INVALID_ARGUMENT);
        assert_true(answer.details.length > 0);
}

static void rubbish_is_an_invalid_argument_with_details(void **state)
{
        (void)state;
        fixture f;
        fixture_init(&f, false, NULL);
        run_on_task(&f, 1000, send_rubbish);
        fixture_release(&f);
}

static void send_metadata(fixture *f)
{
        static const rpc_metadata metadata[] = {{"x-long", "0123456789012345678901234567890123"},
                                                {"accept-language", "en-GB,en;q=0.9"}};
        Echo__CountRequest request = ECHO__COUNT_REQUEST__INIT;
        Echo__CountResponse *response;
        assert_true(rpc_peer_call_message(f->peer, &f->task, COUNT, &request.base,
                                          &echo__count_response__descriptor, metadata, 2,
                                          (ProtobufCMessage **)&response));
        assert_int_equal(response->begun, strlen(metadata[0].value));
        assert_int_equal(response->finished, 1);
}

static void metadata_and_language_arrive(void **state)
{
        (void)state;
        fixture f;
        fixture_init(&f, false, NULL);
        run_on_task(&f, 1000, send_metadata);
        fixture_release(&f);
}

static Health__HealthCheckResponse__ServingStatus health_of(fixture *f, const char *service)
{
        Health__HealthCheckRequest request = HEALTH__HEALTH_CHECK_REQUEST__INIT;
        Health__HealthCheckResponse *response;
        request.service = service;
        assert_true(rpc_peer_call_message(f->peer, &f->task, "grpc.health.v1.Health/Check",
                                          &request.base, &health__health_check_response__descriptor,
                                          NULL, 0, (ProtobufCMessage **)&response));
        return response->status;
}

static void ask_health(fixture *f)
{
        const char *echo_name = "sscard.test.v1.EchoService";
        assert_int_equal(health_of(f, ""), HEALTH__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVING);
        rpc_server_set_health(f->server, echo_name, false);
        assert_int_equal(health_of(f, echo_name),
                         HEALTH__HEALTH_CHECK_RESPONSE__SERVING_STATUS__NOT_SERVING);
        assert_int_equal(health_of(f, ""), HEALTH__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVING);
        rpc_server_set_health(f->server, echo_name, true);
        assert_int_equal(health_of(f, echo_name),
                         HEALTH__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVING);
}

static void health_is_what_it_was_set_to(void **state)
{
        (void)state;
        fixture f;
        fixture_init(&f, false, NULL);
        run_on_task(&f, 1000, ask_health);
        fixture_release(&f);
}

static void interrupted_before_the_call(fixture *f)
{
        Echo__EchoRequest request = ECHO__ECHO_REQUEST__INIT;
        Echo__EchoResponse *response;
        task_interrupt(&f->task, FAILURE_CANCELLED);
        assert_false(echo(f, &request, &response));
        assert_int_equal(f->task.failure.kind, FAILURE_CANCELLED);
}

static void a_cancelled_caller_starts_nothing(void **state)
{
        (void)state;
        fixture f;
        fixture_init(&f, false, NULL);
        run_on_task(&f, 1000, interrupted_before_the_call);
        assert_int_equal(rpc_server_count(f.server).begun, 0);
        fixture_release(&f);
}

static int pipeline_runs, finished_runs;

static void pipeline(rpc_call *call)
{
        pipeline_runs++;
        const rpc_method *method = rpc_call_method(call);
        method->handle(call, rpc_call_request(call));
        /* A later answer replaces an earlier one. */
        const failure withdrawn = {
                .kind = FAILURE_UNAVAILABLE, .reason = "WITHDRAWN", .message = "W"};
        const Echo__EchoRequest *request = (const Echo__EchoRequest *)rpc_call_request(call);
        if (!strcmp(request->text, "withdraw")) rpc_reply_failure(call, &withdrawn);
}

static void finished(rpc_call *call)
{
        finished_runs++;
        assert_true(rpc_call_is_answered(call));
}

static void echo_then_withdraw(fixture *f)
{
        Echo__EchoRequest request = ECHO__ECHO_REQUEST__INIT;
        Echo__EchoResponse *response;
        assert_true(echo(f, &request, &response));
        assert_int_equal(health_of(f, ""), HEALTH__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVING);
        request.text = "withdraw";
        assert_false(echo(f, &request, &response));
        assert_string_equal(f->task.failure.reason, "WITHDRAWN");
}

static void the_pipeline_wraps_own_methods_only_and_may_withdraw_an_answer(void **state)
{
        (void)state;
        pipeline_runs = finished_runs = 0;
        fixture f;
        const rpc_server_options options = {.pipeline = pipeline, .finished = finished};
        fixture_init(&f, false, &options);
        run_on_task(&f, 1000, echo_then_withdraw);
        assert_int_equal(pipeline_runs, 2);
        assert_int_equal(finished_runs, 2);
        fixture_release(&f);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(an_answer_comes_back),
                cmocka_unit_test(a_failure_keeps_its_kind_and_reason),
                cmocka_unit_test(the_deadline_of_the_caller_ends_the_callee_too),
                cmocka_unit_test(of_a_stream_the_first_message_is_taken_and_the_call_ends),
                cmocka_unit_test(an_unknown_method_is_unimplemented),
                cmocka_unit_test(rubbish_is_an_invalid_argument_with_details),
                cmocka_unit_test(metadata_and_language_arrive),
                cmocka_unit_test(health_is_what_it_was_set_to),
                cmocka_unit_test(a_cancelled_caller_starts_nothing),
                cmocka_unit_test(the_pipeline_wraps_own_methods_only_and_may_withdraw_an_answer),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
