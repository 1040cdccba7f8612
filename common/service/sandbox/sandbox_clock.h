/* The clock of a sandbox region: real time plus an offset, in one small file that every process of
 * the region maps. Moved in one of them, it has moved in all at once; being a file, it is still
 * there after a restart. While it is moved from timer to timer it stands still, so that what falls
 * due happens at its instant however long it takes. */
#ifndef SSCARD_COMMON_SERVICE_SANDBOX_SANDBOX_CLOCK_H
#define SSCARD_COMMON_SERVICE_SANDBOX_SANDBOX_CLOCK_H

#include "common/base/clock.h"
#include "common/base/failure.h"

#include <stdbool.h>
#include <stdint.h>

/* Embedded in its owner, zeroed; must not move while it is open. */
typedef struct sandbox_clock {
        clock_source base; /* business time is the file's; wall and monotonic are the system's */
        struct sandbox_clock_face *face; /* mapped; NULL: not open */
        int fd;
} sandbox_clock;

typedef enum sandbox_clock_use {
        SANDBOX_CLOCK_FOLLOW = 1, /* only reads it */
        SANDBOX_CLOCK_MOVE,       /* the one process of the region that moves it */
} sandbox_clock_use;

/* Makes the file if it is not there: then the clock shows real time. MOVE lets a clock go on that
 * its last mover has left standing. False and `f` set: FAILED_PRECONDITION/CLOCK_FOREIGN (no clock
 * of ours), /CLOCK_LOCKED (another process moves it), UNAVAILABLE/CLOCK_UNAVAILABLE (cannot be
 * opened, made or mapped). Pair: sandbox_clock_release(). */
bool sandbox_clock_open(sandbox_clock *clock, const char *path, sandbox_clock_use use,
                        failure *f) MUST_CHECK;
void sandbox_clock_release(sandbox_clock *clock);

/* The clock behind the seam, which must be one. */
const sandbox_clock *sandbox_clock_of(const clock_source *source);

/* For its mover. Stops it for everybody; where it stands. */
int64_t sandbox_clock_hold(const sandbox_clock *clock);
bool sandbox_clock_is_held(const sandbox_clock *clock);
/* While it is held: to a later instant. Never backwards (assert). */
void sandbox_clock_move(const sandbox_clock *clock, int64_t unix_ms);
/* Goes on from where it is held. */
void sandbox_clock_let_go(const sandbox_clock *clock);
/* Writes it to the disk. Blocks; any thread. False and errno set: the disk. */
bool sandbox_clock_save(const sandbox_clock *clock) MUST_CHECK;

#endif
