/* The echo server of these tests. */
#include "tests/unit/common/rpc/fixture.h"

#include "proto/echo_descriptors_embedded.h"
#include "sscard/test/v1/echo_service.pb-c.h"

#include <stdio.h>
#include <string.h>

const char ECHO[] = "sscard.test.v1.EchoService/Echo";
const char ECHO_STREAM[] = "sscard.test.v1.EchoService/EchoStream";
const char COUNT[] = "sscard.test.v1.EchoService/Count";

enum { PATIENCE_MS = 20000, LOOK_MS = 2 };

static void handle_echo(rpc_call *call, const ProtobufCMessage *message)
{
        const Echo__EchoRequest *request = (const Echo__EchoRequest *)message;
        Echo__EchoResponse response = ECHO__ECHO_RESPONSE__INIT;
        task *t = rpc_call_task(call);
        if (request->sleep_ms && !task_sleep(t, request->sleep_ms)) return;
        if (request->fail_code) {
                (void)task_fail(t, (failure_kind)request->fail_code, "AS_YOU_WISH", "As asked.");
                return;
        }
        response.text = request->text;
        response.payload = request->payload;
        if (request->reply_bytes > response.payload.len) {
                response.payload.data = arena_zalloc(rpc_call_arena(call), request->reply_bytes);
                response.payload.len = request->reply_bytes;
        }
        rpc_reply(call, &response.base);
}

static void handle_echo_stream(rpc_call *call, const ProtobufCMessage *message)
{
        const Echo__EchoStreamRequest *request = (const Echo__EchoStreamRequest *)message;
        Echo__EchoStreamResponse response = ECHO__ECHO_STREAM_RESPONSE__INIT;
        for (uint32_t i = 0; i < request->count; i++) {
                response.index = i;
                if (!rpc_stream_send(call, &response.base)) return;
        }
        rpc_stream_end(call);
}

/* Says how its metadata came through: the value of "x-long" as the number of calls. */
static void handle_count(rpc_call *call, const ProtobufCMessage *message)
{
        (void)message;
        Echo__CountResponse response = ECHO__COUNT_RESPONSE__INIT;
        response.begun = rpc_call_metadata(call, "x-long").length;
        response.finished = rpc_call_language(call)[0] == 'e';
        rpc_call_add_trailer(call, "x-trailer", "told");
        rpc_reply(call, &response.base);
}

rpc_service echo_service(void)
{
        static const rpc_method methods[] = {
                {.name = "Echo", .kind = RPC_OPEN, .handle = handle_echo},
                {.name = "EchoStream", .kind = RPC_OPEN, .handle = handle_echo_stream},
                {.name = "Count", .kind = RPC_OPEN, .handle = handle_count},
        };
        return (rpc_service){
                .descriptor = &echo__echo_service__descriptor,
                .methods = methods,
                .method_count = ARRAY_LENGTH(methods),
                .descriptor_set = echo_descriptors,
                .descriptor_set_bytes = echo_descriptors_bytes,
        };
}

void fixture_init(fixture *f, bool real, const rpc_server_options *options)
{
        memset(f, 0, sizeof *f);
        random_seeded_init(&f->random, 1);
        clock_manual_init(&f->clock, 1700000000000);
        loop_options wishes = {.clock = real ? clock_system() : &f->clock.base,
                               .random = &f->random.base};
        f->loop = real ? loop_create(&wishes) : loop_create_virtual(&wishes, &f->clock);
        assert_non_null(f->loop);
        rpc_server_options o = options ? *options : (rpc_server_options){0};
        o.listen = "127.0.0.1:0";
        if (!o.drain_limit_ms) o.drain_limit_ms = PATIENCE_MS;
        failure why = {0};
        rpc_service service = echo_service();
        f->server = rpc_server_create(f->loop, &o, &service, 1, &why);
        if (!f->server) fail_msg("%s", why.message);
        rpc_server_start(f->server);
        if (real) {
                char target[32];
                snprintf(target, sizeof target, "127.0.0.1:%u", rpc_server_port(f->server));
                const rpc_peer_options peer = {.target = target};
                f->peer = rpc_peer_create(f->loop, &peer, &why);
        } else {
                f->peer = rpc_peer_create_local(f->server);
        }
        assert_non_null(f->peer);
        task_init(&f->task, f->loop, f);
}

static void on_drained(void *argument)
{
        fixture *f = argument;
        f->drained = true;
        loop_stop(f->loop);
}

void fixture_release(fixture *f)
{
        task_release(&f->task, NULL);
        rpc_peer_destroy(f->peer);
        rpc_server_drain(f->server, on_drained, f);
        if (loop_is_virtual(f->loop))
                loop_run_virtual(f->loop, loop_now_ms(f->loop) + PATIENCE_MS);
        else
                loop_run(f->loop);
        assert_true(f->drained);
        rpc_server_counts counts = rpc_server_count(f->server);
        assert_int_equal(counts.begun, counts.finished);
        assert_int_equal(counts.open, 0);
        rpc_server_destroy(f->server);
        loop_destroy(f->loop);
}

typedef struct watch {
        fixture *f;
        bool (*done)(fixture *f);
        loop_timer timer;
        int64_t until_ms;
} watch;

static void look(loop_timer *timer)
{
        watch *w = timer->data;
        int64_t now_ms = clock_monotonic_ms(loop_clock(w->f->loop));
        if (now_ms > w->until_ms) fail_msg("it does not happen");
        if (w->done(w->f)) {
                loop_release_hold(w->f->loop);
                return;
        }
        loop_timer_start(timer, now_ms + LOOK_MS);
}

/* The server holds the loop, so the test's own end is a stop with the server's hold let go. */
void run_until(fixture *f, bool (*done)(fixture *f))
{
        int64_t until_ms = clock_monotonic_ms(loop_clock(f->loop)) + PATIENCE_MS;
        if (loop_is_virtual(f->loop)) {
                while (!done(f) && loop_now_ms(f->loop) < until_ms)
                        loop_run_virtual(f->loop, loop_now_ms(f->loop) + LOOK_MS);
                assert_true(done(f));
                return;
        }
        watch w = {.f = f, .done = done, .until_ms = until_ms};
        loop_timer_init(f->loop, &w.timer, look, &w);
        loop_timer_start(&w.timer, 0);
        loop_stop(f->loop);
        loop_run(f->loop);
        loop_hold(f->loop);
        loop_timer_close(&w.timer, NULL);
}

static void run_body(task *t)
{
        fixture *f = t->owner;
        f->test(f);
}

static bool is_over(fixture *f)
{
        return task_is_over(&f->task);
}

void run_on_task(fixture *f, int64_t deadline_ms, void (*test)(fixture *f))
{
        f->test = test;
        int64_t at_ms = clock_monotonic_ms(loop_clock(f->loop)) + deadline_ms;
        assert_true(task_start(&f->task, at_ms, run_body, NULL));
        run_until(f, is_over);
}
