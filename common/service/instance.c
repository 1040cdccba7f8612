/* Opens a service on its seams and closes it again, in order. Must never keep state outside of the
 * instance: several of them live in one process. */
#include "common/service/instance.h"

#include "common/service/consumer.h"
#include "common/service/housekeeping.h"
#include "common/service/pipeline.h"
#include "common/service/record_cache.h"
#include "common/service/record_copies.h"
#include "common/service/record_service.h"
#include "common/service/trust_store.h"

#include <stdlib.h>
#include <string.h>

enum { COPIES_MAX = 8192, COPIES_BYTES_MAX = 16 << 20 };

typedef struct job_slot {
        task task;
        service_instance *instance;
        const service_job *job;
        bool over;
} job_slot;

size_t service_instance_rpcs(const service_definition *definition,
                             rpc_service services[SERVICE_RPCS_MAX])
{
        size_t count = 0;
        assert(definition->rpc_count < SERVICE_RPCS_MAX);
        for (; count < definition->rpc_count; count++)
                services[count] = definition->rpc[count];
        if (definition->load_record) services[count++] = record_service_rpc();
        return count;
}

/* ---- opening ---- */

static const char **peer_names(const service_definition *definition, uint32_t *count)
{
        const char **names = calloc(SERVICE_PEERS_MAX, sizeof *names);
        for (*count = 0; *count < SERVICE_PEERS_MAX && definition->peers[*count]; ++*count)
                names[*count] = definition->peers[*count];
        return names;
}

static bool open_commit(service_instance *instance, failure *f)
{
        const service_definition *definition = instance->definition;
        if (!instance->seams.store) return true;
        commit_options options = {.loop = instance->seams.loop,
                                  .store = instance->seams.store,
                                  .keyring = instance->keys.data,
                                  .region = instance->directory.region,
                                  .cache = instance->record_cache ? &instance->record_cache->base
                                                                  : NULL,
                                  .load_record = definition->load_record,
                                  .service = instance};
        memcpy(options.request_key, instance->keys.request_key, sizeof options.request_key);
        instance->commit = commit_engine_open(&options, f);
        if (!instance->commit) return false;
        instance->feed = feed_open(instance->commit);
        return true;
}

static void open_cache(service_instance *instance)
{
        const service_definition *definition = instance->definition;
        if (!instance->seams.cache) return;
        if (definition->load_record && instance->seams.store) {
                instance->trust = calloc(1, sizeof *instance->trust);
                trust_store_init(instance->trust, instance->seams.store);
                cache_owner_options options = {.connection = instance->seams.cache,
                                               .trust = &instance->trust->base,
                                               .service = definition->name,
                                               .instance = ""};
                instance->owner = cache_owner_create(instance->seams.loop, &options);
                instance->record_cache = calloc(1, sizeof *instance->record_cache);
                record_cache_init(instance->record_cache, instance->owner, definition->name);
        }
        if (definition->peers[0]) {
                cache_reader_options options = {.connection = instance->seams.cache};
                const char **names = peer_names(definition, &options.service_count);
                options.services = names;
                instance->reader = cache_reader_create(instance->seams.loop, &options);
                free(names);
        }
}

static bool open_packs(service_instance *instance, const char *folder, failure *f)
{
        const pack_schema *schema = instance->definition->packs;
        if (!schema) return true;
        instance->packs = pack_shelf_open(schema, folder, instance->directory.region, f);
        return instance->packs != NULL;
}

service_instance *service_instance_open(const service_instance_options *options, failure *f)
{
        service_instance *instance = calloc(1, sizeof *instance);
        instance->definition = options->definition;
        instance->seams = options->seams;
        instance->keys = options->keys;
        instance->tokens = options->tokens;
        instance->log = options->log;
        instance->config = options->config;
        instance->metrics = options->metrics;
        instance->credentials = options->credentials;
        memcpy(instance->directory.region, options->region, REGION_CODE_LENGTH);
        open_cache(instance);
        if (instance->definition->peers[0])
                instance->copies = record_copies_create(COPIES_MAX, COPIES_BYTES_MAX);
        if (!open_packs(instance, options->regions_dir, f) || !open_commit(instance, f)) {
                service_instance_close(instance);
                return NULL;
        }
        instance->app = options->definition->open(instance, f);
        if (!instance->app) {
                service_instance_close(instance);
                return NULL;
        }
        return instance;
}

bool service_instance_prepare(service_instance *instance, const rpc_method *methods, size_t count,
                              failure *f)
{
        instance->plans = calloc(count, sizeof *instance->plans);
        instance->plan_count = count;
        for (size_t i = 0; i < count; i++) {
                assert(methods[i].index == i);
                if (!pipeline_prepare(instance->definition, &methods[i], &instance->plans[i], f))
                        return false;
        }
        return true;
}

/* ---- running ---- */

static void stop_cache(service_instance *instance);

/* Jobs and timers first: what they have committed is published by the cache's owner. */
static void part_stopped(void *argument)
{
        service_instance *instance = argument;
        if (--instance->parts_stopping > 0) return;
        if (instance->cache_stops)
                instance->stopped(instance->stopped_argument);
        else
                stop_cache(instance);
}

