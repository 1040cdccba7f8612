/* A table in the order of reading. Must never answer a strong read, and never without its age. */
#include "common/service/record_copies.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

typedef struct copy_key {
        ulid holder;
        uint32_t service;
} copy_key;

typedef struct copy {
        copy_key key;
        int64_t version, at_ms;
        size_t length;
        UT_hash_handle hh;
        uint8_t record[];
} copy;

struct record_copies {
        copy *table; /* in the order of keeping: uthash keeps it */
        size_t entries_max, bytes_max;
        record_copies_counts counts;
};

record_copies *record_copies_create(size_t entries_max, size_t bytes_max)
{
        record_copies *c = calloc(1, sizeof *c);
        c->entries_max = entries_max;
        c->bytes_max = bytes_max;
        return c;
}

static void drop(record_copies *c, copy *each)
{
        HASH_DEL(c->table, each);
        c->counts.entries--;
        c->counts.bytes -= each->length;
        free(each);
}

void record_copies_destroy(record_copies *c)
{
        if (!c) return;
        while (c->table)
                drop(c, c->table);
        free(c);
}

static copy_key key_of(uint32_t service, const ulid *holder)
{
        copy_key key;
        memset(&key, 0, sizeof key); /* compared as bytes */
        key.holder = *holder;
        key.service = service;
        return key;
}

static copy *find(record_copies *c, uint32_t service, const ulid *holder)
{
        copy_key key = key_of(service, holder);
        copy *found = NULL;
        HASH_FIND(hh, c->table, &key, sizeof key, found);
        return found;
}

/* Takes the oldest away until `length` more bytes and one more entry fit. */
static void make_room(record_copies *c, size_t length, int64_t now_ms)
{
        while (c->table &&
               (c->counts.entries >= c->entries_max || c->counts.bytes + length > c->bytes_max ||
                now_ms - c->table->at_ms > RECORD_COPIES_AGE_MAX_MS))
                drop(c, c->table);
}

void record_copies_keep(record_copies *c, uint32_t service, const ulid *holder, int64_t version,
                        bytes record, int64_t at_ms)
{
        copy *before = find(c, service, holder);
        if (before && before->version > version) return;
        if (before) drop(c, before);
        if (record.length > c->bytes_max || c->entries_max == 0) return;
        make_room(c, record.length, at_ms);
        copy *fresh = malloc(sizeof *fresh + record.length);
        memset(fresh, 0, sizeof *fresh);
        fresh->key = key_of(service, holder);
        fresh->version = version;
        fresh->at_ms = at_ms;
        fresh->length = record.length;
        memcpy(fresh->record, record.data, record.length);
        HASH_ADD(hh, c->table, key, sizeof fresh->key, fresh);
        c->counts.entries++;
        c->counts.bytes += record.length;
}

bool record_copies_find(record_copies *c, arena *a, uint32_t service, const ulid *holder,
                        int64_t now_ms, int64_t staleness_ms, int64_t *version, bytes *record,
                        int64_t *stale_ms)
{
        assert(staleness_ms > 0);
        copy *found = find(c, service, holder);
        if (!found || now_ms - found->at_ms > staleness_ms) {
                c->counts.misses++;
                return false;
        }
        c->counts.hits++;
        *version = found->version;
        *record = bytes_of(arena_copy(a, found->record, found->length), found->length);
        *stale_ms = now_ms > found->at_ms ? now_ms - found->at_ms : 1;
        return true;
}

record_copies_counts record_copies_count(const record_copies *c)
{
        return c->counts;
}
