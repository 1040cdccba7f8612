/* A running region, for tools that play several people in it: where its services are, tokens for
 * whoever acts, and typed calls. Development regions only: it needs the keys that the context
 * names. Must never print a token. */
#ifndef SSCARD_TOOLS_CLIENT_REGION_H
#define SSCARD_TOOLS_CLIENT_REGION_H

#include "common/base/arena.h"
#include "common/base/failure.h"
#include "common/identity/token_issue.h"
#include "sscard/common/v1/step.pb-c.h"
#include "tools/sscardctl/client.h"
#include "tools/sscardctl/context.h"

#include <protobuf-c/protobuf-c.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum region_service {
        REGION_CARD = 0,
        REGION_STATUS,
        REGION_CREDENTIAL,
        REGION_BANK,
        REGION_ECARD,
        REGION_SERVICE_COUNT,
} region_service;

/* Embedded. */
typedef struct region {
        arena lasting;
        context ctx;
        token_signer *signer;
        client *clients[REGION_SERVICE_COUNT]; /* NULL: the region does not have it */
        /* Set by a signal handler: calls and waits end soon. NULL: nobody interrupts. */
        const volatile sig_atomic_t *interrupted;
} region;

/* `context_file` NULL: where context_load() looks. False and `f` set when there is no context, no
 * card service in it, or no signing key. Pair: region_release(), after a failure too. */
bool region_open(region *r, const char *context_file, failure *f) MUST_CHECK;
void region_release(region *r);

typedef struct region_call {
        region_service service; /* one that the region has */
        const char *path;       /* "/sscard.card.v1.CardService/GetCard" */
        const ProtobufCMessage *request;
        const ProtobufCMessageDescriptor *answer;
        const token_claims *caller; /* `region` and `issued_unix_seconds` are filled in */
        const char *language;
        int64_t timeout_ms;
} region_call;

typedef struct region_metadata {
        const char *key, *value;
} region_metadata;

/* Everything in the arena; texts are never NULL. */
typedef struct region_answer {
        int code;               /* gRPC code */
        ProtobufCMessage *body; /* of the answer's type; NULL unless OK */
        bool replayed;          /* first given to an earlier call with the same request id */
        int64_t microseconds;   /* from sending to the whole answer */
        /* Of an error. */
        const char *message, *text; /* ASCII; in the call's language, else the same */
        const char *reason, *rule;
        const Common__Refusal *refusal; /* NULL: none */
        const region_metadata *metadata;
        size_t metadata_count;
        int64_t retry_after_ms; /* 0: nothing is said */
} region_answer;

/* Never fails: what goes wrong is an answer with its code. */
void region_call_run(region *r, const region_call *call, arena *a, region_answer *answer);
/* Is it worth trying again, with the same request id? */
bool region_answer_may_be_repeated(const region_answer *answer);
/* "" when it is not there. */
const char *region_answer_metadata(const region_answer *answer, const char *key);
/* Microseconds of a clock that only goes forward. */
int64_t region_now_microseconds(void);
/* False: interrupted meanwhile. */
bool region_pause(const region *r, int64_t milliseconds);

#endif
