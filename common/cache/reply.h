/* A reply of Redis, as a tree of plain values. Owned by whoever delivers it. */
#ifndef SSCARD_COMMON_CACHE_REPLY_H
#define SSCARD_COMMON_CACHE_REPLY_H

#include "common/base/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum cache_reply_kind {
        CACHE_REPLY_NIL,
        CACHE_REPLY_INTEGER, /* integer */
        CACHE_REPLY_STATUS,  /* text, such as "OK" */
        CACHE_REPLY_TEXT,    /* text, any bytes */
        CACHE_REPLY_ARRAY,   /* elements */
        CACHE_REPLY_ERROR,   /* text, such as "NOSCRIPT No matching script." */
} cache_reply_kind;

typedef struct cache_reply {
        cache_reply_kind kind;
        int64_t integer;
        bytes text;
        struct cache_reply *elements;
        size_t element_count;
} cache_reply;

/* Is this a status or text that says exactly `text`? */
bool cache_reply_is(const cache_reply *reply, const char *text);
/* Is this an error whose first word is `word`? */
bool cache_reply_is_error(const cache_reply *reply, const char *word);

#endif
