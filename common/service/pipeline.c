/* The pipeline: this order is written here, once, for all services.
 * Must never know what a service is about: it sees names, contexts, rows and plans. */
#include "common/service/pipeline.h"

#include "common/identity/access.h"
#include "common/service/again.h"
#include "common/service/approval.h"
#include "common/service/message.h"
#include "common/service/record_service.h"

#include <string.h>

/* ---- plans ---- */

static bool text_is_field(const ProtobufCFieldDescriptor *field)
{
        return field && field->type == PROTOBUF_C_TYPE_STRING &&
               field->label != PROTOBUF_C_LABEL_REPEATED;
}

static const ProtobufCFieldDescriptor *name_field(const ProtobufCMessageDescriptor *type)
{
        static const char *const names[] = {"name", "parent"};
        for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
                const ProtobufCFieldDescriptor *field =
                        protobuf_c_message_descriptor_get_field_by_name(type, names[i]);
                if (text_is_field(field)) return field;
        }
        return NULL;
}

static const ProtobufCFieldDescriptor *message_field(const ProtobufCMessageDescriptor *type,
                                                     const char *name,
                                                     const ProtobufCMessageDescriptor *of)
{
        const ProtobufCFieldDescriptor *field =
                protobuf_c_message_descriptor_get_field_by_name(type, name);
        return field && field->type == PROTOBUF_C_TYPE_MESSAGE && field->descriptor == of ? field
                                                                                          : NULL;
}

bool pipeline_prepare(const service_definition *definition, const rpc_method *method,
                      method_plan *plan, failure *f)
{
        static const service_method plain = {0};
        *plan = (method_plan){.method = method,
                              .declaration = method->declaration ? method->declaration : &plain};
        if (method->kind == RPC_OPEN) return true;
        const char *name = method->name;
        plan->access = policy_access_find(definition->access, definition->access_count, name);
        if (strncmp(method->full_name, RECORD_SERVICE, strlen(RECORD_SERVICE)) == 0)
                plan->access = record_service_access(name);
        if (plan->access.count == 0)
                return failure_set(f, FAILURE_INTERNAL, "NO_ACCESS_ROW",
                                   "%s has no row in the access table", method->full_name);
        plan->name = name_field(method->request_type);
        plan->context = message_field(method->request_type, "context",
                                      &common__request_context__descriptor);
        const ProtobufCFieldDescriptor *purpose =
                protobuf_c_message_descriptor_get_field_by_name(method->request_type, "purpose");
        if (purpose && purpose->type == PROTOBUF_C_TYPE_ENUM &&
            purpose->descriptor == &common__purpose__descriptor)
                plan->purpose = purpose;
        plan->options = message_field(method->request_type, "read_options",
                                      &common__read_options__descriptor);
        if (method->kind == RPC_MUTATION && !plan->context)
                return failure_set(f, FAILURE_INTERNAL, "NO_CONTEXT",
                                   "%s is a mutation without RequestContext", method->full_name);
        return true;
}

static const method_plan *plan_of(const rpc_call *call)
{
        const service_instance *instance = rpc_call_context(call);
        const rpc_method *method = rpc_call_method(call);
        assert(method->kind != RPC_OPEN && method->index < instance->plan_count);
        return &instance->plans[method->index];
}

/* ---- who ---- */

/* "<issuer> <subject>": one key in every region. */
static const char *caller_key_of(arena *a, const caller *c)
{
        size_t issuer = strlen(c->issuer), subject = strlen(c->subject);
        char *key = arena_alloc(a, issuer + subject + 2);
        memcpy(key, c->issuer, issuer);
        key[issuer] = ' ';
        memcpy(key + issuer + 1, c->subject, subject + 1);
        return key;
}

static bool stage_who(rpc_call *call, service_call *state)
{
        failure f = {0};
        arena *a = rpc_call_arena(call);
        if (!token_verify(state->instance->tokens, rpc_call_metadata(call, "authorization"), a,
                          &state->caller, &f)) {
                rpc_reply_failure(call, &f);
                return false;
        }
        state->caller_key = caller_key_of(a, state->caller);
        return true;
}

