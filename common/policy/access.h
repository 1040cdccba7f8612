/* Who may call what: rows of role × actor × channel × condition, and one function over them.
 * Default deny: a method without a row is refused to everyone.
 *
 *   rows of a method are alternatives; the first that allows wins, one that allows if the caller
 *   owns the resource comes second, and among refusals the one that came furthest explains.
 */
#ifndef SSCARD_COMMON_POLICY_ACCESS_H
#define SSCARD_COMMON_POLICY_ACCESS_H

#include "common/policy/refusal.h"
#include "common/policy/vocabulary.h"

/* For whom the caller speaks (claim `act`). */
typedef enum policy_actor {
        POLICY_ACTOR_NONE = 0,      /* for the office: no natural person is named */
        POLICY_ACTOR_SELF = 1,      /* the named person is the one who calls, or stands before us */
        POLICY_ACTOR_WARD = 2,      /* a guardian for a child or a ward */
        POLICY_ACTOR_PRINCIPAL = 3, /* an agent for the one who mandated them */
} policy_actor;
enum { POLICY_ACTOR_COUNT = 4 };
typedef uint32_t policy_actors; /* bit n is the actor with number n */
#define POLICY_A(name) ((policy_actors)1 << POLICY_ACTOR_##name)

/* The caller as rules see it: verified claims and what the request chose among them. Plain data,
 * borrowed; strings are "" or NULL when the credentials do not have them. */
typedef struct policy_caller {
        const char *issuer, *subject;     /* of the credentials: the key of idempotency and audit */
        policy_roles roles;               /* all that the credentials list */
        policy_role role;                 /* the acting one: policy_access_result.role */
        policy_channels channels_allowed; /* all that the credentials list */
        policy_channels channels_closed;  /* what the region does not run */
        policy_channel channel;           /* chosen by the request; UNSPECIFIED: not chosen */
        policy_actor actor;
        uint8_t assurance; /* 0 none, 1 knowledge or phone, 2 document or real name, 3 in person */
        const char *operator_id, *bank, *outlet, *region, *platform;
        bool has_case_reference;    /* staff named the case that they read for */
        bool purpose_granted;       /* the credentials grant the purpose that the request names */
        const char *approver;       /* subject of the verified second person; NULL: none */
        policy_ternary is_holder;   /* is the actor the holder of the resource? known after load */
        policy_ternary bank_is_own; /* is the resource's bank the caller's? known after load */
} policy_caller;

/* Conditions of a row. OWN_* may be known only after the resource is loaded. */
enum {
        POLICY_IF_OWN_RESOURCE = 1 << 0,
        POLICY_IF_OWN_BANK = 1 << 1,
        POLICY_IF_CASE_REFERENCE = 1 << 2,
        POLICY_IF_PURPOSE_GRANTED = 1 << 3,
        POLICY_IF_SECOND_PERSON = 1 << 4,
        POLICY_IF_OPERATOR_ID = 1 << 5,
};
typedef uint32_t policy_conditions;

typedef struct policy_access_row {
        const char *method; /* "GetThing", without package and service */
        policy_roles roles;
        policy_actors actors;     /* 0: any */
        policy_channels channels; /* 0: any of the caller's, and the request need not choose */
        policy_conditions conditions;
        uint8_t assurance_min;
        const char *rule; /* "S7" */
} policy_access_row;

typedef enum policy_access_verdict {
        POLICY_ACCESS_DENY = 0,
        POLICY_ACCESS_ALLOW_IF_OWNER = 1, /* decide `pending` after load: policy_access_settle() */
        POLICY_ACCESS_ALLOW = 2,
} policy_access_verdict;

/* Why not, from the least far to the furthest. */
typedef enum policy_denial {
        POLICY_DENIAL_NONE = 0,
        POLICY_DENIAL_NO_ROW,          /* METHOD_NOT_ALLOWED */
        POLICY_DENIAL_ROLE,            /* ROLE_NOT_ALLOWED */
        POLICY_DENIAL_ACTOR,           /* ACTOR_NOT_ALLOWED */
        POLICY_DENIAL_CHANNEL_MISSING, /* CHANNEL_REQUIRED, INVALID_ARGUMENT */
        POLICY_DENIAL_CHANNEL_FOREIGN, /* CHANNEL_NOT_GRANTED: not in the credentials */
        POLICY_DENIAL_CHANNEL,         /* CHANNEL_NOT_ALLOWED */
        POLICY_DENIAL_CHANNEL_CLOSED,  /* CHANNEL_NOT_OFFERED, FAILED_PRECONDITION */
        POLICY_DENIAL_ASSURANCE,       /* ASSURANCE_TOO_LOW */
        POLICY_DENIAL_CASE_REFERENCE,  /* CASE_REFERENCE_REQUIRED */
        POLICY_DENIAL_PURPOSE,         /* PURPOSE_NOT_GRANTED */
        POLICY_DENIAL_OPERATOR_ID,     /* OPERATOR_ID_REQUIRED */
        POLICY_DENIAL_SECOND_PERSON,   /* SECOND_PERSON_REQUIRED */
        POLICY_DENIAL_BANK,            /* NOT_YOUR_BANK */
        POLICY_DENIAL_OWNER,           /* NOT_YOUR_RESOURCE */
} policy_denial;
enum { POLICY_DENIAL_COUNT = POLICY_DENIAL_OWNER + 1 };

typedef struct policy_access_result {
        policy_access_verdict verdict;
        policy_role role;             /* the role that the row allowed */
        policy_conditions pending;    /* OWN_* conditions that nobody knows yet */
        policy_denial denial;         /* DENY only */
        policy_channels channels;     /* DENIAL_CHANNEL*: where this role may */
        uint8_t assurance_min;        /* DENIAL_ASSURANCE: what it takes */
        const policy_access_row *row; /* the row that decided; NULL: none */
} policy_access_result;

/* The rows of one method, looked up once at start-up. Rows of a method stand together. */
typedef struct policy_access_span {
        const policy_access_row *rows;
        size_t count;
} policy_access_span;
policy_access_span policy_access_find(const policy_access_row *rows, size_t count,
                                      const char *method);

policy_access_result policy_access_evaluate(policy_access_span span, const policy_caller *caller);
/* After load: `caller` knows is_holder and bank_is_own now (UNKNOWN counts as no). ALLOW or DENY.
 */
policy_access_result policy_access_settle(const policy_access_result *result,
                                          const policy_caller *caller);
/* The refusal of a denial, with texts; NULL for NONE. `details` (may be NULL) get what a program
 * needs. Static. */
const policy_refusal *policy_access_refusal(const policy_access_result *result,
                                            policy_details *details);
/* By its reason code, for explaining; NULL: access has no such code. */
const policy_refusal *policy_access_refusal_find(const char *reason);
const char *policy_actor_name(policy_actor actor);

#endif
