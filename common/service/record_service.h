/* The owner's side of the shared cache: RecordService, served by every service with a record.
 * And the reader's: a holder's records of several services, from the cache or from their owners. */
#ifndef SSCARD_COMMON_SERVICE_RECORD_SERVICE_H
#define SSCARD_COMMON_SERVICE_RECORD_SERVICE_H

#include "common/rpc/server.h"
#include "common/service/instance.h"

#define RECORD_SERVICE "sscard.internal.v1.RecordService/"
#define RECORD_METHOD RECORD_SERVICE "GetRecord"
#define FEED_METHOD RECORD_SERVICE "ReadFeed"

/* The rows and descriptors of RecordService. */
rpc_service record_service_rpc(void);
/* Its access: SYSTEM only, whatever the service's own table says. */
policy_access_span record_service_access(const char *method);

typedef enum record_finding {
        RECORD_FOUND = 1,
        RECORD_NOT_FOUND, /* its owner has no such holder */
        RECORD_ABSENT,    /* the service is not part of this deployment */
        RECORD_UNKNOWN,   /* the owner could not be asked */
} record_finding;

typedef struct record_look {
        record_finding finding;
        int64_t version;
        bytes packed;     /* in the task's arena */
        int64_t stale_ms; /* 0: strong */
        bool settled;     /* a case was brought to its end for it */
} record_look;

/* The records of one holder, one look a peer of the definition, in its order. One MGET; owners are
 * asked for what it does not give, in parallel. With `max_staleness_ms` above 0 what they cannot
 * say is taken from copies of earlier such reads (record_copies.h). Suspends. False: the task was
 * interrupted. */
bool record_look_up(task *t, service_instance *instance, uint8_t part, ulid holder,
                    int64_t max_staleness_ms, record_look *looks) MUST_CHECK;

/* The record of one peer alone, strong: for a decision that must not be wrong. Answers
 * UNAVAILABLE/OWNER_UNAVAILABLE or /SERVICE_ABSENT and returns false when its owner cannot say;
 * FOUND or NOT_FOUND otherwise. `peer` is a name of the definition. Suspends. */
bool service_peer_record(rpc_call *call, const char *peer, ulid holder,
                         record_look *look) MUST_CHECK;
/* The same outside of a call (a job). UNKNOWN and ABSENT are findings. False: interrupted. */
bool record_of_peer(task *t, service_instance *instance, const char *peer, ulid holder,
                    record_look *look) MUST_CHECK;
/* Answers that the owner of a record cannot say now. */
void service_answer_owner_away(rpc_call *call, const char *peer, record_finding finding);

#endif
