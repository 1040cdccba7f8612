/* From protobuf messages to JSON, and what both directions know of a message's layout. */
#include "tools/sscardctl/message_json.h"

#include "google/protobuf/any.pb-c.h"
#include "google/protobuf/duration.pb-c.h"
#include "google/protobuf/timestamp.pb-c.h"
#include "tools/sscardctl/time_text.h"

#include <assert.h>
#include <ctype.h>
#include <sodium.h>
#include <string.h>

const void *message_member(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
        return (const char *)message + field->offset;
}

size_t message_count(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
        assert(field->label == PROTOBUF_C_LABEL_REPEATED);
        size_t count;
        memcpy(&count, (const char *)message + field->quantifier_offset, sizeof count);
        return count;
}

bool message_has(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
        if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
                uint32_t chosen;
                memcpy(&chosen, (const char *)message + field->quantifier_offset, sizeof chosen);
                return chosen == field->id;
        }
        if (field->type != PROTOBUF_C_TYPE_MESSAGE) return true;
        return *(ProtobufCMessage *const *)message_member(message, field) != NULL;
}

size_t message_element_bytes(ProtobufCType type)
{
        switch (type) {
        case PROTOBUF_C_TYPE_INT32:
        case PROTOBUF_C_TYPE_SINT32:
        case PROTOBUF_C_TYPE_SFIXED32:
        case PROTOBUF_C_TYPE_UINT32:
        case PROTOBUF_C_TYPE_FIXED32:
                return sizeof(int32_t);
        case PROTOBUF_C_TYPE_INT64:
        case PROTOBUF_C_TYPE_SINT64:
        case PROTOBUF_C_TYPE_SFIXED64:
        case PROTOBUF_C_TYPE_UINT64:
        case PROTOBUF_C_TYPE_FIXED64:
                return sizeof(int64_t);
        case PROTOBUF_C_TYPE_FLOAT:
                return sizeof(float);
        case PROTOBUF_C_TYPE_DOUBLE:
                return sizeof(double);
        case PROTOBUF_C_TYPE_BOOL:
                return sizeof(protobuf_c_boolean);
        case PROTOBUF_C_TYPE_ENUM:
                return sizeof(int);
        case PROTOBUF_C_TYPE_STRING:
                return sizeof(char *);
        case PROTOBUF_C_TYPE_BYTES:
                return sizeof(ProtobufCBinaryData);
        case PROTOBUF_C_TYPE_MESSAGE:
                return sizeof(ProtobufCMessage *);
        }
        assert(!"a type that does not exist");
        return 0;
}

bool message_is_map(const ProtobufCFieldDescriptor *field)
{
        if (field->label != PROTOBUF_C_LABEL_REPEATED || field->type != PROTOBUF_C_TYPE_MESSAGE)
                return false;
        const ProtobufCMessageDescriptor *entry = field->descriptor;
        size_t length = strlen(entry->short_name);
        return length > 5 && strcmp(entry->short_name + length - 5, "Entry") == 0 &&
               entry->n_fields == 2 && strcmp(entry->fields[0].name, "key") == 0 &&
               strcmp(entry->fields[1].name, "value") == 0 &&
               entry->fields[0].type == PROTOBUF_C_TYPE_STRING;
}

/* The prefix of a type's values: "CardState" makes "CARD_STATE_". Its length in `value`, or 0. */
static size_t enum_prefix(const ProtobufCEnumDescriptor *type, const char *value)
{
        size_t at = 0;
        for (const char *letter = type->short_name; *letter; letter++) {
                if (isupper((unsigned char)*letter) && letter != type->short_name) {
                        if (value[at] != '_') return 0;
                        at++;
                }
                if (value[at] != toupper((unsigned char)*letter)) return 0;
                at++;
        }
        return value[at] == '_' ? at + 1 : 0;
}

const char *message_enum_short(const ProtobufCEnumDescriptor *type, const ProtobufCEnumValue *value)
{
        return value->name + enum_prefix(type, value->name);
}

