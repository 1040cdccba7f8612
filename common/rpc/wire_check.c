/* One pass over the wire format, guided by the descriptors. Must never allocate on good bytes. */
#include "common/rpc/wire_check.h"

#include <string.h>

enum {
        WIRE_VARINT = 0,
        WIRE_FIXED64 = 1,
        WIRE_LENGTH = 2,
        WIRE_FIXED32 = 5,
        UNPACKED_A_FIELD = 64, /* protobuf-c's notes on it while it unpacks */
};

typedef struct check {
        arena *arena;
        wire_problem *problem;
        size_t unpacked_bytes;
        unsigned depth;
        bool any_enum; /* values of a later version pass */
} check;

static bool problem_set(check *c, const char *reason, const char *description)
{
        *c->problem = (wire_problem){.field = "", .reason = reason, .description = description};
        return false;
}

static bool malformed(check *c)
{
        return problem_set(c, "MALFORMED_MESSAGE", "The bytes are not a well-formed message.");
}

static bool varint_read(bytes *rest, uint64_t *value)
{
        *value = 0;
        for (unsigned i = 0; i < 10 && i < rest->length; i++) {
                *value |= (uint64_t)(rest->data[i] & 0x7f) << (7 * i);
                if (rest->data[i] & 0x80) continue;
                rest->data += i + 1;
                rest->length -= i + 1;
                return true;
        }
        return false;
}

static bool skip(bytes *rest, uint64_t length)
{
        if (length > rest->length) return false;
        rest->data += length;
        rest->length -= length;
        return true;
}

bool wire_utf8_is_valid(const uint8_t *text, size_t length)
{
        const uint8_t *end = text + length;
        while (text < end) {
                uint64_t eight;
                if (end - text >= 8 && (memcpy(&eight, text, 8), !(eight & 0x8080808080808080u))) {
                        text += 8;
                        continue;
                }
                uint8_t lead = *text++;
                if (lead < 0x80) continue;
                int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
                if (lead < 0xc2 || lead > 0xf4 || end - text < more) return false;
                uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
                uint8_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
                if (*text < low || *text > high) return false;
                for (int i = 1; i < more; i++)
                        if ((text[i] & 0xc0) != 0x80) return false;
                text += more;
        }
        return true;
}

/* One field's key and value off the front of `rest`: `value` is what follows the key, for
 * WIRE_LENGTH without its length. */
static bool field_read(bytes *rest, uint32_t *number, unsigned *wire_type, bytes *value)
{
        uint64_t key, length;
        if (!varint_read(rest, &key) || key >> 32 || !(key >> 3)) return false;
        *number = (uint32_t)(key >> 3);
        *wire_type = key & 7;
        switch (*wire_type) {
        case WIRE_VARINT:
                *value = *rest;
                if (!varint_read(rest, &length)) return false;
                value->length -= rest->length;
                return true;
        case WIRE_FIXED64:
                return skip(rest, 8);
        case WIRE_FIXED32:
                return skip(rest, 4);
        case WIRE_LENGTH:
                if (!varint_read(rest, &length)) return false;
                *value = bytes_of(rest->data, length);
                return skip(rest, length);
        default:
                return false;
        }
}

/* On the way out of a problem: "name[2].rest". */
static void path_prepend(check *c, const ProtobufCFieldDescriptor *field, bytes whole,
                         const uint8_t *end)
{
        const char *rest = c->problem->field, *dot = *rest ? "." : "";
        if (field->label != PROTOBUF_C_LABEL_REPEATED) {
                c->problem->field = arena_format(c->arena, "%s%s%s", field->name, dot, rest);
                return;
        }
        unsigned index = 0, wire_type;
        uint32_t number;
        bytes value;
        while (whole.length && field_read(&whole, &number, &wire_type, &value) && whole.data < end)
                if (number == field->id) index++;
        c->problem->field = arena_format(c->arena, "%s[%u]%s%s", field->name, index, dot, rest);
}

