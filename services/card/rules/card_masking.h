/* Who sees how much of what names a person (S9, R49): the one rule for every answer of every
 * service. Characters that stay visible, by role and channel; and what is shown to some roles only.
 * The masking itself is common/text/mask.h. */
#ifndef SSCARD_SERVICES_CARD_RULES_CARD_MASKING_H
#define SSCARD_SERVICES_CARD_RULES_CARD_MASKING_H

#include "common/policy/vocabulary.h"

#include <stddef.h>

typedef enum card_secret {
        CARD_SECRET_NUMBER = 0, /* AAZ500 */
        CARD_SECRET_NAME,
        CARD_SECRET_IDENTITY_NUMBER,
        CARD_SECRET_PHONE,
        CARD_SECRET_CHIP_ID,
        CARD_SECRET_COUNT,
} card_secret;

/* The first and last characters that stay. Both 0: nothing is shown. */
typedef struct card_mask {
        size_t first, last;
} card_mask;

/* No cell shows more of a card number: what records for other services hold of it. */
enum { CARD_NUMBER_FIRST_MAX = 1, CARD_NUMBER_LAST_MAX = 4 };

card_mask card_mask_of(card_secret secret, policy_role role, policy_channel channel);

/* What only some roles see at all. */
typedef enum card_private {
        CARD_PRIVATE_CHIP = 0,
        CARD_PRIVATE_MAIL_REFERENCE,
        CARD_PRIVATE_BORN_ON,
        CARD_PRIVATE_ENTITLEMENT,
        CARD_PRIVATE_PHOTO,
        CARD_PRIVATE_REQUEST_ID,
        CARD_PRIVATE_EVIDENCE_REFERENCE,
        CARD_PRIVATE_COUNT,
} card_private;
bool card_is_shown(card_private what, policy_role role);

#endif
