/* Looks packed bytes over against a message type before anybody unpacks them: well-formed, not
 * nested too deep, not swelling when unpacked, strings valid UTF-8 without NUL (protobuf-c checks
 * neither; a NUL would cut the string), enums with values that exist (a handler may index tables by
 * them). Reads only; never fails on good bytes. */
#ifndef SSCARD_COMMON_RPC_WIRE_CHECK_H
#define SSCARD_COMMON_RPC_WIRE_CHECK_H

#include "common/base/arena.h"
#include "common/base/bytes.h"

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

enum { WIRE_DEPTH_MAX = 32, WIRE_UNPACKED_BYTES_MAX = 32 << 20 };

typedef struct wire_problem {
        const char *field;  /* path, "context.outlets[2].name"; "" for the message. In the arena */
        const char *reason; /* UPPER_SNAKE, static */
        const char *description; /* static */
} wire_problem;

/* False: `problem` says where and what. */
bool wire_check(const ProtobufCMessageDescriptor *type, bytes packed, arena *a,
                wire_problem *problem) MUST_CHECK;
/* The same for what a peer answered: it may be of a later version, with enum values of its own. */
bool wire_check_reply(const ProtobufCMessageDescriptor *type, bytes packed, arena *a,
                      wire_problem *problem) MUST_CHECK;
/* Strict UTF-8: no overlong forms, surrogates, or values above U+10FFFF. */
bool wire_utf8_is_valid(const uint8_t *text, size_t length);

#endif
