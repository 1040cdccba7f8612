/* The credential service's own state: made when it opens, the same for every call. */
#ifndef SSCARD_SERVICES_CREDENTIAL_HANDLERS_CREDENTIAL_APP_H
#define SSCARD_SERVICES_CREDENTIAL_HANDLERS_CREDENTIAL_APP_H

#include "common/service/instance.h"
#include "services/credential/handlers/pin_token.h"

typedef struct credential_app {
        service_instance *instance;
        store *store;
        const clock_source *clock;
        pin_token *token;
} credential_app;

/* For service_definition. */
void *credential_app_open(service_instance *instance, failure *f);
void credential_app_close(void *app);
/* What other services see of a holder. A change that waits is settled first. */
bool credential_app_load_record(void *instance, task *t, uint8_t part, const ulid *holder,
                                bool *found, int64_t *version, bytes *record);

#endif
