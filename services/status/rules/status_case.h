/* What is under way about a card, leg by leg: a loss, a replacement, a closure (N9, R45). Each leg
 * is derived from its owner's record; nothing here is stored. */
#ifndef SSCARD_SERVICES_STATUS_RULES_STATUS_CASE_H
#define SSCARD_SERVICES_STATUS_RULES_STATUS_CASE_H

#include "services/status/rules/status_facts.h"

/* The numbers are those of status.v1. */
typedef enum status_case_kind {
        STATUS_CASE_NONE = 1, /* nothing is under way */
        STATUS_CASE_LOSS = 2,
        STATUS_CASE_REPLACEMENT = 3,
        STATUS_CASE_CLOSURE = 4,
} status_case_kind;

typedef enum status_leg_state {
        STATUS_LEG_DONE = 1,
        STATUS_LEG_PENDING = 2, /* somebody has to move */
        STATUS_LEG_NOT_YET = 3, /* an earlier leg comes first */
        STATUS_LEG_UNKNOWN = 4, /* its owner did not answer */
} status_leg_state;

typedef enum status_party {
        STATUS_PARTY_NOBODY = 0,
        STATUS_PARTY_HOLDER = 1,
        STATUS_PARTY_AGENCY = 2,
        STATUS_PARTY_FACTORY = 3,
        STATUS_PARTY_BANK = 4,
} status_party;

/* One part of the case. `code` and texts are static. */
typedef struct status_leg {
        const char *code; /* "BANK_LOSS" */
        policy_text title;
        status_leg_state state;
        int64_t since_ms;       /* DONE: when; PENDING: since when; 0: not known */
        status_party waits_for; /* PENDING */
        const char *rule;
} status_leg;

enum { STATUS_LEGS_MAX = 8 };
typedef struct status_case {
        status_case_kind kind;
        int card; /* index of the card that it is about: of a replacement the new one; -1 */
        bool done;
        size_t count;
        status_leg legs[STATUS_LEGS_MAX];
} status_case;

/* A password as far as a case wants to know. */
typedef enum status_case_pin {
        STATUS_CASE_PIN_ABSENT = 0, /* no credential service */
        STATUS_CASE_PIN_UNKNOWN,
        STATUS_CASE_PIN_NONE,
        STATUS_CASE_PIN_SET,
} status_case_pin;

/* Of one card of the holder. */
typedef struct status_case_part {
        status_financial financial;
        bool bank_has_stopped;
        status_case_pin pin;
} status_case_part;

/* Which case a card is in, and about which card: before the parts are read. */
status_case_kind status_case_find(const card_holder *holder, int card, int *about);
/* `about`, `predecessor`: parts of the card that the case is about, and of the one that it
 * replaces. */
void status_case_fill(const card_holder *holder, status_case_kind kind, int about,
                      const status_case_part *part, const status_case_part *predecessor,
                      status_case *result);
/* Index of the card that this one replaces; -1: none. */
int status_case_predecessor(const card_holder *holder, int card);

#endif