/* Equal but for case and "-" for "_". */
static bool same_word(const char *a, const char *b)
{
        for (; *a && *b; a++, b++) {
                char left = *a == '-' ? '_' : (char)toupper((unsigned char)*a);
                char right = *b == '-' ? '_' : (char)toupper((unsigned char)*b);
                if (left != right) return false;
        }
        return *a == *b;
}

const ProtobufCEnumValue *message_enum_find(const ProtobufCEnumDescriptor *type, const char *text)
{
        for (unsigned i = 0; i < type->n_values; i++)
                if (same_word(type->values[i].name, text) ||
                    same_word(message_enum_short(type, &type->values[i]), text))
                        return &type->values[i];
        return NULL;
}

static void *allocate(void *data, size_t size)
{
        return arena_alloc(data, size);
}

static void keep(void *data, void *pointer)
{
        /* The arena gives it back. */
        (void)data;
        (void)pointer;
}

ProtobufCMessage *message_unpack(arena *a, const ProtobufCMessageDescriptor *type,
                                 const uint8_t *data, size_t size)
{
        ProtobufCAllocator allocator = {.alloc = allocate, .free = keep, .allocator_data = a};
        return protobuf_c_message_unpack(type, &allocator, size, data);
}

ProtobufCMessage *message_from_any(arena *a, const catalog *c, const char *type_url,
                                   const uint8_t *data, size_t size)
{
        const char *slash = type_url ? strrchr(type_url, '/') : NULL;
        if (!slash) return NULL;
        const ProtobufCMessageDescriptor *type = catalog_type(c, slash + 1);
        return type ? message_unpack(a, type, data, size) : NULL;
}

static json_t *text_json(const char *text)
{
        json_t *value = json_string(text ? text : "");
        return value ? value : json_string("(not UTF-8)");
}

static json_t *bytes_json(arena *a, const ProtobufCBinaryData *data)
{
        size_t room = sodium_base64_ENCODED_LEN(data->len, sodium_base64_VARIANT_ORIGINAL);
        char *text = arena_alloc(a, room);
        sodium_bin2base64(text, room, data->data, data->len, sodium_base64_VARIANT_ORIGINAL);
        return json_string(text);
}

static json_t *enum_json(const ProtobufCEnumDescriptor *type, int number)
{
        const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(type, number);
        return value ? json_string(value->name) : json_integer(number);
}

static json_t *any_json(arena *a, const catalog *c, const Google__Protobuf__Any *any)
{
        const char *url = any->type_url ? any->type_url : "";
        ProtobufCMessage *inner = message_from_any(a, c, url, any->value.data, any->value.len);
        json_t *object = inner ? message_to_json(a, c, inner) : json_object();
        if (!json_is_object(object)) {
                /* An instant or a span: its text stands under "value". */
                json_t *wrapper = json_object();
                json_object_set_new(wrapper, "value", object);
                object = wrapper;
        }
        if (!inner) json_object_set_new(object, "value", bytes_json(a, &any->value));
        json_object_set_new(object, "@type", text_json(url));
        return object;
}

static json_t *element_json(arena *a, const catalog *c, const ProtobufCFieldDescriptor *field,
                            const void *at)
{
        switch (field->type) {
        case PROTOBUF_C_TYPE_INT32:
        case PROTOBUF_C_TYPE_SINT32:
        case PROTOBUF_C_TYPE_SFIXED32:
                return json_integer(*(const int32_t *)at);
        case PROTOBUF_C_TYPE_UINT32:
        case PROTOBUF_C_TYPE_FIXED32:
                return json_integer(*(const uint32_t *)at);
        case PROTOBUF_C_TYPE_INT64:
        case PROTOBUF_C_TYPE_SINT64:
        case PROTOBUF_C_TYPE_SFIXED64:
                return json_string(arena_format(a, "%lld", (long long)*(const int64_t *)at));
        case PROTOBUF_C_TYPE_UINT64:
        case PROTOBUF_C_TYPE_FIXED64:
                return json_string(
                        arena_format(a, "%llu", (unsigned long long)*(const uint64_t *)at));
        case PROTOBUF_C_TYPE_FLOAT:
                return json_real((double)*(const float *)at);
        case PROTOBUF_C_TYPE_DOUBLE:
                return json_real(*(const double *)at);
        case PROTOBUF_C_TYPE_BOOL:
                return json_boolean(*(const protobuf_c_boolean *)at);
        case PROTOBUF_C_TYPE_ENUM:
                return enum_json(field->descriptor, *(const int *)at);
        case PROTOBUF_C_TYPE_STRING:
                return text_json(*(const char *const *)at);
        case PROTOBUF_C_TYPE_BYTES:
                return bytes_json(a, at);
        case PROTOBUF_C_TYPE_MESSAGE:
                return message_to_json(a, c, *(const ProtobufCMessage *const *)at);
        }
        return json_null();
}

