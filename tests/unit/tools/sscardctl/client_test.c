/* The client against a server that answers from a thread, and against none. */
#include "tools/sscardctl/client.h"

#include "tests/unit/tools/sscardctl/fixture.h"

#include <grpc/byte_buffer.h>
#include <grpc/byte_buffer_reader.h>
#include <grpc/grpc.h>
#include <grpc/grpc_security.h>
#include <pthread.h>

enum { STREAMED = 3 };

/* Answers one call: each of `answers` messages "a0", "a1", …, then the status. */
typedef struct server {
        grpc_server *core;
        grpc_completion_queue *queue;
        pthread_t thread;
        char address[64];
        int answers;
        grpc_status_code code;
        bool saw_token, saw_language;
} server;

static bool event(grpc_completion_queue *queue)
{
        return grpc_completion_queue_next(queue, gpr_inf_future(GPR_CLOCK_REALTIME), NULL).success;
}

static void batch(server *s, grpc_call *call, const grpc_op *ops, size_t count)
{
        assert_int_equal(grpc_call_start_batch(call, ops, count, s, NULL), GRPC_CALL_OK);
        event(s->queue);
}

static bool has_entry(const grpc_metadata_array *metadata, const char *key, const char *value)
{
        for (size_t i = 0; i < metadata->count; i++)
                if (grpc_slice_str_cmp(metadata->metadata[i].key, key) == 0 &&
                    grpc_slice_str_cmp(metadata->metadata[i].value, value) == 0)
                        return true;
        return false;
}

static void answer_call(server *s, grpc_call *call)
{
        grpc_op begin = {.op = GRPC_OP_SEND_INITIAL_METADATA};
        batch(s, call, &begin, 1);
        for (int i = 0; i < s->answers; i++) {
                char text[16];
                snprintf(text, sizeof text, "a%d", i);
                grpc_slice slice = grpc_slice_from_copied_string(text);
                grpc_byte_buffer *buffer = grpc_raw_byte_buffer_create(&slice, 1);
                grpc_op send = {.op = GRPC_OP_SEND_MESSAGE,
                                .data.send_message.send_message = buffer};
                batch(s, call, &send, 1);
                grpc_byte_buffer_destroy(buffer);
                grpc_slice_unref(slice);
        }
        grpc_metadata trailers[] = {
                {.key = grpc_slice_from_static_string("grpc-status-details-bin"),
                 .value = grpc_slice_from_static_string("\x08\x09")},
                {.key = grpc_slice_from_static_string("sscard-replayed"),
                 .value = grpc_slice_from_static_string("true")}};
        grpc_slice message = grpc_slice_from_static_string("said");
        int cancelled = 0;
        grpc_op end[] = {{.op = GRPC_OP_SEND_STATUS_FROM_SERVER,
                          .data.send_status_from_server = {.trailing_metadata_count = 2,
                                                           .trailing_metadata = trailers,
                                                           .status = s->code,
                                                           .status_details = &message}},
                         {.op = GRPC_OP_RECV_CLOSE_ON_SERVER,
                          .data.recv_close_on_server.cancelled = &cancelled}};
        batch(s, call, end, 2);
}

static void *serve(void *argument)
{
        server *s = argument;
        grpc_call *call = NULL;
        grpc_call_details details;
        grpc_metadata_array metadata;
        grpc_call_details_init(&details);
        grpc_metadata_array_init(&metadata);
        if (grpc_server_request_call(s->core, &call, &details, &metadata, s->queue, s->queue, s) ==
                    GRPC_CALL_OK &&
            event(s->queue) && call) {
                s->saw_token = has_entry(&metadata, "authorization", "Bearer T");
                s->saw_language = has_entry(&metadata, "accept-language", "en");
                answer_call(s, call);
                grpc_call_unref(call);
        }
        grpc_metadata_array_destroy(&metadata);
        grpc_call_details_destroy(&details);
        return NULL;
}

