/* A YAML file as a small tree with line numbers, by libyaml's parser.
 * Must never accept what it does not understand, nor grow beyond the file that it reads. */
#include "common/pack/pack_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

enum { DEPTH_MAX = 6, KEYS_MAX = 1024, TEXT_BYTES_MAX = 1024 };

typedef struct reader {
        pack_file *file;
        yaml_parser_t parser;
        yaml_event_t event;
        bool has_event;
} reader;

static void reader_release(reader *r)
{
        if (r->has_event) yaml_event_delete(&r->event);
        yaml_parser_delete(&r->parser);
}

void pack_complain(pack_file *file, int line, const char *format, ...)
{
        pack_report *report = file->report;
        size_t used = strlen(report->text), room = sizeof report->text - used;
        char *at = report->text + used;
        va_list arguments;
        report->count++;
        va_start(arguments, format);
        const char *what = arena_vformat(file->arena, format, arguments);
        va_end(arguments);
        const char *said =
                line > 0 ? arena_format(file->arena, "%s:%d: %s\n", file->name, line, what)
                         : arena_format(file->arena, "%s: %s\n", file->name, what);
        if (strlen(said) >= room) return;
        memcpy(at, said, strlen(said) + 1);
        for (; *at; at++)
                if (*at != '\n' && (*at < ' ' || *at > '~')) *at = '?';
}

static bool fail(reader *r, const char *expected)
{
        pack_complain(r->file, (int)r->event.start_mark.line + 1, "expected %s", expected);
        return false;
}

static bool next(reader *r)
{
        if (r->has_event) yaml_event_delete(&r->event);
        r->has_event = false;
        if (!yaml_parser_parse(&r->parser, &r->event)) {
                pack_complain(r->file, (int)r->parser.problem_mark.line + 1, "%s",
                              r->parser.problem ? r->parser.problem : "not YAML");
                return false;
        }
        r->has_event = true;
        return true;
}

static bool next_but(reader *r, int skipped)
{
        for (int i = 0; i <= skipped; i++)
                if (!next(r)) return false;
        return true;
}

/* NULL: complained. */
static const char *scalar(reader *r)
{
        const char *text = (const char *)r->event.data.scalar.value;
        size_t length = r->event.data.scalar.length;
        if (r->event.data.scalar.anchor || r->event.data.scalar.tag || memchr(text, '\0', length) ||
            length > TEXT_BYTES_MAX) {
                fail(r, "a plain text of at most 1024 bytes");
                return NULL;
        }
        return arena_copy(r->file->arena, text, length);
}

static pack_node *read_node(reader *r, int depth);

static void check_key(reader *r, const pack_node *parent, const char *key, int line)
{
        for (const pack_node *n = parent->first; n; n = n->next)
                if (strcmp(n->key, key) == 0) pack_complain(r->file, line, "%s stands twice", key);
}

static bool read_children(reader *r, pack_node *parent, int depth)
{
        size_t count = 0;
        bool is_map = parent->kind == PACK_NODE_MAP;
        yaml_event_type_t end = is_map ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
        struct pack_node **last = &parent->first;
        for (;;) {
                const char *key = NULL;
                if (!next(r)) return false;
                if (r->event.type == end) return true;
                int line = (int)r->event.start_mark.line + 1;
                if (is_map) {
                        if (r->event.type != YAML_SCALAR_EVENT) return fail(r, "a key");
                        key = scalar(r);
                        if (!key) return false;
                        if (++count > KEYS_MAX) return fail(r, "at most 1024 keys in a map");
                        check_key(r, parent, key, line);
                        if (!next(r)) return false;
                }
                pack_node *child = read_node(r, depth + 1);
                if (!child) return false;
                child->key = key;
                child->line = line;
                *last = child;
                last = &child->next;
        }
}

/* Of the event at hand. */
static pack_node *read_node(reader *r, int depth)
{
        pack_node *node = arena_zalloc(r->file->arena, sizeof *node);
        node->line = (int)r->event.start_mark.line + 1;
        bool is_marked = false;
        switch (r->event.type) {
        case YAML_SCALAR_EVENT:
                node->kind = PACK_NODE_TEXT;
                node->text = scalar(r);
                return node->text ? node : NULL;
        case YAML_MAPPING_START_EVENT:
                node->kind = PACK_NODE_MAP;
                is_marked = r->event.data.mapping_start.anchor || r->event.data.mapping_start.tag;
                break;
        case YAML_SEQUENCE_START_EVENT:
                node->kind = PACK_NODE_LIST;
                is_marked = r->event.data.sequence_start.anchor || r->event.data.sequence_start.tag;
                break;
        default:
                fail(r, "a value");
                return NULL;
        }
        if (is_marked || depth >= DEPTH_MAX) {
                fail(r, "a plain value, not nested deeper");
                return NULL;
        }
        return read_children(r, node, depth) ? node : NULL;
}

static const pack_node *read_document(reader *r)
{
        if (!next_but(r, 1)) return NULL; /* STREAM-START, then a document or the end */
        if (r->event.type != YAML_DOCUMENT_START_EVENT || !next(r) ||
            r->event.type != YAML_MAPPING_START_EVENT) {
                fail(r, "lines like \"name: value\"");
                return NULL;
        }
        const pack_node *root = read_node(r, 0);
        if (!root || !next_but(r, 1)) return NULL; /* the document's end, the stream's */
        if (r->event.type == YAML_STREAM_END_EVENT) return root;
        fail(r, "one document in the file");
        return NULL;
}

const pack_node *pack_yaml_read(pack_file *file, bytes source)
{
        SCOPED(reader) r = {.file = file};
        if (!yaml_parser_initialize(&r.parser)) {
                pack_complain(file, 0, "no memory to read it");
                return NULL;
        }
        yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&r.parser, source.data, source.length);
        return read_document(&r);
}
