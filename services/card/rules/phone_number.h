/* A phone number as holders give it: digits, with an optional + before them. Must never guess what
 * was meant. */
#ifndef SSCARD_SERVICES_CARD_RULES_PHONE_NUMBER_H
#define SSCARD_SERVICES_CARD_RULES_PHONE_NUMBER_H

#include "common/base/bytes.h"

#include <stdbool.h>

enum { PHONE_NUMBER_MAX = 20 };

/* Empty counts: no phone is known. */
bool phone_number_check(bytes text);

#endif
