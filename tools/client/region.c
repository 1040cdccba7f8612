/* A running region, for tools that play several people in it. */
#include "tools/client/region.h"

#include "common/base/clock.h"
#include "google/protobuf/duration.pb-c.h"
#include "google/rpc/error_details.pb-c.h"
#include "google/rpc/status.pb-c.h"
#include "tools/sscardctl/message_json.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <time.h>

enum { PAUSE_STEP_MS = 100 };

static const char *const SERVICE_NAMES[REGION_SERVICE_COUNT] = {"card", "status", "credential",
                                                                "bank", "ecard"};

static bool has_endpoint(const context *ctx, const char *service)
{
        const json_t *services = json_object_get(ctx->document, "services");
        return json_is_string(json_object_get(services, service));
}

static bool open_clients(region *r, failure *f)
{
        client_options options = {.ca_file = context_file(&r->ctx, "ca_file", &r->lasting),
                                  .certificate_file =
                                          context_file(&r->ctx, "certificate_file", &r->lasting),
                                  .key_file = context_file(&r->ctx, "key_file", &r->lasting)};
        for (int i = 0; i < REGION_SERVICE_COUNT; i++) {
                if (i != REGION_CARD && !has_endpoint(&r->ctx, SERVICE_NAMES[i])) continue;
                options.endpoint = context_endpoint(&r->ctx, SERVICE_NAMES[i], f);
                r->clients[i] = options.endpoint ? client_open(&options, f) : NULL;
                if (!r->clients[i]) return false;
        }
        return true;
}

bool region_open(region *r, const char *context_file_name, failure *f)
{
        *r = (region){0};
        if (!context_load(&r->ctx, context_file_name, &r->lasting, f)) return false;
        if (*r->ctx.path == '\0')
                return failure_set(f, FAILURE_FAILED_PRECONDITION, "CONTEXT_UNUSABLE",
                                   "no context: start a region with ./suite up, or name one with "
                                   "--context FILE");
        if (r->ctx.production)
                return failure_set(f, FAILURE_PERMISSION_DENIED, "CONTEXT_UNUSABLE",
                                   "context %s is a production region: nobody plays there",
                                   r->ctx.path);
        const char *keys = context_file(&r->ctx, "keys", &r->lasting);
        if (!keys)
                return failure_set(f, FAILURE_FAILED_PRECONDITION, "CONTEXT_UNUSABLE",
                                   "context %s names no folder of development keys", r->ctx.path);
        r->signer = token_signer_load(arena_format(&r->lasting, "%s/token-signing.jwk", keys), f);
        return r->signer && open_clients(r, f);
}

void region_release(region *r)
{
        for (int i = 0; i < REGION_SERVICE_COUNT; i++)
                client_close(r->clients[i]);
        token_signer_destroy(r->signer);
        context_release(&r->ctx);
        arena_release(&r->lasting);
}

