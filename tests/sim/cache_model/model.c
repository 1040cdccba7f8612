/* The start, the question that must never be answered wrongly, and the order of the actors. */
#include "tests/sim/cache_model/model.h"

#include "tests/sim/cache_model/model_rooms.h"

const char *model_step_text(model_step step)
{
        static const char *const texts[] = {
                [STEP_TICK] = "time goes on",
                [STEP_REPLICATE] = "X replicates to Y",
                [STEP_SNAPSHOT] = "X saves a snapshot",
                [STEP_PROMOTE_BESIDE] = "Y is promoted, X lives on cut off",
                [STEP_PROMOTE_AFTER_DEATH] = "X dies, Y is promoted",
                [STEP_RESTART_EMPTY] = "server restarts empty",
                [STEP_RESTART_OLD] = "X restarts with an old snapshot",
                [STEP_FLUSH] = "FLUSHALL on server",
                [STEP_EVICT_KEY] = "the key is evicted on server",
                [STEP_EVICT_LEASE] = "the lease is evicted on server",
                [STEP_WRITER_DIES] = "writer dies",
                [STEP_FENCE_ENDS] = "the fence runs out on server",
                [STEP_BELIEVE] = "readers learn the lease of server",
                [STEP_GRANTER_TIME] = "granter reads TIME and run id",
                [STEP_GRANTER_SEES_TRUSTED] = "granter reads the row: trusted",
                [STEP_GRANTER_SETS_DOWN] = "granter sets the row DOWN",
                [STEP_GRANTER_SETS_TRUSTED] = "granter sets the row trusted",
                [STEP_GRANTER_GIVES_UP] = "granter gives up",
                [STEP_GRANTER_PUTS_LEASE] = "granter puts the lease",
                [STEP_GRANTER_COMMAND_LOST] = "granter's command is lost",
                [STEP_WRITER_FENCES] = "writer reads, and fences if it can",
                [STEP_WRITER_COMMITS] = "writer commits",
                [STEP_WRITER_CONFLICT] = "writer meets a conflict",
                [STEP_WRITER_PUBLISHES] = "writer publishes",
                [STEP_WRITER_CANNOT_PUBLISH] = "writer cannot publish",
                [STEP_WRITER_SKIPS_ROW] = "writer does not look at the row",
                [STEP_WRITER_SEES_DOWN] = "writer reads the row: DOWN",
                [STEP_WRITER_SETS_DOWN] = "writer sets the row DOWN",
                [STEP_WRITER_WAITED] = "writer has waited",
                [STEP_WRITER_OK] = "writer answers OK",
                [STEP_WRITER_AGAIN] = "writer begins again",
                [STEP_READER_HIT] = "reader hits",
                [STEP_READER_MISS] = "reader misses, takes a token if it can",
                [STEP_READER_LOADS] = "reader reads the database",
                [STEP_READER_INSTALLS] = "reader installs if it may",
        };
        _Static_assert(sizeof texts / sizeof *texts == STEPS, "a text for each step");
        return texts[step];
}

model_state model_start(void)
{
        model_state s;
        memset(&s, 0, sizeof s);
        s.version = 1;
        s.row_epoch = s.row_trusted = 1;
        s.x_lives = 1;
        s.run[SERVER_Y] = 1;
        model_server warm = {
                .value = 1, .value_epoch = 1, .lease_epoch = 1, .lease_until = LEASE_LIFE};
        s.server[SERVER_X] = s.server[SERVER_Y] = s.snapshot = warm;
        s.belief[SERVER_X] = (model_belief){.epoch = 1, .until = LEASE_LIFE};
        return s;
}

/* Would a reader take what stands on this server? */
bool model_believes(const model_options *o, const model_state *s, int server)
{
        const model_server *at = &s->server[server];
        if (!at->value || at->fence) return false;
        if (o->mutations & WITHOUT_LEASE) return true;
        const model_belief *b = &s->belief[server];
        return b->epoch && s->clock < b->until &&
               ((o->mutations & WITHOUT_RUN_ID) || b->run == s->run[server]) &&
               at->value_epoch == b->epoch;
}

model_verdict model_probe(const model_options *o, const model_state *s)
{
        for (int i = 0; i < SERVERS; i++) {
                if (!server_is_up(s, i) || !model_believes(o, s, i)) continue;
                if (s->server[i].value < s->floor) return MODEL_STALE_AFTER_OK;
                if (o->reads_never_go_back && s->server[i].value < s->seen) return MODEL_WENT_BACK;
        }
        return MODEL_HOLDS;
}

void model_successors(const model_options *options, const model_state *state,
                      model_visitor *visitor)
{
        model_moment m = {options, state, visitor};
        world_moves(&m);
        for (int g = 0; g < options->granters; g++)
                granter_moves(&m, g);
        for (int w = 0; w < options->writers; w++)
                writer_moves(&m, w);
        for (int r = 0; r < options->readers; r++)
                reader_moves(&m, r);
}
