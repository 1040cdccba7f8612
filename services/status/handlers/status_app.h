/* The status service's own state: what it has learnt of who is whose, and what notices need.
 * A card never changes its holder and a number never its card, so that is kept; states never are.
 */
#ifndef SSCARD_SERVICES_STATUS_HANDLERS_STATUS_APP_H
#define SSCARD_SERVICES_STATUS_HANDLERS_STATUS_APP_H

#include "common/service/instance.h"
#include "services/status/handlers/notice_limit.h"
#include "services/status/ports/notice_gateway.h"
#include "services/status/store/status_store.h"

typedef struct status_app status_app;

/* For service_definition. */
config_table status_app_options(void);
void *status_app_open(service_instance *instance, failure *f);
void status_app_close(void *app);

/* Everything about notices. Borrowed from the app. */
typedef struct status_notices {
        status_store store;
        keyed_hash *key; /* of check codes */
        notice_limit *limit;
        notice_gateway *gateway; /* NULL: not a process */
        const clock_source *clock;
} status_notices;
const status_notices *status_app_notices(const status_app *app);

/* What was learnt under a key (a keyed hash of a number, or a card's id); at most
 * BINDINGS_MAX, the oldest goes first. */
enum { BINDINGS_MAX = 262144 };
typedef struct binding {
        ulid holder;
        ulid card; /* zero: the key is a person */
} binding;
const binding *status_app_recall(const status_app *app, const digest *key);
void status_app_learn(status_app *app, const digest *key, binding b);

#endif
