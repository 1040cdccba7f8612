/* A call that failed, for people. Must print nothing of a request: errors may be kept in logs. */
#include "tools/sscardctl/error_view.h"

#include "common/base/failure.h"
#include "google/protobuf/duration.pb-c.h"
#include "google/rpc/error_details.pb-c.h"
#include "google/rpc/status.pb-c.h"
#include "tools/sscardctl/explain.h"
#include "tools/sscardctl/labels.h"
#include "tools/sscardctl/message_json.h"
#include "tools/sscardctl/time_text.h"

#include <string.h>

/* What the details hold; NULL: not there. */
typedef struct parts {
        const GoogleRpc__ErrorInfo *info;
        const Common__Refusal *refusal;
        const GoogleRpc__BadRequest *bad_request;
        const GoogleRpc__RetryInfo *retry;
        const GoogleRpc__LocalizedMessage *localized;
} parts;

static const GoogleRpc__Status *unpack(arena *a, const client_status *status)
{
        if (!status->details) return NULL;
        return (const GoogleRpc__Status *)message_unpack(a, &google_rpc__status__descriptor,
                                                         status->details, status->details_bytes);
}

static parts parts_of(arena *a, const catalog *c, const client_status *status)
{
        parts found = {0};
        const GoogleRpc__Status *rich = unpack(a, status);
        for (size_t i = 0; rich && i < rich->n_details; i++) {
                const Google__Protobuf__Any *any = rich->details[i];
                const void *detail =
                        message_from_any(a, c, any->type_url, any->value.data, any->value.len);
                if (!detail) continue;
                const ProtobufCMessageDescriptor *type =
                        ((const ProtobufCMessage *)detail)->descriptor;
                if (type == &google_rpc__error_info__descriptor) found.info = detail;
                if (type == &common__refusal__descriptor) found.refusal = detail;
                if (type == &google_rpc__bad_request__descriptor) found.bad_request = detail;
                if (type == &google_rpc__retry_info__descriptor) found.retry = detail;
                if (type == &google_rpc__localized_message__descriptor) found.localized = detail;
        }
        return found;
}

const char *error_view_metadata(arena *a, const catalog *c, const client_status *status,
                                const char *key)
{
        parts found = parts_of(a, c, status);
        for (size_t i = 0; found.info && i < found.info->n_metadata; i++)
                if (strcmp(found.info->metadata[i]->key, key) == 0)
                        return found.info->metadata[i]->value;
        return "";
}

static void print_head(const view *v, const client_status *status, const parts *found)
{
        fprintf(v->out, "%s", failure_kind_name((failure_kind)status->code));
        if (found->info && *found->info->reason) fprintf(v->out, " %s", found->info->reason);
        const char *rule = found->refusal ? found->refusal->rule : "";
        for (size_t i = 0; found->info && i < found->info->n_metadata; i++)
                if (*rule == '\0' && strcmp(found->info->metadata[i]->key, "rule") == 0)
                        rule = found->info->metadata[i]->value;
        if (*rule) fprintf(v->out, " (%s %s)", label_text(LABEL_RULE, v->language), rule);
        fputc('\n', v->out);
        fprintf(v->out, "%s\n", found->localized ? found->localized->message : status->message);
}

static void print_violations(const view *v, const GoogleRpc__BadRequest *bad)
{
        if (!bad || bad->n_field_violations == 0) return;
        fprintf(v->out, "\n%s\n", label_text(LABEL_FIELDS_WRONG, v->language));
        for (size_t i = 0; i < bad->n_field_violations; i++) {
                const GoogleRpc__BadRequest__FieldViolation *violation = bad->field_violations[i];
                const char *text = violation->localized_message
                                           ? violation->localized_message->message
                                           : violation->description;
                fprintf(v->out, "  %s: %s\n", violation->field, text);
        }
}

static void print_metadata(const view *v, const GoogleRpc__ErrorInfo *info)
{
        bool headed = false;
        for (size_t i = 0; info && i < info->n_metadata; i++) {
                if (strcmp(info->metadata[i]->key, "rule") == 0) continue;
                if (!headed) fprintf(v->out, "\n%s\n", label_text(LABEL_DETAILS, v->language));
                headed = true;
                fprintf(v->out, "  %s = %s\n", info->metadata[i]->key, info->metadata[i]->value);
        }
}

void error_view_print(const view *v, const client_status *status)
{
        parts found = parts_of(v->a, v->c, status);
        print_head(v, status, &found);
        print_violations(v, found.bad_request);
        print_metadata(v, found.info);
        if (found.refusal) {
                view_steps(v, found.refusal->next_steps, found.refusal->n_next_steps);
                if (found.refusal->truncated)
                        fprintf(v->out, "  %s\n", label_text(LABEL_MORE_STEPS, v->language));
        }
        if (found.retry && found.retry->retry_delay) {
                const Google__Protobuf__Duration *delay = found.retry->retry_delay;
                time_value span = {delay->seconds, delay->nanos};
                fprintf(v->out, "\n%s %s\n", label_text(LABEL_RETRY_AFTER, v->language),
                        time_text_span_json(v->a, span));
        }
        if (found.info && explain_knows(found.info->reason))
                fprintf(v->out, "\n%s: sscardctl explain %s\n",
                        label_text(LABEL_EXPLAIN_HINT, v->language), found.info->reason);
}

json_t *error_view_json(arena *a, const catalog *c, const client_status *status)
{
        const GoogleRpc__Status *rich = unpack(a, status);
        json_t *error = rich ? message_to_json(a, c, &rich->base) : json_object();
        json_object_set_new(error, "code", json_integer(status->code));
        json_object_set_new(error, "status",
                            json_string(failure_kind_name((failure_kind)status->code)));
        json_t *message = json_string(status->message);
        json_object_set_new(error, "message", message ? message : json_string(""));
        return error;
}
