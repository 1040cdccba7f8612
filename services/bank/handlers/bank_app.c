/* Opens the bank service's state, and tells peers what a holder's links are. */
#include "services/bank/handlers/bank_app.h"

#include <stdlib.h>

void *bank_app_open(service_instance *instance, failure *f)
{
        (void)f;
        bank_app *app = calloc(1, sizeof *app);
        app->instance = instance;
        app->store = (bank_store){
                .store = instance->seams.store,
                .keys = {.ring = instance->keys.data, .random = loop_random(instance->seams.loop)}};
        return app;
}

void bank_app_close(void *app)
{
        free(app);
}

bool bank_app_load_record(void *service, task *t, uint8_t part, const ulid *holder, bool *found,
                          int64_t *version, bytes *record)
{
        TASK_MAY_SUSPEND(t);
        (void)part;
        service_instance *instance = service;
        bank_app *app = instance->app;
        bank_loaded *loaded = arena_zalloc(&t->arena, sizeof *loaded);
        if (!bank_store_load(t, &app->store, *holder, loaded)) return false;
        /* A holder without a link has a record too, of version 0: readers may keep it, instead of
         * asking here each time. */
        *found = true;
        *version = loaded->version;
        *record = bank_holder_pack(&app->store.keys, &t->arena, &loaded->links);
        return true;
}