int64_t region_now_microseconds(void)
{
        struct timespec now;
        int result = clock_gettime(CLOCK_MONOTONIC, &now);
        assert(result == 0);
        return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool is_interrupted(const region *r)
{
        return r->interrupted && *r->interrupted;
}

bool region_pause(const region *r, int64_t milliseconds)
{
        while (milliseconds > 0 && !is_interrupted(r)) {
                int64_t step = milliseconds < PAUSE_STEP_MS ? milliseconds : PAUSE_STEP_MS;
                struct timespec wait = {.tv_nsec = step * 1000000};
                nanosleep(&wait, NULL);
                milliseconds -= step;
        }
        return !is_interrupted(r);
}

/* Where the one answer of a unary call goes. */
typedef struct receipt {
        arena *a;
        const ProtobufCMessageDescriptor *type;
        ProtobufCMessage *body;
} receipt;

static bool keep_answer(void *argument, const uint8_t *data, size_t size)
{
        receipt *into = argument;
        into->body = message_unpack(into->a, into->type, data, size);
        return true;
}

static ProtobufCMessage *unpack_detail(arena *a, const Google__Protobuf__Any *any,
                                       const ProtobufCMessageDescriptor *type)
{
        const char *name = strrchr(any->type_url, '/');
        if (strcmp(name ? name + 1 : any->type_url, type->name) != 0) return NULL;
        return message_unpack(a, type, any->value.data, any->value.len);
}

static void keep_error_info(arena *a, const GoogleRpc__ErrorInfo *info, region_answer *answer)
{
        region_metadata *entries = arena_alloc(a, (info->n_metadata + 1) * sizeof *entries);
        for (size_t i = 0; i < info->n_metadata; i++) {
                entries[i] = (region_metadata){info->metadata[i]->key, info->metadata[i]->value};
                if (strcmp(entries[i].key, "rule") == 0) answer->rule = entries[i].value;
        }
        answer->reason = info->reason;
        answer->metadata = entries;
        answer->metadata_count = info->n_metadata;
}

static void read_details(arena *a, const client_status *status, region_answer *answer)
{
        if (!status->details) return;
        const GoogleRpc__Status *rich = (const GoogleRpc__Status *)message_unpack(
                a, &google_rpc__status__descriptor, status->details, status->details_bytes);
        for (size_t i = 0; rich && i < rich->n_details; i++) {
                const Google__Protobuf__Any *any = rich->details[i];
                const void *found = unpack_detail(a, any, &google_rpc__error_info__descriptor);
                if (found) keep_error_info(a, found, answer);
                found = unpack_detail(a, any, &common__refusal__descriptor);
                if (found) answer->refusal = found;
                found = unpack_detail(a, any, &google_rpc__localized_message__descriptor);
                if (found) answer->text = ((const GoogleRpc__LocalizedMessage *)found)->message;
                found = unpack_detail(a, any, &google_rpc__retry_info__descriptor);
                const GoogleRpc__RetryInfo *retry = found;
                if (retry && retry->retry_delay)
                        answer->retry_after_ms = retry->retry_delay->seconds * 1000 +
                                                 retry->retry_delay->nanos / 1000000;
        }
        if (answer->refusal && *answer->refusal->rule) answer->rule = answer->refusal->rule;
}

static const char *token_of(region *r, const token_claims *caller, arena *a, failure *f)
{
        token_claims claims = *caller;
        claims.region = r->ctx.region;
        claims.issued_unix_seconds = clock_wall_ms(clock_system()) / 1000;
        return token_issue(r->signer, &claims, a, f);
}

void region_call_run(region *r, const region_call *call, arena *a, region_answer *answer)
{
        assert(r->clients[call->service]);
        *answer = (region_answer){.message = "", .text = "", .reason = "", .rule = ""};
        failure f = {0};
        const char *token = token_of(r, call->caller, a, &f);
        if (!token) {
                answer->code = (int)f.kind;
                answer->message = answer->text = arena_strdup(a, f.message);
                answer->reason = f.reason;
                return;
        }
        size_t size = protobuf_c_message_get_packed_size(call->request);
        uint8_t *request = arena_alloc(a, size + 1);
        protobuf_c_message_pack(call->request, request);
        receipt into = {.a = a, .type = call->answer};
        client_call wire = {.path = call->path,
                            .token = token,
                            .language = call->language,
                            .request = request,
                            .request_bytes = size,
                            .timeout_ms = call->timeout_ms,
                            .interrupted = r->interrupted,
                            .answer = keep_answer,
                            .argument = &into};
        client_status status;
        int64_t began = region_now_microseconds();
        client_run(r->clients[call->service], &wire, a, &status);
        answer->microseconds = region_now_microseconds() - began;
        answer->code = status.code;
        answer->replayed = status.replayed;
        answer->message = answer->text = status.message;
        if (status.code != 0) {
                read_details(a, &status, answer);
        } else if (into.body) {
                answer->body = into.body;
        } else {
                answer->code = FAILURE_INTERNAL;
                answer->message = answer->text = "the answer cannot be read";
        }
}

bool region_answer_may_be_repeated(const region_answer *answer)
{
        switch (answer->code) {
        case FAILURE_UNAVAILABLE:
        case FAILURE_RESOURCE_EXHAUSTED:
        case FAILURE_DEADLINE_EXCEEDED:
                return true;
        default:
                return false;
        }
}

const char *region_answer_metadata(const region_answer *answer, const char *key)
{
        for (size_t i = 0; i < answer->metadata_count; i++)
                if (strcmp(answer->metadata[i].key, key) == 0) return answer->metadata[i].value;
        return "";
}
