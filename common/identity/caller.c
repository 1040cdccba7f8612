/* The caller as one piece of memory: packed once, copied with one memcpy.
 * Must never hold a pointer out of its piece. */
#include "common/identity/caller.h"

#include "common/identity/caller_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void text_fields(caller *c, const char **fields[CALLER_TEXTS])
{
        fields[0] = &c->issuer;
        fields[1] = &c->subject;
        fields[2] = &c->region;
        fields[3] = &c->operator_id;
        fields[4] = &c->platform;
        fields[5] = &c->case_reference;
        fields[6] = &c->actor_holder;
}

static size_t list_count(const caller *c)
{
        return c->outlet_count + c->bank_count + c->purpose_count;
}

/* The three lists stand behind each other in the piece, behind the struct. */
static const char **lists_of(caller *c)
{
        return (const char **)(c + 1);
}

static void point_at_lists(caller *c)
{
        const char **lists = lists_of(c);
        c->outlets = lists;
        c->banks = lists + c->outlet_count;
        c->purposes = lists + c->outlet_count + c->bank_count;
}

static const char *put_text(char **to, const char *text)
{
        size_t length = strlen(text ? text : "");
        const char *placed = *to;
        memcpy(*to, text ? text : "", length + 1);
        *to += length + 1;
        return placed;
}

static size_t text_bytes(const char *const *texts, size_t count)
{
        size_t total = 0;
        for (size_t i = 0; i < count; i++)
                total += strlen(texts[i]) + 1;
        return total;
}

static size_t packed_bytes(caller *loose)
{
        const char **fields[CALLER_TEXTS];
        text_fields(loose, fields);
        size_t total = sizeof *loose + list_count(loose) * sizeof(char *);
        for (size_t i = 0; i < CALLER_TEXTS; i++)
                total += strlen(*fields[i] ? *fields[i] : "") + 1;
        total += text_bytes(loose->outlets, loose->outlet_count);
        total += text_bytes(loose->banks, loose->bank_count);
        return total + text_bytes(loose->purposes, loose->purpose_count);
}

caller *caller_pack(caller *loose)
{
        size_t total = packed_bytes(loose);
        caller *packed = malloc(total);
        if (!packed) abort();
        *packed = *loose;
        packed->bytes = total;
        point_at_lists(packed);

        const char **lists = lists_of(packed);
        char *to = (char *)(lists + list_count(packed));
        const char **fields[CALLER_TEXTS];
        text_fields(packed, fields);
        for (size_t i = 0; i < CALLER_TEXTS; i++)
                *fields[i] = put_text(&to, *fields[i]);
        for (size_t i = 0; i < loose->outlet_count; i++)
                *lists++ = put_text(&to, loose->outlets[i]);
        for (size_t i = 0; i < loose->bank_count; i++)
                *lists++ = put_text(&to, loose->banks[i]);
        for (size_t i = 0; i < loose->purpose_count; i++)
                *lists++ = put_text(&to, loose->purposes[i]);
        assert(to == (char *)packed + total);
        return packed;
}

const caller *caller_copy(arena *a, const caller *from)
{
        assert(from->bytes >= sizeof *from);
        caller *copy = arena_alloc(a, from->bytes);
        memcpy(copy, from, from->bytes);

        const char *old_base = (const char *)from;
        const char *new_base = (const char *)copy;
        const char **fields[CALLER_TEXTS];
        text_fields(copy, fields);
        for (size_t i = 0; i < CALLER_TEXTS; i++)
                *fields[i] = new_base + (*fields[i] - old_base);
        point_at_lists(copy);
        const char **lists = lists_of(copy);
        for (size_t i = 0; i < list_count(copy); i++)
                lists[i] = new_base + (lists[i] - old_base);
        return copy;
}

static bool list_has(const char *const *list, size_t count, const char *wanted)
{
        for (size_t i = 0; i < count; i++)
                if (strcmp(list[i], wanted) == 0) return true;
        return false;
}

bool caller_has_outlet(const caller *c, const char *outlet)
{
        return outlet && list_has(c->outlets, c->outlet_count, outlet);
}

bool caller_has_bank(const caller *c, const char *bank)
{
        return bank && list_has(c->banks, c->bank_count, bank);
}

bool caller_has_purpose(const caller *c, const char *purpose)
{
        return purpose && list_has(c->purposes, c->purpose_count, purpose);
}
