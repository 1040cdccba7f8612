/* Coroutines on pooled stacks, switched by boost's fcontext. Only task.c switches; a coroutine is
 * entered from the loop and leaves to the loop, never to another coroutine.
 *
 *      high  ┌──────────────┐  <- where a task starts
 *            │ stack_bytes  │
 *      stack └──────────────┘
 *            │ guard page   │  an overflow faults here
 *            └──────────────┘ */
#ifndef SSCARD_COMMON_RUNTIME_COROUTINE_H
#define SSCARD_COMMON_RUNTIME_COROUTINE_H

#include "common/base/scoped.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct coroutine coroutine;

/* Embedded in the loop. */
typedef struct coroutine_pool {
        size_t stack_bytes;
        coroutine *spare; /* last in, first out: warm */
        coroutine *all;
        coroutine *running; /* NULL: the loop itself */
        uint32_t count, spare_count;
        uint32_t spare_least; /* since the last trim: so many were not needed */
        /* The loop's own stack, for the sanitizers: */
        const void *loop_stack;
        size_t loop_stack_bytes;
        void *loop_fake, *loop_fiber;
} coroutine_pool;

/* stack_bytes 0: the default. */
void coroutine_pool_init(coroutine_pool *pool, uint32_t stack_bytes);
/* No coroutine may be in use. */
void coroutine_pool_release(coroutine_pool *pool);
/* Gives stacks back to the kernel that were spare ever since the last call; keeps a few. Returns
 * how many are left spare beyond those few. */
uint32_t coroutine_pool_trim(coroutine_pool *pool);
size_t coroutine_pool_high_water(const coroutine_pool *pool);

/* NULL: no memory. Pair: coroutine_put(). */
coroutine *coroutine_take(coroutine_pool *pool) MUST_CHECK;
void coroutine_put(coroutine_pool *pool, coroutine *co);
/* From the loop: starts `run(argument)` on a taken coroutine; returns at its first leave or end. */
void coroutine_start(coroutine_pool *pool, coroutine *co, void (*run)(void *argument),
                     void *argument);
/* From the loop: goes on where the coroutine left. */
void coroutine_enter(coroutine_pool *pool, coroutine *co);
/* From the coroutine: back to the loop, until it is entered again. */
void coroutine_leave(coroutine_pool *pool, coroutine *co);
/* Has its run() returned? */
bool coroutine_is_over(const coroutine *co);

#endif
