/* Rich errors: one google.rpc.Status within the 4 KiB that clients take as metadata.
 * Must never send more, and never a status without ErrorInfo. */
#include "common/rpc/error.h"

#include "common/policy/explain.h"
#include "common/rpc/call_internal.h"
#include "common/rpc/dispatch.h"
#include "common/rpc/step.h"

#include "google/rpc/error_details.pb-c.h"
#include "google/rpc/status.pb-c.h"
#include "sscard/common/v1/step.pb-c.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#define TYPE_PREFIX "type.googleapis.com/"
enum { MESSAGE_BYTES_MAX = 200, DETAILS_MAX = 6 };

/* What of an error goes out; lowered until it fits. */
typedef struct extent {
        size_t steps, violations, details, text_bytes;
} extent;

typedef struct packer {
        arena *arena;
        const rpc_error *error;
        const char *language;
        const dispatch *dispatch;   /* NULL: operations are not resolved to methods */
        const rpc_hotline *hotline; /* NULL: steps name none */
        extent extent;
        Google__Protobuf__Any any[DETAILS_MAX];
        Google__Protobuf__Any *list[DETAILS_MAX];
        size_t count;
} packer;

static const char *text_or_empty(const char *text)
{
        return text ? text : "";
}

/* grpc-message: printable ASCII, at most 200 bytes. */
static const char *ascii_sentence(arena *a, const char *text)
{
        size_t length = strnlen(text_or_empty(text), MESSAGE_BYTES_MAX);
        char *sentence = arena_copy(a, text_or_empty(text), length);
        for (size_t i = 0; i < length; i++)
                if (sentence[i] < ' ' || sentence[i] > '~') sentence[i] = '?';
        return sentence;
}

static void detail_add(packer *p, const ProtobufCMessage *message)
{
        assert(p->count < DETAILS_MAX);
        size_t length = protobuf_c_message_get_packed_size(message);
        uint8_t *packed = arena_alloc(p->arena, length);
        protobuf_c_message_pack(message, packed);
        Google__Protobuf__Any *any = &p->any[p->count];
        google__protobuf__any__init(any);
        /* protobuf-c's strings are not const here, but packing only reads them. */
        any->type_url = arena_format(p->arena, TYPE_PREFIX "%s", message->descriptor->name);
        any->value = (ProtobufCBinaryData){.len = length, .data = packed};
        p->list[p->count] = any;
        p->count++;
}

static void error_info_add(packer *p)
{
        GoogleRpc__ErrorInfo__MetadataEntry entries[RPC_ERROR_DETAILS_MAX + 1];
        GoogleRpc__ErrorInfo__MetadataEntry *list[RPC_ERROR_DETAILS_MAX + 1];
        GoogleRpc__ErrorInfo info = GOOGLE_RPC__ERROR_INFO__INIT;
        size_t count = 0;
        if (p->error->rule) {
                google_rpc__error_info__metadata_entry__init(&entries[count]);
                entries[count].key = "rule";
                entries[count++].value = p->error->rule;
        }
        for (size_t i = 0; i < p->extent.details; i++, count++) {
                google_rpc__error_info__metadata_entry__init(&entries[count]);
                entries[count].key = text_or_empty(p->error->details[i].key);
                entries[count].value = text_or_empty(p->error->details[i].value);
        }
        for (size_t i = 0; i < count; i++)
                list[i] = &entries[i];
        info.reason = text_or_empty(p->error->reason);
        info.domain = "sscard";
        info.n_metadata = count;
        info.metadata = list;
        detail_add(p, &info.base);
}

/* "PayOrder" and "PayOrder:LATE" are "x.orders.v1.OrderService/PayOrder" when that is served here.
 */
static const char *step_method(packer *p, const char *operation)
{
        if (!operation) return "";
        const char *name = arena_copy(p->arena, operation, strcspn(operation, ":"));
        if (strchr(name, '/') || !p->dispatch) return name;
        for (size_t i = 0; i < p->dispatch->method_count; i++)
                if (!strcmp(p->dispatch->methods[i].row.name, name))
                        return p->dispatch->methods[i].row.full_name;
        return name;
}

static bool sends_to_hotline(const packer *p, const policy_step *step)
{
        bool is_hotline = step->contact == POLICY_CONTACT_ISSUING_12333 ||
                          step->contact == POLICY_CONTACT_LOCAL_12333;
        return is_hotline && p->hotline && *text_or_empty(p->hotline->phone) != '\0';
}

