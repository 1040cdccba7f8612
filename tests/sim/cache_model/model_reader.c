/* A strong read, and the load that a miss leads to; common/cache/reader.c and load.c. */
#include "tests/sim/cache_model/model_rooms.h"

enum { TOKENS_UNBOUNDED = 100 };

static model_reader reader_after_all(const model_moment *m)
{
        return (model_reader){.place = m->options->repeat ? READER_IDLE : READER_OVER};
}

static void hits(const model_moment *m, int r, int8_t server)
{
        int8_t version = m->now->server[server].value;
        if (version <= m->now->seen) return; /* nothing that would change what must hold */
        model_state n = *m->now;
        n.seen = version;
        n.reader[r] = reader_after_all(m);
        next(m, &n, STEP_READER_HIT, r);
}

/* scripts/miss.lua */
static void misses(const model_moment *m, int r, int8_t server)
{
        const model_state *s = m->now;
        model_state n = *s;
        model_server *at = &n.server[server];
        model_reader *reader = &n.reader[r];
        *reader = (model_reader){.place = READER_LOADS, .server = server};
        int tokens_max = m->options->repeat ? TOKENS_UNBOUNDED : TOKENS_MAX;
        bool holds = at->value && at->value_epoch == at->lease_epoch && !without(m, WITHOUT_LEASE);
        if (scripts_work(m->options, s, server) && !at->fence && !holds && s->tokens < tokens_max) {
                at->token = reader->token = ++n.tokens;
                at->value = at->value_epoch = 0;
                reader->epoch = at->lease_epoch;
        }
        if (without(m, WITHOUT_TOKEN)) {
                reader->token = 1;
                reader->epoch = at->lease_epoch;
        }
        next(m, &n, STEP_READER_MISS, r);
}

static void looks(const model_moment *m, int r)
{
        for (int8_t i = 0; i < SERVERS; i++) {
                if (!server_is_up(m->now, i)) continue;
                if (model_believes(m->options, m->now, i))
                        hits(m, r, i);
                else
                        misses(m, r, i);
        }
}

static void loads(const model_moment *m, int r)
{
        model_state n = *m->now;
        if (n.version > n.seen) n.seen = n.version;
        n.reader[r].read = n.version;
        if (n.reader[r].token)
                n.reader[r].place = READER_INSTALLS;
        else
                n.reader[r] = reader_after_all(m);
        next(m, &n, STEP_READER_LOADS, r);
}

/* scripts/install.lua */
static bool may_install(const model_moment *m, const model_reader *reader)
{
        const model_server *at = &m->now->server[reader->server];
        if (!server_is_up(m->now, reader->server)) return false;
        if (!scripts_work(m->options, m->now, reader->server)) return false;
        if (!without(m, WITHOUT_LEASE) && at->lease_epoch != reader->epoch) return false;
        if (!without(m, WITHOUT_TOKEN)) return at->token == reader->token;
        return !at->fence && !(at->value >= reader->read && at->value_epoch == at->lease_epoch);
}

static void installs(const model_moment *m, int r)
{
        const model_reader *reader = &m->now->reader[r];
        model_state n = *m->now;
        if (may_install(m, reader)) {
                model_server *at = &n.server[reader->server];
                at->value = reader->read;
                at->value_epoch = at->lease_epoch;
                at->token = 0;
        }
        n.reader[r] = reader_after_all(m);
        next(m, &n, STEP_READER_INSTALLS, r);
}

void reader_moves(const model_moment *m, int r)
{
        switch ((reader_place)m->now->reader[r].place) {
        case READER_IDLE:
                looks(m, r);
                break;
        case READER_LOADS:
                loads(m, r);
                break;
        case READER_INSTALLS:
                installs(m, r);
                break;
        case READER_OVER:
                break;
        }
}
