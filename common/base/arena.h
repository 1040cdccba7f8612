/* An arena: memory that lives as long as one call, given back at once.
 * Nothing in it has a destructor; nothing outside may point into it after arena_reset(). */
#ifndef SSCARD_COMMON_BASE_ARENA_H
#define SSCARD_COMMON_BASE_ARENA_H

#include "common/base/scoped.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

typedef struct arena_block arena_block;

/* Embedded in its owner. Zero bytes are a valid, empty arena; the first block is taken lazily and
 * kept over arena_reset(), so a pooled owner allocates once. Thread: the owner's only. */
typedef struct arena {
        arena_block *blocks; /* newest first; the oldest one survives arena_reset() */
        char *next, *end;    /* the free rest of the newest block */
        size_t bytes_used;   /* since the last reset, for the size histogram */
} arena;

/* 16-byte aligned, not cleared. Never NULL: running out of memory ends the process. */
void *arena_alloc(arena *a, size_t bytes);
/* As above, cleared. */
void *arena_zalloc(arena *a, size_t bytes);
/* Copies; `text` may hold NULs, the copy is NUL-terminated. */
char *arena_copy(arena *a, const void *text, size_t bytes);
/* NULL stays NULL. */
char *arena_strdup(arena *a, const char *text);
char *arena_format(arena *a, const char *format, ...) FORMAT_CHECK(2, 3);
char *arena_vformat(arena *a, const char *format, va_list arguments);

/* Forgets everything, keeps one block. */
void arena_reset(arena *a);
/* Frees everything. Pair of zero initialisation. */
void arena_release(arena *a);

#endif
