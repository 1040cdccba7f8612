/* Which new PINs are refused because they are guessed first. */
#ifndef SSCARD_SERVICES_CREDENTIAL_RULES_CREDENTIAL_PIN_H
#define SSCARD_SERVICES_CREDENTIAL_RULES_CREDENTIAL_PIN_H

#include "common/base/civil_date.h"
#include "services/credential/rules/credential_types.h"

typedef enum credential_weakness {
        CREDENTIAL_NOT_WEAK = 0,
        CREDENTIAL_WEAK_REPEATED,   /* 000000, 121212, 123123, 112233 */
        CREDENTIAL_WEAK_SEQUENTIAL, /* 123456, 987654, 135790 */
        CREDENTIAL_WEAK_BIRTH_DATE, /* in any order of year, month and day */
        CREDENTIAL_WEAK_IDENTITY_NUMBER,
        CREDENTIAL_WEAK_CARD_NUMBER,
        CREDENTIAL_WEAK_SAME,    /* as the old one */
        CREDENTIAL_WEAK_INITIAL, /* as the one that was handed out */
} credential_weakness;
enum { CREDENTIAL_WEAKNESS_COUNT = 8 };

/* What is known of the person and the card; "" and zero: not known. */
typedef struct credential_pin_facts {
        civil_date born_on;
        const char *identity_number, *card_number;
        const char *old_pin; /* NULL: there is none to compare with */
} credential_pin_facts;

/* Six ASCII digits? */
bool credential_pin_is_whole(const char *pin);
/* `pin` is whole. Whether it is the initial one only the token can say. */
credential_weakness credential_pin_weakness(const char *pin, const credential_pin_facts *facts);
/* "BIRTH_DATE": ErrorInfo.metadata `weakness`. */
const char *credential_weakness_name(credential_weakness weakness);

#endif
