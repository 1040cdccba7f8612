/* Where regions may differ in the rules of the card (A2, A3, A5, A6, A7, A10 and the "if the
 * region allows" of the channels), with the national defaults. */
#ifndef SSCARD_SERVICES_CARD_RULES_CARD_KNOBS_H
#define SSCARD_SERVICES_CARD_RULES_CARD_KNOBS_H

#include "common/policy/knob.h"

typedef enum card_knob {
        CARD_KNOB_RECOVER_AFTER_FORMAL_LOSS = 0, /* A2, card_recover_after_formal_loss */
        CARD_KNOB_TEMP_LOSS_DAYS,                /* A3, whole days after the day of the report */
        CARD_KNOB_TEMP_LOSS_ON_EXPIRY,           /* A3, card_temp_loss_outcome - 1 */
        CARD_KNOB_UNCLAIMED_DAYS,                /* A5, 0: no limit */
        CARD_KNOB_COLLECT_BY_HOME_VISIT,         /* A6 */
        CARD_KNOB_COLLECT_BY_AGENT,              /* A6 */
        CARD_KNOB_OLD_CARD_UNTIL,                /* A7, card_old_card_until */
        CARD_KNOB_EXPIRY_BLOCKS_SOCIAL,          /* A10 */
        CARD_KNOB_FORMAL_LOSS_ONLINE,            /* 2.1.1 */
        CARD_KNOB_ENABLE_BY_PHONE,               /* R38 */
        CARD_KNOB_VALIDITY_YEARS,                /* when production gives no date of expiry */
        CARD_KNOB_COUNT,
} card_knob;

/* Choices from lax to strict. */
enum { CARD_RECOVER_UNTIL_REPLACEMENT_REQUESTED = 0, CARD_RECOVER_NEVER = 1 };
enum { CARD_OLD_UNTIL_SUCCESSOR_ENABLED = 0, CARD_OLD_UNTIL_SUCCESSOR_COLLECTED = 1 };

typedef struct card_knobs {
        int64_t values[CARD_KNOB_COUNT];
} card_knobs;

extern const policy_knob CARD_KNOBS[CARD_KNOB_COUNT];

card_knobs card_knobs_national(void);

#endif
