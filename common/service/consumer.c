/* The consumers of a service. Must never move a cursor past an event that has not taken effect. */
#include "common/service/consumer.h"

#include "common/service/credentials.h"
#include "common/service/record_service.h"

#include "sscard/internal/v1/record_service.pb-c.h"

#include <string.h>

enum {
        WAIT_MS = 500,     /* at the owner, for something new */
        PAUSE_MS = 250,    /* after something that failed */
        ROUND_MS = 30000,  /* an owner that stands still costs no more */
        PASSED_OVER = 256, /* events without effect until the cursor is stored */
        PARTS_AT_A_TIME = 32,
};

typedef struct follower {
        service_instance *instance;
        const service_consumer *consumer;
        rpc_peer *peer;
        int64_t stored[FEED_PARTS], read[FEED_PARTS]; /* read: looked at, maybe not yet stored */
        bool knows_where;
        bool failed; /* something of this round has to be tried again */
} follower;

/* ---- one part ---- */

typedef struct part_work {
        follower *follower;
        uint8_t part;
        Internal__FeedEvent *const *events;
        size_t count;
        int64_t position; /* where the part stands after them */
} part_work;

static commit_consumes step_of(const part_work *work, int64_t new_seq)
{
        return (commit_consumes){.source = work->follower->consumer->source,
                                 .part = work->part,
                                 .old_seq = work->follower->stored[work->part],
                                 .new_seq = new_seq};
}

/* False: it stays where it is. */
static bool take_one(task *t, const part_work *work, const Internal__FeedEvent *message)
{
        follower *f = work->follower;
        consumer_event event = {.name = message->name,
                                .version = message->version,
                                .type = message->event_type,
                                .at_ms = message->at_milliseconds,
                                .kind = message->kind,
                                .after = bytes_of(message->after.data, message->after.len)};
        if (message->holder.len == ULID_BYTES)
                memcpy(event.holder.bytes, message->holder.data, ULID_BYTES);
        commit_consumes step = step_of(work, message->seq);
        switch (f->consumer->take(t, f->instance, &event, &step)) {
        case CONSUMER_DONE:
                f->stored[work->part] = message->seq;
                return true;
        case CONSUMER_NOTHING:
                return true;
        case CONSUMER_AGAIN:
                break;
        }
        log_warn(f->instance->log, "an event of another service could not be taken over",
                 log_setting("source", f->consumer->source), log_setting("event", event.type),
                 log_number("part", work->part), log_number("seq", message->seq),
                 log_failure(&t->failure));
        failure_clear(&t->failure);
        return false;
}

static void part_run(task *t, void *argument)
{
        part_work *work = argument;
        follower *f = work->follower;
        for (size_t i = 0; i < work->count; i++) {
                if (!take_one(t, work, work->events[i])) {
                        f->failed = true;
                        f->knows_where = false; /* as the database says, not as we hoped */
                        return;
                }
                f->read[work->part] = work->events[i]->seq;
        }
        f->read[work->part] = work->position;
        if (work->position - f->stored[work->part] < PASSED_OVER) return;
        commit_consumes step = step_of(work, work->position);
        if (commit_consume_nothing(t, f->instance->commit, &step) == COMMIT_COMMITTED)
                f->stored[work->part] = work->position;
        else
                f->knows_where = false;
}

/* ---- one round ---- */

