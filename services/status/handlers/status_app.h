/* The status service's own state: what it has learnt of who is whose.
 * A card never changes its holder and a number never its card, so that is kept; states never are.
 */
#ifndef SSCARD_SERVICES_STATUS_HANDLERS_STATUS_APP_H
#define SSCARD_SERVICES_STATUS_HANDLERS_STATUS_APP_H

#include "common/service/instance.h"

typedef struct status_app status_app;

/* For service_definition. */
void *status_app_open(service_instance *instance, failure *f);
void status_app_close(void *app);

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
