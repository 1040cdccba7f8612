/* What a region's services do with a holder's data (R14). The class is data of the region (its rule
 * pack); here is what the rules know of a few of them besides. */
#ifndef SSCARD_SERVICES_ECARD_RULES_ECARD_SERVICES_H
#define SSCARD_SERVICES_ECARD_RULES_ECARD_SERVICES_H

#include <stdbool.h>

typedef struct ecard_service {
        const char *code;    /* "medical_payment" */
        bool is_public;      /* about nobody: always answered */
        bool while_archived; /* own status and enabling: open before the card is (A8) */
        bool needs_l2;       /* pays from the linked account */
} ecard_service;

/* Showing a one-time code is a service too. */
#define ECARD_SERVICE_CODE "ecard_code"

/* `is_public`: as the region classified it; what nobody classified is PERSONAL. */
ecard_service ecard_service_of(const char *code, bool is_public);

#endif
