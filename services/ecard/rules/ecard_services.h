/* What a region's services do with a holder's data (R14): the table that the gate asks. */
#ifndef SSCARD_SERVICES_ECARD_RULES_ECARD_SERVICES_H
#define SSCARD_SERVICES_ECARD_RULES_ECARD_SERVICES_H

#include "common/policy/vocabulary.h"

/* The numbers of sscard.ecard.v1.ServiceClass. */
typedef enum ecard_service_class {
        ECARD_SERVICE_PERSONAL = 1,
        ECARD_SERVICE_PUBLIC = 2,
} ecard_service_class;

typedef struct ecard_service {
        const char *code; /* "medical.settlement" */
        ecard_service_class class;
        bool while_archived; /* own status and enabling: open before the card is (A8) */
        bool needs_l2;       /* pays from the linked account */
        policy_text text;
} ecard_service;

/* Never NULL: a service that nobody classified is PERSONAL. */
const ecard_service *ecard_service_of(const char *code);
/* The whole table, for documents and tests. */
const ecard_service *ecard_services_all(size_t *count);

#endif
