/* Values: what statements take and rows give. Four types, those that both engines have. */
#ifndef SSCARD_COMMON_STORE_VALUE_H
#define SSCARD_COMMON_STORE_VALUE_H

#include "common/base/bytes.h"
#include "common/base/ulid.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum store_type {
        STORE_NULL = 0, /* a zeroed value is NULL */
        STORE_INTEGER = 1,
        STORE_TEXT = 2,
        STORE_BLOB = 3,
} store_type;

/* As a parameter it borrows its bytes: they must live until the statement has run. In a row they
 * live in the arena of the rows; text and blob are NUL-terminated there, beyond `length`. */
typedef struct store_value {
        store_type type;
        int64_t integer; /* STORE_INTEGER */
        bytes bytes;     /* STORE_TEXT, STORE_BLOB */
} store_value;

static inline store_value store_null(void)
{
        return (store_value){STORE_NULL, 0, {NULL, 0}};
}
static inline store_value store_integer(int64_t integer)
{
        return (store_value){STORE_INTEGER, integer, {NULL, 0}};
}
/* NULL text is the value NULL. */
store_value store_text(const char *text);
static inline store_value store_text_bytes(bytes text)
{
        return (store_value){STORE_TEXT, 0, text};
}
/* {NULL, 0} is the value NULL; an empty blob has a pointer. */
static inline store_value store_blob(bytes blob)
{
        return (store_value){blob.data ? STORE_BLOB : STORE_NULL, 0, blob};
}
/* 16 bytes, borrowed from `id`. */
static inline store_value store_ulid(const ulid *id)
{
        return (store_value){STORE_BLOB, 0, {id->bytes, ULID_BYTES}};
}

#endif
