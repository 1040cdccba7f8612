/* Timers of a loop: a pairing heap by time, then by order of start.
 * Must never fire from within loop_timer_start(). */
#include "common/runtime/loop_internal.h"

#include <assert.h>

enum { FIRED_A_TURN_MAX = 1024 }; /* a timer that restarts itself as due must not starve the rest */

static bool before(const loop_timer *a, const loop_timer *b)
{
        return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->sequence < b->sequence;
}

/* Both without siblings; the earlier one is returned with the other as its first child. `previous`
 * is the parent for a first child, else the sibling before it. */
static loop_timer *meld(loop_timer *a, loop_timer *b)
{
        if (!a) return b;
        if (!b) return a;
        loop_timer *root = before(b, a) ? b : a, *child = root == a ? b : a;
        child->previous = root;
        child->next = root->child;
        if (child->next) child->next->previous = child;
        root->child = child;
        return root;
}

/* The children of a removed root become one heap: melded in pairs, then from the last to the first.
 */
static loop_timer *meld_children(loop_timer *first)
{
        loop_timer *pairs = NULL, *root = NULL;
        while (first) {
                loop_timer *a = first, *b = a->next;
                first = b ? b->next : NULL;
                a->next = a->previous = NULL;
                if (b) b->next = b->previous = NULL;
                loop_timer *pair = meld(a, b);
                pair->next = pairs;
                pairs = pair;
        }
        while (pairs) {
                loop_timer *pair = pairs;
                pairs = pair->next;
                pair->next = NULL;
                root = meld(root, pair);
        }
        return root;
}

static void heap_remove(loop *l, loop_timer *timer)
{
        loop_timer *rest = meld_children(timer->child);
        if (timer == l->timers) {
                l->timers = rest;
        } else {
                if (timer->previous->child == timer)
                        timer->previous->child = timer->next;
                else
                        timer->previous->next = timer->next;
                if (timer->next) timer->next->previous = timer->previous;
                l->timers = meld(l->timers, rest);
        }
        timer->child = timer->previous = timer->next = NULL;
        timer->sequence = 0;
}

void loop_timer_init(loop *l, loop_timer *timer, void (*fire)(loop_timer *timer), void *data)
{
        *timer = (loop_timer){.owner = l, .fire = fire, .data = data};
}

void loop_timer_start(loop_timer *timer, int64_t at_monotonic_ms)
{
        loop *l = timer->owner;
        assert(l);
        if (timer->sequence) heap_remove(l, timer);
        timer->at_ms = at_monotonic_ms;
        timer->sequence = ++l->timer_sequence;
        l->timers = meld(l->timers, timer);
}

void loop_timer_stop(loop_timer *timer)
{
        if (timer->sequence) heap_remove(timer->owner, timer);
}

void loop_timer_close(loop_timer *timer, void (*closed)(loop_timer *timer))
{
        loop_timer_stop(timer);
        timer->owner = NULL;
        if (closed) closed(timer);
}

bool loop_timers_run(loop *l)
{
        int fired = 0;
        for (; fired < FIRED_A_TURN_MAX && l->timers && l->timers->at_ms <= l->now_ms; fired++) {
                loop_timer *timer = l->timers;
                heap_remove(l, timer);
                timer->fire(timer);
        }
        l->counts.timers += (uint64_t)fired;
        return fired > 0;
}
