/* An echo server for a test: on a virtual loop with a local peer, or on a real loop with a peer on
 * the wire. What a test wants to do on a task goes through run_on_task(). */
#ifndef SSCARD_TESTS_UNIT_COMMON_RPC_FIXTURE_H
#define SSCARD_TESTS_UNIT_COMMON_RPC_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/rpc/client.h"
#include "common/rpc/server.h"

typedef struct fixture fixture;
struct fixture {
        clock_manual clock;
        random_seeded random;
        loop *loop;
        rpc_server *server;
        rpc_peer *peer;
        task task;
        void (*test)(fixture *f);
        bool drained;
};

extern const char ECHO[], ECHO_STREAM[], COUNT[];

/* EchoService as tests/harness/echo_server.c has it, without children. */
rpc_service echo_service(void);

/* `options` NULL: defaults. Listens on any port of the loopback when `real`. */
void fixture_init(fixture *f, bool real, const rpc_server_options *options);
/* Drains, which must succeed, and destroys. */
void fixture_release(fixture *f);
/* Runs `test` on f->task with this deadline from now, and the loop until it is over. */
void run_on_task(fixture *f, int64_t deadline_ms, void (*test)(fixture *f));
/* Lets the loop run until `done` says so; fails after 20 seconds. */
void run_until(fixture *f, bool (*done)(fixture *f));

#endif
