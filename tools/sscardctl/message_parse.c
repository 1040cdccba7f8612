/* From JSON, or from what people type, to protobuf messages. */
#include "google/protobuf/any.pb-c.h"
#include "google/protobuf/duration.pb-c.h"
#include "google/protobuf/timestamp.pb-c.h"
#include "google/type/date.pb-c.h"
#include "tools/sscardctl/message_json.h"
#include "tools/sscardctl/time_text.h"

#include <assert.h>
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Where in the request we are, for messages to people. */
typedef struct parser {
        arena *a;
        const catalog *c;
        failure *f;
} parser;

static bool wrong(const parser *p, const char *path, const char *what)
{
        return failure_set(p->f, FAILURE_INVALID_ARGUMENT, "INPUT_INVALID", "%s: %s",
                           *path ? path : "request", what);
}

static ProtobufCMessage *parse_message(const parser *p, const char *path,
                                       const ProtobufCMessageDescriptor *type, const json_t *value);

static bool parse_integer(const parser *p, const char *path, const json_t *value, int64_t least,
                          uint64_t most, int64_t *number)
{
        if (json_is_integer(value)) {
                int64_t n = json_integer_value(value);
                if (n < least || (n > 0 && (uint64_t)n > most))
                        return wrong(p, path, "the number is out of range");
                *number = n;
                return true;
        }
        const char *text = json_string_value(value);
        if (!text || *text == '\0') return wrong(p, path, "must be a whole number");
        char *end;
        errno = 0;
        if (*text == '-') {
                long long n = strtoll(text, &end, 10);
                if (*end != '\0') return wrong(p, path, "must be a whole number");
                if (errno == ERANGE || n < least)
                        return wrong(p, path, "the number is out of range");
                *number = n;
                return true;
        }
        unsigned long long n = strtoull(text, &end, 10);
        if (*end != '\0') return wrong(p, path, "must be a whole number");
        if (errno == ERANGE || n > most) return wrong(p, path, "the number is out of range");
        *number = (int64_t)n;
        return true;
}

static bool parse_real(const parser *p, const char *path, const json_t *value, double *number)
{
        if (json_is_number(value)) {
                *number = json_number_value(value);
                return true;
        }
        const char *text = json_string_value(value);
        char *end = NULL;
        if (text && *text) *number = strtod(text, &end);
        return end && *end == '\0' ? true : wrong(p, path, "must be a number");
}

static bool parse_bool(const parser *p, const char *path, const json_t *value, int *flag)
{
        const char *text = json_string_value(value);
        if (json_is_boolean(value)) {
                *flag = json_is_true(value);
        } else if (text && (strcasecmp(text, "true") == 0 || strcasecmp(text, "yes") == 0)) {
                *flag = 1;
        } else if (text && (strcasecmp(text, "false") == 0 || strcasecmp(text, "no") == 0)) {
                *flag = 0;
        } else {
                return wrong(p, path, "must be true or false");
        }
        return true;
}

static bool parse_enum(const parser *p, const char *path, const ProtobufCEnumDescriptor *type,
                       const json_t *value, int *number)
{
        if (json_is_integer(value)) {
                int64_t n = 0;
                if (!parse_integer(p, path, value, INT32_MIN, INT32_MAX, &n)) return false;
                *number = (int)n;
                return true;
        }
        const char *text = json_string_value(value);
        const ProtobufCEnumValue *found = text ? message_enum_find(type, text) : NULL;
        if (found) {
                *number = found->value;
                return true;
        }
        char *names = arena_strdup(p->a, "");
        for (unsigned i = 0; i < type->n_values; i++)
                if (type->values[i].value != 0)
                        names = arena_format(p->a, "%s%s%s", names, *names ? ", " : "",
                                             message_enum_short(type, &type->values[i]));
        return wrong(p, path, arena_format(p->a, "must be one of %s", names));
}

