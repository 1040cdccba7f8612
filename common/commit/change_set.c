/* The list of changes and the order of their rows. Must never look into a record: kinds do. */
#include "common/commit/change_set.h"

#include <string.h>

change_set change_set_begin(arena *a)
{
        return (change_set){.arena = a};
}

change *change_set_add(change_set *set, const change *c)
{
        assert(set->arena && c->kind && c->name && c->event);
        assert(c->before || c->after);
        change *copy = (change *)arena_copy(set->arena, c, sizeof *c);
        copy->next = NULL;
        if (set->last)
                set->last->next = copy;
        else
                set->first = copy;
        set->last = copy;
        set->count++;
        return copy;
}

static void timer_add(change_set *set, const change_timer *timer, bool is_set)
{
        change_set_timer *added = arena_zalloc(set->arena, sizeof *added);
        added->timer = *timer;
        added->set = is_set;
        change_set_timer **end = &set->timers;
        while (*end)
                end = &(*end)->next;
        *end = added;
}

void change_set_set_timer(change_set *set, const change_timer *timer)
{
        timer_add(set, timer, true);
}

void change_set_clear_timer(change_set *set, const change_timer *timer)
{
        timer_add(set, timer, false);
}

/* <= 0: `a` goes before `b`, or they keep their order. */
static int change_compare(const change *a, const change *b)
{
        if (a->settles || b->settles) return (b->settles != NULL) - (a->settles != NULL);
        change_order order_a = a->kind->order ? a->kind->order(a) : CHANGE_STAYS;
        change_order order_b = b->kind->order ? b->kind->order(b) : CHANGE_STAYS;
        if (order_a != order_b) return (int)order_a - (int)order_b;
        return memcmp(a->id.bytes, b->id.bytes, ULID_BYTES);
}

/* By insertion: a handful, nearly in order, and it must be stable. */
void change_set_sort(change_set *set)
{
        change *sorted = NULL;
        for (change *c = set->first, *next; c; c = next) {
                next = c->next;
                change **at = &sorted;
                while (*at && change_compare(*at, c) <= 0)
                        at = &(*at)->next;
                c->next = *at;
                *at = c;
        }
        set->first = set->last = sorted;
        while (set->last && set->last->next)
                set->last = set->last->next;
}