static bool ask(task *t, follower *f, const Internal__ReadFeedResponse **response)
{
        TASK_MAY_SUSPEND(t);
        Internal__ReadFeedRequest request = INTERNAL__READ_FEED_REQUEST__INIT;
        request.name = arena_format(&t->arena, "regions/%s", f->instance->directory.region);
        request.positions = f->read;
        request.n_positions = FEED_PARTS;
        request.event_types = (__typeof__(request.event_types))f->consumer->events;
        while (f->consumer->events[request.n_event_types])
                request.n_event_types++;
        request.wait_milliseconds = WAIT_MS;
        rpc_metadata authorization;
        ProtobufCMessage *reply = NULL;
        if (!credentials_metadata(f->instance->credentials, &authorization, &t->failure) ||
            !rpc_peer_call_message(f->peer, t, FEED_METHOD, &request.base,
                                   &internal__read_feed_response__descriptor, &authorization, 1,
                                   &reply))
                return false;
        *response = (const Internal__ReadFeedResponse *)reply;
        return (*response)->n_positions == FEED_PARTS ||
               task_fail(t, FAILURE_INTERNAL, "PEER_ANSWER_MALFORMED",
                         "a feed without its 256 positions");
}

/* Events come part by part: one child for each part that moved, some at a time. */
static bool take_all(task *t, follower *f, const Internal__ReadFeedResponse *response)
{
        TASK_MAY_SUSPEND(t);
        part_work *works = arena_alloc(&t->arena, FEED_PARTS * sizeof *works);
        size_t count = 0, next = 0;
        for (int part = 0; part < FEED_PARTS; part++) {
                size_t first = next;
                while (next < response->n_events && response->events[next]->part == (uint32_t)part)
                        next++;
                if (response->positions[part] <= f->read[part]) continue;
                works[count++] = (part_work){.follower = f,
                                             .part = (uint8_t)part,
                                             .events = response->events + first,
                                             .count = next - first,
                                             .position = response->positions[part]};
        }
        for (size_t done = 0; done < count;) {
                task_group *group = task_group_begin(t);
                for (int i = 0; i < PARTS_AT_A_TIME && done < count; i++)
                        task_group_spawn(group, part_run, &works[done++]);
                if (!task_group_wait(group)) return false;
        }
        return true;
}

static bool round_run(task *t, follower *f)
{
        TASK_MAY_SUSPEND(t);
        const Internal__ReadFeedResponse *response = NULL;
        f->failed = false;
        if (!f->knows_where) {
                if (!commit_consumed(t, f->instance->commit, f->consumer->source, f->stored))
                        return false;
                memcpy(f->read, f->stored, sizeof f->read);
                f->knows_where = true;
        }
        return ask(t, f, &response) && take_all(t, f, response) && !f->failed;
}

typedef struct feed_round {
        follower *follower;
        bool went_well;
} feed_round;

/* What it was doing when its time was up is as the database says. */
static void round_within(task *t, void *argument)
{
        feed_round *r = argument;
        r->went_well = round_run(t, r->follower);
        if (task_is_interrupted(t)) r->follower->knows_where = false;
}

static void follow(task *t, void *argument)
{
        follower *f = argument;
        while (!task_is_interrupted(t)) {
                feed_round r = {.follower = f};
                task_group *group = task_group_begin_within(t, ROUND_MS);
                task_group_spawn(group, round_within, &r);
                bool went_well = task_group_wait(group) && r.went_well;
                if (task_is_interrupted(t)) return;
                failure_clear(&t->failure); /* the owner is away: it is asked again */
                arena_reset(&t->arena);
                if (!went_well && !task_sleep(t, PAUSE_MS)) return;
        }
}

static void run(task *t, service_instance *instance)
{
        TASK_MAY_SUSPEND(t);
        const service_definition *definition = instance->definition;
        follower *followers =
                arena_zalloc(&t->arena, definition->consumer_count * sizeof *followers);
        task_group *group = task_group_begin(t);
        for (size_t i = 0; i < definition->consumer_count; i++) {
                followers[i] = (follower){
                        .instance = instance,
                        .consumer = &definition->consumers[i],
                        .peer = service_instance_peer(instance, definition->consumers[i].source)};
                if (followers[i].peer) task_group_spawn(group, follow, &followers[i]);
        }
        if (!task_group_wait(group)) failure_clear(&t->failure); /* the service ends */
}

const service_job CONSUMER_JOB = {"consumers", run};