static bool parse_text(const parser *p, const char *path, const json_t *value, const char **text)
{
        if (json_is_string(value)) {
                *text = arena_strdup(p->a, json_string_value(value));
        } else if (json_is_integer(value)) {
                *text = arena_format(p->a, "%lld", (long long)json_integer_value(value));
        } else {
                return wrong(p, path, "must be a text");
        }
        return true;
}

static bool parse_bytes(const parser *p, const char *path, const json_t *value,
                        ProtobufCBinaryData *data)
{
        const char *text = json_string_value(value);
        if (!text) return wrong(p, path, "must be bytes in base64");
        size_t length = strlen(text);
        const char *end;
        data->data = arena_alloc(p->a, length + 1);
        static const int variants[] = {
                sodium_base64_VARIANT_ORIGINAL, sodium_base64_VARIANT_ORIGINAL_NO_PADDING,
                sodium_base64_VARIANT_URLSAFE, sodium_base64_VARIANT_URLSAFE_NO_PADDING};
        for (size_t i = 0; i < ARRAY_LENGTH(variants); i++)
                if (sodium_base642bin(data->data, length + 1, text, length, NULL, &data->len, &end,
                                      variants[i]) == 0 &&
                    *end == '\0')
                        return true;
        return wrong(p, path, "must be bytes in base64");
}

/* Writes one element where the generated struct wants it. */
static bool parse_element(const parser *p, const char *path, const ProtobufCFieldDescriptor *field,
                          const json_t *value, void *at)
{
        int64_t number;
        switch (field->type) {
        case PROTOBUF_C_TYPE_INT32:
        case PROTOBUF_C_TYPE_SINT32:
        case PROTOBUF_C_TYPE_SFIXED32:
                if (!parse_integer(p, path, value, INT32_MIN, INT32_MAX, &number)) return false;
                *(int32_t *)at = (int32_t)number;
                return true;
        case PROTOBUF_C_TYPE_UINT32:
        case PROTOBUF_C_TYPE_FIXED32:
                if (!parse_integer(p, path, value, 0, UINT32_MAX, &number)) return false;
                *(uint32_t *)at = (uint32_t)number;
                return true;
        case PROTOBUF_C_TYPE_INT64:
        case PROTOBUF_C_TYPE_SINT64:
        case PROTOBUF_C_TYPE_SFIXED64:
                return parse_integer(p, path, value, INT64_MIN, INT64_MAX, at);
        case PROTOBUF_C_TYPE_UINT64:
        case PROTOBUF_C_TYPE_FIXED64:
                return parse_integer(p, path, value, 0, UINT64_MAX, at);
        case PROTOBUF_C_TYPE_FLOAT: {
                double real;
                if (!parse_real(p, path, value, &real)) return false;
                *(float *)at = (float)real;
                return true;
        }
        case PROTOBUF_C_TYPE_DOUBLE:
                return parse_real(p, path, value, at);
        case PROTOBUF_C_TYPE_BOOL:
                return parse_bool(p, path, value, at);
        case PROTOBUF_C_TYPE_ENUM:
                return parse_enum(p, path, field->descriptor, value, at);
        case PROTOBUF_C_TYPE_STRING:
                return parse_text(p, path, value, at);
        case PROTOBUF_C_TYPE_BYTES:
                return parse_bytes(p, path, value, at);
        case PROTOBUF_C_TYPE_MESSAGE: {
                ProtobufCMessage *inner = parse_message(p, path, field->descriptor, value);
                *(ProtobufCMessage **)at = inner;
                return inner != NULL;
        }
        }
        return wrong(p, path, "has a type that is not known");
}

static bool parse_repeated(const parser *p, const char *path, const ProtobufCFieldDescriptor *field,
                           const json_t *value, ProtobufCMessage *message)
{
        size_t count = json_is_array(value) ? json_array_size(value) : 1;
        size_t bytes = message_element_bytes(field->type);
        char *elements = arena_zalloc(p->a, count * bytes + 1);
        for (size_t i = 0; i < count; i++) {
                const json_t *item = json_is_array(value) ? json_array_get(value, i) : value;
                const char *at = arena_format(p->a, "%s[%zu]", path, i);
                if (!parse_element(p, at, field, item, elements + i * bytes)) return false;
        }
        memcpy((char *)message + field->quantifier_offset, &count, sizeof count);
        memcpy((char *)message + field->offset, &elements, sizeof elements);
        return true;
}

