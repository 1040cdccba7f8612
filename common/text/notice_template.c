/* Compiles and fills in templates. Must never render what a check has not seen as it will be read.
 */
#include "common/text/notice_template.h"

#include "common/base/scoped.h"

#include <assert.h>
#include <string.h>

/* Stands for a field while the text around it is looked at: one Han character of no meaning here.
 */
static const char stand_in[] = "某";

typedef struct part {
        bytes text; /* empty when it is a field */
        size_t field;
} part;

struct notice_template {
        const notice_field *fields;
        size_t field_count;
        size_t count;
        part parts[];
};

typedef struct writer {
        char *text;
        size_t length;
} writer;

static void write_text(writer *w, bytes text)
{
        if (text.length > 0) memcpy(w->text + w->length, text.data, text.length);
        w->length += text.length;
        w->text[w->length] = '\0';
}

static size_t field_of(const notice_field *fields, size_t count, bytes name)
{
        for (size_t i = 0; i < count; i++)
                if (bytes_equal(bytes_of_text(fields[i].name), name)) return i;
        return count;
}

static size_t find(bytes text, size_t from, char what)
{
        const uint8_t *at = memchr(text.data + from, what, text.length - from);
        return at ? (size_t)(at - text.data) : text.length;
}

/* Cuts `text` into parts; `parts` has room for two a brace and one more. False: a field that there
 * is not. */
static bool cut(notice_template *t, bytes text, notice_finding *finding)
{
        size_t at = 0;
        while (at < text.length) {
                const size_t open = find(text, at, '{');
                if (open > at)
                        t->parts[t->count++] = (part){bytes_of(text.data + at, open - at), 0};
                if (open == text.length) break;
                const size_t close = find(text, open, '}');
                const bytes name =
                        bytes_of(text.data + open + 1, close > open ? close - open - 1 : 0);
                const size_t field = field_of(t->fields, t->field_count, name);
                if (close == text.length || field == t->field_count) {
                        *finding = (notice_finding){NOTICE_PLACEHOLDER, open, NULL};
                        return false;
                }
                t->parts[t->count++] = (part){bytes_of(NULL, 0), field};
                at = close + 1;
        }
        return true;
}

static size_t braces_in(bytes text)
{
        size_t count = 0;
        for (size_t i = 0; i < text.length; i++)
                count += text.data[i] == '{';
        return count;
}

/* The template with `value_of` each field in its place. */
static bytes filled(arena *a, const notice_template *t, const char *const *values, bool hide_fixed)
{
        size_t size = 1;
        for (size_t i = 0; i < t->count; i++) {
                const char *value =
                        t->parts[i].text.data || !values ? stand_in : values[t->parts[i].field];
                assert(value != NULL);
                size += t->parts[i].text.length + strlen(value) + sizeof stand_in;
        }
        writer w = {arena_alloc(a, size), 0};
        for (size_t i = 0; i < t->count; i++) {
                const part *p = &t->parts[i];
                const bool hidden = !values || (hide_fixed && t->fields[p->field].fixed);
                write_text(&w, p->text.data ? p->text
                                            : bytes_of_text(hidden ? stand_in : values[p->field]));
        }
        return bytes_of(w.text, w.length);
}

const notice_template *notice_template_compile(arena *a, bytes text, const notice_field *fields,
                                               size_t count, notice_finding *finding)
{
        assert(count <= NOTICE_FIELDS_MAX);
        *finding = (notice_finding){text.length > NOTICE_BYTES_MAX ? NOTICE_TOO_LONG : NOTICE_EMPTY,
                                    0, NULL};
        if (text.length == 0 || text.length > NOTICE_BYTES_MAX) return NULL;
        char *copy = arena_alloc(a, text.length);
        memcpy(copy, text.data, text.length);
        notice_template *t =
                arena_alloc(a, sizeof *t + (2 * braces_in(text) + 1) * sizeof *t->parts);
        *t = (notice_template){.fields = fields, .field_count = count};
        if (!cut(t, bytes_of(copy, text.length), finding)) return NULL;
        *finding = notice_text_check(filled(a, t, NULL, true));
        return finding->fault == NOTICE_OK ? t : NULL;
}

bool notice_template_names(const notice_template *t, const char *field)
{
        for (size_t i = 0; i < t->count; i++)
                if (!t->parts[i].text.data && strcmp(t->fields[t->parts[i].field].name, field) == 0)
                        return true;
        return false;
}

const char *notice_template_render(arena *a, const notice_template *t, const char *const *values,
                                   notice_finding *finding)
{
        *finding = notice_text_check(filled(a, t, values, true));
        if (finding->fault != NOTICE_OK) return NULL;
        return (const char *)filled(a, t, values, false).data;
}
