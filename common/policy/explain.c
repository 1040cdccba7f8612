/* Refusals and steps as plain text. Must never say more than the tables do. */
#include "common/policy/explain.h"

static const char *in(const bounded_text *t, policy_text text)
{
        return t->english ? text.en : text.zh;
}

static void put_channels(bounded_text *t, policy_channels channels)
{
        const char *separator = "";
        for (int i = 1; i < POLICY_CHANNEL_COUNT; i++) {
                if (!policy_channels_have(channels, (policy_channel)i)) continue;
                bounded_text_add(t, "%s%s", separator,
                                 in(t, policy_channel_text((policy_channel)i)));
                separator = t->english ? ", " : "、";
        }
}

size_t policy_explain_channels(policy_channels channels, const char *language, char *text,
                               size_t size)
{
        bounded_text t = bounded_text_begin(text, size, language);
        put_channels(&t, channels);
        return bounded_text_end(&t);
}

static void put_step(bounded_text *t, const policy_step *step)
{
        bounded_text_add(t, "%s", in(t, step->text));
        if (step->channels != 0) {
                bounded_text_add(t, "%s", t->english ? " Where: " : "办理渠道：");
                put_channels(t, step->channels);
                bounded_text_add(t, "%s", t->english ? "." : "。");
        }
        if (step->rule != NULL) bounded_text_add(t, t->english ? " (%s)" : "(%s)", step->rule);
}

size_t policy_explain_step(const policy_step *step, const char *language, char *text, size_t size)
{
        bounded_text t = bounded_text_begin(text, size, language);
        put_step(&t, step);
        return bounded_text_end(&t);
}

size_t policy_explain_refusal(const policy_refusal *refusal, const char *language, char *text,
                              size_t size)
{
        bounded_text t = bounded_text_begin(text, size, language);
        bounded_text_add(&t, "%s", refusal->reason);
        if (refusal->rule != NULL) bounded_text_add(&t, " (%s)", refusal->rule);
        bounded_text_add(&t, ": %s\n", in(&t, refusal->text));
        for (size_t i = 0; i < policy_refusal_step_count(refusal); i++) {
                bounded_text_add(&t, "  %zu. ", i + 1);
                put_step(&t, refusal->steps[i]);
                bounded_text_add(&t, "\n");
        }
        return bounded_text_end(&t);
}
