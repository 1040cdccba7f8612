/* Gives this service's record of a holder to its peers, and collects theirs.
 * Must never answer from anything but the database, or a cached record under a believed lease. */
#include "common/service/record_service.h"

#include "common/cache/load.h"
#include "common/service/call.h"
#include "common/service/credentials.h"
#include "common/service/record_copies.h"

#include "proto/internal_descriptors_embedded.h"
#include "sscard/internal/v1/record_service.pb-c.h"

/* ---- the owner's side ---- */

static cache_key record_key(const char *service, uint8_t part, ulid holder)
{
        char text[ULID_TEXT_BYTES + 1];
        cache_key key;
        ulid_format(holder, text);
        cache_key_of_record(&key, part, service, text);
        return key;
}

/* token → database → install: what a cold read costs its owner. */
static bool load_and_install(task *t, service_instance *instance, uint8_t part, ulid holder,
                             Internal__GetRecordResponse *response)
{
        TASK_MAY_SUSPEND(t);
        SCOPED(cache_load) load = {0};
        if (instance->owner) {
                cache_key key = record_key(instance->definition->name, part, holder);
                cache_load_begin(t, instance->owner, &key, &load);
        }
        bool found = false;
        int64_t version = 0;
        bytes record = {NULL, 0};
        if (!instance->definition->load_record(instance, t, part, &holder, &found, &version,
                                               &record))
                return false;
        /* That there is none is cached too, as an empty record: readers of several services would
         * else ask for it again at every question. */
        if (!found) record = bytes_of("", 0);
        if (record.data && instance->owner) cache_load_install(&load, (uint64_t)version, record);
        response->found = found;
        response->version = version;
        response->record.data = (uint8_t *)record.data;
        response->record.len = record.length;
        return true;
}

/* A record with an open case is given to nobody. */
static bool settle_first(task *t, service_instance *instance, ulid holder, bool *settled)
{
        TASK_MAY_SUSPEND(t);
        bool open = false;
        *settled = false;
        if (!instance->definition->settle) return true;
        if (!instance->definition->settle(instance, t, &holder, settled, &open)) return false;
        return !open || task_fail(t, FAILURE_UNAVAILABLE, "CASE_OPEN",
                                  "a change over several services waits for another one");
}

static void get_record(rpc_call *call, const ProtobufCMessage *request)
{
        (void)request;
        task *t = rpc_call_task(call);
        service_call *state = service_call_of(call);
        if (!service_check_collection(call, "holders")) return;
        Internal__GetRecordResponse response = INTERNAL__GET_RECORD_RESPONSE__INIT;
        bool settled = false;
        if (!settle_first(t, state->instance, state->name.id, &settled)) return;
        response.settled = settled;
        if (!load_and_install(t, state->instance, state->part, state->name.id, &response)) return;
        rpc_reply(call, &response.base);
}

/* ---- the feed for other services ---- */

enum { FEED_WAIT_MAX_MS = 1000 };

static bool is_wanted(const Internal__ReadFeedRequest *request, const char *event_type)
{
        for (size_t i = 0; i < request->n_event_types; i++)
                if (strcmp(request->event_types[i], event_type) == 0) return true;
        return false;
}

static Internal__FeedEvent *event_message(arena *a, const feed_event *event)
{
        Internal__FeedEvent *message = arena_alloc(a, sizeof *message);
        internal__feed_event__init(message);
        message->part = event->row.part;
        message->seq = event->row.seq;
        message->name = event->row.name;
        message->version = event->row.version;
        message->event_type = event->row.event;
        message->at_milliseconds = event->row.at;
        if (!event->record) return message;
        message->kind = event->record->kind;
        message->after = event->record->after;
        message->holder = event->record->holder;
        return message;
}

static bool check_positions(rpc_call *call, const Internal__ReadFeedRequest *request,
                            feed_cursor *cursor)
{
        bool fine = request->n_positions == FEED_PARTS;
        for (size_t i = 0; fine && i < FEED_PARTS; i++) {
                cursor->seq[i] = request->positions[i];
                fine = cursor->seq[i] >= 0;
        }
        if (!fine)
                rpc_reply_invalid(call, "positions", "CURSOR_INVALID", "S8",
                                  "positions must have one number for each of the 256 parts");
        return fine;
}

static void read_feed(rpc_call *call, const ProtobufCMessage *message)
{
        const Internal__ReadFeedRequest *request = (const Internal__ReadFeedRequest *)message;
        task *t = rpc_call_task(call);
        arena *a = rpc_call_arena(call);
        feed *f = service_call_of(call)->instance->feed;
        uint32_t wait_ms = request->wait_milliseconds;
        int64_t until_ms =
                loop_now_ms(t->loop) + (wait_ms < FEED_WAIT_MAX_MS ? wait_ms : FEED_WAIT_MAX_MS);
        feed_cursor cursor;
        feed_event *events = NULL;
        size_t count = 0;
        if (!check_positions(call, request, &cursor)) return;
        for (;;) {
                if (!feed_read(t, f, a, &cursor, &events, &count)) return;
                if (count > 0 || loop_now_ms(t->loop) >= until_ms) break;
                if (!feed_wait(t, f)) return;
        }
        Internal__ReadFeedResponse response = INTERNAL__READ_FEED_RESPONSE__INIT;
        response.events = arena_alloc(a, (count + 1) * sizeof *response.events);
        for (size_t i = 0; i < count; i++)
                if (is_wanted(request, events[i].row.event))
                        response.events[response.n_events++] = event_message(a, &events[i]);
        response.positions = cursor.seq;
        response.n_positions = FEED_PARTS;
        rpc_reply(call, &response.base);
}

