/* The social security number = citizen identity number of GB 11643 (R1): 18 characters, ISO 7064
 * MOD 11-2 check, the birth date inside. Must never repair what somebody typed. */
#ifndef SSCARD_SERVICES_CARD_RULES_IDENTITY_NUMBER_H
#define SSCARD_SERVICES_CARD_RULES_IDENTITY_NUMBER_H

#include "common/base/civil_date.h"

#include <stddef.h>

enum { IDENTITY_NUMBER_LENGTH = 18 };

typedef enum identity_fault {
        IDENTITY_VALID = 0,
        IDENTITY_FIFTEEN_DIGITS, /* the form of before 1999 */
        IDENTITY_FULL_WIDTH,     /* "３３", or a full-width X */
        IDENTITY_LOWER_CASE_X,
        IDENTITY_LENGTH,
        IDENTITY_CHARACTERS, /* something else that is not a digit, or an X before the end */
        IDENTITY_BIRTH_DATE, /* not a day of the calendar, before 1800 or after `today` */
        IDENTITY_CHECKSUM,
} identity_fault;

/* `birth` (may be NULL) is set when VALID. `today` zero: the future is not checked. */
identity_fault identity_number_check(const char *text, size_t length, civil_date today,
                                     civil_date *birth);
/* The check character of the first 17 digits. */
char identity_number_check_character(const char digits[17]);

#endif