/* {"a": 1} as [{"key": "a", "value": 1}]. */
static json_t *entries_of(const json_t *map)
{
        json_t *entries = json_array();
        const char *key;
        json_t *value;
        json_object_foreach((json_t *)map, key, value)
                json_array_append_new(entries, json_pack("{s:s, s:O}", "key", key, "value", value));
        return entries;
}

static bool parse_field(const parser *p, const char *path, const ProtobufCFieldDescriptor *field,
                        const json_t *value, ProtobufCMessage *message)
{
        if (json_is_null(value)) return true;
        if (message_is_map(field) && json_is_object(value)) {
                json_t *entries = entries_of(value);
                bool ok = parse_repeated(p, path, field, entries, message);
                json_decref(entries);
                return ok;
        }
        if (field->label == PROTOBUF_C_LABEL_REPEATED)
                return parse_repeated(p, path, field, value, message);
        if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
                uint32_t chosen;
                memcpy(&chosen, (char *)message + field->quantifier_offset, sizeof chosen);
                if (chosen != 0)
                        return wrong(p, path, "only one of these alternatives can be given");
                memcpy((char *)message + field->quantifier_offset, &field->id, sizeof field->id);
        }
        return parse_element(p, path, field, value, (char *)message + field->offset);
}

static bool same_name(const char *field, const char *key)
{
        if (strcmp(field, key) == 0) return true;
        for (; *field && *key; field++, key++) {
                if (*field == '_' && *key != '_') {
                        field++;
                        if (*field - 'a' != *key - 'A') return false;
                } else if (*field != *key) {
                        return false;
                }
        }
        return *field == *key;
}

static const ProtobufCFieldDescriptor *find_field(const ProtobufCMessageDescriptor *type,
                                                  const char *key)
{
        for (unsigned i = 0; i < type->n_fields; i++)
                if (same_name(type->fields[i].name, key)) return &type->fields[i];
        return NULL;
}

static ProtobufCMessage *new_message(arena *a, const ProtobufCMessageDescriptor *type)
{
        ProtobufCMessage *message = arena_zalloc(a, type->sizeof_message);
        type->message_init(message);
        return message;
}

static bool parse_object(const parser *p, const char *path, const json_t *value,
                         ProtobufCMessage *message)
{
        const char *key;
        json_t *item;
        json_object_foreach((json_t *)value, key, item)
        {
                const ProtobufCFieldDescriptor *field = find_field(message->descriptor, key);
                const char *at = arena_format(p->a, "%s%s%s", path, *path ? "." : "", key);
                if (!field)
                        return wrong(p, at,
                                     arena_format(p->a, "%s has no such field",
                                                  message->descriptor->short_name));
                if (!parse_field(p, at, field, item, message)) return false;
        }
        return true;
}

/* {"@type": …, fields}: packed into the Any. */
static bool parse_any(const parser *p, const char *path, const json_t *value,
                      Google__Protobuf__Any *any)
{
        const char *url = json_string_value(json_object_get(value, "@type"));
        const char *slash = url ? strrchr(url, '/') : NULL;
        const ProtobufCMessageDescriptor *type = slash ? catalog_type(p->c, slash + 1) : NULL;
        if (!type) return wrong(p, path, "needs an \"@type\" that is known");
        json_t *rest = json_copy((json_t *)value);
        json_object_del(rest, "@type");
        ProtobufCMessage *inner = parse_message(p, path, type, rest);
        json_decref(rest);
        if (!inner) return false;
        any->type_url = arena_strdup(p->a, url);
        any->value.len = protobuf_c_message_get_packed_size(inner);
        any->value.data = arena_alloc(p->a, any->value.len + 1);
        protobuf_c_message_pack(inner, any->value.data);
        return true;
}

