/* The rules of the electronic card: facts and an event in, a verdict out. Pure: no clock, no I/O,
 * no allocation, no globals. */
#ifndef SSCARD_SERVICES_ECARD_RULES_ECARD_RULES_H
#define SSCARD_SERVICES_ECARD_RULES_ECARD_RULES_H

#include "common/policy/access.h"
#include "services/card/rules/card_knobs.h"
#include "services/ecard/rules/ecard_gate.h"
#include "services/ecard/rules/ecard_password.h"
#include "services/ecard/rules/ecard_services.h"
#include "services/ecard/rules/ecard_transitions.h"

typedef enum ecard_session {
        ECARD_SESSION_NONE = 0, /* not shown */
        ECARD_SESSION_LIVE,
        ECARD_SESSION_ENDED, /* by time, by a new password, by closing; or never one of ours */
} ecard_session;

/* All that a rule may look at. Filled before; an unknown fact is UNKNOWN, never a call. */
typedef struct ecard_facts {
        const card_holder *holder; /* settled to now_ms */
        const ecard_record *ecard; /* as stored */
        ecard_lock lock;
        policy_ternary bank_active; /* is the card's bank link ACTIVE? */
        const ecard_knobs *knobs;
        const card_knobs *card_knobs;
        const policy_caller *caller;
        int64_t now_ms, wall_ms; /* business and wall time */
        const char *region;
        ecard_session session;
} ecard_facts;

typedef enum ecard_operation {
        ECARD_OPERATION_ISSUE = 0,
        ECARD_OPERATION_BIND,
        ECARD_OPERATION_UNBIND,
        ECARD_OPERATION_ATTEMPT,         /* counts one attempt, before it is compared */
        ECARD_OPERATION_PROVE,           /* the attempt was right */
        ECARD_OPERATION_CHANGE_PASSWORD, /* the attempt was right, and there is a new one */
        ECARD_OPERATION_RESET_PASSWORD,
        ECARD_OPERATION_GRANT,
        ECARD_OPERATION_REVOKE,
        ECARD_OPERATION_PRESENT_CODE,
        ECARD_OPERATION_TAKE_CODE,
        ECARD_OPERATION_UPGRADE,
        ECARD_OPERATION_CLOSE,
        ECARD_OPERATION_COUNT,
} ecard_operation;

/* What a code says of itself, its signature checked before. */
typedef struct ecard_code_claim {
        bool signed_by_us;
        uint8_t nonce[ECARD_NONCE_BYTES];
        int64_t expires_at_ms; /* wall clock */
        bool binding_holds;    /* of the card's state and the password's epoch now */
} ecard_code_claim;

/* What is asked for. Only the fields of its operation count; all others stay zero. */
typedef struct ecard_event {
        ecard_operation operation;
        /* Issue, Bind, Unbind */
        policy_channel channel;
        ecard_host host;
        policy_ternary real_name; /* is the host's account the applicant's? */
        policy_ternary face;      /* UNKNOWN: not checked yet */
        bool has_photo;           /* there is one to compare with */
        bool photo_given;         /* with the request: a child under 16 has none on record */
        ulid serial;              /* of a first issue */
        ulid delegate;            /* zero: not for the family */
        ecard_relation relation;
        int64_t family_count; /* how many of that relation the delegate looks after, without this */
        /* Issue, ChangePassword, ResetPassword */
        ecard_password_fault password;
        /* Attempt */
        uint8_t attempt[ECARD_ATTEMPT_BYTES];
        /* Reset, Upgrade: proved by phone; Reset: or by face */
        policy_ternary phone;
        /* Grant: id, services, channels; lifetime_ms 0: one session */
        ecard_grant grant;
        int64_t lifetime_ms;
        /* Revoke */
        ulid grant_id;
        /* Present */
        uint8_t nonce[ECARD_NONCE_BYTES];
        /* Take */
        ecard_code_claim claim;
        ecard_service service; /* code "": only to know whose it is */
} ecard_event;

typedef struct ecard_verdict {
        ecard_refusal code;
        policy_refusal refusal; /* reason != NULL: refused; steps: those that can be done */
        policy_details details;
        ecard_view view;
        bool needs_face;        /* go and check it, then ask again */
        bool changed;           /* false: it was so already */
        const char *event;      /* "ecard.issued" */
        const char *rule;       /* "R12" */
        int grant;              /* index in after.grants that the answer is about; -1: none */
        const char *settlement; /* what the owners' records changed by themselves, made durable with
                                   this write: "ecard.moved"; NULL: nothing */
        ecard_record settled;   /* version one higher when there is a settlement */
        ecard_record after;     /* with all changes; when nothing was asked to change: settled */
} ecard_verdict;

static inline bool ecard_verdict_is_refused(const ecard_verdict *verdict)
{
        return verdict->refusal.reason != NULL;
}

void ecard_rules_apply(const ecard_facts *facts, const ecard_event *event, ecard_verdict *verdict);

/* May this service be used now, on this channel? A refusal, or view, and the grant that allowed it.
 * Nothing is changed. view.gate UNKNOWN without refusal: nobody can say, for a PERSONAL service. */
void ecard_rules_authorize(const ecard_facts *facts, const ecard_service *service,
                           policy_channel channel, ecard_verdict *verdict);

/* The record as the owners' records make it now: moved to the successor, L1 again when the bank
 * link has ended. Returns what happened, as settlement above. */
const char *ecard_settle(const ecard_facts *facts, ecard_record *record);

/* Does a grant count now? Else why not: "GRANT_EXPIRED". */
bool ecard_grant_counts(const ecard_grant *grant, const ecard_view *view, int64_t now_ms,
                        const char **why_not);
int ecard_live_grants(const ecard_record *ecard, const ecard_view *view, int64_t now_ms);
bool ecard_is_bound(const ecard_record *ecard, policy_channel channel);
bool ecard_password_is_locked(const ecard_record *ecard, const ecard_knobs *knobs);
int64_t ecard_attempts_left(const ecard_record *ecard, const ecard_knobs *knobs);
/* The knob that limits a relation. */
ecard_knob ecard_family_knob(ecard_relation relation);

/* What to do now, for an answer without a refusal. Returns how many. */
enum { ECARD_STEPS_MAX = 4 };
size_t ecard_next_steps(const ecard_facts *facts, const policy_step *steps[ECARD_STEPS_MAX]);

/* A refusal with the steps that can be done now. For refusals that a handler finds itself. */
void ecard_refuse(const ecard_facts *facts, ecard_refusal code, ecard_verdict *verdict);

#endif
