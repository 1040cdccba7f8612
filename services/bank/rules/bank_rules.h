/* The rules of the bank link: facts and an event in, a verdict out. Pure: no clock, no I/O, no
 * allocation, no globals. The same code answers "do it" and "may I?", so guidance cannot lie.
 *
 *   a person or the bank asks   bank_rules_apply    → refused, or a link and maybe a request to the
 * bank the card changed            bank_rules_follow   → the link follows, the bank is told the
 * bank answers            bank_rules_answer   → what was asked for is so, or is not
 *
 * Nothing becomes ACTIVE or CLOSED by a request alone: the bank's answer makes it so. */
#ifndef SSCARD_SERVICES_BANK_RULES_BANK_RULES_H
#define SSCARD_SERVICES_BANK_RULES_BANK_RULES_H

#include "common/policy/access.h"
#include "services/bank/rules/bank_knobs.h"
#include "services/bank/rules/bank_link.h"
#include "services/bank/rules/bank_operations.h"
#include "services/card/rules/card_rules.h"

/* All that a rule may look at. Filled before. */
typedef struct bank_facts {
        const card_holder *cards; /* of the card service, settled to now */
        const card_knobs *card_knobs;
        const bank_holder *links; /* as stored */
        const bank_knobs *knobs;
        const policy_caller *caller; /* .role is the acting one; .bank that of the counter */
        int64_t now_ms;
        const char *region;
} bank_facts;

/* Fresh ids for what may be made: [0] of a case, [kind] the reference of a request. */
typedef struct bank_ids {
        ulid of[BANK_REQUEST_KIND_COUNT];
} bank_ids;

typedef enum bank_answer_kind {
        BANK_ANSWER_DONE = 1,
        BANK_ANSWER_REFUSED = 2,
        BANK_ANSWER_PENDING = 3, /* taken; the answer comes later */
        BANK_ANSWER_MISSING = 4, /* none came: `problem` says why */
} bank_answer_kind;

/* What the bank said to a request, or that it said nothing. */
typedef struct bank_answer {
        ulid reference;
        bank_answer_kind kind;
        bank_problem problem;
        bool attempted;      /* it is the outcome of an attempt of ours */
        const char *account; /* PRE_OPEN and DONE */
        const char *reason;  /* "" */
} bank_answer;

/* What is asked for. Only the fields of its operation count. */
typedef struct bank_event {
        bank_operation operation;
        ulid card;
        card_evidences evidence;
        const char *account; /* LOAD: the bank's reference; NULL or "": ask the bank */
        bank_answer answer;  /* REPORT_ANSWER */
        bank_ids ids;
} bank_event;

typedef struct bank_verdict {
        /* A rule says no: refusal.reason != NULL; nothing below `needs` is meant then. */
        bank_refusal code;
        policy_refusal refusal; /* steps: only those that can be done, at least one */
        policy_details details;
        card_needs needs; /* evidence that is missing */

        bool changed;            /* false: it was so already */
        bool alarm;              /* a person of the region has to look at it */
        const char *event;       /* "bank.active"; NULL: nothing changed */
        const char *rule;        /* the operation's */
        bank_link before, after; /* before: as stored, version 0: nothing was */
} bank_verdict;

static inline bool bank_verdict_is_refused(const bank_verdict *verdict)
{
        return verdict->refusal.reason != NULL;
}

/* Decides. Precondition: no stored link is broken. */
void bank_rules_apply(const bank_facts *facts, const bank_event *event, bank_verdict *verdict);

/* The card changed to `card` (as it was right after that change): LOAD when it was made,
 * CARD_LOST, CARD_RECOVERED, CARD_CANCELLED, CHANGE_BANK. `stored` NULL: nothing is. */
void bank_rules_follow(const bank_link *stored, const card_record *card, bank_event_kind kind,
                       const bank_ids *ids, int64_t now_ms, bank_verdict *verdict);

/* An answer to a request of this link; `card` as it is now. Twice is once; another answer than the
 * first is refused, ANSWER_CONTRADICTS. */
void bank_rules_answer(const bank_link *stored, const card_record *card, const bank_answer *answer,
                       const bank_ids *ids, int64_t now_ms, bank_verdict *verdict);

/* May it be done? The very code of bank_rules_apply(). */
typedef enum bank_probe {
        BANK_PROBE_ALLOWED = 1,
        BANK_PROBE_NEEDS = 2,
        BANK_PROBE_BLOCKED = 3,
} bank_probe;
bank_probe bank_rules_probe(const bank_facts *facts, ulid card, bank_operation operation,
                            card_evidences evidence, bank_verdict *verdict);

/* What can be done about this link now, for people. Returns how many. */
enum { BANK_STEPS_MAX = 4 };
size_t bank_rules_steps(const bank_facts *facts, ulid card,
                        const policy_step *steps[BANK_STEPS_MAX]);
/* R5: refused FINANCIAL_NOT_ACTIVATED when benefits cannot be paid to the card. */
void bank_rules_payout(const bank_facts *facts, ulid card, bank_verdict *verdict);

#endif
