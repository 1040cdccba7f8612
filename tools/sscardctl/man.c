/* The manual page in the macros of man(7). Must never say what help does not say. */
#include "tools/sscardctl/man.h"

#include "tools/sscardctl/options.h"

#include <assert.h>
#include <string.h>

/* Text that troff takes as text: backslashes and hyphens kept, no line begins with a request. */
static void print_text(const help *h, const char *text)
{
        bool begins = true;
        for (; *text; text++) {
                if (begins && (*text == '.' || *text == '\'')) fputs("\\&", h->out);
                begins = *text == '\n';
                if (*text == '\\')
                        fputs("\\e", h->out);
                else if (*text == '-')
                        fputs("\\-", h->out);
                else
                        fputc(*text, h->out);
                /* Lists of values may be broken between values. */
                if (strchr("|:/", *text) && text[1] > ' ') fputs("\\:", h->out);
        }
        if (!begins) fputc('\n', h->out);
}

static void print_section(const help *h, const char *title)
{
        fprintf(h->out, ".SH %s\n", title);
}

/* One indented paragraph: what is typed in bold, then what it means. */
static void print_item(const help *h, const char *typed, const char *meaning)
{
        fputs(".TP\n.B ", h->out);
        print_text(h, typed);
        print_text(h, *meaning ? meaning : "(see the type)");
}

static void print_items(const help *h, const help_rows *rows)
{
        for (size_t i = 0; i < rows->count; i++)
                print_item(h, rows->cells[2 * i], rows->cells[2 * i + 1]);
}

static void print_verb(const help *h, const verb *v)
{
        fputs(".SS ", h->out);
        print_text(h, arena_format(h->a, "%s %s", v->group, v->name));
        print_text(h, catalog_method_comment(h->c, v->method));
        fputs(".PP\n.I ", h->out);
        print_text(h, v->method->path + 1);
        print_items(h, help_flags(h, v, false));
}

static void print_shared_flags(const help *h, const char *full_method, const char *title)
{
        const catalog_method *method = catalog_method_find(h->c, full_method);
        assert(method);
        verb v = verb_of(h->a, method);
        print_section(h, title);
        print_items(h, help_flags(h, &v, true));
}

void man_page(const help *h)
{
        /* Codes and flags are neither split nor spread. */
        fputs(".TH SSCARDCTL 1 \"\" SSCard \"User Commands\"\n.ad l\n.nh\n", h->out);
        print_section(h, "NAME");
        print_text(h, "sscardctl - every method of the social security card suite");
        print_section(h, "SYNOPSIS");
        fputs(".B sscardctl\n.I GROUP VERB\n.RI [ NAME ]\n.RI [\\-\\-flag\\  VALUE \\ …]\n",
              h->out);
        print_section(h, "COMMANDS");
        print_items(h, help_words(h));
        for (size_t i = 0; i < catalog_method_count(h->c); i++) {
                verb v = verb_of(h->a, catalog_method_at(h->c, i));
                print_verb(h, &v);
        }
        print_shared_flags(h, "sscard.card.v1.CardService/ReportLoss", "FLAGS OF EVERY CHANGE");
        print_shared_flags(h, "sscard.card.v1.CardService/GetCard", "FLAGS OF EVERY READ");
        print_section(h, "OPTIONS");
        for (const char *const *option = options_help(); *option; option += 2)
                print_item(h, option[0], option[1]);
        print_section(h, "EXIT STATUS");
        print_items(h, help_exit_codes(h));
        print_section(h, "ENVIRONMENT");
        print_item(h, "SSCARD_CONTEXT", "the context, when there is no --context");
}
