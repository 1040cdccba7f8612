/* TIME and run id → row → lease; common/cache/lease.c. */
#include "tests/sim/cache_model/model_rooms.h"

/* How a row names a server process: epochs apart, runs apart, X and Y apart. */
static int8_t row_name_of(int8_t run, int8_t server)
{
        return (int8_t)(run * 4 + server);
}

static void asks_time(const model_moment *m, int g)
{
        for (int8_t i = 0; i < SERVERS; i++) {
                if (!server_takes_writes(m->now, i)) continue;
                model_state n = *m->now;
                n.granter[g] = (model_granter){
                        .place = GRANTER_ASKS_ROW, .time = n.clock, .server = i, .run = n.run[i]};
                next(m, &n, STEP_GRANTER_TIME, g);
        }
}

static void asks_row(const model_moment *m, int g)
{
        const model_state *s = m->now;
        const model_granter *granter = &s->granter[g];
        int8_t name = row_name_of(granter->run, granter->server);
        bool may_change = s->row_epoch < m->options->epoch_max;
        model_state n = *s;
        if (s->row_trusted && s->row_run == name) {
                n.granter[g].place = GRANTER_PUTS_LEASE;
                n.granter[g].epoch = s->row_epoch;
                next(m, &n, STEP_GRANTER_SEES_TRUSTED, g);
        } else if (s->row_trusted && may_change) {
                n.granter[g] = (model_granter){0};
                n.row_epoch++;
                n.row_trusted = 0;
                n.row_since = s->clock;
                next(m, &n, STEP_GRANTER_SETS_DOWN, g);
        } else if (!s->row_trusted && may_change &&
                   (s->clock >= s->row_since + LEASE_LIFE || without(m, WITHOUT_WAIT))) {
                n.granter[g] = (model_granter){0};
                n.row_epoch++;
                n.row_trusted = 1;
                n.row_run = name;
                next(m, &n, STEP_GRANTER_SETS_TRUSTED, g);
        }
        n = *s;
        n.granter[g] = (model_granter){0};
        next(m, &n, STEP_GRANTER_GIVES_UP, g);
}

/* At any time later: a command may be under way for long. */
static void puts_lease(const model_moment *m, int g)
{
        const model_state *s = m->now;
        const model_granter *granter = &s->granter[g];
        model_state n = *s;
        n.granter[g] = (model_granter){0};
        next(m, &n, STEP_GRANTER_COMMAND_LOST, g);
        if (!server_is_up(s, granter->server) || s->run[granter->server] != granter->run) return;
        int8_t from = without(m, WITH_RELATIVE_LIFE) ? s->clock : granter->time;
        int8_t until = (int8_t)(from + LEASE_LIFE);
        if (until > s->clock) {
                model_server *at = &n.server[granter->server];
                at->lease_epoch = granter->epoch;
                at->lease_run = granter->run;
                at->lease_until = until;
        }
        next(m, &n, STEP_GRANTER_PUTS_LEASE, g);
}

void granter_moves(const model_moment *m, int g)
{
        switch ((granter_place)m->now->granter[g].place) {
        case GRANTER_IDLE:
                asks_time(m, g);
                break;
        case GRANTER_ASKS_ROW:
                asks_row(m, g);
                break;
        case GRANTER_PUTS_LEASE:
                puts_lease(m, g);
                break;
        }
}
