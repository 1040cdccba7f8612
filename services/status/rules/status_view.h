/* What people are shown: one truth on every channel (R3, R36-R40, R48). */
#ifndef SSCARD_SERVICES_STATUS_RULES_STATUS_VIEW_H
#define SSCARD_SERVICES_STATUS_RULES_STATUS_VIEW_H

#include "services/status/rules/status_facts.h"

/* The numbers of sscard.status.v1. */
typedef enum status_display {
        STATUS_DISPLAY_NONE = 0, /* no card */
        STATUS_DISPLAY_REQUESTED = 1,
        STATUS_DISPLAY_PRODUCING = 2,
        STATUS_DISPLAY_ARCHIVED = 3,
        STATUS_DISPLAY_NORMAL = 4,
        STATUS_DISPLAY_TEMP_LOST = 5,
        STATUS_DISPLAY_LOST = 6,
        STATUS_DISPLAY_CANCELLED = 7,
        STATUS_DISPLAY_WITHDRAWN = 8,
        STATUS_DISPLAY_LOCKED = 9, /* NORMAL and pin_locked */
} status_display;
enum { STATUS_DISPLAY_COUNT = 10 };

typedef enum status_social {
        STATUS_SOCIAL_NOT_ISSUED = 1,
        STATUS_SOCIAL_NOT_ENABLED = 2,
        STATUS_SOCIAL_ENABLED = 3,
        STATUS_SOCIAL_SUSPENDED = 4, /* enabled, lost */
        STATUS_SOCIAL_ENDED = 5,
} status_social;

typedef enum status_payout {
        STATUS_PAYOUT_UNKNOWN = 1,
        STATUS_PAYOUT_READY = 2,
        STATUS_PAYOUT_NOT_READY = 3,
} status_payout;

status_display status_display_of(card_state state, policy_ternary pin_locked);
/* "封存" and what it means in one sentence (R36). */
policy_text status_display_text(status_display display);
policy_text status_display_meaning(status_display display);
/* National code AAZ502: "3" for LOCKED; "" before the card is made. */
const char *status_display_aaz502(status_display display);

status_social status_social_of(const card_record *card);
/* R5: benefits need the financial function; what is not known is UNKNOWN, never a guess. */
status_payout status_payout_of(const status_facts *facts);

#endif