static void server_begin(server *s)
{
        grpc_init();
        s->queue = grpc_completion_queue_create_for_next(NULL);
        s->core = grpc_server_create(NULL, NULL);
        grpc_server_register_completion_queue(s->core, s->queue, NULL);
        grpc_server_credentials *credentials = grpc_insecure_server_credentials_create();
        int port = grpc_server_add_http2_port(s->core, "127.0.0.1:0", credentials);
        grpc_server_credentials_release(credentials);
        assert_true(port > 0);
        snprintf(s->address, sizeof s->address, "127.0.0.1:%d", port);
        grpc_server_start(s->core);
        assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void server_end(server *s)
{
        pthread_join(s->thread, NULL);
        grpc_server_shutdown_and_notify(s->core, s->queue, s);
        grpc_server_cancel_all_calls(s->core);
        event(s->queue);
        grpc_server_destroy(s->core);
        grpc_completion_queue_shutdown(s->queue);
        while (grpc_completion_queue_next(s->queue, gpr_inf_future(GPR_CLOCK_REALTIME), NULL)
                       .type != GRPC_QUEUE_SHUTDOWN) {
        }
        grpc_completion_queue_destroy(s->queue);
        grpc_shutdown();
}

typedef struct heard {
        int count, enough_at;
        char last[16];
} heard;

static bool hear(void *argument, const uint8_t *data, size_t size)
{
        heard *h = argument;
        snprintf(h->last, sizeof h->last, "%.*s", (int)size, (const char *)data);
        return ++h->count != h->enough_at;
}

static client_status call(fixture *x, const char *endpoint, heard *h)
{
        const client_options options = {.endpoint = endpoint};
        client *c = client_open(&options, &x->f);
        assert_non_null(c);
        const client_call one = {.path = "/a.B/C",
                                 .token = "T",
                                 .language = "en",
                                 .request = (const uint8_t *)"x",
                                 .request_bytes = 1,
                                 .timeout_ms = 20000,
                                 .answer = hear,
                                 .argument = h};
        client_status status;
        client_run(c, &one, &x->a, &status);
        client_close(c);
        return status;
}

static void a_call_carries_token_and_language_and_brings_the_trailers(void **state)
{
        fixture *x = *state;
        server s = {.answers = 1, .code = GRPC_STATUS_OK};
        server_begin(&s);
        heard h = {0};
        client_status status = call(x, s.address, &h);
        server_end(&s);
        assert_int_equal(status.code, 0);
        assert_string_equal(h.last, "a0");
        assert_true(s.saw_token);
        assert_true(s.saw_language);
        assert_true(status.replayed);
        assert_int_equal(status.details_bytes, 2);
}

static void a_stream_delivers_each_answer_in_order(void **state)
{
        fixture *x = *state;
        server s = {.answers = STREAMED, .code = GRPC_STATUS_NOT_FOUND};
        server_begin(&s);
        heard h = {0};
        client_status status = call(x, s.address, &h);
        server_end(&s);
        assert_int_equal(h.count, STREAMED);
        assert_string_equal(h.last, "a2");
        assert_int_equal(status.code, GRPC_STATUS_NOT_FOUND);
        assert_string_equal(status.message, "said");
        assert_false(status.enough);
}

static void a_stream_ends_when_it_was_enough(void **state)
{
        fixture *x = *state;
        server s = {.answers = STREAMED, .code = GRPC_STATUS_OK};
        server_begin(&s);
        heard h = {.enough_at = 1};
        client_status status = call(x, s.address, &h);
        server_end(&s);
        assert_int_equal(h.count, 1);
        assert_true(status.enough);
}

static void nobody_there_is_unavailable(void **state)
{
        fixture *x = *state;
        heard h = {0};
        client_status status = call(x, "127.0.0.1:1", &h);
        assert_int_equal(status.code, GRPC_STATUS_UNAVAILABLE);
        assert_int_equal(h.count, 0);
}

static void a_certificate_file_that_is_missing_is_said(void **state)
{
        fixture *x = *state;
        const client_options options = {.endpoint = "h:1", .ca_file = "/nowhere/ca.pem"};
        assert_null(client_open(&options, &x->f));
        assert_non_null(strstr(x->f.message, "/nowhere/ca.pem"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                FIXTURE_TEST(a_call_carries_token_and_language_and_brings_the_trailers),
                FIXTURE_TEST(a_stream_delivers_each_answer_in_order),
                FIXTURE_TEST(a_stream_ends_when_it_was_enough),
                FIXTURE_TEST(nobody_there_is_unavailable),
                FIXTURE_TEST(a_certificate_file_that_is_missing_is_said),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
