/* Keeps what can never change. Must never keep a state. */
#include "services/status/handlers/status_app.h"

#include <stdlib.h>
#include <uthash.h>

typedef struct known {
        digest key;
        binding binding;
        UT_hash_handle hh;
} known;

struct status_app {
        known *bindings; /* in the order of learning: uthash keeps it */
};

void *status_app_open(service_instance *instance, failure *f)
{
        (void)instance;
        (void)f;
        status_app *app = calloc(1, sizeof *app);
        return app;
}

void status_app_close(void *opaque)
{
        status_app *app = opaque;
        known *each, *next;
        HASH_ITER(hh, app->bindings, each, next)
        {
                HASH_DEL(app->bindings, each);
                free(each);
        }
        free(app);
}

const binding *status_app_recall(const status_app *app, const digest *key)
{
        known *found = NULL;
        HASH_FIND(hh, app->bindings, key, sizeof *key, found);
        return found ? &found->binding : NULL;
}

void status_app_learn(status_app *app, const digest *key, binding b)
{
        if (status_app_recall(app, key)) return;
        if (HASH_COUNT(app->bindings) >= BINDINGS_MAX) {
                known *oldest = app->bindings;
                HASH_DEL(app->bindings, oldest);
                free(oldest);
        }
        known *fresh = calloc(1, sizeof *fresh);
        fresh->key = *key;
        fresh->binding = b;
        HASH_ADD(hh, app->bindings, key, sizeof fresh->key, fresh);
}
