/* What happens by itself: time, replication, faults, fences that run out, beliefs that are learnt.
 */
#include "tests/sim/cache_model/model_rooms.h"

static bool servers_differ(const model_server *a, const model_server *b)
{
        return memcmp(a, b, sizeof *a) != 0;
}

static void promotion_moves(const model_moment *m)
{
        if (m->now->promoted) return;
        model_state n = *m->now;
        n.faults++;
        n.promoted = 1;
        next(m, &n, STEP_PROMOTE_BESIDE, 0);
        if (!m->now->x_lives) return;
        n.x_lives = 0;
        next(m, &n, STEP_PROMOTE_AFTER_DEATH, 0);
}

static void server_fault_moves(const model_moment *m, int server)
{
        if (!server_is_up(m->now, server)) return;
        model_state n = *m->now;
        n.faults++;
        memset(&n.server[server], 0, sizeof n.server[server]);
        next(m, &n, STEP_FLUSH, server);
        n.run[server] += SERVERS; /* a run id that nobody had before */
        next(m, &n, STEP_RESTART_EMPTY, server);
        if (server == SERVER_X) {
                n.server[SERVER_X] = m->now->snapshot;
                next(m, &n, STEP_RESTART_OLD, server);
        }
        n = *m->now;
        n.faults++;
        record_erase(&n.server[server]);
        next(m, &n, STEP_EVICT_KEY, server);
        n = *m->now;
        n.faults++;
        n.server[server].lease_epoch = n.server[server].lease_run = n.server[server].lease_until =
                0;
        next(m, &n, STEP_EVICT_LEASE, server);
}

static void fault_moves(const model_moment *m)
{
        if (m->now->faults >= m->options->faults_max) return;
        if (!m->options->only_writers_die) {
                promotion_moves(m);
                for (int i = 0; i < SERVERS; i++)
                        server_fault_moves(m, i);
        }
        for (int w = 0; w < m->options->writers; w++) {
                int place = m->now->writer[w].place;
                if (place == WRITER_IDLE || place == WRITER_OVER) continue;
                model_state n = *m->now;
                n.faults++;
                n.writer[w] = (model_writer){.place = WRITER_OVER};
                next(m, &n, STEP_WRITER_DIES, w);
        }
}

/* Its writer may hold a fence for as long as it lives, or the fence may run out at any time. */
static bool fence_may_end(const model_moment *m, const model_server *server)
{
        if (!server->fence) return false;
        if (!m->options->fences_succeed) return true;
        int place = m->now->writer[server->fence - 1].place;
        return place != WRITER_COMMITS && place != WRITER_PUBLISHES;
}

static void server_moves(const model_moment *m, int server)
{
        const model_server *at = &m->now->server[server];
        if (fence_may_end(m, at)) {
                model_state n = *m->now;
                n.server[server].fence = n.server[server].fence_base =
                        n.server[server].fence_epoch = 0;
                next(m, &n, STEP_FENCE_ENDS, server);
        }
        if (!server_is_up(m->now, server) || !lease_lives(m->now, server)) return;
        if (!without(m, WITHOUT_RUN_ID) && at->lease_run != m->now->run[server]) return;
        model_belief belief = {at->lease_epoch, at->lease_run, at->lease_until};
        if (memcmp(&belief, &m->now->belief[server], sizeof belief) == 0) return;
        model_state n = *m->now;
        n.belief[server] = belief;
        next(m, &n, STEP_BELIEVE, server);
}

void world_moves(const model_moment *m)
{
        const model_state *s = m->now;
        if (s->clock < m->options->clock_max) {
                model_state n = *s;
                n.clock++;
                next(m, &n, STEP_TICK, 0);
        }
        if (!s->promoted && s->x_lives &&
            servers_differ(&s->server[SERVER_X], &s->server[SERVER_Y])) {
                model_state n = *s;
                n.server[SERVER_Y] = n.server[SERVER_X];
                next(m, &n, STEP_REPLICATE, 0);
        }
        if (s->x_lives && servers_differ(&s->server[SERVER_X], &s->snapshot)) {
                model_state n = *s;
                n.snapshot = n.server[SERVER_X];
                next(m, &n, STEP_SNAPSHOT, 0);
        }
        fault_moves(m);
        for (int i = 0; i < SERVERS; i++)
                server_moves(m, i);
}
