/* GetClock and AdvanceClock. Must never move tokens, deadlines or leases: those clocks are real. */
#include "common/service/sandbox/sandbox_service.h"

#include "common/service/call.h"
#include "common/service/message.h"
#include "common/service/sandbox/sandbox_advance.h"

#include "proto/sandbox_descriptors_embedded.h"
#include "sscard/dev/v1/sandbox_service.pb-c.h"

#define AHEAD_MAX_MS (INT64_C(36525) * 24 * 60 * 60 * 1000) /* a hundred years */
#define SECONDS_MAX (INT64_MAX / 1000 / 4)

static const sandbox_clock *clock_of(const service_call *state)
{
        return sandbox_clock_of(loop_clock(state->instance->seams.loop));
}

static int64_t now_on(const sandbox_clock *clock)
{
        return clock_business_ms(&clock->base);
}

/* ---- what it shows ---- */

static Sandbox__Clock *show_clock(rpc_call *call)
{
        TASK_MAY_SUSPEND(rpc_call_task(call));
        const service_call *state = service_call_of(call);
        arena *a = rpc_call_arena(call);
        int64_t waiting, next_due;
        if (!timer_job_waiting(rpc_call_task(call), state->instance->timers, &waiting, &next_due))
                return NULL;
        Sandbox__Clock *shown = arena_alloc(a, sizeof *shown);
        sandbox__clock__init(shown);
        shown->name = arena_format(a, "regions/%s", state->instance->directory.region);
        shown->now = message_timestamp(a, now_on(clock_of(state)));
        shown->timers_waiting = waiting;
        if (waiting > 0) shown->next_timer_at = message_timestamp(a, next_due);
        return shown;
}

static void handle_get_clock(rpc_call *call, const ProtobufCMessage *request)
{
        (void)request;
        if (!service_check_collection(call, "")) return;
        const Sandbox__Clock *shown = show_clock(call);
        if (shown) rpc_reply(call, &shown->base);
}

/* ---- where it shall go ---- */

static bool refuse_target(rpc_call *call, const char *reason, const char *field, const char *why)
{
        rpc_reply_invalid(call, field, reason, "N12", "%s", why);
        return false;
}

static bool read_until(rpc_call *call, int64_t seconds, int32_t nanos, int64_t from_ms,
                       const char *field, sandbox_target *target)
{
        const sandbox_clock *clock = clock_of(service_call_of(call));
        if (seconds > SECONDS_MAX) seconds = SECONDS_MAX;
        if (seconds < -SECONDS_MAX) seconds = -SECONDS_MAX;
        target->until_ms = from_ms + seconds * 1000 + nanos / 1000000;
        if (target->until_ms < now_on(clock))
                return refuse_target(call, "CLOCK_ADVANCE_BACKWARD", field,
                                     "a sandbox clock only goes forward");
        if (target->until_ms - clock_wall_ms(&clock->base) > AHEAD_MAX_MS)
                return refuse_target(call, "CLOCK_ADVANCE_TOO_FAR", field,
                                     "a sandbox clock goes at most 100 years ahead of real time");
        return true;
}

static bool read_target(rpc_call *call, const Sandbox__AdvanceClockRequest *request,
                        sandbox_target *target)
{
        int64_t now = now_on(clock_of(service_call_of(call)));
        *target = (sandbox_target){0};
        switch (request->target_case) {
        case SANDBOX__ADVANCE_CLOCK_REQUEST__TARGET_BY:
                return read_until(call, request->by->seconds, request->by->nanos, now, "by",
                                  target);
        case SANDBOX__ADVANCE_CLOCK_REQUEST__TARGET_UNTIL:
                return read_until(call, request->until->seconds, request->until->nanos, 0, "until",
                                  target);
        case SANDBOX__ADVANCE_CLOCK_REQUEST__TARGET_NEXT_TIMER:
                target->next_timer = request->next_timer;
                break;
        default:
                break;
        }
        return target->next_timer ||
               refuse_target(call, "CLOCK_ADVANCE_REQUIRED", "by",
                             "one of by, until and next_timer says how far the clock shall go");
}