static void refusal_add(packer *p)
{
        if (!p->error->rule && !p->error->step_count) return;
        Common__NextStep steps[RPC_ERROR_STEPS_MAX], *list[RPC_ERROR_STEPS_MAX];
        Common__Refusal refusal = COMMON__REFUSAL__INIT;
        Common__Contact hotline = COMMON__CONTACT__INIT;
        if (p->hotline) {
                hotline.name = text_or_empty(policy_text_in(p->hotline->name, p->language));
                hotline.phone = text_or_empty(p->hotline->phone);
        }
        for (size_t i = 0; i < p->extent.steps; i++) {
                const policy_step *step = p->error->steps[i];
                rpc_step_fill(p->arena, step, p->language, step_method(p, step->operation),
                              &steps[i]);
                if (sends_to_hotline(p, step)) steps[i].contact = &hotline;
                list[i] = &steps[i];
        }
        refusal.rule = text_or_empty(p->error->rule);
        refusal.n_next_steps = p->extent.steps;
        refusal.next_steps = list;
        refusal.truncated = p->extent.steps < p->error->step_count;
        detail_add(p, &refusal.base);
}

static void bad_request_add(packer *p)
{
        if (p->error->status != FAILURE_INVALID_ARGUMENT) return;
        GoogleRpc__BadRequest__FieldViolation violations[RPC_ERROR_VIOLATIONS_MAX];
        GoogleRpc__BadRequest__FieldViolation *list[RPC_ERROR_VIOLATIONS_MAX];
        GoogleRpc__BadRequest bad = GOOGLE_RPC__BAD_REQUEST__INIT;
        for (size_t i = 0; i < p->extent.violations; i++) {
                google_rpc__bad_request__field_violation__init(&violations[i]);
                if (p->error->violation_count) {
                        const rpc_error_violation *v = &p->error->violations[i];
                        violations[i].field = text_or_empty(v->field);
                        violations[i].description = text_or_empty(v->description);
                        violations[i].reason = text_or_empty(v->reason);
                } else { /* the request as a whole */
                        violations[i].description = text_or_empty(p->error->message);
                        violations[i].reason = text_or_empty(p->error->reason);
                }
                list[i] = &violations[i];
        }
        bad.n_field_violations = p->extent.violations;
        bad.field_violations = list;
        detail_add(p, &bad.base);
}

static void precondition_add(packer *p)
{
        if (!p->error->precondition_type) return;
        GoogleRpc__PreconditionFailure__Violation violation, *list[] = {&violation};
        GoogleRpc__PreconditionFailure failure = GOOGLE_RPC__PRECONDITION_FAILURE__INIT;
        google_rpc__precondition_failure__violation__init(&violation);
        violation.type = p->error->precondition_type;
        violation.subject = text_or_empty(p->error->precondition_subject);
        violation.description = text_or_empty(p->error->message);
        failure.n_violations = 1;
        failure.violations = list;
        detail_add(p, &failure.base);
}

static void retry_add(packer *p)
{
        if (p->error->retry_after_ms <= 0) return;
        Google__Protobuf__Duration delay = GOOGLE__PROTOBUF__DURATION__INIT;
        GoogleRpc__RetryInfo retry = GOOGLE_RPC__RETRY_INFO__INIT;
        delay.seconds = p->error->retry_after_ms / 1000;
        delay.nanos = (int32_t)(p->error->retry_after_ms % 1000) * 1000000;
        retry.retry_delay = &delay;
        detail_add(p, &retry.base);
}

static void localized_add(packer *p)
{
        const char *text = policy_text_in(p->error->text, p->language);
        GoogleRpc__LocalizedMessage localized = GOOGLE_RPC__LOCALIZED_MESSAGE__INIT;
        bool translated = text != NULL;
        if (!text) text = text_or_empty(p->error->message);
        bool english = !translated || p->language[0] == 'e';
        localized.locale = english ? "en" : "zh-CN";
        size_t length = policy_text_cut(text, p->extent.text_bytes);
        localized.message = arena_copy(p->arena, text, length);
        detail_add(p, &localized.base);
}

static bytes pack_once(packer *p)
{
        p->count = 0;
        error_info_add(p);
        refusal_add(p);
        bad_request_add(p);
        precondition_add(p);
        retry_add(p);
        localized_add(p);
        GoogleRpc__Status status = GOOGLE_RPC__STATUS__INIT;
        status.code = p->error->status;
        status.message = ascii_sentence(p->arena, p->error->message);
        status.n_details = p->count;
        status.details = p->list;
        size_t length = google_rpc__status__get_packed_size(&status);
        uint8_t *packed = arena_alloc(p->arena, length);
        google_rpc__status__pack(&status, packed);
        return bytes_of(packed, length);
}

/* Steps go first, then what a person reads, then violations but one, then what a program reads. */
static bool extent_lower(extent *e)
{
        enum { TEXT_BYTES_LEAST = 400 };
        if (e->steps > 0)
                e->steps--;
        else if (e->text_bytes > TEXT_BYTES_LEAST)
                e->text_bytes = TEXT_BYTES_LEAST;
        else if (e->violations > 1)
                e->violations--;
        else if (e->details > 0)
                e->details--;
        else if (e->text_bytes > 0)
                e->text_bytes = 0;
        else
                return false;
        return true;
}

