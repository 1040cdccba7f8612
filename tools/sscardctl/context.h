/* The context: which region, where its services are, and who one is there. A JSON file that
 * `./suite up` writes: var/run/context.json of the checkout, or what $SSCARD_CONTEXT or --context
 * names. Paths in it are relative to its folder.
 *
 *   {
 *     "region": "330000",
 *     "sandbox": false,             its clock can be moved: by SYSTEM, if --as says nothing
 *     "production": false,          asks before it changes anything; default false
 *     "language": "zh-CN",          of answers, if --lang says nothing; default zh-CN
 *     "services": {"card": "127.0.0.1:7301", "status": "127.0.0.1:7305"},
 *     "ca_file": "ca.pem",          TLS; absent: cleartext
 *     "certificate_file": "client.pem", "key_file": "client.key",       mTLS; optional
 *     "keys": "../keys",            folder of development keys; its token-signing.jwk makes tokens
 *     "default_role": "OPERATOR",
 *     "roles": {
 *       "OPERATOR": {"claims": {"subject": "operator-1", "operator_id": "op-1", "outlets":
 * ["330100-0001"], "channels": ["BRANCH"], "assurance": 3, "case_reference": "CASE-1", "purposes":
 * ["CASE_WORK"], "banks": [], "platform": "", "actor": "SELF", "actor_id_number": "",
 * "actor_holder": ""}}, "HOTLINE":  {"token_file": "hotline.jwt", "channel": "PHONE_12333",
 * "outlet": ""}
 *     }
 *   }
 *
 * A role has `claims` (a token of 15 minutes is made of them for each call), a `token` or a
 * `token_file`. `channel` and `outlet` are what its requests choose; by default the first of its
 * claims. `roles` may hold other names than those of roles ("factory"); `claims.role` then says
 * which one it is. With `keys`, the roles of roles.h need no entry. */
#ifndef SSCARD_TOOLS_SSCARDCTL_CONTEXT_H
#define SSCARD_TOOLS_SSCARDCTL_CONTEXT_H

#include "common/base/arena.h"
#include "common/base/failure.h"

#include <jansson.h>
#include <stdbool.h>

/* Texts are never NULL. Everything in the arena but `document`. */
typedef struct context {
        const char *path; /* "" when there is no file and none was asked for */
        const char *folder;
        const char *region, *language;
        bool production, sandbox;
        json_t *document;
} context;

/* `path` NULL: $SSCARD_CONTEXT, else var/run/context.json here or in a folder above. A file that
 * nobody asked for may be absent. Pair: context_release(). */
bool context_load(context *ctx, const char *path, arena *a, failure *f) MUST_CHECK;
void context_release(context *ctx);

/* "127.0.0.1:7301". A service without an entry (sandbox) is served by card. NULL and `f` set. */
const char *context_endpoint(const context *ctx, const char *service, failure *f) MUST_CHECK;
/* A file that the context names, as a path from here; NULL: it names none. */
const char *context_file(const context *ctx, const char *name, arena *a);

/* Who one is. */
typedef struct context_identity {
        const char *role;             /* as asked for */
        const char *channel, *outlet; /* that requests choose; "" */
        const char *token;            /* "": none */
} context_identity;
/* What a token says besides what its role does. NULL: nothing. */
typedef struct context_claims {
        const char *id_number;    /* act.id_number */
        const char *request_hash; /* what a second person approves */
} context_claims;
/* `role` NULL: the default one. No role and no keys: no token, which the services refuse. False and
 * `f` set. */
bool context_identify(const context *ctx, const char *role, const context_claims *besides, arena *a,
                      context_identity *identity, failure *f) MUST_CHECK;

#endif
