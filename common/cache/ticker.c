/* The beat of readers and owners. Must never start a tick while one still runs. */
#include "common/cache/ticker.h"

static void ticker_timer_closed(loop_timer *timer)
{
        cache_ticker *ticker = timer->data;
        loop *l = ticker->task.loop;
        ticker->stopped(ticker->task.owner);
        loop_release_hold(l);
}

static void ticker_task_closed(loop_timer *timer)
{
        task *t = timer->data;
        cache_ticker *ticker = (cache_ticker *)((char *)t - offsetof(cache_ticker, task));
        loop_timer_close(&ticker->timer, ticker_timer_closed);
}

static void ticker_done(task *t)
{
        cache_ticker *ticker = (cache_ticker *)((char *)t - offsetof(cache_ticker, task));
        if (ticker->stopping) return;
        loop_timer_start(&ticker->timer, loop_now_ms(t->loop) + ticker->every_ms);
}

static void ticker_fire(loop_timer *timer)
{
        cache_ticker *ticker = timer->data;
        task *t = &ticker->task;
        assert(task_is_over(t));
        int64_t deadline_ms = loop_now_ms(t->loop) + ticker->patience_ms;
        if (task_start(t, deadline_ms, ticker->tick, ticker_done)) return;
        loop_timer_start(timer, loop_now_ms(t->loop) + ticker->every_ms);
}

void cache_ticker_start(cache_ticker *ticker, loop *l, uint32_t every_ms, uint32_t patience_ms,
                        void (*tick)(task *t), void *owner)
{
        *ticker = (cache_ticker){.every_ms = every_ms, .patience_ms = patience_ms, .tick = tick};
        task_init(&ticker->task, l, owner);
        loop_timer_init(l, &ticker->timer, ticker_fire, ticker);
        loop_timer_start(&ticker->timer, loop_now_ms(l));
}

static void ticker_stop_now(void *argument)
{
        cache_ticker *ticker = argument;
        if (!task_is_over(&ticker->task)) { /* a wait that cannot be undone ends by itself */
                task_interrupt(&ticker->task, FAILURE_CANCELLED);
                loop_post(ticker->task.loop, ticker_stop_now, ticker);
                return;
        }
        loop_timer_stop(&ticker->timer);
        task_release(&ticker->task, ticker_task_closed);
}

void cache_ticker_stop(cache_ticker *ticker, void (*stopped)(void *owner))
{
        assert(!ticker->stopping);
        ticker->stopping = true;
        ticker->stopped = stopped;
        loop_hold(ticker->task.loop);
        loop_post(ticker->task.loop, ticker_stop_now, ticker);
}
