/* Writes next steps. Must never add to what the rules say. */
#include "common/rpc/step.h"

#include <stdio.h>
#include <string.h>

static const char *text_or_empty(const char *text)
{
        return text ? text : "";
}

/* Roles in the answer's language: "持卡人、代办人". */
static const char *who_of(arena *a, const policy_step *step, const char *language)
{
        const char *who = "", *separator = language[0] == 'e' ? ", " : "、";
        for (int role = 1; role < POLICY_ROLE_COUNT; role++) {
                if (!policy_roles_have(step->who, (policy_role)role)) continue;
                const char *name = text_or_empty(
                        policy_text_in(policy_role_text((policy_role)role), language));
                who = *who ? arena_format(a, "%s%s%s", who, separator, name) : name;
        }
        return who;
}

void rpc_step_fill(arena *a, const policy_step *step, const char *language, const char *method,
                   Common__NextStep *message)
{
        common__next_step__init(message);
        message->code = step->code;
        message->text = text_or_empty(policy_text_in(step->text, language));
        message->channels = arena_alloc(a, POLICY_CHANNEL_COUNT * sizeof *message->channels);
        for (int channel = 1; channel < POLICY_CHANNEL_COUNT; channel++)
                if (policy_channels_have(step->channels, (policy_channel)channel))
                        message->channels[message->n_channels++] = (Common__Channel)channel;
        while (message->n_documents < POLICY_STEP_DOCUMENTS_MAX &&
               step->documents[message->n_documents])
                message->n_documents++;
        message->documents = (__typeof__(message->documents))step->documents;
        message->who = who_of(a, step, language);
        message->rule = text_or_empty(step->rule);
        message->method = text_or_empty(method);
}

void rpc_steps_fill(arena *a, const policy_step *const *steps, size_t count, const char *language,
                    const char *service, Common__NextStep ***messages, size_t *message_count)
{
        *messages = arena_alloc(a, (count + 1) * sizeof **messages);
        *message_count = count;
        for (size_t i = 0; i < count; i++) {
                const char *method = rpc_step_method(a, service, steps[i]->operation);
                (*messages)[i] = arena_alloc(a, sizeof *(*messages)[i]);
                rpc_step_fill(a, steps[i], language, method, (*messages)[i]);
        }
}

const char *rpc_step_method(arena *a, const char *service, const char *operation)
{
        if (!operation) return "";
        int length = (int)strcspn(operation, ":");
        if (memchr(operation, '/', (size_t)length))
                return arena_format(a, "%.*s", length, operation);
        return arena_format(a, "%s/%.*s", service, length, operation);
}
