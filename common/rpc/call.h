/* A call, as a handler sees it: the request, who waits, and the ways to answer.
 * One thread, one coroutine; one answer leaves (unary), or a stream ends once. */
#ifndef SSCARD_COMMON_RPC_CALL_H
#define SSCARD_COMMON_RPC_CALL_H

#include "common/base/bytes.h"
#include "common/policy/refusal.h"
#include "common/runtime/task.h"

#include <protobuf-c/protobuf-c.h>

typedef struct rpc_call rpc_call;
typedef struct rpc_method rpc_method;
typedef struct rpc_server rpc_server;

/* The task of the call. Its arena lives until the reply has been packed. */
task *rpc_call_task(rpc_call *call);
arena *rpc_call_arena(rpc_call *call);
const rpc_method *rpc_call_method(const rpc_call *call);
/* What was given to rpc_server_create(): the service instance. */
void *rpc_call_context(const rpc_call *call);
/* A pointer that the stages before the handler share with it (the pipeline's state of this call).
 */
void *rpc_call_state(const rpc_call *call);
void rpc_call_set_state(rpc_call *call, void *state);

/* The unpacked request (in the arena) and its bytes as they came (valid as long as the call). */
const ProtobufCMessage *rpc_call_request(const rpc_call *call);
bytes rpc_call_request_bytes(const rpc_call *call);
/* A request metadata value; {NULL, 0} when absent; the first one when repeated. Borrowed. */
bytes rpc_call_metadata(const rpc_call *call, const char *key);
/* The peer's address, "ipv4:127.0.0.1:53412". In the arena. */
const char *rpc_call_peer(rpc_call *call);
/* Who the peer's verified certificate says it is: its URI SAN ("spiffe://sscard/330000/orders"),
 * else its common name; NULL without one. In the arena. */
const char *rpc_call_peer_identity(rpc_call *call);
/* The region's hotline, named by the steps of refusals that send people there. Borrowed until the
 * call has been answered; NULL or without a phone: steps name none. */
typedef struct rpc_hotline {
        policy_text name;
        const char *phone;
} rpc_hotline;
void rpc_call_set_hotline(rpc_call *call, const rpc_hotline *hotline);
/* "zh" or "en", from accept-language. zh is the default. */
const char *rpc_call_language(const rpc_call *call);

/* The answer leaves when the coroutine of the call has ended; until then a later rpc_reply replaces
 * an earlier one (the read audit may withdraw an answer). */

/* What is not answered when the handler returns is answered with the task's failure, else INTERNAL.
 *
 * Answers OK. Packs at once; the message may go afterwards. */
void rpc_reply(rpc_call *call, const ProtobufCMessage *reply);
/* Answers OK with bytes that are packed already (a stored answer). */
void rpc_reply_bytes(rpc_call *call, bytes packed);
/* Answers with a failure: its kind as status, its reason as ErrorInfo.reason. */
void rpc_reply_failure(rpc_call *call, const failure *f);
/* Answers with the status and a ready google.rpc.Status (relayed or stored unchanged; copied). */
void rpc_reply_status(rpc_call *call, int status, const char *message, bytes details);
/* Adds a trailer (ASCII value, copied). Before the answer only. At most 8. */
void rpc_call_add_trailer(rpc_call *call, const char *key, const char *value);
/* Was one of the rpc_reply functions called? What status? */
bool rpc_call_is_answered(const rpc_call *call);
int rpc_call_status(const rpc_call *call);
const char *rpc_call_reason(const rpc_call *call);  /* of the error; "" when OK */
int64_t rpc_call_duration_us(const rpc_call *call); /* since its request event */

/* Server streaming: sends one message and waits until core took it (one SEND_MESSAGE in flight).
 * Suspends. False: the client is gone, the deadline has passed or the server drains; the failure is
 * recorded. End with rpc_stream_end(), or with an error as above. */
bool rpc_stream_send(rpc_call *call, const ProtobufCMessage *message) MUST_CHECK;
/* The same, but gives back the memory in which the message lies before it waits: a reader that
 * takes nothing holds the packed bytes and no more. */
bool rpc_stream_send_from(rpc_call *call, arena *memory,
                          const ProtobufCMessage *message) MUST_CHECK;
void rpc_stream_end(rpc_call *call);

#endif
