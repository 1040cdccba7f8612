/* Who calls, for whom, and what the credentials allow: the claims of a verified token as plain
 * values. A citizen's number is never here, only its keyed hash. */
#ifndef SSCARD_COMMON_IDENTITY_CALLER_H
#define SSCARD_COMMON_IDENTITY_CALLER_H

#include "common/base/arena.h"
#include "common/crypto/digest.h"
#include "common/policy/access.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Texts are never NULL: "" when the claim is absent. Everything lies in one piece of memory. */
typedef struct caller {
        size_t bytes;                 /* of the whole piece; see caller_copy() */
        const char *issuer, *subject; /* iss, sub */
        policy_roles roles;           /* roles */
        policy_channels channels;     /* channels */
        const char *const *outlets;   /* outlets, outlet_count of them */
        const char *const *banks;     /* banks */
        const char *const *purposes;  /* purpose: those that the credentials grant */
        size_t outlet_count, bank_count, purpose_count;
        const char *region;         /* region: six digits */
        const char *operator_id;    /* operator_id */
        const char *platform;       /* platform: who runs the channel */
        const char *case_reference; /* case_ref: staff named the case that they read for */
        uint8_t assurance;          /* assurance: 0-3 */
        policy_actor actor;         /* act.kind */
        bool actor_has_identity;
        digest actor_identity;    /* act.id_number, under the hash key */
        const char *actor_holder; /* act.holder: a resource name */
        bool has_request_hash;    /* request_hash: what a second person approved */
        digest request_hash;
        int64_t issued_unix_ms, not_before_unix_ms, expires_unix_ms;
} caller;

/* One memcpy; pointers follow. */
const caller *caller_copy(arena *a, const caller *from);
bool caller_has_outlet(const caller *c, const char *outlet);
bool caller_has_bank(const caller *c, const char *bank);
bool caller_has_purpose(const caller *c, const char *purpose);

#endif
