/* One word in a mapped file says what time it is. Must never go backwards, and never be asked by a
 * production binary: nothing there depends on this room. */
#include "common/service/sandbox/sandbox_clock.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

/* The file. All zero: just made. */
struct sandbox_clock_face {
        char magic[8];
        int64_t word; /* atomic access only: time * 2 + held */
};
_Static_assert(sizeof(struct sandbox_clock_face) == 16, "the file is these bytes");
static const char MAGIC[8] = {'S', 'S', 'C', 'L', 'O', 'C', 'K', '1'};

/* `ms` is an instant while the clock is held, else what is added to real time. One word has both,
 * so that no reader ever sees half of a change. */
typedef struct face_reading {
        int64_t ms;
        bool held;
} face_reading;

static face_reading read_face(const sandbox_clock *clock)
{
        int64_t word = __atomic_load_n(&clock->face->word, __ATOMIC_ACQUIRE);
        return (face_reading){.ms = word >> 1, .held = word & 1};
}

static void write_face(const sandbox_clock *clock, face_reading reading)
{
        int64_t word = reading.ms * 2 + (reading.held ? 1 : 0);
        __atomic_store_n(&clock->face->word, word, __ATOMIC_RELEASE);
}

/* ---- as a clock ---- */

/* Real time is asked while the clock is known to run: had it been stopped and let go meanwhile, the
 * sum would be of two times that do not belong together, and a later reading could be less. */
static int64_t business_ms(const clock_source *source)
{
        const sandbox_clock *clock = (const sandbox_clock *)source;
        for (;;) {
                face_reading before = read_face(clock);
                if (before.held) return before.ms;
                int64_t wall_ms = clock_wall_ms(clock_system());
                face_reading after = read_face(clock);
                if (!after.held && after.ms == before.ms) return wall_ms + before.ms;
        }
}

static int64_t wall_ms(const clock_source *source)
{
        (void)source;
        return clock_wall_ms(clock_system());
}

static int64_t monotonic_ms(const clock_source *source)
{
        (void)source;
        return clock_monotonic_ms(clock_system());
}

static const clock_functions functions = {
        .business_ms = business_ms,
        .wall_ms = wall_ms,
        .monotonic_ms = monotonic_ms,
};

const sandbox_clock *sandbox_clock_of(const clock_source *source)
{
        assert(source->functions == &functions);
        return (const sandbox_clock *)source;
}

/* ---- opening ---- */

static bool unavailable(failure *f, const char *what, const char *path)
{
        return failure_set(f, FAILURE_UNAVAILABLE, "CLOCK_UNAVAILABLE",
                           "cannot %s the clock %.100s: %s", what, path, strerror(errno));
}

/* Several processes may meet here with a new file: each writes the same. */
static bool map_face(sandbox_clock *clock, const char *path, failure *f)
{
        static const char fresh[sizeof MAGIC];
        off_t length = lseek(clock->fd, 0, SEEK_END);
        if (length == 0 && ftruncate(clock->fd, sizeof *clock->face) != 0)
                return unavailable(f, "make", path);
        if (length != 0 && length != sizeof *clock->face)
                return failure_set(f, FAILURE_FAILED_PRECONDITION, "CLOCK_FOREIGN",
                                   "%.100s is not a sandbox clock", path);
        void *face =
                mmap(NULL, sizeof *clock->face, PROT_READ | PROT_WRITE, MAP_SHARED, clock->fd, 0);
        if (face == MAP_FAILED) return unavailable(f, "map", path);
        clock->face = face;
        if (memcmp(clock->face->magic, fresh, sizeof fresh) == 0)
                memcpy(clock->face->magic, MAGIC, sizeof MAGIC);
        if (memcmp(clock->face->magic, MAGIC, sizeof MAGIC) == 0) return true;
        return failure_set(f, FAILURE_FAILED_PRECONDITION, "CLOCK_FOREIGN",
                           "%.100s is not a sandbox clock", path);
}

static bool take(sandbox_clock *clock, const char *path, failure *f)
{
        if (flock(clock->fd, LOCK_EX | LOCK_NB) != 0)
                return failure_set(f, FAILURE_FAILED_PRECONDITION, "CLOCK_LOCKED",
                                   "another process moves the clock %.100s", path);
        if (sandbox_clock_is_held(clock)) sandbox_clock_let_go(clock);
        return true;
}

bool sandbox_clock_open(sandbox_clock *clock, const char *path, sandbox_clock_use use, failure *f)
{
        assert(!clock->face);
        clock->base.functions = &functions;
        clock->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (clock->fd < 0) return unavailable(f, "open", path);
        if (map_face(clock, path, f) && (use == SANDBOX_CLOCK_FOLLOW || take(clock, path, f)))
                return true;
        sandbox_clock_release(clock);
        return false;
}

void sandbox_clock_release(sandbox_clock *clock)
{
        if (!clock->base.functions) return;
        if (clock->face) munmap(clock->face, sizeof *clock->face);
        if (clock->fd >= 0) close(clock->fd);
        *clock = (sandbox_clock){0};
}

/* ---- moving ---- */

int64_t sandbox_clock_hold(const sandbox_clock *clock)
{
        assert(!sandbox_clock_is_held(clock));
        /* A reader may have been told of the next millisecond between these two lines. */
        int64_t now = clock_business_ms(&clock->base) + 1;
        write_face(clock, (face_reading){.ms = now, .held = true});
        return now;
}

bool sandbox_clock_is_held(const sandbox_clock *clock)
{
        return read_face(clock).held;
}

void sandbox_clock_move(const sandbox_clock *clock, int64_t unix_ms)
{
        face_reading reading = read_face(clock);
        assert(reading.held);
        assert(unix_ms >= reading.ms);
        write_face(clock, (face_reading){.ms = unix_ms, .held = true});
}

void sandbox_clock_let_go(const sandbox_clock *clock)
{
        face_reading reading = read_face(clock);
        assert(reading.held);
        write_face(clock, (face_reading){.ms = reading.ms - clock_wall_ms(clock_system())});
}

bool sandbox_clock_save(const sandbox_clock *clock)
{
        return msync(clock->face, sizeof *clock->face, MS_SYNC) == 0;
}
