/* A change of one card, as it goes into the journal: before, after, and what it is called. */
#ifndef SSCARD_SERVICES_CARD_RULES_CARD_CHANGE_H
#define SSCARD_SERVICES_CARD_RULES_CARD_CHANGE_H

#include "services/card/rules/card_types.h"

/* The numbers are stored: never renumber. */
typedef enum card_timer_kind {
        CARD_TIMER_NONE = 0,
        CARD_TIMER_TEMP_LOSS_END = 1,
        CARD_TIMER_TEMP_LOSS_WARNING = 2, /* 24 hours before the end */
        CARD_TIMER_UNCLAIMED = 3,
        CARD_TIMER_EXPIRING = 4, /* day -60 */
        CARD_TIMER_EXPIRED = 5,  /* the day after the last */
} card_timer_kind;
enum { CARD_TIMER_KIND_COUNT = 6 };
/* "temp_loss_end": part of the timer's request id. */
const char *card_timer_kind_name(card_timer_kind kind);

typedef struct card_change {
        uint8_t card;          /* index in the holder's cards */
        card_timer_kind timer; /* what time did: the change's request is the timer's; else NONE */
        int64_t at_ms;         /* when it takes effect; with a timer: when that was due */
        const char *event;     /* "card.lost" */
        const char *rule;      /* "R13": what allowed or caused it */
        card_record before;    /* state NONE: the card did not exist */
        card_record after;     /* version one higher */
} card_change;

/* Each card can change by time, by its successor's end and by the request. */
enum { CARD_CHANGES_MAX = 3 * CARD_CARDS_MAX };
typedef struct card_changes {
        uint8_t count;
        card_change items[CARD_CHANGES_MAX];
} card_changes;

/* What a change means for the other services, for previews (S3): each decides by itself. */
typedef enum card_credential_effect {
        CARD_CREDENTIAL_SAME = 0,
        CARD_CREDENTIAL_ISSUED,    /* a new initial password */
        CARD_CREDENTIAL_SUSPENDED, /* not verified while the card is lost; the count stays */
        CARD_CREDENTIAL_RESUMED,
        CARD_CREDENTIAL_VOID,
} card_credential_effect;
typedef enum card_bank_effect {
        CARD_BANK_SAME = 0,
        CARD_BANK_LOADED,          /* the account is pre-opened */
        CARD_BANK_TOLD_OF_LOSS,    /* the bank is asked; the holder is told to report there too */
        CARD_BANK_CLOSURE_PENDING, /* to be closed at the counter */
} card_bank_effect;
card_credential_effect card_change_credential_effect(const card_change *change);
card_bank_effect card_change_bank_effect(const card_change *change);

#endif
