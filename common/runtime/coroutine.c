/* Stacks and the switch between them, told to ASan and TSan.
 * Must never abandon a stack: whoever runs on one returns through its clean-ups. */
#define _GNU_SOURCE
#include "common/runtime/coroutine.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined __SANITIZE_ADDRESS__
#define STACKS_FOR_ASAN 1
#elif defined __SANITIZE_THREAD__
#define STACKS_FOR_TSAN 1
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define STACKS_FOR_ASAN 1
#elif __has_feature(thread_sanitizer)
#define STACKS_FOR_TSAN 1
#endif
#endif

#ifdef STACKS_FOR_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef STACKS_FOR_TSAN
#include <sanitizer/tsan_interface.h>
#endif

#if defined STACKS_FOR_ASAN || defined STACKS_FOR_TSAN
enum { STACK_BYTES_DEFAULT = 256 << 10 };
#else
enum { STACK_BYTES_DEFAULT = 64 << 10 };
#endif
enum { GUARD_BYTES = 4096, PAGE_BYTES = 4096, SPARE_KEPT = 32 };

/* libboost_context: C linkage, declared here because its header is C++ only. */
typedef struct transfer {
        void *context, *data;
} transfer;
extern transfer jump_fcontext(void *to, void *data);
extern void *make_fcontext(void *stack_top, size_t size, void (*entry)(transfer));

struct coroutine {
        void *context; /* where it stands */
        void *back;    /* where the loop stands while it runs */
        char *stack;   /* lowest usable byte; the guard page is below */
        void *fake, *fiber;
        void (*run)(void *argument);
        void *argument;
        coroutine_pool *pool;
        coroutine *next, *all_previous, *all_next;
        bool over;
};

#ifdef STACKS_FOR_TSAN
/* Libraries that are not instrumented: TSan cannot see their locking. Nothing of ours stands here.
 */
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
        return "race:libgrpc.so\n"
               "race:libgpr.so\n"
               "race:libcares.so\n"
               "race:libabsl_\n"
               "mutex:libabsl_\n"
               "mutex:libgrpc.so\n"
               "mutex:libgpr.so\n";
}
#endif

