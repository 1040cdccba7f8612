/* Refusals and steps as plain text. Must never cut a character in half. */
#include "common/policy/explain.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Writes into a bounded buffer and goes on counting. */
typedef struct writer {
        char *text;
        size_t size, length;
} writer;

static void put(writer *w, const char *format, ...) FORMAT_CHECK(2, 3);
static void put(writer *w, const char *format, ...)
{
        size_t left = w->length < w->size ? w->size - w->length : 0;
        va_list arguments;
        va_start(arguments, format);
        int length = vsnprintf(left > 0 ? w->text + w->length : NULL, left, format, arguments);
        va_end(arguments);
        assert(length >= 0);
        w->length += (size_t)length;
}

static size_t finish(writer *w)
{
        if (w->size > 0 && w->length >= w->size)
                w->text[policy_text_cut(w->text, w->size - 1)] = '\0';
        return w->length;
}

size_t policy_text_cut(const char *text, size_t bytes)
{
        size_t length = strnlen(text, bytes + 1);
        if (length <= bytes) {
                /* A text that was cut by force may end in half a character. */
                size_t start = length;
                while (start > 0 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
                        start--;
                if (start == 0) return length;
                unsigned char lead = (unsigned char)text[start - 1];
                size_t wants = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
                return length - (start - 1) < wants ? start - 1 : length;
        }
        while (bytes > 0 && ((unsigned char)text[bytes] & 0xc0) == 0x80)
                bytes--;
        return bytes;
}

static bool is_english(const char *language)
{
        static const policy_text probe = {"zh", "en"};
        return policy_text_in(probe, language) == probe.en;
}

static void put_channels(writer *w, policy_channels channels, const char *language)
{
        const char *separator = "";
        for (int i = 1; i < POLICY_CHANNEL_COUNT; i++) {
                if (!policy_channels_have(channels, (policy_channel)i)) continue;
                put(w, "%s%s", separator,
                    policy_text_in(policy_channel_text((policy_channel)i), language));
                separator = is_english(language) ? ", " : "、";
        }
}

size_t policy_explain_channels(policy_channels channels, const char *language, char *text,
                               size_t size)
{
        writer w = {text, size, 0};
        if (size > 0) text[0] = '\0';
        put_channels(&w, channels, language);
        return finish(&w);
}

static void put_step(writer *w, const policy_step *step, const char *language)
{
        bool english = is_english(language);
        put(w, "%s", policy_text_in(step->text, language));
        if (step->channels != 0) {
                put(w, "%s", english ? " Where: " : "办理渠道：");
                put_channels(w, step->channels, language);
                put(w, "%s", english ? "." : "。");
        }
        if (step->rule != NULL) put(w, english ? " (%s)" : "(%s)", step->rule);
}

size_t policy_explain_step(const policy_step *step, const char *language, char *text, size_t size)
{
        writer w = {text, size, 0};
        put_step(&w, step, language);
        return finish(&w);
}

size_t policy_explain_refusal(const policy_refusal *refusal, const char *language, char *text,
                              size_t size)
{
        writer w = {text, size, 0};
        put(&w, "%s (%s): %s\n", refusal->reason, refusal->rule != NULL ? refusal->rule : "-",
            policy_text_in(refusal->text, language));
        for (size_t i = 0; i < policy_refusal_step_count(refusal); i++) {
                put(&w, "  %zu. ", i + 1);
                put_step(&w, refusal->steps[i], language);
                put(&w, "\n");
        }
        return finish(&w);
}
