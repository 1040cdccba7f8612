/* The YAML file, by libyaml's parser: one mapping of names to values, maps one level deeper.
 * Must never accept what it does not understand: no aliases, no second document, no key twice. */
#include "common/config/config_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

enum { FILE_BYTES_MAX = 1 << 20 };

typedef struct reader {
        config *config;
        const char *path;
        yaml_parser_t parser;
        yaml_event_t event;
        bool has_event, failed;
} reader;

static void file_release(FILE **file)
{
        if (*file) fclose(*file);
}
typedef FILE *file;

static void reader_release(reader *r)
{
        if (r->has_event) yaml_event_delete(&r->event);
        yaml_parser_delete(&r->parser);
}

static int line_of(const reader *r)
{
        return (int)r->event.start_mark.line + 1;
}

static bool fail(reader *r, int line, const char *expected)
{
        config_error(r->config, "%s:%d: expected %s", r->path, line, expected);
        r->failed = true;
        return false;
}

static bool next(reader *r)
{
        if (r->has_event) yaml_event_delete(&r->event);
        r->has_event = false;
        if (!yaml_parser_parse(&r->parser, &r->event)) {
                const char *problem = r->parser.problem ? r->parser.problem : "not YAML";
                config_error(r->config, "%s:%d: %s", r->path, (int)r->parser.problem_mark.line + 1,
                             problem);
                r->failed = true;
                return false;
        }
        r->has_event = true;
        return true;
}

static bool is(const reader *r, yaml_event_type_t type)
{
        return r->event.type == type;
}

/* NULL: it is not a plain value (no anchor, no tag, no NUL inside). */
static const char *scalar(reader *r)
{
        if (!is(r, YAML_SCALAR_EVENT)) return NULL;
        const char *text = (const char *)r->event.data.scalar.value;
        size_t length = r->event.data.scalar.length;
        if (r->event.data.scalar.anchor || r->event.data.scalar.tag) return NULL;
        if (memchr(text, '\0', length)) return NULL;
        return arena_copy(&r->config->arena, text, length);
}

static bool next_but(reader *r, int skipped)
{
        for (int i = 0; i <= skipped; i++)
                if (!next(r)) return false;
        return true;
}

/* The event after a value that could not be used: skips all that is nested in it. */
static bool skip_value(reader *r)
{
        int depth = 0;
        do {
                if (is(r, YAML_MAPPING_START_EVENT) || is(r, YAML_SEQUENCE_START_EVENT)) depth++;
                if (is(r, YAML_MAPPING_END_EVENT) || is(r, YAML_SEQUENCE_END_EVENT)) depth--;
                if (depth > 0 && !next(r)) return false;
        } while (depth > 0);
        return true;
}

static bool read_map(reader *r, config_setting *setting)
{
        if (!is(r, YAML_MAPPING_START_EVENT)) {
                config_error(r->config, "%s:%d: %s: expected a map of keys to values", r->path,
                             line_of(r), setting->option->name);
                return skip_value(r);
        }
        while (next(r) && !is(r, YAML_MAPPING_END_EVENT)) {
                const char *key = scalar(r);
                int line = line_of(r);
                if (!key) return fail(r, line, "a key");
                if (!next(r)) return false;
                const char *value = scalar(r);
                if (!value) return fail(r, line, "one value for a key");
                if (!*key || !*value)
                        config_error(r->config, "%s:%d: %s: expected a key and a value", r->path,
                                     line, setting->option->name);
                else
                        config_set_pair(r->config, setting, CONFIG_SOURCE_FILE, line, key, value);
        }
        return !r->failed;
}

static bool read_value(reader *r, config_setting *setting)
{
        if (setting->option->type == CONFIG_MAP) return read_map(r, setting);
        const char *value = scalar(r);
        if (value) {
                config_set(r->config, setting, CONFIG_SOURCE_FILE, line_of(r), value);
                return true;
        }
        config_error(r->config, "%s:%d: %s: expected one value", r->path, line_of(r),
                     setting->option->name);
        return skip_value(r);
}

static bool read_entries(reader *r)
{
        config *c = r->config;
        bool *seen = arena_zalloc(&c->arena, c->setting_count);
        while (next(r) && !is(r, YAML_MAPPING_END_EVENT)) {
                const char *name = scalar(r);
                int line = line_of(r);
                if (!name) return fail(r, line, "the name of an option");
                if (!next(r)) return false;
                config_setting *setting = config_find(c, name);
                if (!setting || strcmp(name, "config") == 0) {
                        const char *where = arena_format(&c->arena, "%s:%d: ", r->path, line);
                        config_error_unknown(c, where, name, name);
                        if (!skip_value(r)) return false;
                        continue;
                }
                size_t index = (size_t)(setting - c->settings);
                if (seen[index]) config_error(c, "%s:%d: %s stands twice", r->path, line, name);
                seen[index] = true;
                if (!read_value(r, setting)) return false;
        }
        return !r->failed;
}

static void read_document(reader *r)
{
        if (!next_but(r, 1)) return; /* behind STREAM-START: a document or the end */
        if (is(r, YAML_STREAM_END_EVENT)) return;
        if (!next(r)) return;
        bool is_empty = is(r, YAML_SCALAR_EVENT) && r->event.data.scalar.length == 0;
        if (!is_empty) {
                if (!is(r, YAML_MAPPING_START_EVENT)) {
                        fail(r, line_of(r), "lines like \"name: value\"");
                        return;
                }
                if (!read_entries(r)) return;
        }
        if (!next_but(r, 1)) return; /* behind the document's end: the stream's */
        if (!is(r, YAML_STREAM_END_EVENT)) fail(r, line_of(r), "one document in the file");
}

void config_read_file(config *c, const char *path)
{
        SCOPED(file) input = fopen(path, "re");
        if (!input) {
                config_error(c, "cannot read the configuration file %s: %s", path, strerror(errno));
                return;
        }
        char *text = arena_alloc(&c->arena, FILE_BYTES_MAX + 1);
        size_t length = fread(text, 1, FILE_BYTES_MAX + 1, input);
        if (ferror(input) || length > FILE_BYTES_MAX) {
                config_error(c, "the configuration file %s cannot be read or is larger than 1 MiB",
                             path);
                return;
        }
        SCOPED(reader) r = {.config = c, .path = path};
        if (!yaml_parser_initialize(&r.parser)) return;
        yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, length);
        read_document(&r);
}