static bytes error_pack(arena *a, const rpc_error *error, const char *language, const dispatch *d,
                        const rpc_hotline *hotline)
{
        assert(error->status != 0);
        assert(error->step_count <= RPC_ERROR_STEPS_MAX);
        assert(error->violation_count <= RPC_ERROR_VIOLATIONS_MAX);
        assert(error->detail_count <= RPC_ERROR_DETAILS_MAX);
        packer p = {.arena = a,
                    .error = error,
                    .language = language,
                    .dispatch = d,
                    .hotline = hotline,
                    .extent = {.steps = error->step_count,
                               .violations = error->violation_count ? error->violation_count : 1,
                               .details = error->detail_count,
                               .text_bytes = RPC_ERROR_BYTES_MAX}};
        bytes packed = pack_once(&p);
        while (packed.length > RPC_ERROR_BYTES_MAX && extent_lower(&p.extent))
                packed = pack_once(&p);
        assert(packed.length <= RPC_ERROR_BYTES_MAX);
        return packed;
}

bytes rpc_error_pack(arena *a, const rpc_error *error, const char *language)
{
        return error_pack(a, error, language, NULL, NULL);
}

static const dispatch *dispatch_of(const rpc_call *call)
{
        return call->method ? call->method->dispatch : NULL;
}

void rpc_reply_error(rpc_call *call, const rpc_error *error)
{
        arena *a = rpc_call_arena(call);
        bytes details =
                error_pack(a, error, rpc_call_language(call), dispatch_of(call), call->hotline);
        call_answer_error(call, error->status, error->reason, ascii_sentence(a, error->message),
                          details);
}

void rpc_reply_invalid(rpc_call *call, const char *field, const char *reason, const char *rule,
                       const char *format, ...)
{
        va_list arguments;
        va_start(arguments, format);
        const char *description = arena_vformat(rpc_call_arena(call), format, arguments);
        va_end(arguments);
        rpc_error error = {
                .status = FAILURE_INVALID_ARGUMENT,
                .reason = reason,
                .message = description,
                .rule = rule,
                .violations = {{.field = field, .description = description, .reason = reason}},
                .violation_count = 1,
        };
        rpc_reply_error(call, &error);
}

rpc_error rpc_error_of_refusal(const policy_refusal *refusal, const policy_detail *details,
                               size_t detail_count)
{
        assert(refusal->reason);
        rpc_error error = {
                .status = refusal->status,
                .reason = refusal->reason,
                .message = refusal->text.en,
                .rule = refusal->rule,
                .text = refusal->text,
                .precondition_type = refusal->precondition_type,
                .precondition_subject = refusal->precondition_subject,
                .step_count = policy_refusal_step_count(refusal),
        };
        _Static_assert((int)POLICY_REFUSAL_STEPS_MAX <= (int)RPC_ERROR_STEPS_MAX, "steps fit");
        memcpy(error.steps, refusal->steps, error.step_count * sizeof error.steps[0]);
        for (size_t i = 0; i < detail_count && i < RPC_ERROR_DETAILS_MAX; i++)
                error.details[error.detail_count++] = details[i];
        if (refusal->field) {
                error.violations[0] = (rpc_error_violation){.field = refusal->field,
                                                            .description = refusal->text.en,
                                                            .reason = refusal->reason};
                error.violation_count = 1;
        }
        return error;
}

void rpc_refuse(rpc_call *call, const policy_refusal *refusal, const policy_detail *details,
                size_t detail_count)
{
        rpc_error error = rpc_error_of_refusal(refusal, details, detail_count);
        rpc_reply_error(call, &error);
}

static void *unpack_alloc(void *memory, size_t size)
{
        return arena_alloc(memory, size);
}

static void unpack_free(void *memory, void *pointer)
{
        (void)memory;
        (void)pointer;
}

GoogleRpc__Status *rpc_error_status(rpc_call *call, const rpc_error *error)
{
        arena *a = rpc_call_arena(call);
        bytes packed =
                error_pack(a, error, rpc_call_language(call), dispatch_of(call), call->hotline);
        ProtobufCAllocator allocator = {
                .alloc = unpack_alloc, .free = unpack_free, .allocator_data = a};
        GoogleRpc__Status *status =
                google_rpc__status__unpack(&allocator, packed.length, packed.data);
        assert(status);
        return status;
}

const char *rpc_error_reason(arena *a, bytes packed)
{
        const char *reason = "";
        GoogleRpc__Status *status = google_rpc__status__unpack(NULL, packed.length, packed.data);
        if (!status) return reason;
        for (size_t i = 0; i < status->n_details && !*reason; i++) {
                const Google__Protobuf__Any *any = status->details[i];
                if (strcmp(any->type_url, TYPE_PREFIX "google.rpc.ErrorInfo") != 0) continue;
                GoogleRpc__ErrorInfo *info =
                        google_rpc__error_info__unpack(NULL, any->value.len, any->value.data);
                if (!info) continue;
                reason = arena_strdup(a, info->reason);
                google_rpc__error_info__free_unpacked(info, NULL);
        }
        google_rpc__status__free_unpacked(status, NULL);
        return reason;
}