/* What can stand between colons: everything without parts, and dates. */
static bool is_plain(const ProtobufCFieldDescriptor *field)
{
        if (field->label == PROTOBUF_C_LABEL_REPEATED) return false;
        return field->type != PROTOBUF_C_TYPE_MESSAGE ||
               field->descriptor == &google_type__date__descriptor;
}

/* "first:second": plain fields in their order. */
static bool parse_colons(const parser *p, const char *path, const char *text,
                         ProtobufCMessage *message)
{
        const ProtobufCMessageDescriptor *type = message->descriptor;
        unsigned next = 0;
        while (*text) {
                while (next < type->n_fields && !is_plain(&type->fields[next]))
                        next++;
                if (next == type->n_fields)
                        return wrong(p, path, "has more parts between colons than fields");
                const ProtobufCFieldDescriptor *field = &type->fields[next++];
                size_t length = strcspn(text, ":");
                if (length > 0) {
                        json_t *part = json_stringn(text, length);
                        const char *at = arena_format(p->a, "%s.%s", path, field->name);
                        bool ok = part ? parse_field(p, at, field, part, message)
                                       : wrong(p, at, "is not UTF-8");
                        json_decref(part);
                        if (!ok) return false;
                }
                text += length;
                if (*text == ':') text++;
        }
        return true;
}

static bool parse_from_text(const parser *p, const char *path, const char *text,
                            ProtobufCMessage *message)
{
        const ProtobufCMessageDescriptor *type = message->descriptor;
        time_value time;
        if (type == &google__protobuf__timestamp__descriptor) {
                Google__Protobuf__Timestamp *instant = (void *)message;
                if (!time_text_parse_instant(text, &time))
                        return wrong(p, path, "must be a time such as 2026-01-31T08:00:00+08:00");
                instant->seconds = time.seconds;
                instant->nanos = time.nanos;
                return true;
        }
        if (type == &google__protobuf__duration__descriptor) {
                Google__Protobuf__Duration *span = (void *)message;
                if (!time_text_parse_span(text, &time))
                        return wrong(p, path, "must be a span such as 90s, 5m, 2h or 3d");
                span->seconds = time.seconds;
                span->nanos = time.nanos;
                return true;
        }
        if (type == &google_type__date__descriptor) {
                GoogleType__Date *date = (void *)message;
                civil_date civil;
                if (!civil_date_parse(text, &civil))
                        return wrong(p, path, "must be a date such as 2026-01-31");
                date->year = civil.year;
                date->month = civil.month;
                date->day = civil.day;
                return true;
        }
        if (*text == '{') {
                json_error_t error;
                json_t *object = json_loads(text, JSON_REJECT_DUPLICATES, &error);
                if (!object) return wrong(p, path, arena_format(p->a, "JSON: %s", error.text));
                bool ok = parse_object(p, path, object, message);
                json_decref(object);
                return ok;
        }
        return parse_colons(p, path, text, message);
}

static ProtobufCMessage *parse_message(const parser *p, const char *path,
                                       const ProtobufCMessageDescriptor *type, const json_t *value)
{
        ProtobufCMessage *message = new_message(p->a, type);
        bool ok;
        if (json_is_string(value))
                ok = parse_from_text(p, path, json_string_value(value), message);
        else if (!json_is_object(value))
                ok = wrong(p, path, "must be an object");
        else if (type == &google__protobuf__any__descriptor)
                ok = parse_any(p, path, value, (Google__Protobuf__Any *)message);
        else
                ok = parse_object(p, path, value, message);
        return ok ? message : NULL;
}

ProtobufCMessage *message_from_json(arena *a, const catalog *c,
                                    const ProtobufCMessageDescriptor *type, const json_t *value,
                                    failure *f)
{
        assert(f->kind == FAILURE_NONE);
        const parser p = {.a = a, .c = c, .f = f};
        return parse_message(&p, "", type, value);
}
