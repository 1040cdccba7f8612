/* From what was typed after a verb to the JSON of its request.
 * Must never know a method by name: what it needs is in the descriptors and in verbs.c. */
#include "tools/sscardctl/request.h"

#include "tools/sscardctl/message_json.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { ONE_WORD = 1, TWO_WORDS = 2 };

typedef struct builder {
        arena *a;
        const verb *v;
        const request_defaults *defaults;
        json_t *request;
        failure *f;
} builder;

static const ProtobufCFieldDescriptor *field_named(const ProtobufCMessageDescriptor *type,
                                                   const char *name, size_t length)
{
        for (unsigned i = 0; i < type->n_fields; i++)
                if (strlen(type->fields[i].name) == length &&
                    strncmp(type->fields[i].name, name, length) == 0)
                        return &type->fields[i];
        return NULL;
}

const ProtobufCFieldDescriptor *request_field(const ProtobufCMessageDescriptor *type,
                                              const char *path)
{
        const ProtobufCFieldDescriptor *field = NULL;
        while (type) {
                size_t length = strcspn(path, ".");
                field = field_named(type, path, length);
                if (!field || path[length] == '\0') return field;
                type = field->type == PROTOBUF_C_TYPE_MESSAGE &&
                                       field->label != PROTOBUF_C_LABEL_REPEATED
                               ? field->descriptor
                               : NULL;
                path += length + 1;
        }
        return NULL;
}

/* The path of the one field that has this enum value; NULL: none, or several. */
static const char *path_of_value(arena *a, const verb *v, const char *word, const char **value)
{
        const char *path = NULL;
        const ProtobufCMessageDescriptor *type = v->method->request;
        for (unsigned i = 0; i < type->n_fields; i++) {
                const ProtobufCFieldDescriptor *field = &type->fields[i];
                if (field->type != PROTOBUF_C_TYPE_ENUM) continue;
                const ProtobufCEnumValue *found = message_enum_find(field->descriptor, word);
                if (!found || found->value == 0) continue;
                if (path) return NULL;
                path = arena_strdup(a, field->name);
                *value = found->name;
        }
        return path;
}

const char *request_flag_path(arena *a, const verb *v, const char *flag, const char **value)
{
        const char *name = verb_snake(a, flag);
        *value = NULL;
        if (request_field(v->method->request, name)) return name;
        const char *alias = verb_flag_alias(v->method, flag);
        if (alias && request_field(v->method->request, alias)) return alias;
        static const char *const flattened[] = {"context", "read_options"};
        for (size_t i = 0; i < ARRAY_LENGTH(flattened); i++) {
                const char *path = arena_format(a, "%s.%s", flattened[i], name);
                if (request_field(v->method->request, path)) return path;
        }
        return path_of_value(a, v, name, value);
}

static bool wrong(const builder *b, const char *format, const char *word)
{
        return failure_set(b->f, FAILURE_INVALID_ARGUMENT, "USAGE", format, word);
}

/* The object that holds the last part of a path; made on the way. NULL: something else is there. */
static json_t *holder_of(const builder *b, const char *path, const char **last)
{
        json_t *object = b->request;
        const char *dot;
        while ((dot = strchr(path, '.'))) {
                const char *name = arena_copy(b->a, path, (size_t)(dot - path));
                json_t *inner = json_object_get(object, name);
                if (!inner) {
                        inner = json_object();
                        json_object_set_new(object, name, inner);
                }
                if (!json_is_object(inner)) return NULL;
                object = inner;
                path = dot + 1;
        }
        *last = path;
        return object;
}

static bool put(const builder *b, const char *path, json_t *value)
{
        const char *last;
        json_t *object = holder_of(b, path, &last);
        const ProtobufCFieldDescriptor *field = request_field(b->v->method->request, path);
        if (!object || !value) {
                json_decref(value);
                return wrong(b, "%s is given in two ways, or is not UTF-8", path);
        }
        if (field && field->label == PROTOBUF_C_LABEL_REPEATED) {
                json_t *list = json_object_get(object, last);
                if (!json_is_array(list)) {
                        list = json_array();
                        json_object_set_new(object, last, list);
                }
                return json_array_append_new(list, value) == 0;
        }
        return json_object_set_new(object, last, value) == 0;
}

