/* Between JSON and protobuf messages, by the proto3 JSON mapping; in this direction strict about
 * names, lenient about how a value is written (people type it). */
#ifndef SSCARD_TOOLS_SSCARDCTL_MESSAGE_JSON_H
#define SSCARD_TOOLS_SSCARDCTL_MESSAGE_JSON_H

#include "common/base/arena.h"
#include "common/base/failure.h"
#include "tools/sscardctl/catalog.h"

#include <jansson.h>
#include <protobuf-c/protobuf-c.h>

/* A message of `type` in the arena. Field names as in the .proto or in lowerCamelCase. Values may
 * be texts: numbers, "true", enum values by full name, by their end or in kebab-case
 * ("id-document"), instants and spans as in time_text.h, dates as "2026-01-31", bytes in base64;
 * a message as "first:second:…", its fields without parts and its dates in order, empty ones left
 * out
 * ("ID_DOCUMENT:1234::2030-01-01").
 * NULL and `f` set, INVALID_ARGUMENT with the path of the field. */
ProtobufCMessage *message_from_json(arena *a, const catalog *c,
                                    const ProtobufCMessageDescriptor *type, const json_t *value,
                                    failure *f) MUST_CHECK;

/* lowerCamelCase names, enum names, RFC 3339, base64, 64-bit numbers as texts, Any with "@type".
 * Left out: empty texts, lists and messages, unspecified enums. A new reference; never NULL. */
json_t *message_to_json(arena *a, const catalog *c, const ProtobufCMessage *message);

/* The message inside an Any, in the arena; NULL when its type is not linked in or it is broken. */
ProtobufCMessage *message_from_any(arena *a, const catalog *c, const char *type_url,
                                   const uint8_t *data, size_t size);
/* Unpacks into the arena; NULL when it is broken. */
ProtobufCMessage *message_unpack(arena *a, const ProtobufCMessageDescriptor *type,
                                 const uint8_t *data, size_t size);

/* "CARD_STATE_TEMP_LOST" as "TEMP_LOST": without the prefix that repeats the type's name. */
const char *message_enum_short(const ProtobufCEnumDescriptor *type,
                               const ProtobufCEnumValue *value);
/* By full name, short name or kebab-case, in any case. NULL: no such value. */
const ProtobufCEnumValue *message_enum_find(const ProtobufCEnumDescriptor *type, const char *text);

/* Where the parts of a field are. */
const void *message_member(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);
/* Number of elements of a repeated field. */
size_t message_count(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);
/* Is a singular field there? Of a oneof: is it the chosen one. Of a message: is it set. */
bool message_has(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);
size_t message_element_bytes(ProtobufCType type);
/* Is it a map<string, …>? protobuf-c knows only the list of its entries; JSON writes an object. */
bool message_is_map(const ProtobufCFieldDescriptor *field);

#endif
