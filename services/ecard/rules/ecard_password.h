/* Which passwords are too easily guessed, and what an attempt means (R22). The password itself is
 * looked at here only to be refused; it is never kept. */
#ifndef SSCARD_SERVICES_ECARD_RULES_ECARD_PASSWORD_H
#define SSCARD_SERVICES_ECARD_RULES_ECARD_PASSWORD_H

#include "common/base/civil_date.h"

#include <stdbool.h>

enum { ECARD_PASSWORD_MIN = 6, ECARD_PASSWORD_MAX = 32 };

typedef enum ecard_password_fault {
        ECARD_PASSWORD_GOOD = 0,
        ECARD_PASSWORD_LENGTH,     /* not 6 to 32 */
        ECARD_PASSWORD_CHARACTERS, /* not printable ASCII */
        ECARD_PASSWORD_REPEATED,   /* one character only, or two in turn */
        ECARD_PASSWORD_SEQUENCE,   /* 123456, fedcba */
        ECARD_PASSWORD_BIRTH_DATE,
        ECARD_PASSWORD_IDENTITY, /* ends as the identity number does */
        ECARD_PASSWORD_FAULT_COUNT,
} ecard_password_fault;

/* `identity_number` may be "" when it is not known. */
ecard_password_fault ecard_password_check(const char *password, civil_date born_on,
                                          const char *identity_number);
/* "SEQUENCE": ErrorInfo.metadata `fault`. */
const char *ecard_password_fault_name(ecard_password_fault fault);

#endif
