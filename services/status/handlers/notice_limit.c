/* Counts misses by caller and person. Must never grow without bound: the oldest entry goes first.
 */
#include "services/status/handlers/notice_limit.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

enum { KEY_BYTES_MAX = 256 + ULID_BYTES };

typedef struct entry {
        char key[KEY_BYTES_MAX];
        size_t key_bytes;
        int64_t since_ms;
        int misses;
        UT_hash_handle hh;
} entry;

struct notice_limit {
        entry *entries; /* in the order of their windows: uthash keeps it */
};

notice_limit *notice_limit_open(void)
{
        return calloc(1, sizeof(notice_limit));
}

static void forget(notice_limit *limit, entry *e)
{
        HASH_DEL(limit->entries, e);
        free(e);
}

void notice_limit_close(notice_limit *limit)
{
        if (!limit) return;
        entry *each, *next;
        HASH_ITER(hh, limit->entries, each, next) forget(limit, each);
        free(limit);
}

static size_t key_of(char key[KEY_BYTES_MAX], const char *caller, ulid holder)
{
        size_t length = strnlen(caller, KEY_BYTES_MAX - ULID_BYTES);
        memcpy(key, holder.bytes, ULID_BYTES);
        memcpy(key + ULID_BYTES, caller, length);
        return ULID_BYTES + length;
}

static entry *find(const notice_limit *limit, const char *caller, ulid holder)
{
        char key[KEY_BYTES_MAX];
        const size_t length = key_of(key, caller, holder);
        entry *found = NULL;
        HASH_FIND(hh, limit->entries, key, length, found);
        return found;
}

int64_t notice_limit_wait_ms(const notice_limit *limit, const char *caller, ulid holder,
                             int64_t now_ms)
{
        const entry *e = find(limit, caller, holder);
        const int64_t left = e ? e->since_ms + NOTICE_WINDOW_MS - now_ms : 0;
        return left > 0 && e->misses >= NOTICE_MISSES_MAX ? left : 0;
}

void notice_limit_missed(notice_limit *limit, const char *caller, ulid holder, int64_t now_ms)
{
        entry *e = find(limit, caller, holder);
        if (e && now_ms - e->since_ms >= NOTICE_WINDOW_MS) {
                forget(limit, e);
                e = NULL;
        }
        if (!e) {
                if (HASH_COUNT(limit->entries) >= NOTICE_LIMIT_ENTRIES_MAX)
                        forget(limit, limit->entries);
                e = calloc(1, sizeof *e);
                e->key_bytes = key_of(e->key, caller, holder);
                e->since_ms = now_ms;
                HASH_ADD_KEYPTR(hh, limit->entries, e->key, e->key_bytes, e);
        }
        e->misses++;
}
