/* Opens the service's state. Must never start without the keys that make its secrets worth
 * something. */
#include "services/ecard/handlers/ecard_app.h"

#include "common/service/transport.h"

#include <stdlib.h>

config_table ecard_app_options(void)
{
        static const config_option options[] = {
                {.name = "code-key",
                 .type = CONFIG_TEXT,
                 .required = true,
                 .value_name = "FILE",
                 .help = "Key of 32 bytes (Ed25519) that signs one-time codes."},
                {.name = "password-pepper",
                 .type = CONFIG_TEXT,
                 .required = true,
                 .value_name = "FILE",
                 .help = "Key of passwords; without it no stored password can be checked."},
        };
        return (config_table){options, ARRAY_LENGTH(options)};
}

static bool open_keys(ecard_app *app, const config *config, failure *f)
{
        app->code_key = signing_key_load(config_text(config, "code-key"), f);
        if (!app->code_key) return false;
        app->pepper = keyed_hash_load(config_text(config, "password-pepper"), f);
        return app->pepper != NULL;
}

static bool open_vendor(ecard_app *app, const config *config, failure *f)
{
        const char *target = config_map_get(config, "peer", "face_match");
        if (!target) return true;
        app->face_vendor = transport_peer_create(config, app->instance->seams.loop, target, f);
        return app->face_vendor != NULL;
}

void *ecard_app_open(service_instance *instance, failure *f)
{
        ecard_app *app = calloc(1, sizeof *app);
        app->instance = instance;
        app->store = (ecard_store){
                .store = instance->seams.store,
                .keys = {.ring = instance->keys.data, .random = loop_random(instance->seams.loop)},
                .clock = loop_clock(instance->seams.loop)};
        if (open_keys(app, instance->config, f) && open_vendor(app, instance->config, f))
                return app;
        ecard_app_close(app);
        return NULL;
}

void ecard_app_close(void *opaque)
{
        ecard_app *app = opaque;
        if (!app) return;
        rpc_peer_destroy(app->face_vendor);
        signing_key_destroy(app->code_key);
        keyed_hash_destroy(app->pepper);
        free(app);
}

bool ecard_app_load_record(void *service, task *t, uint8_t part, const ulid *holder, bool *found,
                           int64_t *version, bytes *record)
{
        TASK_MAY_SUSPEND(t);
        service_instance *instance = service;
        ecard_app *app = instance->app;
        ecard_loaded *loaded = arena_zalloc(&t->arena, sizeof *loaded);
        assert(ulid_part(*holder) == part);
        if (!ecard_store_load(t, &app->store, *holder, false, loaded)) return false;
        *found = !loaded->is_new;
        if (!*found) return true;
        *version = loaded->version;
        *record = ecard_row_pack(NULL, &t->arena, &loaded->row);
        return true;
}
