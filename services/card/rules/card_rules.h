/* The rules of the card: facts and an event in, a verdict out. Pure: no clock, no I/O, no
 * allocation, no globals. The same code answers "do it" and "may I?", so guidance cannot lie. */
#ifndef SSCARD_SERVICES_CARD_RULES_CARD_RULES_H
#define SSCARD_SERVICES_CARD_RULES_CARD_RULES_H

#include "common/policy/access.h"
#include "services/card/rules/card_holder.h"
#include "services/card/rules/card_knobs.h"
#include "services/card/rules/card_operations.h"

/* All that a rule may look at. Filled before; an unknown fact is UNKNOWN, never a call. */
typedef struct card_facts {
        const card_holder *holder; /* as stored, not settled; `exists` false for a new person */
        const card_knobs *knobs;
        const policy_caller *caller; /* .role is the acting one; UNSPECIFIED: the first of .roles */
        int64_t now_ms;              /* business time */
        const char *region;          /* that owns the card: "330000"; "" is not compared */
        policy_ternary outlet_authorised; /* may this bank outlet do card business? */
        policy_ternary outlet_instant;    /* does this outlet make cards at once? */
        policy_ternary other_regions;     /* YES: the answer of all regions is known (COMPLETE) */
} card_facts;

/* What is asked for. Only the fields of its operation count; all others stay zero. Strings are
 * borrowed into the verdict's records; NULL is "not given". */
typedef struct card_event {
        card_operation operation;
        ulid card;                 /* SCOPE_CARD: which */
        ulid new_card;             /* Apply, Replace: id of the card to be made */
        uint64_t expected_version; /* of the stored card (S2); 0: any */
        card_evidences evidence;

        /* Apply */
        identity_fault identity; /* of the number that the request carries */
        civil_date born_on;      /* from that number */
        card_apply_reason apply_reason;
        /* Apply, Replace, StartProduction */
        bool consent_given;
        card_consent consent; /* at_ms, given_by, channel 0: now, the caller's */
        card_fulfilment fulfilment;
        const char *photo, *bank, *scope;
        /* Apply, Replace, CompleteProduction, Collect */
        const char *outlet, *mail_reference, *mail_address;
        /* CompleteProduction; Replace never copies these */
        const char *number, *chip_id, *chip_model, *chip_key_batch;
        int chip_key_origin;
        civil_date issued_on, expires_on;    /* zero: today; by knob */
        bool number_is_taken, chip_is_taken; /* another card has claimed it */
        /* Cancel */
        card_cancel_reason cancel_reason;
        bool no_local_entitlements; /* the holder's declaration */
        /* RecordDeath */
        civil_date died_on;
        /* SetEntitlement */
        card_entitlement entitlement;
        int64_t entitlement_as_of_ms;
} card_event;

/* Large (some 30 KiB): keep it in an arena or in static test data, pass it by pointer. May be
 * copied: nothing points into itself. */
typedef struct card_verdict {
        /* A rule says no: refusal.reason != NULL; nothing below it is meant then. */
        card_refusal code;      /* NONE with a reason: refused before the card's own rules */
        policy_refusal refusal; /* steps: only those that can be done, at least one */
        int8_t step_cards[POLICY_REFUSAL_STEPS_MAX]; /* index of the card a step is about, or -1 */
        policy_details details;
        card_needs needs;       /* evidence that is missing; refused unless probing */
        const char *depends_on; /* probing: the fact that is not known, "OUTLET_AUTHORISED" */

        bool changed;             /* false: it was so already (idempotent repeat) */
        bool person_changed;      /* after.person differs, its version is one higher */
        const char *person_event; /* "person.dead" */
        const char *rule;         /* the operation's */
        int8_t card;          /* index in after.cards that the answer is about; -1: the person */
        card_changes changes; /* in the order of the journal; settlements first */
        /* Ended cards that leave the holder's record for new ones: `after` is without them. */
        uint8_t leaver_count;
        ulid leavers[CARD_CARDS_MAX];
        card_holder after; /* settled, with all changes; when refused: settled only */
} card_verdict;

static inline bool card_verdict_is_refused(const card_verdict *verdict)
{
        return verdict->refusal.reason != NULL;
}

/* Decides. Precondition: card_invariants_hold(facts->holder). */
void card_rules_apply(const card_facts *facts, const card_event *event, card_verdict *verdict);

/* What a timer's firing changes; nothing if the record no longer waits for it (twice is once). */
void card_rules_fire_timer(const card_facts *facts, ulid card, card_timer_kind kind,
                           card_verdict *verdict);

typedef enum card_probe {
        CARD_PROBE_ALLOWED = 1, /* verdict->changed says whether anything would change */
        CARD_PROBE_NEEDS = 2,   /* verdict->needs; verdict->refusal is what it is without them */
        CARD_PROBE_BLOCKED = 3, /* verdict->refusal and its steps */
        CARD_PROBE_DEPENDS = 4, /* verdict->depends_on; then refusal, or needs, or done */
} card_probe;
/* May it be done? The very code of card_rules_apply(), asked with everything in order that the
 * request itself can bring. `card` zero for Apply and the person's operations. `evidence`: what
 * would be shown. Includes the access rows of the method. */
card_probe card_rules_probe(const card_facts *facts, ulid card, card_operation operation,
                            card_evidences evidence, card_verdict *verdict);
/* Where the caller's role may do it in the card's present state, whatever channel the caller is on;
 * 0: nowhere. `card` zero as above; facts->holder settled or not. */
policy_channels card_rules_channels(const card_facts *facts, ulid card, card_operation operation);
/* The event that the probe asks with: everything in order but evidence, consent, photo, bank. */
card_event card_event_sample(const card_facts *facts, ulid card, card_operation operation);

/* Can the step be done on that card (index in `settled`) now, if the right person goes the right
 * way? For guidance: a step that would be refused is never named (S11). facts->holder is not looked
 * at. */
bool card_rules_step_applies(const card_facts *facts, const card_holder *settled, int card,
                             const policy_step *step);

/* May the card be used for social security now (R4)? NONE: yes. */
card_refusal card_rules_use(const card_record *settled, const card_knobs *knobs, int64_t now_ms);

/* Takes over a person of an older system. `import` has the person and cards with their ids given;
 * cards that the holder has already (same number) are left alone. Versions become 1. */
void card_rules_import(const card_facts *facts, const card_holder *import, card_verdict *verdict);

#endif
