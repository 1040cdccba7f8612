/* What to do with each card of a person who has several (R43 to R46). */
#ifndef SSCARD_SERVICES_STATUS_RULES_STATUS_ADVICE_H
#define SSCARD_SERVICES_STATUS_RULES_STATUS_ADVICE_H

#include "services/status/rules/status_facts.h"

/* The numbers are those of status.v1.CardAdvice. */
typedef enum status_advice {
        STATUS_ADVICE_KEEP = 1,
        STATUS_ADVICE_KEEP_FOR_BENEFITS,
        STATUS_ADVICE_CHECK_LOCAL_BENEFITS,
        STATUS_ADVICE_CANCEL,
        STATUS_ADVICE_CLOSE_BANK_ACCOUNT,
        STATUS_ADVICE_COLLECT,
        STATUS_ADVICE_ENABLE,
        STATUS_ADVICE_WAIT,
        STATUS_ADVICE_RESOLVE_LOSS,
        STATUS_ADVICE_NOTHING,
        STATUS_ADVICE_COUNT,
} status_advice;

/* `facts->card` is one of the holder's cards. */
status_advice status_advise(const status_facts *facts);
policy_text status_advice_text(status_advice advice);
/* "R45". Static. */
const char *status_advice_rule(status_advice advice);

/* The order in which a person is told of the cards: live ones first, then the newest; at most
 * CARD_CARDS_MAX indices. Returns how many. */
size_t status_advice_order(const card_holder *holder, uint8_t order[CARD_CARDS_MAX]);

#endif