static bool has(const builder *b, const char *path)
{
        json_t *object = b->request;
        const char *dot;
        while (object && (dot = strchr(path, '.'))) {
                object = json_object_get(object, arena_copy(b->a, path, (size_t)(dot - path)));
                path = dot + 1;
        }
        return json_object_get(object, path) != NULL;
}

static bool is_time_like(const ProtobufCFieldDescriptor *field)
{
        const ProtobufCMessageDescriptor *type = field->descriptor;
        return strcmp(type->name, "google.protobuf.Timestamp") == 0 ||
               strcmp(type->name, "google.protobuf.Duration") == 0 ||
               strcmp(type->name, "google.type.Date") == 0;
}

/* Booleans and messages may stand alone; everything else takes the next word. */
static bool may_stand_alone(const ProtobufCFieldDescriptor *field)
{
        if (field->label == PROTOBUF_C_LABEL_REPEATED) return false;
        if (field->type == PROTOBUF_C_TYPE_BOOL) return true;
        return field->type == PROTOBUF_C_TYPE_MESSAGE && !is_time_like(field);
}

/* Names as the flags write them: "requestId" as "request_id", all the way down. */
static json_t *with_snake_names(arena *a, const json_t *value)
{
        if (json_is_array(value)) {
                json_t *array = json_array();
                for (size_t i = 0; i < json_array_size(value); i++)
                        json_array_append_new(array, with_snake_names(a, json_array_get(value, i)));
                return array;
        }
        if (!json_is_object(value)) return json_deep_copy(value);
        json_t *object = json_object();
        const char *name;
        json_t *item;
        json_object_foreach((json_t *)value, name, item)
        {
                const char *snake = *name == '@' ? name : verb_snake(a, verb_kebab(a, name));
                json_object_set_new(object, snake, with_snake_names(a, item));
        }
        return object;
}

/* {"a": 1} from --json or --file, under what the flags have said so far. */
static bool merge(builder *b, json_t *document, const char *from)
{
        bool ok = json_is_object(document);
        if (ok) {
                json_t *merged = with_snake_names(b->a, document);
                json_object_update_recursive(merged, b->request);
                json_decref(b->request);
                b->request = merged;
        }
        json_decref(document);
        return ok ? true : wrong(b, "--%s must hold a JSON object", from);
}

static bool read_document(builder *b, const char *flag, const char *value)
{
        json_error_t error;
        json_t *document = NULL;
        if (strcmp(flag, "json") == 0)
                document = json_loads(value, JSON_REJECT_DUPLICATES, &error);
        else if (strcmp(value, "-") == 0)
                document = json_loadf(stdin, JSON_REJECT_DUPLICATES, &error);
        else
                document = json_load_file(value, JSON_REJECT_DUPLICATES, &error);
        if (!document)
                return failure_set(b->f, FAILURE_INVALID_ARGUMENT, "USAGE",
                                   "--%s, line %d, column %d: %s", flag, error.line, error.column,
                                   error.text);
        return merge(b, document, flag);
}

/* One flag; `next` is the word behind it (NULL: none). How many words it took; 0: `f` is set. */
static int parse_flag(builder *b, const char *word, const char *next)
{
        const char *equals = strchr(word, '=');
        const char *flag = equals ? arena_copy(b->a, word, (size_t)(equals - word)) : word;
        const char *text = equals ? equals + 1 : NULL;
        bool document = strcmp(flag, "json") == 0 || strcmp(flag, "file") == 0;
        const char *value = NULL;
        const char *path = document ? flag : request_flag_path(b->a, b->v, flag, &value);
        if (!path) {
                wrong(b, "there is no flag --%s",
                      arena_format(b->a, "%s here; see \"sscardctl help %s %s\"", flag, b->v->group,
                                   b->v->name));
                return 0;
        }
        if (value) {
                if (text) {
                        wrong(b, "--%s takes no value", flag);
                        return 0;
                }
                return put(b, path, json_string(value)) ? ONE_WORD : 0;
        }
        int taken = ONE_WORD;
        if (!text) {
                const ProtobufCFieldDescriptor *field =
                        document ? NULL : request_field(b->v->method->request, path);
                if (field && may_stand_alone(field)) {
                        json_t *bare =
                                field->type == PROTOBUF_C_TYPE_BOOL ? json_true() : json_object();
                        /* A message that has parts already stays what it is. */
                        if (field->type == PROTOBUF_C_TYPE_MESSAGE && has(b, path)) {
                                json_decref(bare);
                                return ONE_WORD;
                        }
                        return put(b, path, bare) ? ONE_WORD : 0;
                }
                if (!next) {
                        wrong(b, "--%s needs a value", flag);
                        return 0;
                }
                text = next;
                taken = TWO_WORDS;
        }
        bool ok = document ? read_document(b, flag, text) : put(b, path, json_string(text));
        return ok ? taken : 0;
}

