/* A set of hashes, a stack of states. Must never forget a state that it has pushed. */
#include "tests/sim/cache_model/search.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- the states seen ---- */

/* How a state was first reached: the slot of the state before, and the step. */
typedef struct origin {
        uint32_t slot;
        uint8_t step, actor;
} origin;

typedef struct seen_set {
        uint64_t *hashes; /* open addressing; 0 is free */
        origin *origins;  /* of the same slots; NULL: not traced */
        uint64_t slots, count;
} seen_set;

static uint64_t state_hash(const model_state *state)
{
        const uint8_t *at = (const uint8_t *)state;
        uint64_t hash = 0x9E3779B97F4A7C15ULL, word;
        size_t left = sizeof *state;
        for (; left >= sizeof word; left -= sizeof word, at += sizeof word) {
                memcpy(&word, at, sizeof word);
                hash = (hash ^ word) * 0xff51afd7ed558ccdULL;
                hash ^= hash >> 32;
        }
        word = 0;
        memcpy(&word, at, left);
        hash = (hash ^ word) * 0xc4ceb9fe1a85ec53ULL;
        hash ^= hash >> 29;
        return hash ? hash : 1;
}

static void seen_init(seen_set *seen, uint64_t states_max, bool traced)
{
        seen->slots = 1 << 12;
        while (seen->slots * 4 / 5 < states_max)
                seen->slots *= 2;
        seen->count = 0;
        seen->hashes = calloc(seen->slots, sizeof *seen->hashes);
        seen->origins = traced ? calloc(seen->slots, sizeof *seen->origins) : NULL;
        if (!seen->hashes || (traced && !seen->origins)) abort();
}

static void seen_release(seen_set *seen)
{
        free(seen->hashes);
        free(seen->origins);
}

/* True: it is new. */
static bool seen_add(seen_set *seen, uint64_t hash, uint64_t *slot)
{
        uint64_t i = hash & (seen->slots - 1);
        for (; seen->hashes[i]; i = (i + 1) & (seen->slots - 1))
                if (seen->hashes[i] == hash) return false;
        assert(seen->count < seen->slots - 1);
        seen->hashes[i] = hash;
        seen->count++;
        *slot = i;
        return true;
}

/* ---- depth first ---- */

typedef struct open_state {
        model_state state;
        uint32_t slot;
} open_state;

typedef struct search {
        model_visitor base;
        seen_set seen;
        open_state *stack;
        size_t stack_count, stack_room;
        uint32_t from_slot;
        uint64_t transitions;
} search;

static void stack_push(search *s, const model_state *state, uint32_t slot)
{
        if (s->stack_count == s->stack_room) {
                s->stack_room = s->stack_room ? s->stack_room * 2 : 1024;
                s->stack = realloc(s->stack, s->stack_room * sizeof *s->stack);
                if (!s->stack) abort();
        }
        s->stack[s->stack_count].state = *state;
        s->stack[s->stack_count++].slot = slot;
}

static void search_visit(model_visitor *visitor, const model_state *to, model_step step, int actor)
{
        search *s = (search *)visitor;
        uint64_t slot;
        s->transitions++;
        if (!seen_add(&s->seen, state_hash(to), &slot)) return;
        if (s->seen.origins)
                s->seen.origins[slot] = (origin){s->from_slot, (uint8_t)step, (uint8_t)actor};
        stack_push(s, to, (uint32_t)slot);
}

static void path_take(const search *s, uint32_t slot, uint32_t start_slot, search_result *result)
{
        if (!s->seen.origins) return;
        uint32_t length = 0;
        for (uint32_t i = slot; i != start_slot; i = s->seen.origins[i].slot)
                length++;
        result->path_length = length < SEARCH_PATH_MAX ? length : SEARCH_PATH_MAX;
        for (uint32_t i = slot; i != start_slot; i = s->seen.origins[i].slot) {
                if (--length >= SEARCH_PATH_MAX) continue;
                result->path[length].step = s->seen.origins[i].step;
                result->path[length].actor = s->seen.origins[i].actor;
        }
}

void search_all(const model_options *options, uint64_t states_max, bool traced,
                search_result *result)
{
        *result = (search_result){.exhausted = true};
        search s = {.base.visit = search_visit};
        seen_init(&s.seen, states_max, traced);
        model_state start = model_start();
        uint64_t start_slot = 0;
        seen_add(&s.seen, state_hash(&start), &start_slot);
        stack_push(&s, &start, (uint32_t)start_slot);
        uint64_t limit = s.seen.slots * 4 / 5;
        while (s.stack_count) {
                open_state from = s.stack[--s.stack_count];
                result->verdict = model_probe(options, &from.state);
                if (result->verdict) path_take(&s, from.slot, (uint32_t)start_slot, result);
                if (result->verdict || s.seen.count > limit) {
                        result->exhausted = false;
                        break;
                }
                s.from_slot = from.slot;
                model_successors(options, &from.state, &s.base);
        }
        result->states = s.seen.count;
        result->transitions = s.transitions;
        seen_release(&s.seen);
        free(s.stack);
}

/* ---- at random ---- */

typedef struct walk {
        model_visitor base;
        uint64_t random;
        uint32_t candidates;
        model_state pick;
        uint8_t step, actor;
} walk;

static uint64_t walk_random(walk *w)
{
        w->random ^= w->random << 13;
        w->random ^= w->random >> 7;
        w->random ^= w->random << 17;
        return w->random;
}

/* Each successor is as likely as the others, without a list of them. */
static void walk_visit(model_visitor *visitor, const model_state *to, model_step step, int actor)
{
        walk *w = (walk *)visitor;
        if (walk_random(w) % ++w->candidates) return;
        w->pick = *to;
        w->step = (uint8_t)step;
        w->actor = (uint8_t)actor;
}

void search_walk(const model_options *options, uint64_t seed, uint32_t walks, uint32_t steps,
                 search_result *result)
{
        assert(steps <= SEARCH_PATH_MAX);
        *result = (search_result){.verdict = MODEL_HOLDS};
        walk w = {.base.visit = walk_visit, .random = seed * 0x9E3779B97F4A7C15ULL | 1};
        for (uint32_t i = 0; i < walks; i++) {
                model_state at = model_start();
                for (uint32_t step = 0; step < steps && at.clock < options->clock_max; step++) {
                        result->verdict = model_probe(options, &at);
                        result->path_length = step;
                        if (result->verdict) return;
                        w.candidates = 0;
                        model_successors(options, &at, &w.base);
                        if (!w.candidates) break;
                        at = w.pick;
                        result->path[step].step = w.step;
                        result->path[step].actor = w.actor;
                        result->transitions++;
                        result->acknowledged += w.step == STEP_WRITER_OK;
                }
        }
        result->path_length = 0;
}

void search_path_print(const search_result *result, FILE *out)
{
        for (uint32_t i = 0; i < result->path_length; i++)
                fprintf(out, "      %4u  %s (%u)\n", i + 1, model_step_text(result->path[i].step),
                        result->path[i].actor);
}
