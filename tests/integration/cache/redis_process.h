/* A redis-server of a test's own, on a unix socket in a folder of its own. */
#ifndef SSCARD_TESTS_INTEGRATION_CACHE_REDIS_PROCESS_H
#define SSCARD_TESTS_INTEGRATION_CACHE_REDIS_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

typedef struct redis_process {
        char folder[80]; /* gone with redis_process_release() */
        char socket[100];
        char address[24]; /* of the same server, over TCP on loopback: "127.0.0.1:port" */
        pid_t pid;        /* 0: not running */
} redis_process;

/* Makes the folder and starts the server; returns when it takes connections. */
void redis_process_init(redis_process *redis);
/* Starts it again, empty, after redis_process_kill(). */
void redis_process_start(redis_process *redis);
/* kill -9, and waits until it is gone. */
void redis_process_kill(redis_process *redis);
/* SIGSTOP, SIGCONT. */
void redis_process_pause(redis_process *redis, bool paused);
/* One command over a blocking connection of its own; true if it was answered without an error. */
bool redis_process_tell(const redis_process *redis, const char *command);
/* The text that one command answers; "" when nil. `text` has `room` bytes. */
void redis_process_ask(const redis_process *redis, const char *command, char *text, size_t room);
void redis_process_release(redis_process *redis);

#endif
