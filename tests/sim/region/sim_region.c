/* Puts a region together from a seed, lets it run, breaks it, lets it heal, and judges. */
#include "tests/sim/region/sim_region.h"

#include "tests/sim/region/sim_world.h"

#include "services/card/handlers/card_app.h"
#include "services/card/handlers/card_handlers.h"
#include "services/card/jobs/card_timers.h"
#include "services/card/methods.h"
#include "services/status/methods.h"

#include "sscard/common/v1/watch.pb-c.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
        RUN_MS = 40000,
        HEAL_MS = 20000, /* the longest: a process that comes back, and ten seconds without trust */
        CALM_MS = 6000,
        ENDING_MS = 20000,
        STAMP_BITS = 20,
        SLOW_LOAD_ONE_IN = 4,
        SLOW_LOAD_MS_MAX = 150,
        LAST_LEAPS = 5,
        AFTER_LEAP_MS = 3000,
        LEAP_MS_MAX = 12 * 24 * 3600 * 1000,
};

int64_t sim_stamp_of_unix_ms(int64_t unix_ms)
{
        return unix_ms << STAMP_BITS;
}

int64_t sim_stamp(sim_world *w)
{
        int64_t now = sim_stamp_of_unix_ms(clock_wall_ms(&w->clock.base));
        w->last_stamp = now > w->last_stamp ? now + 1 : w->last_stamp + 1;
        return w->last_stamp;
}

int64_t sim_stamp_of_business(const sim_world *w, int64_t business_ms)
{
        int64_t since_ms = 0, ahead_ms = 0;
        for (uint32_t i = 0;; i++) {
                int64_t at_ms = business_ms - ahead_ms;
                if (at_ms < since_ms) at_ms = since_ms;
                if (i == w->leap_count)
                        return at_ms > w->clock.wall_ms ? INT64_MAX : sim_stamp_of_unix_ms(at_ms);
                if (at_ms < w->leaps[i].wall_ms) return sim_stamp_of_unix_ms(at_ms);
                since_ms = w->leaps[i].wall_ms;
                ahead_ms = w->leaps[i].ahead_ms;
        }
}

uint64_t sim_random(random_seeded *random, uint64_t below)
{
        return below ? random_u64(&random->base) % below : 0;
}

uint32_t sim_thing(sim_world *w, const char *name)
{
        for (uint32_t i = 0; i < w->thing_count; i++)
                if (strcmp(w->things[i], name) == 0) return i;
        assert(w->thing_count < SIM_THINGS_MAX);
        assert(strlen(name) < SIM_NAME_BYTES);
        strcpy(w->things[w->thing_count], name);
        return w->thing_count++;
}

/* ---- options ---- */

sim_options sim_options_of_seed(uint64_t seed)
{
        random_seeded random;
        random_seeded_init(&random, seed);
        sim_options o = {.seed = seed, .run_ms = RUN_MS};
        o.holders = 1 + (uint32_t)sim_random(&random, 3);
        o.clients = 2 + (uint32_t)sim_random(&random, 4);
        o.fault_pause_ms = 500 + (uint32_t)sim_random(&random, 6000);
        o.lost_per_mille = sim_random(&random, 2) ? (uint32_t)sim_random(&random, 60) : 0;
        o.faults = (uint32_t)sim_random(&random, 1U << SIM_FAULTS);
        o.narrow = sim_random(&random, 3) == 0;
        o.leap_ms_max = sim_random(&random, 4) ? (int64_t)sim_random(&random, LEAP_MS_MAX) : 0;
        return o;
}

void sim_options_print(const sim_options *o)
{
        printf("      seed %" PRIu64 ": %u holders%s, %u clients, %" PRId64
               " ms, a fault every %u ms at most, %u in "
               "1000 answers lost;",
               o->seed, o->holders, o->narrow ? " and no more" : "", o->clients, o->run_ms,
               o->fault_pause_ms, o->lost_per_mille);
        for (int i = 0; i < SIM_FAULTS; i++)
                if (o->faults & 1U << i) printf(" %s ·", sim_fault_name((sim_fault)i));
        printf("\n");
}

/* ---- building and taking down ---- */

static void done(task *t)
{
        (void)t;
}

enum { DO_MS_MAX = 60000, DO_STEP_MS = 1 };

