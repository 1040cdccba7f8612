/* Opens the card service's state, and tells peers what a holder's record is. */
#include "services/card/handlers/card_app.h"

#include "services/card/rules/card_settle.h"

#include <stdlib.h>

void *card_app_open(service_instance *instance, failure *f)
{
        (void)f;
        card_app *app = calloc(1, sizeof *app);
        app->instance = instance;
        app->store = (card_store){
                .store = instance->seams.store,
                .keys = {.ring = instance->keys.data, .random = loop_random(instance->seams.loop)},
                .clock = loop_clock(instance->seams.loop)};
        return app;
}

void card_app_close(void *app)
{
        free(app);
}

bool card_app_load_record(void *service, task *t, uint8_t part, const ulid *holder, bool *found,
                          int64_t *version, bytes *record)
{
        TASK_MAY_SUSPEND(t);
        service_instance *instance = service;
        card_app *app = instance->app;
        card_loaded *loaded = arena_zalloc(&t->arena, sizeof *loaded);
        if (!card_store_load(t, &app->store, part, *holder, loaded, found)) return false;
        if (!*found) return true;
        *version = loaded->version;
        *record = holder_record_pack(&app->store.keys, &t->arena, &loaded->record);
        return true;
}
