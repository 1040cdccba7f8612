/* Options that every verb takes. */
#include "tools/sscardctl/options.h"

#include "tools/sscardctl/time_text.h"

#include <string.h>

enum { DEFAULT_TIMEOUT_MS = 10000, DEFAULT_WATCH_MS = 2000 };

static const char *const help[] = {
        "--as ROLE",
        "speak as this role of the context (default: its default_role)",
        "--approve-as ROLE",
        "approve as a second person: asks for a preview first, signs its hash",
        "--id-number NUMBER",
        "the person for whom it is: claim act.id_number of the token",
        "--lang zh-CN|en",
        "language of answers (default: the context's, zh-CN)",
        "-o, --output table|json|yaml",
        "form of answers (default: table)",
        "--watch[=SPAN]",
        "follow: a stream until Ctrl-C; a read again each SPAN (default 2s)",
        "--timeout SPAN",
        "give up after it (default 10s; streams: none)",
        "--context FILE",
        "the context (default: $SSCARD_CONTEXT, var/run/context.json)",
        "--endpoint HOST:PORT|NAME",
        "call this server, or that endpoint of the context",
        "--region CODE",
        "another region than the context's",
        "--yes",
        "do not ask before a change in a production context",
        "-f, --file FILE",
        "the request as JSON from a file (\"-\": standard input)",
        "--json TEXT",
        "the request as JSON",
        "-h, --help",
        "help for what was typed so far",
        NULL,
};

const char *const *options_help(void)
{
        return help;
}

static bool set_output(options *o, const char *text, failure *f)
{
        static const char *const names[] = {"table", "json", "yaml"};
        for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
                if (strcmp(text, names[i]) != 0) continue;
                o->output = (output_format)i;
                return true;
        }
        return failure_set(f, FAILURE_INVALID_ARGUMENT, "USAGE",
                           "-o takes table, json or yaml, not %s", text);
}

static bool set_span(int64_t *ms, const char *flag, const char *text, failure *f)
{
        time_value span;
        if (!time_text_parse_span(text, &span) || span.seconds < 0 || span.nanos < 0)
                return failure_set(f, FAILURE_INVALID_ARGUMENT, "USAGE",
                                   "%s takes a span such as 10s or 5m", flag);
        *ms = span.seconds * 1000 + span.nanos / 1000000;
        return true;
}

/* The value of a flag: behind "=", or the next word. NULL: this word is not that flag, or `f`. */
static const char *value_of(const char *word, const char *flag, const char *next, bool *took_next,
                            failure *f)
{
        size_t length = strlen(flag);
        if (strncmp(word, flag, length) != 0) return NULL;
        if (word[length] == '=') return word + length + 1;
        if (word[length] != '\0') return NULL;
        if (!next) {
                failure_set(f, FAILURE_INVALID_ARGUMENT, "USAGE", "%s needs a value", flag);
                return NULL;
        }
        *took_next = true;
        return next;
}

/* Takes one word if it is ours; `*taken` says how many words. */
static bool take(options *o, const char *word, const char *next, int *taken, failure *f)
{
        const struct {
                const char *flag;
                const char **value;
        } texts[] = {
                {"--context", &o->context_file},  {"--as", &o->role},
                {"--approve-as", &o->approve_as}, {"--id-number", &o->id_number},
                {"--lang", &o->language},         {"--endpoint", &o->endpoint},
                {"--region", &o->region},
        };
        bool took_next = false;
        *taken = 1;
        for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
                const char *value = value_of(word, texts[i].flag, next, &took_next, f);
                if (!value) continue;
                *texts[i].value = value;
                *taken += took_next;
                return true;
        }
        const char *output = value_of(word, "-o", next, &took_next, f);
        if (!output) output = value_of(word, "--output", next, &took_next, f);
        const char *timeout = value_of(word, "--timeout", next, &took_next, f);
        *taken += took_next;
        if (f->kind != FAILURE_NONE) return false;
        if (output) return set_output(o, output, f);
        if (timeout) {
                o->timeout_given = true;
                return set_span(&o->timeout_ms, "--timeout", timeout, f);
        }
        if (strcmp(word, "--yes") == 0) return o->yes = true;
        if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0) return o->help = true;
        if (strcmp(word, "--watch") == 0) return o->watch = true;
        if (strncmp(word, "--watch=", 8) == 0) {
                o->watch = true;
                return set_span(&o->watch_each_ms, "--watch", word + 8, f);
        }
        *taken = 0;
        return true;
}

bool options_parse(options *o, int count, char *const *arguments, arena *a, failure *f)
{
        *o = (options){.timeout_ms = DEFAULT_TIMEOUT_MS, .watch_each_ms = DEFAULT_WATCH_MS};
        o->words = arena_zalloc(a, ((size_t)count + 1) * sizeof *o->words);
        for (int i = 0; i < count;) {
                int taken = 0;
                const char *next = i + 1 < count ? arguments[i + 1] : NULL;
                if (!take(o, arguments[i], next, &taken, f)) return false;
                if (taken == 0) {
                        bool file = strcmp(arguments[i], "-f") == 0;
                        o->words[o->count++] = file ? arena_strdup(a, "--file") : arguments[i];
                        taken = 1;
                }
                i += taken;
        }
        return true;
}
