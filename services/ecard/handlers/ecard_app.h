/* The electronic card service's own state: made when it opens, the same for every call. */
#ifndef SSCARD_SERVICES_ECARD_HANDLERS_ECARD_APP_H
#define SSCARD_SERVICES_ECARD_HANDLERS_ECARD_APP_H

#include "common/crypto/keyed_hash.h"
#include "common/crypto/signature.h"
#include "common/service/instance.h"
#include "services/ecard/handlers/holder_turn.h"
#include "services/ecard/rules/ecard_rules.h"
#include "services/ecard/store/ecard_store.h"

typedef struct ecard_app {
        service_instance *instance;
        ecard_store store;
        keyed_hash *pepper;    /* of passwords */
        signing_key *code_key; /* of one-time codes */
        rpc_peer *face_vendor; /* NULL: the region has none */
        holder_turns turns;    /* passwords are tried one at a time */
} ecard_app;

/* --code-key, --password-pepper. The vendor of face checks is --peer face_match=TARGET. */
config_table ecard_app_options(void);

/* For service_definition. */
void *ecard_app_open(service_instance *instance, failure *f);
void ecard_app_close(void *app);
/* What other services see: the record without its sealed part. */
bool ecard_app_load_record(void *instance, task *t, uint8_t part, const ulid *holder, bool *found,
                           int64_t *version, bytes *record);

#endif
