/* What the pipeline has put on a call before its handler runs, and what a handler owes it.
 * One struct a call, in its arena. */
#ifndef SSCARD_COMMON_SERVICE_CALL_H
#define SSCARD_COMMON_SERVICE_CALL_H

#include "common/feed/feed.h"
#include "common/identity/caller.h"
#include "common/rpc/call.h"
#include "common/rpc/error.h"
#include "common/service/instance.h"

#include "sscard/common/v1/context.pb-c.h"

/* How a changed thing reads as a message (watch.h). */
typedef const ProtobufCMessage *service_watch_record(rpc_call *call, arena *a,
                                                     const feed_event *event, bytes after);

/* RequestContext or ReadOptions as the pipeline read them; "" and 0 where they were left out. */
typedef struct service_request_context {
        const char *request_id;
        policy_channel channel;
        const char *outlet, *etag, *case_reference, *purpose, *note;
        bool validate_only;
        int64_t max_staleness_ms;
        const Common__RequestContext *message; /* for evidence; NULL: a read, or left out */
} service_request_context;

typedef struct service_call {
        service_instance *instance;
        const caller *caller;   /* who calls; never NULL in a handler of a READ or MUTATION */
        const caller *approver; /* the second person, verified; NULL: none */
        policy_caller who; /* the same, with the chosen channel and outlet, as the rules see it */
        policy_access_result access; /* what the row said; `pending`: the handler must settle it */
        service_request_context context;
        const rule_pack
                *pack;       /* the rule pack, the same for the whole call; NULL: judges by none */
        rpc_hotline hotline; /* of the pack */
        const char *caller_key; /* issuer and subject: the key of idempotency and audit */
        int64_t now_ms;         /* business time, the same for the whole call */
        digest request_hash;    /* of the request without its context; for a second person */
        bool has_name;          /* of a resource with an id */
        resource_name name;     /* the request's `name` or `parent` */
        bool has_part;
        uint8_t part;
        idempotency_key key; /* of a mutation that is not validate_only */
        idempotency_attempt attempt;
        bool replayed;     /* the answer is a stored one */
        bool about_nobody; /* the answer is about no person: nothing to write down */
        /* For read_audit: whose data the handler has seen. */
        uint8_t seen_part;
        ulid seen_holder;
        service_watch_record *watch_record; /* of a Watch */
} service_call;

/* The pipeline's state of this call. Never NULL in a handler. */
service_call *service_call_of(rpc_call *call);
/* The service's own state, made by its definition's open(). */
void *service_call_app(rpc_call *call);

/* Notes whose data is read, for the trail. */
void service_call_saw(rpc_call *call, uint8_t part, ulid holder);

/* After load: settles what the access row left open (is the caller's person this holder, is it
 * their bank). Answers PERMISSION_DENIED and returns false when it is not. `identity_hash` is the
 * keyed hash of the holder's identity number (32 bytes); `bank` the resource's, or NULL. */
bool service_check_access(rpc_call *call, bytes identity_hash, const char *bank) MUST_CHECK;

/* Answers with the refusal of a denial; for a handler that asks rows of its own. */
void service_refuse_access(rpc_call *call, const policy_access_result *result);

/* `name` of the request must name such a thing: "orders". Answers INVALID_ARGUMENT otherwise. */
bool service_check_collection(rpc_call *call, const char *collection) MUST_CHECK;
/* The same for a part of such a thing: "orders", "bill" for "regions/330000/orders/01J…/bill". */
bool service_check_part(rpc_call *call, const char *collection, const char *rest) MUST_CHECK;

/* One write of a mutation, after the rules have said yes. */
typedef struct service_write {
        uint8_t part;
        ulid holder;
        int64_t holder_version;
        bool holder_is_new;
        const change_set *changes;
        const ProtobufCMessage *reply; /* with the previewed change set when validate_only */
        /* What a repeat is told, when `reply` holds something that leaves only once; NULL: `reply`.
         */
        const ProtobufCMessage *kept;
        /* The change is a refusal that counts: committed, answered and kept as this error. NULL:
         * none; then `reply` is not looked at. */
        const rpc_error *refusal;
        bool case_is_open;     /* nothing is answered or kept: the request id stays RUNNING */
        bytes record;          /* of the holder after it, to publish */
        const bytes *evidence; /* packed, as they came */
        size_t evidence_count;
        void (*queue_more)(store_batch *batch, void *argument);
        void *argument;
} service_write;

typedef enum service_write_verdict {
        SERVICE_WRITE_ANSWERED =
                1,              /* committed, previewed, repeated or failed: the call is answered */
        SERVICE_WRITE_CONFLICT, /* load again, decide again, write again */
        SERVICE_WRITE_OPEN,     /* committed with case_is_open: not answered yet */
} service_write_verdict;

/* Commits and answers. On a conflict: with an etag, or at the third time, the call is answered
 * ABORTED; else SERVICE_WRITE_CONFLICT. `attempt` counts from 1; 0: a conflict is never answered
 * here. Suspends. */
service_write_verdict service_write_commit(rpc_call *call, const service_write *write,
                                           int attempt) MUST_CHECK;
/* Who and why, for a write that a service commits by itself (a case). In the call's arena. */
commit_origin service_origin(rpc_call *call);
/* A refusal that must be the same for every repeat: kept under the request id, and answered. For
 * the legs of cases; elsewhere a refusal that changed nothing is not kept. Suspends. */
void service_write_refused(rpc_call *call, ulid holder, const rpc_error *refusal);
/* A mutation that found everything as it asked for: keeps the answer for repeats (S1), and answers.
 * Suspends. */
void service_write_unchanged(rpc_call *call, ulid holder, const ProtobufCMessage *reply);

/* The etag of the request against a thing's version, after load. Answers ABORTED/VERSION_CONFLICT
 * or INVALID_ARGUMENT and returns false when it does not match (S2). */
bool service_check_etag(rpc_call *call, int64_t version) MUST_CHECK;

/* Handlers of what every service has: its own reply types, one implementation. */
void service_get_operation(rpc_call *call, const ProtobufCMessage *request);

#endif
