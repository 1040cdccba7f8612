/* The rules of the card PIN: who may do what where, what the card's state says to it, and what an
 * event makes of the record. Pure. */
#ifndef SSCARD_SERVICES_CREDENTIAL_RULES_CREDENTIAL_RULES_H
#define SSCARD_SERVICES_CREDENTIAL_RULES_CREDENTIAL_RULES_H

#include "common/policy/access.h"
#include "services/card/rules/card_needs.h"
#include "services/card/rules/card_types.h"
#include "services/credential/rules/credential_knobs.h"
#include "services/credential/rules/credential_transitions.h"

typedef enum credential_operation {
        CREDENTIAL_OPERATION_ISSUE = 0,
        CREDENTIAL_OPERATION_VERIFY,
        CREDENTIAL_OPERATION_CHANGE,
        CREDENTIAL_OPERATION_UNLOCK,
        CREDENTIAL_OPERATION_RESET,
} credential_operation;
enum { CREDENTIAL_OPERATION_COUNT = 5 };

typedef struct credential_facts {
        const credential_record *credential; /* as stored */
        card_state card;                     /* settled to `now_ms`, read for this very decision */
        const credential_knobs *knobs;
        const policy_caller *caller;
        card_evidences evidence;
        policy_ternary outlet_authorised; /* the bank's outlet, for card business */
        int64_t now_ms;
} credential_facts;

typedef struct credential_verdict {
        const policy_refusal *refusal; /* NULL: yes */
        policy_details details;
        bool evaluates;          /* VERIFY and CHANGE: a guess is to be reserved and compared */
        bool enables_card;       /* CHANGE: R7, the card's side is needed */
        bool changed;            /* apply: `after` differs */
        const char *event;       /* apply: "credential.locked" */
        credential_record after; /* apply */
} credential_verdict;

/* Before anything is looked at: channel, card, state, evidence. A LOCKED one passes VERIFY and
 * CHANGE with `evaluates` false: it is refused after the same work as a wrong guess. */
void credential_rules_check(const credential_facts *facts, credential_operation operation,
                            credential_verdict *verdict);
/* What an event makes of the record. A refusal with `changed` set is one that counted. */
void credential_rules_apply(const credential_facts *facts, credential_event event,
                            credential_verdict *verdict);
/* The wrong-guess event of VERIFY or CHANGE, by the count so far. */
credential_event credential_wrong_event(const credential_facts *facts,
                                        credential_operation operation);

/* The state as everyone sees it: a card that ended ends its PIN at once. */
credential_state credential_state_seen(const credential_record *record, card_state card);
/* Is every check refused because the card is lost (overlay, count untouched)? */
bool credential_is_suspended(card_state card);
/* Wrong guesses that are left; 0 when none is evaluated. */
int32_t credential_remaining(const credential_record *record, const credential_knobs *knobs);
/* What to do next; at most 2. Returns how many. */
enum { CREDENTIAL_STEPS_MAX = 2 };
size_t credential_steps(credential_state state, const policy_step **steps);
/* "The password is locked.", for answers. */
policy_text credential_state_text(credential_state state);

#endif
