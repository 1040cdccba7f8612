/* Who sees how much of what names a person (S9, R49): characters that stay visible, by role and
 * channel. The masking itself is common/text/mask.h. */
#ifndef SSCARD_SERVICES_STATUS_RULES_STATUS_MASKING_H
#define SSCARD_SERVICES_STATUS_RULES_STATUS_MASKING_H

#include "common/policy/vocabulary.h"

#include <stddef.h>

typedef enum status_secret {
        STATUS_SECRET_CARD_NUMBER = 0,
        STATUS_SECRET_NAME = 1,
} status_secret;
enum { STATUS_SECRET_COUNT = 2 };

/* The first and last characters that stay. Both 0: nothing is shown. */
typedef struct status_mask {
        size_t first, last;
} status_mask;

status_mask status_mask_of(status_secret secret, policy_role role, policy_channel channel);

#endif
