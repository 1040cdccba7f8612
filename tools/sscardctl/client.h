/* Calls for a program that does one thing at a time: gRPC's C core, blocking. */
#ifndef SSCARD_TOOLS_SSCARDCTL_CLIENT_H
#define SSCARD_TOOLS_SSCARDCTL_CLIENT_H

#include "common/base/arena.h"
#include "common/base/failure.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct client client;

typedef struct client_options {
        const char *endpoint;                    /* "127.0.0.1:7301" */
        const char *ca_file;                     /* PEM; NULL: cleartext */
        const char *certificate_file, *key_file; /* PEM; NULL: none */
} client_options;

/* NULL and `f` set when a file cannot be read. Connects with the first call.
 * Pair: client_close(). */
client *client_open(const client_options *options, failure *f) MUST_CHECK;
void client_close(client *c);

typedef struct client_call {
        const char *path;     /* "/sscard.card.v1.CardService/GetCard" */
        const char *token;    /* "": none */
        const char *language; /* accept-language */
        const uint8_t *request;
        size_t request_bytes;
        int64_t timeout_ms; /* 0: none */
        /* Looked at five times a second: set, the call is cancelled. NULL: never. */
        const volatile sig_atomic_t *interrupted;
        /* Each answer; false: that was enough, the call is cancelled. */
        bool (*answer)(void *argument, const uint8_t *data, size_t size);
        void *argument;
} client_call;

typedef struct client_status {
        int code;               /* gRPC code */
        const char *message;    /* never NULL */
        const uint8_t *details; /* google.rpc.Status; NULL: none */
        size_t details_bytes;
        bool replayed; /* the answer of an earlier call with the same request id */
        bool enough;   /* `answer` ended it */
} client_status;

/* Unary and server streaming. What `status` points to is in the arena. */
void client_run(client *c, const client_call *call, arena *a, client_status *status);

#endif