static bool all_digits(const char *text, size_t count)
{
        for (size_t i = 0; i < count; i++)
                if (!isdigit((unsigned char)text[i])) return false;
        return true;
}

const char *request_resource_name(arena *a, const char *region, const char *collection,
                                  const char *typed)
{
        if (!collection || !region || strncmp(typed, "regions/", 8) == 0) return typed;
        if (*collection == '\0') {
                bool is_region = strlen(typed) == 6 && all_digits(typed, 6);
                return is_region ? arena_format(a, "regions/%s", typed) : typed;
        }
        if (strchr(typed, '/')) return arena_format(a, "regions/%s/%s", region, typed);
        /* The id stands in the place of a star. */
        const char *star = strchr(collection, '*');
        if (!star) return arena_format(a, "regions/%s/%s/%s", region, collection, typed);
        return arena_format(a, "regions/%s/%.*s%s%s", region, (int)(star - collection), collection,
                            typed, star + 1);
}

/* The bare word behind the verb: which field it is goes by its shape. */
static bool put_subject(const builder *b, const char *typed)
{
        const ProtobufCMessageDescriptor *type = b->v->method->request;
        size_t length = strlen(typed);
        const char *field = NULL;
        if (length == 18 && all_digits(typed, 17) && request_field(type, "identity_number"))
                field = "identity_number";
        else if (length == 9 && !strchr(typed, '/') && request_field(type, "card_number"))
                field = "card_number";
        if (field) return put(b, field, json_string(typed));
        if (type->n_fields == 0) return wrong(b, "%s is one word too many", typed);
        const char *name = arena_strdup(b->a, type->fields[0].name);
        const char *value =
                request_resource_name(b->a, b->defaults->region, b->v->collection, typed);
        return put(b, name, json_string(value));
}

static bool fill(const builder *b, const char *path, const char *value)
{
        if (!value || *value == '\0' || has(b, path)) return true;
        if (!request_field(b->v->method->request, path)) return true;
        return put(b, path, json_string(value));
}

/* A request about the region itself needs no bare word. */
static bool fill_region(const builder *b)
{
        const ProtobufCMessageDescriptor *type = b->v->method->request;
        if (!b->v->collection || *b->v->collection != '\0') return true;
        if (!b->defaults->region || *b->defaults->region == '\0' || type->n_fields == 0)
                return true;
        return fill(b, arena_strdup(b->a, type->fields[0].name),
                    arena_format(b->a, "regions/%s", b->defaults->region));
}

static bool fill_defaults(const builder *b)
{
        const request_defaults *defaults = b->defaults;
        if (!fill_region(b)) return false;
        if (b->v->method->kind == CATALOG_MUTATION)
                return fill(b, "context.request_id", defaults->request_id) &&
                       fill(b, "context.channel", defaults->channel) &&
                       fill(b, "context.outlet", defaults->outlet);
        return fill(b, "read_options.channel", defaults->channel) &&
               fill(b, "read_options.outlet", defaults->outlet);
}

static bool parse_words(builder *b, int count, char *const *words)
{
        bool subject_seen = false;
        for (int i = 0; i < count;) {
                if (strncmp(words[i], "--", 2) == 0 && words[i][2] != '\0') {
                        int taken =
                                parse_flag(b, words[i] + 2, i + 1 < count ? words[i + 1] : NULL);
                        if (taken == 0) return false;
                        i += taken;
                        continue;
                }
                if (subject_seen) return wrong(b, "%s is one word too many", words[i]);
                subject_seen = true;
                if (!put_subject(b, words[i])) return false;
                i++;
        }
        return fill_defaults(b);
}

json_t *request_parse(arena *a, const verb *v, const request_defaults *defaults, int count,
                      char *const *words, failure *f)
{
        builder b = {.a = a, .v = v, .defaults = defaults, .request = json_object(), .f = f};
        if (parse_words(&b, count, words)) return b.request;
        json_decref(b.request);
        return NULL;
}