/* ---- going there ---- */

static void refuse_second(rpc_call *call)
{
        rpc_error error = {.status = FAILURE_ABORTED,
                           .reason = "CLOCK_ADVANCE_RUNNING",
                           .message = "another call is moving the clock",
                           .rule = "N12",
                           .text = {"另一个请求正在拨动时钟，请稍后重试",
                                    "Another call is moving the clock; please try again."},
                           .retry_after_ms = 200};
        rpc_reply_error(call, &error);
}

/* The clock stays where it got to: asking for the same instant again goes on from there. */
static void tell_unfinished(rpc_call *call, const sandbox_journey *journey)
{
        const failure *f = &rpc_call_task(call)->failure;
        arena *a = rpc_call_arena(call);
        rpc_error error = {
                .status = (int)f->kind,
                .reason = f->reason,
                .message = f->message,
                .rule = "N12",
                .text = {"时钟未拨到指定时间，请以相同的 until 重试",
                         "The clock did not get there; ask for the same `until` again."},
                .details = {{"now_unix_ms", arena_format(a, "%lld", (long long)journey->now_ms)},
                            {"timers_fired",
                             arena_format(a, "%llu", (unsigned long long)journey->timers_fired)}},
                .detail_count = 2};
        rpc_reply_error(call, &error);
}

typedef struct clock_save {
        const sandbox_clock *clock;
        bool done;
} clock_save;

static void save_clock(void *argument)
{
        clock_save *save = argument;
        save->done = sandbox_clock_save(save->clock);
}

static bool save(rpc_call *call, const sandbox_clock *clock)
{
        task *t = rpc_call_task(call);
        TASK_MAY_SUSPEND(t);
        clock_save save = {.clock = clock};
        if (!task_offload(t, save_clock, &save)) return false;
        return save.done || task_fail(t, FAILURE_UNAVAILABLE, "CLOCK_NOT_SAVED",
                                      "The clock was moved, but could not be written to the disk.");
}

static void handle_advance_clock(rpc_call *call, const ProtobufCMessage *message)
{
        const service_call *state = service_call_of(call);
        const sandbox_clock *clock = clock_of(state);
        sandbox_target target;
        sandbox_journey journey;
        if (!service_check_collection(call, "")) return;
        if (!read_target(call, (const Sandbox__AdvanceClockRequest *)message, &target)) return;
        if (sandbox_clock_is_held(clock)) {
                refuse_second(call);
                return;
        }
        if (!sandbox_advance(rpc_call_task(call), state->instance->timers, clock, &target,
                             &journey)) {
                tell_unfinished(call, &journey);
                return;
        }
        if (!save(call, clock)) return;
        Sandbox__AdvanceClockResponse response = SANDBOX__ADVANCE_CLOCK_RESPONSE__INIT;
        response.clock = show_clock(call);
        response.timers_fired = (int64_t)journey.timers_fired;
        if (response.clock) rpc_reply(call, &response.base);
}

/* ---- as a service ---- */

rpc_service sandbox_service_rpc(void)
{
        static const rpc_method methods[] = {
                {.name = "GetClock", .kind = RPC_READ, .handle = handle_get_clock},
                {.name = "AdvanceClock", .kind = RPC_READ, .handle = handle_advance_clock},
        };
        return (rpc_service){.descriptor = &sandbox__sandbox_service__descriptor,
                             .methods = methods,
                             .method_count = ARRAY_LENGTH(methods),
                             .descriptor_set = sandbox_descriptors,
                             .descriptor_set_bytes = sandbox_descriptors_bytes};
}

policy_access_span sandbox_service_access(void)
{
        static const policy_access_row rows[] = {
                {.method = "AdvanceClock", .roles = POLICY_R(SYSTEM), .rule = "N12"},
                {.method = "GetClock", .roles = POLICY_R(SYSTEM), .rule = "N12"},
        };
        return (policy_access_span){rows, ARRAY_LENGTH(rows)};
}
