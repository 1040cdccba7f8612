/* Reads what requests show. Must never let an expired document or an empty reference count. */
#include "common/service/request.h"

#include "common/service/message.h"
#include "common/text/utf8.h"

enum { REFERENCE_MAX = 128 };

bool text_check(rpc_call *call, const char *field, const char *text, size_t code_points_max)
{
        if (utf8_count(bytes_of_text(text)) <= code_points_max) return true;
        rpc_reply_invalid(call, field, "TEXT_TOO_LONG", NULL, "%s must have at most %zu characters",
                          field, code_points_max);
        return false;
}

const char *text_or_null(const char *text)
{
        return text && *text ? text : NULL;
}

bool date_read(rpc_call *call, const char *field, const GoogleType__Date *message, civil_date *date)
{
        if (message_date_read(message, date)) return true;
        rpc_reply_invalid(call, field, "DATE_IMPOSSIBLE", NULL, "%s is not a day of the calendar",
                          field);
        return false;
}

enum { SKEW_MS = 60000 };

bool past_instant_read(rpc_call *call, const char *field, const char *rule,
                       const Google__Protobuf__Timestamp *message, int64_t *unix_ms)
{
        int64_t at_ms;
        if (message_instant_read(message, &at_ms) &&
            at_ms <= service_call_of(call)->now_ms + SKEW_MS) {
                *unix_ms = at_ms;
                return true;
        }
        rpc_reply_invalid(call, field, "DATE_IMPOSSIBLE", rule,
                          "%s must be a time that is not in the future", field);
        return false;
}

static bool item_check(rpc_call *call, const char *path, const Common__Evidence *item)
{
        assert((unsigned)item->kind <
               8 * sizeof(policy_evidences)); /* the server lets no other in */
        if (item->kind == COMMON__EVIDENCE_KIND__EVIDENCE_KIND_UNSPECIFIED) {
                rpc_reply_invalid(call, path, "EVIDENCE_KIND_REQUIRED", NULL, "%s must have a kind",
                                  path);
                return false;
        }
        return text_check(call, path, item->reference, REFERENCE_MAX) &&
               text_check(call, path, item->issued_by, REFERENCE_MAX);
}

static policy_evidence_item item_of(const Common__Evidence *item, civil_date valid_until)
{
        return (policy_evidence_item){
                .kind = (int)item->kind,
                .has_reference = *item->reference != '\0',
                .has_ground = item->mobility_ground != 0,
                .ground_is_other =
                        item->mobility_ground == COMMON__MOBILITY_GROUND__MOBILITY_GROUND_OTHER,
                .valid_until = valid_until,
        };
}

bool request_evidence(rpc_call *call, policy_evidence_counts *counts, policy_evidences *evidence)
{
        const service_call *state = service_call_of(call);
        const Common__RequestContext *context = state->context.message;
        civil_date today = civil_date_at(state->now_ms);
        *evidence = 0;
        if (!context) return true;
        if (context->n_evidence > EVIDENCE_ITEMS_MAX) {
                rpc_reply_invalid(call, "context.evidence", "TOO_MANY_ITEMS", NULL,
                                  "context.evidence must have at most %d items",
                                  EVIDENCE_ITEMS_MAX);
                return false;
        }
        for (size_t i = 0; i < context->n_evidence; i++) {
                const Common__Evidence *item = context->evidence[i];
                const char *path = arena_format(rpc_call_arena(call), "context.evidence[%zu]", i);
                civil_date valid_until;
                if (!item_check(call, path, item) ||
                    !date_read(call, path, item->valid_until, &valid_until))
                        return false;
                policy_evidence_item shown = item_of(item, valid_until);
                if (counts(&shown, today)) *evidence |= (policy_evidences)1 << item->kind;
        }
        return true;
}

const bytes *evidence_packed(rpc_call *call, size_t *count)
{
        const Common__RequestContext *context = service_call_of(call)->context.message;
        arena *a = rpc_call_arena(call);
        *count = context ? context->n_evidence : 0;
        bytes *packed = arena_alloc(a, (*count + 1) * sizeof *packed);
        for (size_t i = 0; i < *count; i++) {
                size_t size = protobuf_c_message_get_packed_size(&context->evidence[i]->base);
                uint8_t *data = arena_alloc(a, size + 1);
                protobuf_c_message_pack(&context->evidence[i]->base, data);
                packed[i] = bytes_of(data, size);
        }
        return packed;
}
