/* The arena: a chain of blocks and a bump pointer.
 * Must never run a destructor or give a single piece back. */
#include "common/base/arena.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where AddressSanitizer watches, what is free is poisoned, so that a stale pointer is found. */
#if defined(__SANITIZE_ADDRESS__)
#define ARENA_POISONS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISONS 1
#endif
#endif
#ifdef ARENA_POISONS
#include <sanitizer/asan_interface.h>
static void poison(void *from, size_t bytes)
{
        ASAN_POISON_MEMORY_REGION(from, bytes);
}
static void unpoison(void *from, size_t bytes)
{
        ASAN_UNPOISON_MEMORY_REGION(from, bytes);
}
#else
static inline void poison(void *from, size_t bytes)
{
        (void)from;
        (void)bytes;
}
static inline void unpoison(void *from, size_t bytes)
{
        (void)from;
        (void)bytes;
}
#endif

enum {
        ARENA_ALIGNMENT = 16,
        BLOCK_BYTES = 8192, /* one call of usual size fits */
};

struct arena_block {
        arena_block *older;
        size_t bytes; /* of `data` */
        _Alignas(ARENA_ALIGNMENT) char data[];
};

static void block_add(arena *a, size_t bytes_min)
{
        size_t bytes = BLOCK_BYTES - sizeof(arena_block);
        if (bytes < bytes_min) bytes = bytes_min;
        arena_block *block = malloc(sizeof *block + bytes);
        if (!block) abort();

        block->older = a->blocks;
        block->bytes = bytes;
        a->blocks = block;
        a->next = block->data;
        a->end = block->data + bytes;
        poison(block->data, bytes);
}

static void *take_from_new_block(arena *a, size_t bytes)
{
        if (bytes > SIZE_MAX / 2) abort();
        block_add(a, bytes);
        void *taken = a->next;
        a->next += bytes;
        return taken;
}

void *arena_alloc(arena *a, size_t bytes)
{
        size_t rounded = (bytes + ARENA_ALIGNMENT - 1) & ~(size_t)(ARENA_ALIGNMENT - 1);
        if (rounded < bytes) abort();
        a->bytes_used += rounded;
        void *taken = a->next;
        if (a->blocks && rounded <= (size_t)(a->end - a->next))
                a->next += rounded;
        else
                taken = take_from_new_block(a, rounded);
        unpoison(taken, bytes);
        return taken;
}

void *arena_zalloc(arena *a, size_t bytes)
{
        void *taken = arena_alloc(a, bytes);
        memset(taken, 0, bytes);
        return taken;
}

char *arena_copy(arena *a, const void *text, size_t bytes)
{
        char *copy = arena_alloc(a, bytes + 1);
        if (bytes) memcpy(copy, text, bytes);
        copy[bytes] = '\0';
        return copy;
}

char *arena_strdup(arena *a, const char *text)
{
        return text ? arena_copy(a, text, strlen(text)) : NULL;
}

char *arena_vformat(arena *a, const char *format, va_list arguments)
{
        char small[256];
        va_list again;
        va_copy(again, arguments);
        int length = vsnprintf(small, sizeof small, format, arguments);
        assert(length >= 0);

        char *text;
        if ((size_t)length < sizeof small) {
                text = arena_copy(a, small, (size_t)length);
        } else {
                text = arena_alloc(a, (size_t)length + 1);
                vsnprintf(text, (size_t)length + 1, format, again);
        }
        va_end(again);
        return text;
}

char *arena_format(arena *a, const char *format, ...)
{
        va_list arguments;
        va_start(arguments, format);
        char *text = arena_vformat(a, format, arguments);
        va_end(arguments);
        return text;
}

static void block_free(arena_block *block)
{
        unpoison(block->data, block->bytes);
        free(block);
}

void arena_reset(arena *a)
{
        a->bytes_used = 0;
        if (!a->blocks) return;

        arena_block *oldest = a->blocks;
        while (oldest->older) {
                arena_block *older = oldest->older;
                block_free(oldest);
                oldest = older;
        }
        /* An outsized first block would stay with a pooled owner for ever. */
        if (oldest->bytes > BLOCK_BYTES) {
                block_free(oldest);
                *a = (arena){0};
                return;
        }
        a->blocks = oldest;
        a->next = oldest->data;
        a->end = oldest->data + oldest->bytes;
        poison(oldest->data, oldest->bytes);
}

void arena_release(arena *a)
{
        while (a->blocks) {
                arena_block *older = a->blocks->older;
                block_free(a->blocks);
                a->blocks = older;
        }
        *a = (arena){0};
}