/* ---- what the request says of itself ---- */

static const char *text_at(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
        const char *text = *(const char *const *)((const char *)message + field->offset);
        return text ? text : "";
}

/* A member of a oneof counts only while it is the one that is set. */
static bool field_is_set(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
        if (!(field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)) return true;
        uint32_t which;
        memcpy(&which, (const char *)message + field->quantifier_offset, sizeof which);
        return which == field->id;
}

static bool read_name(rpc_call *call, service_call *state, const method_plan *plan)
{
        if (!plan->name || !field_is_set(rpc_call_request(call), plan->name)) return true;
        const char *text = text_at(rpc_call_request(call), plan->name), *why = NULL;
        if (!resource_name_parse(text, &state->name, &why)) {
                rpc_reply_invalid(call, plan->name->name,
                                  *text ? "RESOURCE_NAME_INVALID" : "RESOURCE_NAME_MISSING", NULL,
                                  "%s %s", plan->name->name, *text ? why : "is required");
                return false;
        }
        state->has_name = true;
        if (state->name.has_id) {
                state->has_part = true;
                state->part = ulid_part(state->name.id);
        }
        return true;
}

static bool read_request_id(rpc_call *call, service_call *state)
{
        const char *id = state->context.request_id;
        size_t length = strlen(id);
        if (length == 0) {
                rpc_reply_invalid(call, "context.request_id", "REQUEST_ID_REQUIRED", "S1",
                                  "context.request_id is required for a change");
                return false;
        }
        bool plain = length >= 16 && length <= 64;
        for (const char *c = id; plain && *c; c++)
                plain = (*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') ||
                        (*c >= 'A' && *c <= 'Z') || *c == '-';
        if (!plain)
                rpc_reply_invalid(call, "context.request_id", "REQUEST_ID_MALFORMED", "S1",
                                  "context.request_id must be a UUID or ULID: 16 to 64 letters, "
                                  "digits and hyphens");
        return plain;
}

static void read_channel(service_call *state, int channel)
{
        assert(channel >= 0 && channel < POLICY_CHANNEL_COUNT); /* the server lets no other in */
        state->context.channel = (policy_channel)channel;
}

static const void *message_at(const ProtobufCMessage *message,
                              const ProtobufCFieldDescriptor *field)
{
        return *(const void *const *)((const char *)message + field->offset);
}

enum { NOTE_MAX = 512, OUTLET_MAX = 32, CASE_MAX = 64, ETAG_MAX = 32 };

static bool text_fits(rpc_call *call, const char *field, const char *text, size_t bytes_max)
{
        if (strnlen(text, bytes_max + 1) <= bytes_max) return true;
        rpc_reply_invalid(call, field, "TEXT_TOO_LONG", NULL, "%s may have at most %zu bytes",
                          field, bytes_max);
        return false;
}

static bool read_request_context(rpc_call *call, service_call *state, const method_plan *plan)
{
        const Common__RequestContext *context = message_at(rpc_call_request(call), plan->context);
        if (context) {
                state->context.message = context;
                state->context.request_id = context->request_id;
                state->context.outlet = context->outlet;
                state->context.etag = context->etag;
                state->context.case_reference = context->case_reference;
                state->context.note = context->operator_note;
                state->context.validate_only = context->validate_only;
                read_channel(state, (int)context->channel);
                if (!text_fits(call, "context.operator_note", context->operator_note, NOTE_MAX) ||
                    !text_fits(call, "context.outlet", context->outlet, OUTLET_MAX) ||
                    !text_fits(call, "context.etag", context->etag, ETAG_MAX) ||
                    !text_fits(call, "context.case_reference", context->case_reference, CASE_MAX))
                        return false;
        }
        return plan->method->kind != RPC_MUTATION || state->context.validate_only ||
               read_request_id(call, state);
}

static const char *purpose_name(Common__Purpose purpose)
{
        const ProtobufCEnumValue *value =
                protobuf_c_enum_descriptor_get_value(&common__purpose__descriptor, (int)purpose);
        static const char prefix[] = "PURPOSE_";
        return value && value->value != 0 ? value->name + sizeof prefix - 1 : "";
}

enum { STALENESS_MAX_SECONDS = 3600 };

static bool read_staleness(rpc_call *call, service_call *state,
                           const Google__Protobuf__Duration *duration)
{
        if (!duration) return true;
        if (message_span_read(duration, STALENESS_MAX_SECONDS, &state->context.max_staleness_ms))
                return true;
        rpc_reply_invalid(call, "read_options.max_staleness", "STALENESS_INVALID", "S6",
                          "read_options.max_staleness must be between 0 and one hour");
        return false;
}

/* A purpose in the request itself counts more than that of its options. */
static void read_purpose(rpc_call *call, service_call *state, const method_plan *plan)
{
        if (!plan->purpose) return;
        const void *at = (const char *)rpc_call_request(call) + plan->purpose->offset;
        state->context.purpose = purpose_name(*(const Common__Purpose *)at);
}

static bool read_read_options(rpc_call *call, service_call *state, const method_plan *plan)
{
        const Common__ReadOptions *options = message_at(rpc_call_request(call), plan->options);
        if (!options) return true;
        state->context.outlet = options->outlet;
        state->context.case_reference = options->case_reference;
        state->context.purpose = purpose_name(options->purpose);
        read_channel(state, (int)options->channel);
        return text_fits(call, "read_options.outlet", options->outlet, OUTLET_MAX) &&
               text_fits(call, "read_options.case_reference", options->case_reference, CASE_MAX) &&
               read_staleness(call, state, options->max_staleness);
}

static bool read_context(rpc_call *call, service_call *state, const method_plan *plan)
{
        state->context = (service_request_context){.request_id = "",
                                                   .outlet = "",
                                                   .etag = "",
                                                   .case_reference = "",
                                                   .purpose = "",
                                                   .note = ""};
        if (plan->context) return read_request_context(call, state, plan);
        bool fine = !plan->options || read_read_options(call, state, plan);
        read_purpose(call, state, plan);
        return fine;
}

/* ---- may ---- */

void service_refuse_access(rpc_call *call, const policy_access_result *result)
{
        policy_details details = {0};
        policy_detail view[POLICY_DETAILS_MAX];
        const policy_refusal *refusal = policy_access_refusal(result, &details);
        rpc_refuse(call, refusal, view, policy_details_view(&details, view, ARRAY_LENGTH(view)));
}

/* A change at a counter is made at one outlet; which, only the caller can say. */
static bool check_outlet(rpc_call *call, const service_call *state)
{
        static const policy_channels counters =
                POLICY_C(BRANCH) | POLICY_C(BANK_BRANCH) | POLICY_C(SELF_SERVICE);
        if (state->caller->outlet_count < 2 || *state->who.outlet != '\0' ||
            !policy_channels_have(counters, state->who.channel))
                return true;
        rpc_reply_invalid(call, "context.outlet", "OUTLET_REQUIRED", "S7",
                          "context.outlet must name one of the outlets that the credentials list");
        return false;
}

static bool stage_may(rpc_call *call, service_call *state, const method_plan *plan)
{
        if (!approval_read(call, state)) return false;
        access_choice choice = {.channel = state->context.channel,
                                .outlet = state->context.outlet,
                                .purpose = state->context.purpose,
                                .approver = state->approver,
                                .request_hash = state->approver ? &state->request_hash : NULL};
        access_fault fault = access_choose(state->caller, &choice, &state->who);
        if (fault != ACCESS_FAULT_NONE) {
                rpc_reply_error(call, &(rpc_error){.status = FAILURE_PERMISSION_DENIED,
                                                   .reason = access_fault_reason(fault),
                                                   .message = "the credentials do not allow what "
                                                              "the request chooses"});
                return false;
        }
        if (state->pack) state->who.channels_closed = pack_channels_closed(state->pack);
        if (plan->method->kind == RPC_MUTATION && !check_outlet(call, state)) return false;
        if (*state->context.case_reference)
                state->who.has_case_reference = true;
        else
                state->context.case_reference = state->caller->case_reference;
        state->access = policy_access_evaluate(plan->access, &state->who);
        if (state->access.verdict == POLICY_ACCESS_DENY) {
                service_refuse_access(call, &state->access);
                return false;
        }
        state->who.role = state->access.role;
        return true;
}

bool service_check_access(rpc_call *call, bytes identity_hash, const char *bank)
{
        service_call *state = service_call_of(call);
        state->who.is_holder =
                !state->caller->actor_has_identity
                        ? POLICY_NO
                        : policy_ternary_of(bytes_equal(
                                  identity_hash,
                                  bytes_of(state->caller->actor_identity.bytes, DIGEST_BYTES)));
        state->who.bank_is_own = bank && state->who.bank
                                         ? policy_ternary_of(strcmp(bank, state->who.bank) == 0)
                                         : POLICY_UNKNOWN;
        policy_access_result settled = policy_access_settle(&state->access, &state->who);
        if (settled.verdict == POLICY_ACCESS_ALLOW) return true;
        service_refuse_access(call, &settled);
        return false;
}

/* ---- where ---- */

static bool stage_where(rpc_call *call, service_call *state)
{
        if (!state->has_name) return true;
        switch (route_find(&state->instance->directory, &state->name)) {
        case ROUTE_HERE:
                return true;
        case ROUTE_UNKNOWN_REGION:
                break;
        }
        rpc_error error = {.status = FAILURE_NOT_FOUND,
                           .reason = "REGION_UNKNOWN",
                           .message = "the region in the resource name is not known here",
                           .rule = "S4",
                           .text = {"本服务不认识该资源所属的地区",
                                    "The region in the resource name is not known here."},
                           .details = {{"owning_region", state->name.region}},
                           .detail_count = 1};
        rpc_reply_error(call, &error);
        return false;
}

/* ---- again? ---- */

static void refuse_running(rpc_call *call)
{
        rpc_error error = {.status = FAILURE_ABORTED,
                           .reason = "OPERATION_RUNNING",
                           .message = "the first attempt with this request_id is still running",
                           .rule = "S1",
                           .text = {"该请求的首次处理尚未结束，请稍后重试",
                                    "The first attempt of this request is still running."},
                           .retry_after_ms = 200};
        rpc_reply_error(call, &error);
}

static bool stage_again(rpc_call *call, service_call *state, const method_plan *plan)
{
        TASK_MAY_SUSPEND(rpc_call_task(call));
        if (plan->method->kind != RPC_MUTATION) return true;
        service_part_of part_of = plan->declaration->part_of;
        if (part_of) {
                if (!part_of(call, rpc_call_request(call), &state->part)) return false;
                state->has_part = true;
        }
        if (!state->has_part) {
                rpc_reply_invalid(call, plan->name ? plan->name->name : "name",
                                  "RESOURCE_NAME_INVALID", NULL, "the resource must have an id");
                return false;
        }
        if (state->context.validate_only) return true; /* S3: never stored, never looked up */
        state->key = (idempotency_key){.part = state->part,
                                       .caller = state->caller_key,
                                       .method = plan->method->full_name,
                                       .request_id = state->context.request_id};
        if (!idempotency_hash_request(state->instance->commit, rpc_call_request_bytes(call),
                                      state->key.request_hash)) {
                rpc_reply_invalid(call, "", "REQUEST_MALFORMED", NULL, "not a protobuf message");
                return false;
        }
        task *t = rpc_call_task(call);
        commit_answer first;
        idempotency_verdict verdict;
        if (!idempotency_begin(t, state->instance->commit, &state->key, &state->attempt, &verdict,
                               &first)) {
                rpc_reply_failure(call, &t->failure);
                return false;
        }
        switch (verdict) {
        case IDEMPOTENCY_NEW:
                return true;
        case IDEMPOTENCY_REPEATED:
                again_reply_first(call, &first);
                return false;
        case IDEMPOTENCY_REUSED:
                again_refuse_reused(call);
                return false;
        case IDEMPOTENCY_RUNNING:
                break;
        }
        refuse_running(call);
        return false;
}

/* ---- seen ---- */

static void stage_seen(rpc_call *call, service_call *state, const method_plan *plan)
{
        task *t = rpc_call_task(call);
        TASK_MAY_SUSPEND(t);
        bool preview = plan->method->kind == RPC_MUTATION && state->context.validate_only;
        if ((!plan->declaration->audited && !preview) || state->about_nobody) return;
        if (state->who.role == POLICY_ROLE_SYSTEM)
                return; /* written down where the caller came in */
        if (!state->instance->seams.reads) return;
        read_audit_entry entry = {.at = state->now_ms,
                                  .part = state->seen_part,
                                  .holder = state->seen_holder,
                                  .caller = state->caller_key,
                                  .purpose = state->context.purpose,
                                  .channel = policy_channel_name(state->who.channel),
                                  .method = plan->method->full_name,
                                  .outcome = rpc_call_status(call)};
        if (task_is_interrupted(t)) return; /* nobody will see the answer */
        if (read_audit_write(t, state->instance->seams.reads, &entry)) return;
        rpc_error error = {.status = FAILURE_UNAVAILABLE,
                           .reason = "AUDIT_UNAVAILABLE",
                           .message = "the read could not be written down, so it is not answered",
                           .rule = "S7",
                           .text = {"查询记录暂时无法保存，请稍后重试",
                                    "The read could not be recorded; please try again."},
                           .retry_after_ms = 1000};
        rpc_reply_error(call, &error); /* replaces the answer, which has not been sent yet */
}

/* ---- the way ---- */

static void run_stages(rpc_call *call, service_call *state, const method_plan *plan)
{
        if (!stage_who(call, state)) return;
        if (!read_context(call, state, plan)) return;
        if (!stage_may(call, state, plan)) return;
        if (!read_name(call, state, plan)) return;
        if (!stage_where(call, state)) return;
        if (!stage_again(call, state, plan)) return;
        plan->method->handle(call, rpc_call_request(call));
        idempotency_attempt_release(&state->attempt);
}

static void answer_if_nobody_did(rpc_call *call)
{
        task *t = rpc_call_task(call);
        if (rpc_call_is_answered(call)) return;
        failure f = t->failure;
        if (f.kind == FAILURE_NONE)
                failure_set(&f, FAILURE_INTERNAL, "NO_ANSWER", "the method gave no answer");
        rpc_reply_failure(call, &f);
}

/* The number that people are sent to, for the steps of refusals. */
static void name_hotline(rpc_call *call, service_call *state)
{
        if (!state->pack) return;
        const pack_channel *channel = pack_channel_of(state->pack, POLICY_CHANNEL_PHONE_12333);
        state->hotline = (rpc_hotline){channel->name, pack_hotline(state->pack)};
        rpc_call_set_hotline(call, &state->hotline);
}

void pipeline_run(rpc_call *call)
{
        TASK_MAY_SUSPEND(rpc_call_task(call));
        const rpc_method *method = rpc_call_method(call);
        service_call *state = arena_zalloc(rpc_call_arena(call), sizeof *state);
        state->instance = rpc_call_context(call);
        state->now_ms = clock_business_ms(loop_clock(state->instance->seams.loop));
        rpc_call_set_state(call, state);
        if (method->kind == RPC_OPEN) { /* health and reflection: no plan, no row */
                method->handle(call, rpc_call_request(call));
                answer_if_nobody_did(call);
                return;
        }
        SCOPED(pack_hold) hold = {0};
        state->pack = pack_hold_take(&hold, state->instance->packs);
        name_hotline(call, state);
        const method_plan *plan = plan_of(call);
        run_stages(call, state, plan);
        answer_if_nobody_did(call);
        if (state->caller) stage_seen(call, state, plan);
}