void coroutine_pool_init(coroutine_pool *pool, uint32_t stack_bytes)
{
        size_t bytes = stack_bytes ? stack_bytes : STACK_BYTES_DEFAULT;
        *pool = (coroutine_pool){.stack_bytes = (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES};
}

static void switch_to_coroutine(coroutine_pool *pool, coroutine *co)
{
#ifdef STACKS_FOR_ASAN
        __sanitizer_start_switch_fiber(&pool->loop_fake, co->stack, pool->stack_bytes);
#endif
#ifdef STACKS_FOR_TSAN
        pool->loop_fiber = __tsan_get_current_fiber();
        __tsan_switch_to_fiber(co->fiber, 0);
#endif
        pool->running = co;
        co->context = jump_fcontext(co->context, co).context;
        pool->running = NULL;
#ifdef STACKS_FOR_ASAN
        __sanitizer_finish_switch_fiber(pool->loop_fake, NULL, NULL);
#endif
}

void coroutine_leave(coroutine_pool *pool, coroutine *co)
{
        assert(pool->running == co);
#ifdef STACKS_FOR_ASAN
        __sanitizer_start_switch_fiber(&co->fake, pool->loop_stack, pool->loop_stack_bytes);
#endif
#ifdef STACKS_FOR_TSAN
        __tsan_switch_to_fiber(pool->loop_fiber, 0);
#endif
        co->back = jump_fcontext(co->back, NULL).context;
#ifdef STACKS_FOR_ASAN
        __sanitizer_finish_switch_fiber(co->fake, &pool->loop_stack, &pool->loop_stack_bytes);
#endif
}

static void coroutine_main(transfer from)
{
        coroutine *co = from.data;
        co->back = from.context;
#ifdef STACKS_FOR_ASAN
        __sanitizer_finish_switch_fiber(NULL, &co->pool->loop_stack, &co->pool->loop_stack_bytes);
#endif
        for (;;) { /* one task after the other on the same stack: nothing to set up for the next */
                co->run(co->argument);
                co->over = true;
                coroutine_leave(co->pool, co);
        }
}

static void coroutine_unmap(coroutine_pool *pool, coroutine *co)
{
        if (co->all_next) co->all_next->all_previous = co->all_previous;
        if (co->all_previous)
                co->all_previous->all_next = co->all_next;
        else
                pool->all = co->all_next;
#ifdef STACKS_FOR_TSAN
        __tsan_destroy_fiber(co->fiber);
#endif
#ifdef STACKS_FOR_ASAN
        __asan_unpoison_memory_region(co->stack, pool->stack_bytes); /* whoever maps it next */
#endif
        munmap(co->stack - GUARD_BYTES, GUARD_BYTES + pool->stack_bytes);
        free(co);
        pool->count--;
}

static coroutine *coroutine_map(coroutine_pool *pool)
{
        size_t bytes = GUARD_BYTES + pool->stack_bytes;
        char *map = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
        if (map == MAP_FAILED) return NULL;
        coroutine *co = mprotect(map, GUARD_BYTES, PROT_NONE) < 0 ? NULL : calloc(1, sizeof *co);
        if (!co) {
                munmap(map, bytes);
                return NULL;
        }
        co->stack = map + GUARD_BYTES;
        co->pool = pool;
        co->context =
                make_fcontext(co->stack + pool->stack_bytes, pool->stack_bytes, coroutine_main);
#ifdef STACKS_FOR_TSAN
        co->fiber = __tsan_create_fiber(0);
#endif
        co->all_next = pool->all;
        if (co->all_next) co->all_next->all_previous = co;
        pool->all = co;
        pool->count++;
        return co;
}

coroutine *coroutine_take(coroutine_pool *pool)
{
        coroutine *co = pool->spare;
        if (!co) return coroutine_map(pool);
        pool->spare = co->next;
        if (--pool->spare_count < pool->spare_least) pool->spare_least = pool->spare_count;
        return co;
}

void coroutine_put(coroutine_pool *pool, coroutine *co)
{
        assert(pool->running != co);
        co->next = pool->spare;
        pool->spare = co;
        pool->spare_count++;
}

void coroutine_start(coroutine_pool *pool, coroutine *co, void (*run)(void *argument),
                     void *argument)
{
        co->run = run;
        co->argument = argument;
        co->over = false;
        coroutine_enter(pool, co);
}

void coroutine_enter(coroutine_pool *pool, coroutine *co)
{
        assert(!pool->running); /* only the loop switches */
        switch_to_coroutine(pool, co);
}

bool coroutine_is_over(const coroutine *co)
{
        return co->over;
}

uint32_t coroutine_pool_trim(coroutine_pool *pool)
{
        uint32_t surplus = pool->spare_least > SPARE_KEPT ? pool->spare_least - SPARE_KEPT : 0;
        for (; surplus; surplus--) {
                coroutine *co = pool->spare;
                pool->spare = co->next;
                pool->spare_count--;
                coroutine_unmap(pool, co);
        }
        pool->spare_least = pool->spare_count;
        return pool->spare_count > SPARE_KEPT ? pool->spare_count - SPARE_KEPT : 0;
}

size_t coroutine_pool_high_water(const coroutine_pool *pool)
{
        size_t pages = pool->stack_bytes / PAGE_BYTES, most = 0;
        unsigned char *resident = malloc(pages);
        if (!resident) return 0;
        for (const coroutine *co = pool->all; co; co = co->all_next) {
                if (mincore(co->stack, pool->stack_bytes, resident) < 0) continue;
                size_t lowest = 0; /* a stack grows down: the lowest page ever touched counts */
                while (lowest < pages && !(resident[lowest] & 1))
                        lowest++;
                if (pages - lowest > most) most = pages - lowest;
        }
        free(resident);
        return most * PAGE_BYTES;
}

void coroutine_pool_release(coroutine_pool *pool)
{
        assert(!pool->running);
        while (pool->spare) {
                coroutine *co = pool->spare;
                pool->spare = co->next;
                pool->spare_count--;
                coroutine_unmap(pool, co);
        }
        assert(pool->count == 0); /* a stack is never abandoned */
}
