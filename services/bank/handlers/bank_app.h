/* The bank service's own state: made when it opens, the same for every call. */
#ifndef SSCARD_SERVICES_BANK_HANDLERS_BANK_APP_H
#define SSCARD_SERVICES_BANK_HANDLERS_BANK_APP_H

#include "common/service/instance.h"
#include "services/bank/store/bank_store.h"

typedef struct bank_app {
        service_instance *instance;
        bank_store store;
} bank_app;

/* For service_definition. */
void *bank_app_open(service_instance *instance, failure *f);
void bank_app_close(void *app);
/* What other services see of a holder's links: as stored; each reader derives the rest. */
bool bank_app_load_record(void *instance, task *t, uint8_t part, const ulid *holder, bool *found,
                          int64_t *version, bytes *record);

#endif
