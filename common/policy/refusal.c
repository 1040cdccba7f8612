/* Looking into refusals; details that rules carry by value. */
#include "common/policy/refusal.h"

#include "common/policy/explain.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const CONTACTS[] = {
        [POLICY_CONTACT_NONE] = "NONE",
        [POLICY_CONTACT_ISSUING_12333] = "ISSUING_12333",
        [POLICY_CONTACT_LOCAL_12333] = "LOCAL_12333",
        [POLICY_CONTACT_AGENCY] = "AGENCY",
        [POLICY_CONTACT_OUTLET] = "OUTLET",
        [POLICY_CONTACT_BANK] = "BANK",
        [POLICY_CONTACT_CARRIER] = "CARRIER",
};
_Static_assert(ARRAY_LENGTH(CONTACTS) == POLICY_CONTACT_COUNT, "a name for every contact");

const char *policy_contact_name(policy_contact contact)
{
        return CONTACTS[(unsigned)contact < POLICY_CONTACT_COUNT ? contact : POLICY_CONTACT_NONE];
}

size_t policy_refusal_step_count(const policy_refusal *refusal)
{
        size_t count = 0;
        while (count < POLICY_REFUSAL_STEPS_MAX && refusal->steps[count] != NULL)
                count++;
        return count;
}

bool policy_refusal_is_lifted_by(const policy_refusal *refusal, const char *operation)
{
        for (size_t i = 0; i < policy_refusal_step_count(refusal); i++) {
                const policy_step *step = refusal->steps[i];
                if (step->lifts && step->operation != NULL &&
                    strcmp(step->operation, operation) == 0)
                        return true;
        }
        return false;
}

void policy_details_add(policy_details *details, const char *key, const char *format, ...)
{
        if (details == NULL) return;
        assert(details->count < POLICY_DETAILS_MAX);
        char *value = details->items[details->count].value;
        va_list arguments;
        va_start(arguments, format);
        int length = vsnprintf(value, POLICY_DETAIL_VALUE_BYTES, format, arguments);
        va_end(arguments);
        assert(length >= 0);
        if (length >= POLICY_DETAIL_VALUE_BYTES)
                value[policy_text_cut(value, POLICY_DETAIL_VALUE_BYTES - 1)] = '\0';
        details->items[details->count++].key = key;
}

const char *policy_details_get(const policy_details *details, const char *key)
{
        for (size_t i = 0; i < details->count; i++)
                if (strcmp(details->items[i].key, key) == 0) return details->items[i].value;
        return NULL;
}

size_t policy_details_view(const policy_details *details, policy_detail *view, size_t max)
{
        size_t count = details->count < max ? details->count : max;
        for (size_t i = 0; i < count; i++)
                view[i] = (policy_detail){details->items[i].key, details->items[i].value};
        return count;
}
