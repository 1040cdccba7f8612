/* One at a time a holder: whoever tries a password waits until the try before it is over, so that
 * what was counted and what was right are always told of one attempt. */
#ifndef SSCARD_SERVICES_ECARD_HANDLERS_HOLDER_TURN_H
#define SSCARD_SERVICES_ECARD_HANDLERS_HOLDER_TURN_H

#include "common/base/ulid.h"
#include "common/runtime/task.h"

/* Zero is empty. Everyone has left before it goes. */
typedef struct holder_turns {
        struct holder_turn *all;
} holder_turns;

/* On the stack of who takes it: SCOPED(holder_turn) turn = {0}; */
typedef struct holder_turn {
        holder_turns *turns; /* NULL: not taken */
        ulid holder;
        struct holder_waiter *waiters;
        struct holder_turn *prev, *next;
} holder_turn;

/* Waits for the turn. Suspends. False: interrupted. */
bool holder_turn_take(task *t, holder_turns *turns, ulid holder, holder_turn *turn) MUST_CHECK;
void holder_turn_release(holder_turn *turn);

#endif
