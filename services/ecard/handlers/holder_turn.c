/* Turns. Who waits is woken when the one before leaves, and looks again. */
#include "services/ecard/handlers/holder_turn.h"

#include <utlist.h>

typedef struct holder_waiter {
        task *t;
        holder_turn *turn; /* NULL: it is over */
        struct holder_waiter *prev, *next;
} holder_waiter;

static void leave(task *t)
{
        holder_waiter *waiter = t->waits_for;
        if (waiter->turn) DL_DELETE(waiter->turn->waiters, waiter);
        waiter->turn = NULL;
}

static holder_turn *find(const holder_turns *turns, ulid holder)
{
        holder_turn *turn = NULL;
        DL_FOREACH(turns->all, turn) if (ulid_equal(turn->holder, holder)) return turn;
        return NULL;
}

bool holder_turn_take(task *t, holder_turns *turns, ulid holder, holder_turn *turn)
{
        TASK_MAY_SUSPEND(t);
        for (;;) {
                holder_turn *taken = find(turns, holder);
                if (!taken) break;
                holder_waiter waiter = {.t = t, .turn = taken};
                DL_APPEND(taken->waiters, &waiter);
                if (!task_park(t, &waiter, leave)) return false;
        }
        *turn = (holder_turn){.turns = turns, .holder = holder};
        DL_APPEND(turns->all, turn);
        return true;
}

void holder_turn_release(holder_turn *turn)
{
        if (!turn->turns) return;
        DL_DELETE(turn->turns->all, turn);
        turn->turns = NULL;
        holder_waiter *waiter, *next, *waiters = turn->waiters;
        turn->waiters = NULL;
        DL_FOREACH(waiters, waiter) waiter->turn = NULL;
        for (waiter = waiters; waiter; waiter = next) {
                next = waiter->next; /* it goes with its task's stack */
                task_resume(waiter->t);
        }
}
