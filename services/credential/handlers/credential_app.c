/* Opens the credential service's state, and tells peers what a holder's record is. */
#include "services/credential/handlers/credential_app.h"

#include "services/credential/handlers/enable_case.h"

#include <stdlib.h>

void *credential_app_open(service_instance *instance, failure *f)
{
        credential_app *app = calloc(1, sizeof *app);
        loop *l = instance->seams.loop;
        app->instance = instance;
        app->store = instance->seams.store;
        app->clock = loop_clock(l);
        app->token = pin_token_open(instance->config, loop_random(l), f);
        if (app->token) return app;
        free(app);
        return NULL;
}

void credential_app_close(void *opaque)
{
        credential_app *app = opaque;
        pin_token_close(app->token);
        free(app);
}

bool credential_app_load_record(void *service, task *t, uint8_t part, const ulid *holder,
                                bool *found, int64_t *version, bytes *record)
{
        TASK_MAY_SUSPEND(t);
        (void)part;
        credential_app *app = ((service_instance *)service)->app;
        credential_loaded *loaded = arena_alloc(&t->arena, sizeof *loaded);
        if (!credential_store_load(t, app->store, *holder, loaded)) return false;
        *found = loaded->exists;
        *version = loaded->version;
        bool waits = enable_case_is_open(loaded);
        *record = waits ? (bytes){NULL, 0} : credential_holder_pack(&t->arena, &loaded->holder);
        return true;
}
