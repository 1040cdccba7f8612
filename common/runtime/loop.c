/* What both kinds of loop share: marked work, posted work, holds; and the virtual loop's run.
 * Must never sleep: that is the bridge's. */
#include "common/runtime/loop.h"

#include "common/runtime/loop_internal.h"

#include <assert.h>
#include <stdlib.h>

enum { WORKER_THREADS_DEFAULT = 2, TRIM_AGAIN_MS = 5000 };

static void trim_fired(loop_timer *timer)
{
        loop *l = timer->data;
        if (coroutine_pool_trim(&l->coroutines)) loop_timer_start(timer, l->now_ms + TRIM_AGAIN_MS);
}

static loop *loop_new(const loop_options *options)
{
        assert(options->clock);
        assert(options->random);
        loop *l = calloc(1, sizeof *l);
        if (!l) return NULL;
        l->clock = options->clock;
        l->random = options->random;
        l->now_ms = clock_monotonic_ms(l->clock);
        l->ready_end = &l->ready;
        l->flushes_end = &l->flushes;
        l->flushes_last_end = &l->flushes_last;
        l->posted_end = &l->posted;
        pthread_mutex_init(&l->posted_lock, NULL);
        coroutine_pool_init(&l->coroutines, options->stack_bytes);
        loop_timer_init(l, &l->trim_timer, trim_fired, l);
        return l;
}

loop *loop_create(const loop_options *options)
{
        loop *l = loop_new(options);
        if (!l) return NULL;
        uint32_t threads =
                options->worker_threads ? options->worker_threads : WORKER_THREADS_DEFAULT;
        l->bridge = bridge_create(l);
        if (l->bridge) l->workers = worker_pool_create(l, threads);
        if (l->workers) return l;
        loop_destroy(l);
        return NULL;
}

loop *loop_create_virtual(const loop_options *options, clock_manual *clock)
{
        loop *l = loop_new(options);
        if (l) l->manual = clock;
        return l;
}

void loop_destroy(loop *l)
{
        assert(!l->switching);
        if (l->workers) worker_pool_destroy(l->workers);
        while (loop_posted_run(l))
                continue;
        loop_timer_close(&l->trim_timer, NULL);
        if (l->bridge) bridge_destroy(l->bridge);
        assert(!l->timers);
        assert(!l->ready);
        coroutine_pool_release(&l->coroutines);
        pthread_mutex_destroy(&l->posted_lock);
        free(l);
}

const clock_source *loop_clock(const loop *l)
{
        return l->clock;
}

random_source *loop_random(const loop *l)
{
        return l->random;
}

int64_t loop_now_ms(const loop *l)
{
        return l->bridge ? l->now_ms : clock_monotonic_ms(l->clock);
}

int64_t loop_turn_us(const loop *l)
{
        return l->bridge ? l->turn_us : clock_monotonic_ms(l->clock) * 1000;
}

int64_t loop_precise_us(const loop *l)
{
        return l->bridge ? bridge_now_us() : clock_monotonic_ms(l->clock) * 1000;
}

bool loop_is_virtual(const loop *l)
{
        return !l->bridge;
}

void loop_run(loop *l)
{
        assert(l->bridge);
        while (!l->stopping || l->holds)
                bridge_turn(l->bridge);
        l->stopping = false;
}

void loop_stop(loop *l)
{
        l->stopping = true;
}

void loop_hold(loop *l)
{
        l->holds++;
}

void loop_release_hold(loop *l)
{
        assert(l->holds > 0);
        l->holds--;
}

void loop_mark_flush(loop *l, loop_flush *flush)
{
        if (flush->marked) return;
        loop_flush ***end = flush->last ? &l->flushes_last_end : &l->flushes_end;
        flush->marked = true;
        flush->next = NULL;
        **end = flush;
        *end = &flush->next;
}

void loop_unmark_flush(loop *l, loop_flush *flush)
{
        if (!flush->marked) return;
        loop_flush **at = flush->last ? &l->flushes_last : &l->flushes;
        while (*at != flush)
                at = &(*at)->next;
        *at = flush->next;
        flush->marked = false;
        if (*at) return;
        if (flush->last)
                l->flushes_last_end = at;
        else
                l->flushes_end = at;
}

/* What is marked while these run waits for the next round: nobody can spin. */
static bool flushes_run(loop_flush **first, loop_flush ***end)
{
        uint32_t count = 0;
        for (const loop_flush *flush = *first; flush; flush = flush->next)
                count++;
        bool any = count > 0;
        for (; count && *first; count--) {
                loop_flush *flush = *first;
                *first = flush->next;
                if (!*first) *end = first;
                flush->marked = false;
                flush->run(flush);
        }
        return any;
}

bool loop_flushes_run(loop *l)
{
        return flushes_run(&l->flushes, &l->flushes_end);
}

void loop_flushes_last_run(loop *l)
{
        flushes_run(&l->flushes_last, &l->flushes_last_end);
}

void loop_post_embedded(loop *l, loop_posted *post)
{
        post->next = NULL;
        pthread_mutex_lock(&l->posted_lock);
        bool first = !l->posted;
        *l->posted_end = post;
        l->posted_end = &post->next;
        /* Under the lock: once it is given back the loop may take the post, end and be destroyed.
         */
        if (first && l->bridge) bridge_wake(l->bridge);
        pthread_mutex_unlock(&l->posted_lock);
}

void loop_post(loop *l, void (*callback)(void *argument), void *argument)
{
        loop_posted *post = calloc(1, sizeof *post);
        if (!post) abort();
        *post = (loop_posted){.callback = callback, .argument = argument, .owned_by_loop = true};
        loop_post_embedded(l, post);
}

bool loop_posted_run(loop *l)
{
        pthread_mutex_lock(&l->posted_lock);
        loop_posted *post = l->posted;
        l->posted = NULL;
        l->posted_end = &l->posted;
        pthread_mutex_unlock(&l->posted_lock);
        bool any = post != NULL;
        for (loop_posted *next; post; post = next) {
                next = post->next;
                void (*callback)(void *) = post->callback;
                void *argument = post->argument;
                if (post->owned_by_loop) free(post);
                callback(argument);
        }
        return any;
}

static bool run_what_is_ready(loop *l)
{
        l->now_ms = clock_monotonic_ms(l->clock);
        bool any = loop_posted_run(l);
        any |= loop_flushes_run(l);
        any |= loop_timers_run(l);
        any |= l->flushes_last != NULL;
        loop_flushes_last_run(l);
        l->counts.turns++;
        return any;
}

void loop_run_virtual(loop *l, int64_t until_ms)
{
        assert(!l->bridge);
        while (!l->stopping) {
                if (run_what_is_ready(l)) continue;
                int64_t next_ms = loop_timers_next_ms(l), now_ms = clock_monotonic_ms(l->clock);
                bool due = next_ms <= until_ms && next_ms != INT64_MAX;
                int64_t to_ms = due ? next_ms : until_ms;
                if (to_ms != INT64_MAX && to_ms > now_ms && l->manual)
                        clock_manual_advance(l->manual, to_ms - now_ms);
                if (!due || (!l->manual && next_ms > now_ms)) break;
        }
        l->stopping = false;
}

loop_counts loop_count(const loop *l)
{
        loop_counts counts = l->counts;
        counts.stacks = l->coroutines.count;
        counts.stacks_spare = l->coroutines.spare_count;
        if (l->workers) worker_pool_count(l->workers, &counts.workers_busy, &counts.jobs_waiting);
        return counts;
}

size_t loop_stack_high_water(const loop *l)
{
        return coroutine_pool_high_water(&l->coroutines);
}