rpc_service record_service_rpc(void)
{
        static const rpc_method methods[] = {
                {.name = "GetRecord", .kind = RPC_READ, .handle = get_record},
                {.name = "ReadFeed", .kind = RPC_READ, .handle = read_feed},
        };
        return (rpc_service){.descriptor = &internal__record_service__descriptor,
                             .methods = methods,
                             .method_count = ARRAY_LENGTH(methods),
                             .descriptor_set = internal_descriptors,
                             .descriptor_set_bytes = internal_descriptors_bytes};
}

policy_access_span record_service_access(const char *method)
{
        static const policy_access_row rows[] = {
                {.method = "GetRecord", .roles = POLICY_R(SYSTEM), .rule = "S6"},
                {.method = "ReadFeed", .roles = POLICY_R(SYSTEM), .rule = "S8"},
        };
        return policy_access_find(rows, ARRAY_LENGTH(rows), method);
}

/* ---- the reader's side ---- */

typedef struct record_question {
        service_instance *instance;
        rpc_peer *peer;
        ulid holder;
        record_look *look;
        arena *arena; /* of the asking task: where the answer goes */
} record_question;

static void ask_owner(task *t, void *argument)
{
        record_question *q = argument;
        Internal__GetRecordRequest request = INTERNAL__GET_RECORD_REQUEST__INIT;
        request.name = resource_name_format(&t->arena, q->instance->directory.region, "holders",
                                            q->holder);
        rpc_metadata authorization;
        failure f = {0};
        q->look->finding = RECORD_UNKNOWN;
        if (!credentials_metadata(q->instance->credentials, &authorization, &f)) return;
        ProtobufCMessage *reply = NULL;
        if (!rpc_peer_call_message(q->peer, t, RECORD_METHOD, &request.base,
                                   &internal__get_record_response__descriptor, &authorization, 1,
                                   &reply))
                return;
        const Internal__GetRecordResponse *answer = (const Internal__GetRecordResponse *)reply;
        q->look->finding = answer->found ? RECORD_FOUND : RECORD_NOT_FOUND;
        q->look->version = answer->version;
        q->look->settled = answer->settled;
        q->look->packed = bytes_of(arena_copy(q->arena, answer->record.data, answer->record.len),
                                   answer->record.len);
}

static uint32_t peer_count(const service_definition *definition)
{
        uint32_t count = 0;
        while (count < SERVICE_PEERS_MAX && definition->peers[count])
                count++;
        return count;
}

/* What the cache says of those in `wanted` (a bit a peer); the rest stays UNKNOWN for its owner to
 * be asked. */
static bool look_in_cache(task *t, service_instance *instance, ulid holder,
                          int64_t max_staleness_ms, uint32_t wanted, record_look *looks)
{
        TASK_MAY_SUSPEND(t);
        uint32_t services[SERVICE_PEERS_MAX], asked = 0, count = peer_count(instance->definition);
        cache_look found[SERVICE_PEERS_MAX];
        for (uint32_t i = 0; i < count; i++) {
                looks[i] = (record_look){.finding = instance->seams.peers[i] ? RECORD_UNKNOWN
                                                                             : RECORD_ABSENT};
                if (instance->seams.peers[i] && (wanted >> i & 1)) services[asked++] = i;
        }
        if (!instance->reader || asked == 0) return true;
        char text[ULID_TEXT_BYTES + 1];
        ulid_format(holder, text);
        if (!cache_reader_look_up(t, instance->reader, ulid_part(holder), text, services, asked,
                                  max_staleness_ms, found))
                return false;
        for (uint32_t i = 0; i < asked; i++) {
                if (found[i].finding != CACHE_FOUND) continue;
                bool exists = found[i].record.length > 0;
                looks[services[i]] =
                        (record_look){.finding = exists ? RECORD_FOUND : RECORD_NOT_FOUND,
                                      .version = (int64_t)found[i].version,
                                      .packed = found[i].record,
                                      .stale_ms = found[i].stale_ms};
        }
        return true;
}

static record_question question_of(task *t, service_instance *instance, uint32_t peer, ulid holder,
                                   record_look *look)
{
        return (record_question){.instance = instance,
                                 .peer = instance->seams.peers[peer],
                                 .holder = holder,
                                 .look = look,
                                 .arena = &t->arena};
}

/* For reads that allow staleness: what was found is kept, and what could not be found is taken from
 * what was kept. `began_ms`: when all that was found was still true. */