static void job_run(task *t)
{
        job_slot *slot = t->owner;
        slot->job->run(t, slot->instance);
}

static void job_done(task *t)
{
        job_slot *slot = t->owner;
        service_instance *instance = slot->instance;
        loop_release_hold(instance->seams.loop);
        task_release(&slot->task, NULL);
        slot->over = true;
        instance->jobs_running--;
        if (instance->parts_stopping > 0) part_stopped(instance);
}

static bool start_job(service_instance *instance, const service_job *job, failure *f)
{
        job_slot *slot = &instance->jobs[instance->job_count++];
        *slot = (job_slot){.instance = instance, .job = job};
        task_init(&slot->task, instance->seams.loop, slot);
        loop_hold(instance->seams.loop);
        instance->jobs_running++;
        if (task_start(&slot->task, TASK_NO_DEADLINE, job_run, job_done)) return true;
        job_done(&slot->task);
        return failure_set(f, FAILURE_RESOURCE_EXHAUSTED, "NO_MEMORY",
                           "no memory for a background job");
}

static bool start_jobs(service_instance *instance, failure *f)
{
        const service_definition *definition = instance->definition;
        instance->jobs = calloc(definition->job_count + 3, sizeof *instance->jobs);
        if (instance->commit && !start_job(instance, &HOUSEKEEPING_PURGE, f)) return false;
        if (!loop_is_virtual(instance->seams.loop) && !start_job(instance, &HOUSEKEEPING_TRIM, f))
                return false;
        for (size_t i = 0; i < definition->job_count; i++)
                if (!start_job(instance, &definition->jobs[i], f)) return false;
        if (definition->consumer_count > 0 && !start_job(instance, &CONSUMER_JOB, f)) return false;
        return true;
}

bool service_instance_start(service_instance *instance, failure *f)
{
        const service_definition *definition = instance->definition;
        if (definition->fire_timer) {
                timer_options options = {.engine = instance->commit,
                                         .fire = definition->fire_timer,
                                         .service = instance,
                                         .kinds = definition->timer_kinds};
                instance->timers = timer_job_start(&options, f);
                if (!instance->timers) return false;
        }
        return start_jobs(instance, f);
}

static void cache_gone(void *argument)
{
        part_stopped(argument);
}

static void stop_cache(service_instance *instance)
{
        cache_owner *owner = instance->owner;
        cache_reader *reader = instance->reader;
        instance->cache_stops = true;
        instance->parts_stopping = 1; /* held by this function */
        instance->owner = NULL;
        instance->reader = NULL;
        if (owner) {
                instance->parts_stopping++;
                cache_owner_destroy(owner, cache_gone, instance);
        }
        if (reader) {
                instance->parts_stopping++;
                cache_reader_destroy(reader, cache_gone, instance);
        }
        part_stopped(instance);
}

void service_instance_stop(service_instance *instance, void (*stopped)(void *argument),
                           void *argument)
{
        instance->stopped = stopped;
        instance->stopped_argument = argument;
        instance->parts_stopping = 1; /* held by this function */
        if (instance->timers) {
                instance->parts_stopping++;
                timer_job_stop(instance->timers, part_stopped, instance);
                instance->timers = NULL;
        }
        instance->parts_stopping += (int)instance->jobs_running;
        for (size_t i = 0; i < instance->job_count; i++)
                if (!instance->jobs[i].over)
                        task_interrupt(&instance->jobs[i].task, FAILURE_CANCELLED);
        part_stopped(instance);
}

void service_instance_close(service_instance *instance)
{
        if (!instance) return;
        if (instance->app) instance->definition->close(instance->app);
        assert(!instance->timers && instance->jobs_running == 0);
        if (instance->owner) cache_owner_destroy(instance->owner, NULL, NULL);
        if (instance->reader) cache_reader_destroy(instance->reader, NULL, NULL);
        feed_close(instance->feed);
        commit_engine_close(instance->commit);
        pack_shelf_close(instance->packs);
        record_copies_destroy(instance->copies);
        free(instance->record_cache);
        free(instance->trust);
        free(instance->jobs);
        free(instance->plans);
        free(instance);
}

/* ---- asking ---- */

rpc_peer *service_instance_peer(const service_instance *instance, const char *name)
{
        for (size_t i = 0; i < SERVICE_PEERS_MAX && instance->definition->peers[i]; i++)
                if (strcmp(instance->definition->peers[i], name) == 0)
                        return instance->seams.peers[i];
        return NULL;
}

enum { CACHE_AWAY_MAX_MS = 5000 };

bool service_instance_is_ready(const service_instance *instance)
{
        return !instance->seams.cache ||
               cache_connection_away_ms(instance->seams.cache) <= CACHE_AWAY_MAX_MS;
}

uint8_t service_part_of_text(const service_instance *instance, const char *text)
{
        return keyed_hash_of(instance->keys.part, bytes_of_text(text)).bytes[0];
}

digest service_lookup_hash(const service_instance *instance, const char *text)
{
        return keyed_hash_of(instance->keys.lookup, bytes_of_text(text));
}