/* proto3: what is at its default is not there. Booleans and numbers are shown all the same. */
static bool is_empty(const ProtobufCFieldDescriptor *field, const void *at)
{
        switch (field->type) {
        case PROTOBUF_C_TYPE_STRING: {
                const char *text = *(const char *const *)at;
                return !text || *text == '\0';
        }
        case PROTOBUF_C_TYPE_BYTES:
                return ((const ProtobufCBinaryData *)at)->len == 0;
        case PROTOBUF_C_TYPE_ENUM:
                return *(const int *)at == 0;
        default:
                return false;
        }
}

static const char *camel(arena *a, const char *name)
{
        char *text = arena_strdup(a, name), *out = text;
        for (const char *in = name; *in; in++) {
                if (*in == '_' && in[1] != '\0') {
                        in++;
                        *out++ = (char)toupper((unsigned char)*in);
                } else {
                        *out++ = *in;
                }
        }
        *out = '\0';
        return text;
}

/* NULL when it is empty. */
static json_t *list_json(arena *a, const catalog *c, const ProtobufCMessage *message,
                         const ProtobufCFieldDescriptor *field)
{
        size_t count = message_count(message, field), bytes = message_element_bytes(field->type);
        if (count == 0) return NULL;
        json_t *list = json_array();
        const char *elements = *(const char *const *)message_member(message, field);
        for (size_t i = 0; i < count; i++)
                json_array_append_new(list, element_json(a, c, field, elements + i * bytes));
        return list;
}

static json_t *map_json(arena *a, const catalog *c, const ProtobufCMessage *message,
                        const ProtobufCFieldDescriptor *field)
{
        size_t count = message_count(message, field);
        if (count == 0) return NULL;
        json_t *map = json_object();
        ProtobufCMessage *const *entries =
                *(ProtobufCMessage *const *const *)message_member(message, field);
        for (size_t i = 0; i < count; i++) {
                const ProtobufCFieldDescriptor *parts = entries[i]->descriptor->fields;
                const char *key = *(const char *const *)message_member(entries[i], &parts[0]);
                const void *value = message_member(entries[i], &parts[1]);
                json_object_set_new(map, key ? key : "", element_json(a, c, &parts[1], value));
        }
        return map;
}

json_t *message_to_json(arena *a, const catalog *c, const ProtobufCMessage *message)
{
        if (message->descriptor == &google__protobuf__any__descriptor)
                return any_json(a, c, (const Google__Protobuf__Any *)message);
        if (message->descriptor == &google__protobuf__timestamp__descriptor) {
                const Google__Protobuf__Timestamp *instant = (const void *)message;
                return json_string(
                        time_text_instant_json(a, (time_value){instant->seconds, instant->nanos}));
        }
        if (message->descriptor == &google__protobuf__duration__descriptor) {
                const Google__Protobuf__Duration *span = (const void *)message;
                return json_string(
                        time_text_span_json(a, (time_value){span->seconds, span->nanos}));
        }
        json_t *object = json_object();
        for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
                const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
                const char *name = camel(a, field->name);
                if (field->label == PROTOBUF_C_LABEL_REPEATED) {
                        json_t *list = message_is_map(field) ? map_json(a, c, message, field)
                                                             : list_json(a, c, message, field);
                        if (list) json_object_set_new(object, name, list);
                        continue;
                }
                if (!message_has(message, field)) continue;
                const void *at = message_member(message, field);
                bool chosen = field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF;
                if (!chosen && is_empty(field, at)) continue;
                json_object_set_new(object, name, element_json(a, c, field, at));
        }
        return object;
}
