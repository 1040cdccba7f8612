/* A store for a test: on a virtual loop (inline writes) or a real one (threads), in a folder of its
 * own; and a way to run straight-line code as a task. */
#ifndef SSCARD_TESTS_UNIT_COMMON_STORE_FIXTURE_H
#define SSCARD_TESTS_UNIT_COMMON_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/runtime/task.h"
#include "common/store/store.h"

enum { START_UNIX_MS = 1700000000 };

typedef struct fixture {
        clock_manual clock;
        random_seeded random;
        loop *loop;
        char folder[256];
        store *store;
        task task;
        void (*body)(task *t, struct fixture *f);
        bool is_real;
} fixture;

static inline void fixture_folder(char folder[256])
{
        const char *above = getenv("TEST_TMPDIR");
        snprintf(folder, 256, "%s/store-XXXXXX", above ? above : "/tmp");
        assert_non_null(mkdtemp(folder));
}

/* The store is opened by the test: fixture_open(). */
static inline void fixture_init(fixture *f, bool is_real)
{
        memset(f, 0, sizeof *f);
        f->is_real = is_real;
        fixture_folder(f->folder);
        clock_manual_init(&f->clock, START_UNIX_MS);
        random_seeded_init(&f->random, 1);
        loop_options options = {.clock = is_real ? clock_system() : &f->clock.base,
                                .random = &f->random.base};
        f->loop = is_real ? loop_create(&options) : loop_create_virtual(&options, &f->clock);
        assert_non_null(f->loop);
}

static inline void fixture_open(fixture *f, store_options options)
{
        failure why = {0};
        if (!options.folder) options.folder = f->folder;
        if (!options.name) options.name = "things";
        options.inline_writes = options.inline_writes || !f->is_real;
        options.lazy_sync = options.inline_writes; /* no test of these cuts the power */
        f->store = store_open(f->loop, &options, &why);
        if (!f->store) fail_msg("store_open: %s %s", why.reason, why.message);
}

static inline void fixture_release(fixture *f)
{
        store_close(f->store);
        loop_destroy(f->loop);
}

static inline void fixture_body(task *t)
{
        fixture *f = t->owner;
        f->body(t, f);
}

static inline void fixture_done(task *t)
{
        fixture *f = t->owner;
        if (!f->is_real) return;
        loop_stop(f->loop);
        loop_release_hold(f->loop);
}

/* Runs `body` as a task until it is over. */
static inline void fixture_run(fixture *f, void (*body)(task *t, fixture *f))
{
        f->body = body;
        memset(&f->task, 0, sizeof f->task);
        task_init(&f->task, f->loop, f);
        if (f->is_real) loop_hold(f->loop);
        assert_true(task_start(&f->task, TASK_NO_DEADLINE, fixture_body, fixture_done));
        if (f->is_real)
                loop_run(f->loop);
        else
                while (!task_is_over(&f->task))
                        loop_run_virtual(f->loop, loop_now_ms(f->loop) + 1);
        assert_true(task_is_over(&f->task));
        task_release(&f->task, NULL);
}

#endif