void sim_do(sim_world *w, void (*run)(task *t))
{
        task t = {0};
        task_init(&t, w->loop, w);
        if (!task_start(&t, TASK_NO_DEADLINE, run, done)) abort();
        for (int64_t ms = 0; !task_is_over(&t); ms += DO_STEP_MS) {
                assert(ms < DO_MS_MAX);
                loop_run_virtual(w->loop, loop_now_ms(w->loop) + DO_STEP_MS);
        }
        task_release(&t, NULL);
}

void sim_world_run(sim_world *w, int64_t ms)
{
        loop_run_virtual(w->loop, loop_now_ms(w->loop) + ms);
}

static void plant(sim_world *w)
{
        switch (w->options->planted) {
        case SIM_PLANTED_NOTHING:
        case SIM_PLANTED_REPLY_WITHOUT_COMMIT:
        case SIM_PLANTED_WATCH_FORGETS:
        case SIM_PLANTED_TIMER_FORGOTTEN:
                break;
        case SIM_PLANTED_FILL_AFTER_FENCE:
                sim_redis_plant(w->redis, "if kind ~= 'T' or of_epoch ~= epoch or rest ~= ARGV[2]",
                                "if false");
                break;
        case SIM_PLANTED_OK_BEFORE_PUBLISH:
                sim_redis_plant(w->redis, "local version = tonumber(ARGV[3])",
                                "do return 'LEFT' end local version = 0");
                sim_redis_plant(w->redis,
                                "'F' .. epoch .. ':' .. ARGV[2] .. ':' .. ARGV[3], 'PX', ARGV[4]",
                                "'F' .. epoch .. ':' .. ARGV[2] .. ':' .. ARGV[3], 'PX', 1");
                break;
        }
}

/* A database that sometimes takes its time: what was read is old when it is used. */
static bool slow_load_record(void *service, task *t, uint8_t part, const ulid *holder, bool *found,
                             int64_t *version, bytes *record)
{
        TASK_MAY_SUSPEND(t);
        if (!card_app_load_record(service, t, part, holder, found, version, record)) return false;
        uint64_t dice = random_u64(loop_random(t->loop));
        return dice % SLOW_LOAD_ONE_IN != 0 ||
               task_sleep(t, (int64_t)(dice / SLOW_LOAD_ONE_IN % SLOW_LOAD_MS_MAX));
}

/* ---- planted in the service ---- */

static void forgetful_watch(rpc_call *call, const ProtobufCMessage *message)
{
        Common__WatchRequest request = *(const Common__WatchRequest *)message;
        bool comes_back = request.cursor.len > 0;
        request.from_beginning = !comes_back;
        request.cursor.len = 0;
        handle_watch(call, &request.base);
}

static timer_verdict forgetful_fire(void *service, task *t, uint8_t part, const change_timer *timer)
{
        TASK_MAY_SUSPEND(t);
        if (timer->key.bytes[10] % 2) return TIMER_DONE;
        return card_timer_fire(service, t, part, timer);
}

/* The service as it is, but for what is planted. */
static service_definition card_definition(sim_world *w)
{
        service_definition definition = card_service_definition(&w->card_rpc);
        definition.load_record = slow_load_record;
        if (w->options->planted == SIM_PLANTED_TIMER_FORGOTTEN)
                definition.fire_timer = forgetful_fire;
        if (w->options->planted != SIM_PLANTED_WATCH_FORGETS) return definition;
        assert(w->card_rpc.method_count <= SIM_METHODS_MAX);
        memcpy(w->methods, w->card_rpc.methods, w->card_rpc.method_count * sizeof *w->methods);
        for (size_t i = 0; i < w->card_rpc.method_count; i++)
                if (strcmp(w->methods[i].name, "Watch") == 0)
                        w->methods[i].handle = forgetful_watch;
        w->card_rpc.methods = w->methods;
        return definition;
}

