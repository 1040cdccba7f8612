/* The card service's own state: made when it opens, the same for every call. */
#ifndef SSCARD_SERVICES_CARD_HANDLERS_CARD_APP_H
#define SSCARD_SERVICES_CARD_HANDLERS_CARD_APP_H

#include "common/service/instance.h"
#include "services/card/store/card_store.h"

typedef struct card_app {
        service_instance *instance;
        card_store store;
} card_app;

/* For service_definition. */
void *card_app_open(service_instance *instance, failure *f);
void card_app_close(void *app);
/* What other services see of a holder: as stored; each reader settles it to its own time. */
bool card_app_load_record(void *instance, task *t, uint8_t part, const ulid *holder, bool *found,
                          int64_t *version, bytes *record);

#endif