static void use_copies(task *t, service_instance *instance, ulid holder, int64_t began_ms,
                       int64_t max_staleness_ms, uint32_t count, record_look *looks)
{
        for (uint32_t i = 0; i < count; i++) {
                record_look *look = &looks[i];
                if (look->finding == RECORD_FOUND && look->stale_ms == 0)
                        record_copies_keep(instance->copies, i, &holder, look->version,
                                           look->packed, began_ms);
                if (look->finding == RECORD_UNKNOWN &&
                    record_copies_find(instance->copies, &t->arena, i, &holder,
                                       loop_now_ms(t->loop), max_staleness_ms, &look->version,
                                       &look->packed, &look->stale_ms))
                        look->finding = RECORD_FOUND;
        }
}

/* False: the task was interrupted; an owner that is away is a finding. */
static bool ask_owners(task *t, record_question *questions, uint32_t count)
{
        TASK_MAY_SUSPEND(t);
        if (count == 0) return true;
        task_group *group = task_group_begin(t);
        for (uint32_t i = 0; i < count; i++)
                task_group_spawn(group, ask_owner, &questions[i]);
        return task_group_wait(group);
}

static bool look_once(task *t, service_instance *instance, ulid holder, int64_t max_staleness_ms,
                      record_look *looks)
{
        TASK_MAY_SUSPEND(t);
        int64_t began_ms = loop_now_ms(t->loop);
        uint32_t count = peer_count(instance->definition), missing = 0;
        if (!look_in_cache(t, instance, holder, max_staleness_ms, UINT32_MAX, looks)) return false;
        record_question questions[SERVICE_PEERS_MAX];
        for (uint32_t i = 0; i < count; i++)
                if (looks[i].finding == RECORD_UNKNOWN)
                        questions[missing++] = question_of(t, instance, i, holder, &looks[i]);
        if (!ask_owners(t, questions, missing)) return false;
        if (max_staleness_ms > 0)
                use_copies(t, instance, holder, began_ms, max_staleness_ms, count, looks);
        return true;
}

static bool was_settled(const service_instance *instance, const record_look *looks)
{
        for (uint32_t i = 0; i < peer_count(instance->definition); i++)
                if (looks[i].settled) return true;
        return false;
}

enum { LOOKS_MAX = 3 };

bool record_look_up(task *t, service_instance *instance, uint8_t part, ulid holder,
                    int64_t max_staleness_ms, record_look *looks)
{
        TASK_MAY_SUSPEND(t);
        assert(part == ulid_part(holder));
        for (int i = 1;; i++) {
                if (!look_once(t, instance, holder, max_staleness_ms, looks)) return false;
                if (!was_settled(instance, looks)) return true;
                if (i < LOOKS_MAX) continue; /* what was read beside it may be older */
                for (uint32_t peer = 0; peer < peer_count(instance->definition); peer++)
                        looks[peer].finding = RECORD_UNKNOWN;
                return true;
        }
}

/* ---- one peer ---- */

static uint32_t peer_index(const service_definition *definition, const char *name)
{
        uint32_t index = 0;
        while (strcmp(definition->peers[index], name) != 0)
                index++;
        return index;
}

bool record_of_peer(task *t, service_instance *instance, const char *peer, ulid holder,
                    record_look *look)
{
        TASK_MAY_SUSPEND(t);
        record_look looks[SERVICE_PEERS_MAX];
        uint32_t index = peer_index(instance->definition, peer);
        if (!look_in_cache(t, instance, holder, 0, (uint32_t)1 << index, looks)) return false;
        *look = looks[index];
        if (look->finding != RECORD_UNKNOWN) return true;
        record_question question = question_of(t, instance, index, holder, look);
        ask_owner(t, &question);
        failure_clear(&t->failure); /* the finding says it */
        return !task_is_interrupted(t);
}

void service_answer_owner_away(rpc_call *call, const char *peer, record_finding finding)
{
        bool absent = finding == RECORD_ABSENT;
        rpc_error error = {.status = FAILURE_UNAVAILABLE,
                           .reason = absent ? "SERVICE_ABSENT" : "OWNER_UNAVAILABLE",
                           .message = arena_format(rpc_call_arena(call),
                                                   absent ? "the %s service is not part of this "
                                                            "deployment"
                                                          : "the %s service cannot be asked now; "
                                                            "nothing is said rather than "
                                                            "something old",
                                                   peer),
                           .rule = absent ? "S5" : "S6",
                           .text = {"暂时无法办理，请稍后再试",
                                    "It cannot be done now; please try again soon."},
                           .retry_after_ms = absent ? 0 : 500};
        rpc_reply_error(call, &error);
}

bool service_peer_record(rpc_call *call, const char *peer, ulid holder, record_look *look)
{
        TASK_MAY_SUSPEND(rpc_call_task(call));
        service_instance *instance = service_call_of(call)->instance;
        if (!record_of_peer(rpc_call_task(call), instance, peer, holder, look)) return false;
        if (look->finding == RECORD_FOUND || look->finding == RECORD_NOT_FOUND) return true;
        service_answer_owner_away(call, peer, look->finding);
        return false;
}