void sim_world_open(sim_world *w)
{
        uint64_t seed = w->options->seed;
        clock_manual_init(&w->clock, SIM_START_UNIX_MS);
        random_seeded_init(&w->random, seed * 4 + 1);
        random_seeded_init(&w->fault_random, seed * 4 + 2);
        random_seeded_init(&w->client_random, seed * 4 + 3);
        loop_options options = {
                .clock = &w->clock.base, .random = &w->random.base, .stack_bytes = 256 << 10};
        w->loop = loop_create_virtual(&options, &w->clock);
        assert(w->loop);
        int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
        logger_options log = {.fd = nowhere,
                              .level = LOG_LEVEL_ERROR,
                              .format = LOG_FORMAT_JSON,
                              .clock = &w->clock.base};
        w->log = logger_create(&log);
        w->redis = sim_redis_create(&w->clock.base, &w->fault_random.base);
        plant(w);
        sim_wire_init(&w->wire, w->loop, w->redis, &w->fault_random.base);
        w->around = (sim_surroundings){.loop = w->loop,
                                       .wire = &w->wire,
                                       .keys = w->keys,
                                       .log = w->log,
                                       .delay_ms_max = 4,
                                       .random = &w->fault_random.base};
        static sim_process *const nobody[SIM_PEERS_MAX];
        service_definition definition = card_definition(w);
        sim_process_init(&w->card, &w->around, &definition, nobody);
        definition = status_service_definition(&w->status_rpc);
        sim_process *peers[SIM_PEERS_MAX] = {0};
        for (size_t i = 0; i < SIM_PEERS_MAX && definition.peers[i]; i++)
                if (strcmp(definition.peers[i], "card") == 0) peers[i] = &w->card;
        sim_process_init(&w->status, &w->around, &definition, peers);
        w->to_card = sim_peer_create(&w->card);
        w->to_status = sim_peer_create(&w->status);
}

static void gone(sim_process *process)
{
        (void)process;
}

void sim_world_close(sim_world *w)
{
        sim_process_die(&w->status, gone);
        sim_process_die(&w->card, gone);
        sim_world_run(w, ENDING_MS);
        sim_process_release(&w->status);
        sim_process_release(&w->card);
        rpc_peer_destroy(w->to_card);
        rpc_peer_destroy(w->to_status);
        sim_watcher_release(w);
        sim_clients_release(w);
        sim_faults_release(w);
        sim_wire_release(&w->wire);
        sim_redis_destroy(w->redis);
        loop_destroy(w->loop);
        logger_destroy(w->log);
        arena_release(&w->arena);
        free(w->rows);
}

/* ---- judging ---- */

static void story_write(sim_world *w)
{
        sim_summary *s = w->summary;
        if (!s->verdict.fault) return;
        const history_operation *o = &w->history[s->verdict.operation];
        snprintf(s->story, sizeof s->story,
                 "%s: operation %zu (kind %d, card %u, request %u, version %" PRIu64
                 ", state %d, %" PRId64 " to %" PRId64 " ms), row %zu, expected %" PRIu64
                 ", found %" PRIu64,
                 checker_fault_text(s->verdict.fault), s->verdict.operation, o->kind, o->card,
                 o->request, o->version, o->state, (o->invoked >> STAMP_BITS) - SIM_START_UNIX_MS,
                 (o->completed >> STAMP_BITS) - SIM_START_UNIX_MS, s->verdict.row,
                 s->verdict.expected, s->verdict.found);
}

static void judge(sim_world *w)
{
        sim_summary *s = w->summary;
        checker_input input = {.cards = w->thing_count,
                               .operations = w->history,
                               .operation_count = w->operation_count,
                               .rows = w->rows,
                               .row_count = w->row_count,
                               .reads_never_go_back = false};
        s->verdict = checker_judge(&input);
        s->rows = w->row_count;
        s->healed = w->ok_when_calm > 0 && w->unknown_when_calm == 0;
        s->history = digest_of(bytes_of(w->history, w->operation_count * sizeof *w->history));
        story_write(w);
}

void sim_run(const sim_options *options, const sim_keys *keys, sim_summary *summary)
{
        *summary = (sim_summary){0};
        sim_world *w = calloc(1, sizeof *w);
        if (!w) abort();
        w->options = options;
        w->summary = summary;
        w->keys = keys;
        sim_world_open(w);
        sim_clients_prepare(w);
        sim_do(w, sim_clients_import);
        w->around.lost_per_mille = options->lost_per_mille;
        sim_clients_start(w);
        sim_watcher_start(w);
        sim_faults_start(w);
        sim_world_run(w, options->run_ms);
        sim_faults_end(w);
        w->calm_ms = loop_now_ms(w->loop) + HEAL_MS;
        sim_world_run(w, HEAL_MS + CALM_MS);
        w->ending = true;
        sim_world_run(w, ENDING_MS);
        assert(sim_clients_are_over(w));
        sim_leap(w, w->options->leap_ms_max * LAST_LEAPS); /* nobody writes: timers alone do */
        sim_world_run(w, AFTER_LEAP_MS);
        sim_do(w, sim_trail_read);
        judge(w);
        sim_trail_check_timers(w);
        sim_watcher_finish(w);
        sim_world_close(w);
        free(w);
}