static bool message_check(check *c, const ProtobufCMessageDescriptor *type, bytes whole);

/* One value, or a packed list of them. A later version's value would be guessed at otherwise. */
static bool enum_check(check *c, const ProtobufCEnumDescriptor *type, bytes values)
{
        if (c->any_enum) return true;
        while (values.length) {
                uint64_t value;
                if (!varint_read(&values, &value)) return malformed(c);
                if (!protobuf_c_enum_descriptor_get_value(type, (int32_t)value))
                        return problem_set(c, "ENUM_UNKNOWN",
                                           "The value is none that this version knows.");
        }
        return true;
}

static bool value_check(check *c, const ProtobufCFieldDescriptor *field, bytes value)
{
        if (field->type == PROTOBUF_C_TYPE_ENUM) return enum_check(c, field->descriptor, value);
        if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
                if (c->depth == WIRE_DEPTH_MAX)
                        return problem_set(c, "TOO_DEEP", "The message is nested too deep.");
                c->depth++;
                bool good = message_check(c, field->descriptor, value);
                c->depth--;
                return good;
        }
        if (field->type != PROTOBUF_C_TYPE_STRING) return true;
        if (!wire_utf8_is_valid(value.data, value.length))
                return problem_set(c, "INVALID_UTF8", "The text is not valid UTF-8.");
        if (value.length && memchr(value.data, 0, value.length))
                return problem_set(c, "TEXT_WITH_NUL", "The text contains a NUL character.");
        return true;
}

/* How much protobuf-c makes of it. A packed list of varints swells most: a byte becomes eight. */
static void length_count(check *c, const ProtobufCFieldDescriptor *field, size_t length)
{
        bool is_message = field && field->type == PROTOBUF_C_TYPE_MESSAGE;
        bool is_text = field && (field->type == PROTOBUF_C_TYPE_STRING ||
                                 field->type == PROTOBUF_C_TYPE_BYTES);
        if (!is_message) c->unpacked_bytes += is_text ? length : 8 * length;
}

static bool field_check(check *c, const ProtobufCFieldDescriptor *field, unsigned wire_type,
                        bytes value)
{
        if (wire_type == WIRE_LENGTH)
                length_count(c, field, value.length);
        else if (!field || field->type != PROTOBUF_C_TYPE_ENUM)
                return true;
        return !field || value_check(c, field, value);
}

static bool message_check(check *c, const ProtobufCMessageDescriptor *type, bytes whole)
{
        c->unpacked_bytes += type->sizeof_message;
        for (bytes rest = whole; rest.length;) {
                uint32_t number;
                unsigned wire_type;
                bytes value;
                if (!field_read(&rest, &number, &wire_type, &value)) return malformed(c);
                c->unpacked_bytes += UNPACKED_A_FIELD;
                if (wire_type == WIRE_LENGTH || wire_type == WIRE_VARINT) {
                        const ProtobufCFieldDescriptor *field =
                                protobuf_c_message_descriptor_get_field(type, number);
                        if (!field_check(c, field, wire_type, value)) {
                                path_prepend(c, field, whole, rest.data);
                                return false;
                        }
                }
                if (c->unpacked_bytes > WIRE_UNPACKED_BYTES_MAX)
                        return problem_set(c, "TOO_MANY_ELEMENTS",
                                           "The message has too many elements.");
        }
        return true;
}

bool wire_check(const ProtobufCMessageDescriptor *type, bytes packed, arena *a,
                wire_problem *problem)
{
        check c = {.arena = a, .problem = problem};
        return message_check(&c, type, packed);
}

bool wire_check_reply(const ProtobufCMessageDescriptor *type, bytes packed, arena *a,
                      wire_problem *problem)
{
        check c = {.arena = a, .problem = problem, .any_enum = true};
        return message_check(&c, type, packed);
}
