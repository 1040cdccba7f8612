/* What the rooms of the model share: questions to a state, and each actor's moves. */
#ifndef SSCARD_TESTS_SIM_CACHE_MODEL_MODEL_ROOMS_H
#define SSCARD_TESTS_SIM_CACHE_MODEL_MODEL_ROOMS_H

#include "tests/sim/cache_model/model.h"

#include <string.h>

/* A state on its way to its successors. */
typedef struct model_moment {
        const model_options *options;
        const model_state *now;
        model_visitor *visitor;
} model_moment;

static inline bool without(const model_moment *m, uint32_t mutations)
{
        return (m->options->mutations & mutations) != 0;
}

static inline void next(const model_moment *m, const model_state *to, model_step step, int actor)
{
        m->visitor->visit(m->visitor, to, step, actor);
}

static inline bool server_is_up(const model_state *s, int server)
{
        return server == SERVER_Y || s->x_lives;
}

/* Can owners reach it? They talk to Y only after its promotion. */
static inline bool server_takes_writes(const model_state *s, int server)
{
        return server_is_up(s, server) && (server == SERVER_X || s->promoted);
}

static inline bool lease_lives(const model_state *s, int server)
{
        const model_server *at = &s->server[server];
        return at->lease_epoch && s->clock < at->lease_until;
}

/* What every script asks first. */
static inline bool scripts_work(const model_options *o, const model_state *s, int server)
{
        if (o->mutations & WITHOUT_LEASE) return true;
        if (!lease_lives(s, server)) return false;
        return (o->mutations & WITHOUT_RUN_ID) || s->server[server].lease_run == s->run[server];
}

static inline bool fence_counts(const model_options *o, const model_server *server)
{
        return (o->mutations & WITHOUT_EPOCH_IN_FENCE) ||
               server->fence_epoch == server->lease_epoch;
}

static inline void record_erase(model_server *server)
{
        server->value = server->value_epoch = server->token = 0;
        server->fence = server->fence_base = server->fence_epoch = 0;
}

static inline void record_put(model_server *server, int8_t version)
{
        record_erase(server);
        server->value = version;
        server->value_epoch = server->lease_epoch;
}

bool model_believes(const model_options *options, const model_state *state, int server);

void world_moves(const model_moment *m);
void granter_moves(const model_moment *m, int granter);
void writer_moves(const model_moment *m, int writer);
void reader_moves(const model_moment *m, int reader);

#endif
