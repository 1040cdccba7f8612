/* Checks and reads values of knobs. Must never accept what is laxer than the national floor. */
#include "common/policy/knob.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t choice_count(const policy_knob *knob)
{
        int64_t count = 0;
        while (count < POLICY_KNOB_CHOICES_MAX && knob->choices[count] != NULL)
                count++;
        return count;
}

static bool in_range(const policy_knob *knob, int64_t value)
{
        switch (knob->type) {
        case POLICY_KNOB_INTEGER:
                return value >= knob->minimum && value <= knob->maximum;
        case POLICY_KNOB_BOOLEAN:
                return value == 0 || value == 1;
        case POLICY_KNOB_CHOICE:
                return value >= 0 && value < choice_count(knob);
        case POLICY_KNOB_CHANNELS:
                return ((uint64_t)value & ~(uint64_t)POLICY_CHANNELS_ALL) == 0;
        }
        return false;
}

static bool is_laxer(const policy_knob *knob, int64_t value)
{
        switch (knob->floor) {
        case POLICY_FLOOR_NONE:
                return false;
        case POLICY_FLOOR_LOWER:
                return value > knob->national;
        case POLICY_FLOOR_HIGHER:
                return value < knob->national;
        case POLICY_FLOOR_SUBSET:
                return ((uint64_t)value & ~(uint64_t)knob->national) != 0;
        }
        return true;
}

policy_knob_verdict policy_knob_check(const policy_knob *knob, int64_t value)
{
        assert(in_range(knob, knob->national));
        if (!in_range(knob, value)) return POLICY_KNOB_OUT_OF_RANGE;
        return is_laxer(knob, value) ? POLICY_KNOB_LAXER : POLICY_KNOB_ACCEPTED;
}

static bool parse_channels(const char *text, int64_t *value)
{
        policy_channels channels = 0;
        while (*text != '\0') {
                size_t separators = strspn(text, ", ");
                text += separators;
                size_t length = strcspn(text, ", ");
                if (length == 0) break;
                char name[32];
                if (length >= sizeof name) return false;
                memcpy(name, text, length);
                name[length] = '\0';
                policy_channel channel = policy_channel_of(name);
                if (channel == POLICY_CHANNEL_UNSPECIFIED) return false;
                channels |= POLICY_CHANNEL_BIT(channel);
                text += length;
        }
        *value = channels;
        return true;
}

static bool parse_any(const policy_knob *knob, const char *text, int64_t *value)
{
        switch (knob->type) {
        case POLICY_KNOB_INTEGER: {
                char *end;
                if (!isdigit((unsigned char)text[0]) && text[0] != '-') return false;
                errno = 0;
                *value = strtoll(text, &end, 10);
                return errno == 0 && *end == '\0';
        }
        case POLICY_KNOB_BOOLEAN:
                *value = strcmp(text, "true") == 0;
                return *value == 1 || strcmp(text, "false") == 0;
        case POLICY_KNOB_CHOICE:
                for (*value = 0; *value < choice_count(knob); ++*value)
                        if (strcmp(text, knob->choices[*value]) == 0) return true;
                return false;
        case POLICY_KNOB_CHANNELS:
                return parse_channels(text, value);
        }
        return false;
}

policy_knob_verdict policy_knob_parse(const policy_knob *knob, const char *text, int64_t *value)
{
        int64_t parsed;
        if (!parse_any(knob, text, &parsed)) return POLICY_KNOB_WRONG_TYPE;
        policy_knob_verdict verdict = policy_knob_check(knob, parsed);
        if (verdict == POLICY_KNOB_ACCEPTED) *value = parsed;
        return verdict;
}

char *policy_knob_format(const policy_knob *knob, int64_t value, char *text, size_t size)
{
        assert(in_range(knob, value));
        switch (knob->type) {
        case POLICY_KNOB_INTEGER:
                snprintf(text, size, "%" PRId64, value);
                break;
        case POLICY_KNOB_BOOLEAN:
                snprintf(text, size, "%s", value ? "true" : "false");
                break;
        case POLICY_KNOB_CHOICE:
                snprintf(text, size, "%s", knob->choices[value]);
                break;
        case POLICY_KNOB_CHANNELS:
                policy_channels_format((policy_channels)value, text, size);
                break;
        }
        return text;
}

int policy_knob_find(const policy_knob *knobs, size_t count, const char *name)
{
        for (size_t i = 0; i < count; i++)
                if (strcmp(knobs[i].name, name) == 0) return (int)i;
        return -1;
}

const char *policy_knob_verdict_name(policy_knob_verdict verdict)
{
        static const char *const names[] = {
                [POLICY_KNOB_ACCEPTED] = "ACCEPTED",
                [POLICY_KNOB_UNKNOWN_NAME] = "UNKNOWN_NAME",
                [POLICY_KNOB_WRONG_TYPE] = "WRONG_TYPE",
                [POLICY_KNOB_OUT_OF_RANGE] = "OUT_OF_RANGE",
                [POLICY_KNOB_LAXER] = "LAXER",
        };
        assert((unsigned)verdict < ARRAY_LENGTH(names));
        return names[verdict];
}
