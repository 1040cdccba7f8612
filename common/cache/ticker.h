/* A task that runs again and again, never twice at a time. For this room only. */
#ifndef SSCARD_COMMON_CACHE_TICKER_H
#define SSCARD_COMMON_CACHE_TICKER_H

#include "common/runtime/task.h"

typedef struct cache_ticker {
        task task;
        loop_timer timer;
        uint32_t every_ms, patience_ms;
        void (*tick)(task *t); /* t->owner is the owner given to init */
        bool stopping;
        void (*stopped)(void *owner);
} cache_ticker;

/* The first tick comes at once; one that takes longer than `patience_ms` is interrupted. */
void cache_ticker_start(cache_ticker *ticker, loop *l, uint32_t every_ms, uint32_t patience_ms,
                        void (*tick)(task *t), void *owner);
/* Ends it, a running tick too; holds the loop until `stopped` was called, in a later turn. */
void cache_ticker_stop(cache_ticker *ticker, void (*stopped)(void *owner));

#endif
