/* A story on the screen. */
#include "tools/journey/story.h"

#include <stdarg.h>
#include <string.h>

#define BOLD "\033[1m"
#define DIM "\033[2m"
#define RED "\033[31m"
#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define PLAIN "\033[0m"

static const char *in(const story *s, const char *colour)
{
        return s->colour ? colour : "";
}

policy_text story_format(arena *a, const char *zh, const char *en, ...)
{
        policy_text text;
        va_list arguments, again;
        va_start(arguments, en);
        va_copy(again, arguments);
        text.zh = arena_vformat(a, zh, arguments);
        text.en = arena_vformat(a, en, again);
        va_end(again);
        va_end(arguments);
        return text;
}

bool story_language_parse(const char *text, story_language *language)
{
        if (strcmp(text, "both") == 0)
                *language = STORY_BOTH;
        else if (strncmp(text, "zh", 2) == 0)
                *language = STORY_CHINESE;
        else if (strncmp(text, "en", 2) == 0)
                *language = STORY_ENGLISH;
        else
                return false;
        return true;
}

static void print_both(const story *s, policy_text text, const char *between)
{
        if (s->language != STORY_ENGLISH) fputs(text.zh, s->out);
        if (s->language == STORY_BOTH) fputs(between, s->out);
        if (s->language != STORY_CHINESE) fputs(text.en, s->out);
}

void story_title(story *s, policy_text title)
{
        fputs(in(s, BOLD), s->out);
        print_both(s, title, " · ");
        fprintf(s->out, "%s\n", in(s, PLAIN));
}

static void close_step(story *s)
{
        if (!s->step_is_open) return;
        s->step_is_open = false;
        if (s->differences_of_step == 0)
                fprintf(s->out, "    %s✓%s %s%.1f ms%s\n", in(s, GREEN), in(s, PLAIN), in(s, DIM),
                        (double)s->step_microseconds / 1000, in(s, PLAIN));
        fflush(s->out);
}

void story_step(story *s, policy_text title)
{
        close_step(s);
        s->step_is_open = true;
        s->steps++;
        s->differences_of_step = 0;
        s->step_microseconds = 0;
        fprintf(s->out, "\n%s%2u  ", in(s, BOLD), s->steps);
        print_both(s, title, "  ");
        fprintf(s->out, "%s\n", in(s, PLAIN));
}

void story_call(story *s, policy_text who, const char *channel, const char *method,
                int64_t microseconds)
{
        s->calls++;
        s->step_microseconds += microseconds;
        s->microseconds += microseconds;
        fprintf(s->out, "    %s", in(s, DIM));
        print_both(s, who, " ");
        fprintf(s->out, " · %s · %s · %.1f ms%s\n", channel, method, (double)microseconds / 1000,
                in(s, PLAIN));
}

void story_say(story *s, policy_text text)
{
        fputs("    ", s->out);
        print_both(s, text, "\n    ");
        fputc('\n', s->out);
}

void story_note(story *s, policy_text text)
{
        fputs("    ", s->out);
        print_both(s, text, " · ");
        fputc('\n', s->out);
}

void story_quote(story *s, const char *text)
{
        if (*text == '\0') return;
        fprintf(s->out, s->language == STORY_ENGLISH ? "    “%s”\n" : "    「%s」\n", text);
}

void story_item(story *s, const char *text)
{
        fprintf(s->out, "      %s\n", text);
}

void story_next(story *s, const char *text, const char *details)
{
        fprintf(s->out, "    %s→%s %s %s(%s)%s\n", in(s, YELLOW), in(s, PLAIN), text, in(s, DIM),
                details, in(s, PLAIN));
}

void story_skip(story *s, policy_text title, policy_text why)
{
        close_step(s);
        s->skipped++;
        fprintf(s->out, "\n %s–  ", in(s, DIM));
        print_both(s, title, "  ");
        fputs(": ", s->out);
        print_both(s, why, " · ");
        fprintf(s->out, "%s\n", in(s, PLAIN));
}

void story_differs(story *s, const char *format, ...)
{
        s->differences++;
        s->differences_of_step++;
        fprintf(s->out, "    %s✗ ", in(s, RED));
        va_list arguments;
        va_start(arguments, format);
        vfprintf(s->out, format, arguments);
        va_end(arguments);
        fprintf(s->out, "%s\n", in(s, PLAIN));
}

static void print_verdict(const story *s, bool complete)
{
        if (s->differences == 0 && complete) {
                fputs(in(s, GREEN), s->out);
                print_both(s, (policy_text){"全部符合规则", "all as the rules say"}, " · ");
        } else if (complete) {
                fputs(in(s, RED), s->out);
                print_both(s, (policy_text){"有不符之处", "not as the rules say"}, " · ");
                fprintf(s->out, ": ✗ %u", s->differences);
        } else {
                fputs(in(s, RED), s->out);
                print_both(s, (policy_text){"未走完", "not told to the end"}, " · ");
                fprintf(s->out, ": ✗ %u", s->differences);
        }
        fputs(in(s, PLAIN), s->out);
}

bool story_end(story *s, bool complete, int64_t total_microseconds)
{
        close_step(s);
        fprintf(s->out, "\n%s%u%s ", in(s, BOLD), s->steps, in(s, PLAIN));
        print_both(s, (policy_text){"步", "steps"}, " ");
        fprintf(s->out, ", %u ", s->calls);
        print_both(s, (policy_text){"次调用", "calls"}, " ");
        if (s->skipped) {
                fprintf(s->out, ", %u ", s->skipped);
                print_both(s, (policy_text){"步略过", "skipped"}, " ");
        }
        fputs(": ", s->out);
        print_verdict(s, complete);
        fprintf(s->out, "; %.2f s, ", (double)total_microseconds / 1e6);
        print_both(s, (policy_text){"其中调用", "of which in calls"}, " ");
        fprintf(s->out, " %.0f ms\n", (double)s->microseconds / 1000);
        fflush(s->out);
        return complete && s->differences == 0;
}
