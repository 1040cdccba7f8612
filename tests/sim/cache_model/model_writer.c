/* Read, fence, commit, publish, answer; common/cache/fence.c. */
#include "tests/sim/cache_model/model_rooms.h"

static int8_t place_after_all(const model_moment *m)
{
        return m->options->repeat ? WRITER_IDLE : WRITER_OVER;
}

static void fence_put(const model_moment *m, model_server *at, int w)
{
        at->fence = (int8_t)(w + 1);
        at->fence_base = m->now->version;
        at->fence_epoch = at->lease_epoch;
        at->token = 0;
        if (!without(m, WITH_HIDING_FENCE)) at->value = at->value_epoch = 0;
}

static void reads_and_fences(const model_moment *m, int w)
{
        const model_state *s = m->now;
        for (int8_t i = 0; i <= NO_SERVER; i++) { /* NO_SERVER: it reaches none */
                if (i < SERVERS && !server_takes_writes(s, i)) continue;
                bool fences = i < SERVERS && scripts_work(m->options, s, i);
                if (m->options->fences_succeed && !fences) continue;
                model_state n = *s;
                n.writer[w].place = WRITER_COMMITS;
                n.writer[w].server = i;
                n.writer[w].version = s->version;
                if (fences && !without(m, WITHOUT_FENCE)) fence_put(m, &n.server[i], w);
                next(m, &n, STEP_WRITER_FENCES, w);
        }
}

static void commits(const model_moment *m, int w)
{
        model_state n = *m->now;
        if (n.writer[w].version != n.version) {
                n.writer[w] = (model_writer){.place = WRITER_OVER};
                next(m, &n, STEP_WRITER_CONFLICT, w);
                return;
        }
        n.writer[w].version = ++n.version;
        n.writer[w].place =
                without(m, WITHOUT_PUBLISH_BEFORE_OK) ? WRITER_ANSWERS : WRITER_PUBLISHES;
        next(m, &n, STEP_WRITER_COMMITS, w);
}

/* scripts/publish.lua */
static void publish(const model_moment *m, model_server *at, int w, int8_t version)
{
        bool counts = fence_counts(m->options, at);
        bool mine = at->fence == w + 1 && at->fence_base == version - 1 && counts;
        bool as_new = at->value >= version && at->value_epoch == at->lease_epoch;
        if (without(m, WITH_PUBLISH_ONTO_ANYTHING_OLDER)) {
                if (!as_new) record_put(at, version);
                at->fence = at->fence_base = at->fence_epoch = at->token = 0;
        } else if (mine || without(m, WITHOUT_COMPARE_AT_PUBLISH)) {
                record_put(at, version);
        } else if (as_new) {
                return;
        } else if (without(m, WITH_EVERY_FENCE_LEFT)
                           ? at->fence != 0
                           : at->fence && at->fence_base >= version && counts) {
                return;
        } else {
                record_erase(at);
        }
}

static void publishes(const model_moment *m, int w)
{
        const model_state *s = m->now;
        const model_writer *writer = &s->writer[w];
        bool reached = writer->server < SERVERS && server_is_up(s, writer->server);
        if (reached && scripts_work(m->options, s, writer->server)) {
                model_state n = *s;
                publish(m, &n.server[writer->server], w, writer->version);
                n.writer[w].place = WRITER_ANSWERS;
                next(m, &n, STEP_WRITER_PUBLISHES, w);
                if (m->options->fences_succeed) return;
        }
        model_state n = *s;
        n.writer[w].place = WRITER_ASKS_ROW;
        next(m, &n, STEP_WRITER_CANNOT_PUBLISH, w);
}

static void asks_row(const model_moment *m, int w)
{
        const model_state *s = m->now;
        model_state n = *s;
        if (without(m, WITHOUT_LEASE | WITHOUT_ROW_AFTER_COMMIT)) {
                n.writer[w].place = WRITER_ANSWERS;
                next(m, &n, STEP_WRITER_SKIPS_ROW, w);
                return;
        }
        n.writer[w].place = WRITER_WAITS;
        if (!s->row_trusted) {
                n.writer[w].wait_until = (int8_t)(s->row_since + LEASE_LIFE);
                next(m, &n, STEP_WRITER_SEES_DOWN, w);
        } else if (s->row_epoch < m->options->epoch_max) {
                n.row_epoch++;
                n.row_trusted = 0;
                n.row_since = s->clock;
                n.writer[w].wait_until = (int8_t)(s->clock + LEASE_LIFE);
                next(m, &n, STEP_WRITER_SETS_DOWN, w);
        }
}

static void waits(const model_moment *m, int w)
{
        if (m->now->clock < m->now->writer[w].wait_until && !without(m, WITHOUT_WAIT)) return;
        model_state n = *m->now;
        n.writer[w].place = WRITER_ANSWERS;
        next(m, &n, STEP_WRITER_WAITED, w);
}

static void answers(const model_moment *m, int w)
{
        model_state n = *m->now;
        if (n.writer[w].version > n.floor) n.floor = n.writer[w].version;
        n.writer[w] = (model_writer){.place = place_after_all(m)};
        next(m, &n, STEP_WRITER_OK, w);
}

static void begins_again(const model_moment *m, int w)
{
        if (!m->options->repeat) return;
        model_state n = *m->now;
        n.writer[w] = (model_writer){.place = WRITER_IDLE};
        next(m, &n, STEP_WRITER_AGAIN, w);
}

void writer_moves(const model_moment *m, int w)
{
        switch ((writer_place)m->now->writer[w].place) {
        case WRITER_IDLE:
                reads_and_fences(m, w);
                break;
        case WRITER_COMMITS:
                commits(m, w);
                break;
        case WRITER_PUBLISHES:
                publishes(m, w);
                break;
        case WRITER_ASKS_ROW:
                asks_row(m, w);
                break;
        case WRITER_WAITS:
                waits(m, w);
                break;
        case WRITER_ANSWERS:
                answers(m, w);
                break;
        case WRITER_OVER:
                begins_again(m, w);
                break;
        }
}
