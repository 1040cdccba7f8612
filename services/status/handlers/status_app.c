/* Keeps what can never change. Must never keep a state. */
#include "services/status/handlers/status_app.h"

#include "common/service/transport.h"
#include "services/status/handlers/notice_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <uthash.h>

typedef struct known {
        digest key;
        binding binding;
        UT_hash_handle hh;
} known;

struct status_app {
        known *bindings; /* in the order of learning: uthash keeps it */
        status_notices notices;
};

config_table status_app_options(void)
{
        static const config_option options[] = {
                {.name = "notice-file",
                 .type = CONFIG_TEXT,
                 .value_name = "FILE",
                 .help = "without a peer notice_gateway: notices go there; notices.ndjson in the "
                         "data folder by default"},
        };
        return (config_table){options, ARRAY_LENGTH(options)};
}

static notice_gateway *open_gateway(const service_instance *instance, failure *f)
{
        const config *config = instance->config;
        const char *target = config_map_get(config, "peer", "notice_gateway");
        if (target) {
                rpc_peer *peer = transport_peer_create(config, instance->seams.loop, target, f);
                return peer ? notice_gateway_open_peer(peer) : NULL;
        }
        char path[4096];
        const char *file = config_text(config, "notice-file");
        if (!file) {
                snprintf(path, sizeof path, "%s/notices.ndjson", config_text(config, "data-dir"));
                file = path;
        }
        return notice_gateway_open_file(file, f);
}

void *status_app_open(service_instance *instance, failure *f)
{
        status_app *app = calloc(1, sizeof *app);
        app->notices =
                (status_notices){.store = {.store = instance->seams.store,
                                           .keys = {.ring = instance->keys.data,
                                                    .random = loop_random(instance->seams.loop)}},
                                 .key = notice_check_key(instance, f),
                                 .limit = notice_limit_open(),
                                 .gateway = instance->config ? open_gateway(instance, f) : NULL,
                                 .clock = loop_clock(instance->seams.loop)};
        if (app->notices.key && (app->notices.gateway || !instance->config)) return app;
        status_app_close(app);
        return NULL;
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
        keyed_hash_destroy(app->notices.key);
        notice_limit_close(app->notices.limit);
        notice_gateway_close(app->notices.gateway);
        free(app);
}

const status_notices *status_app_notices(const status_app *app)
{
        return &app->notices;
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
