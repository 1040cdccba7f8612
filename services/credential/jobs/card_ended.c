/* The card ended: VOID, with the event's place in the same transaction. Must be harmless when it
 * comes twice. */
#include "services/credential/handlers/command.h"
#include "services/credential/handlers/enable_case.h"
#include "services/credential/jobs/credential_jobs.h"

static consumer_verdict void_pin(task *t, credential_app *app, credential_loaded *loaded, int index,
                                 const commit_consumes *consumes)
{
        TASK_MAY_SUSPEND(t);
        arena *a = &t->arena;
        const credential_record *before = &loaded->holder.items[index];
        const credential_knobs knobs = credential_knobs_national(); /* not asked by this event */
        credential_facts facts = {
                .credential = before, .knobs = &knobs, .now_ms = clock_business_ms(app->clock)};
        credential_verdict verdict;
        credential_rules_apply(&facts, CREDENTIAL_CARD_ENDED, &verdict);
        if (!verdict.changed) return CONSUMER_NOTHING;
        change_set changes =
                credential_changes(a, app->instance->directory.region, loaded->holder.id, before,
                                   &verdict.after, &loaded->rows[index], verdict.event);
        commit_origin origin = {.caller = "system feed",
                                .caller_role = "SYSTEM",
                                .actor_role = "SYSTEM",
                                .channel = "SYSTEM",
                                .method = "feed/card"};
        commit_request request = {
                .part = ulid_part(loaded->holder.id),
                .holder = loaded->holder.id,
                .holder_version = loaded->version,
                .changes = &changes,
                .origin = &origin,
                .record = credential_record_after(a, &loaded->holder, &verdict.after),
                .consumes = consumes};
        commit_answer first;
        return commit_apply(t, app->instance->commit, &request, &first) == COMMIT_COMMITTED
                       ? CONSUMER_DONE
                       : CONSUMER_AGAIN;
}

static consumer_verdict take(task *t, service_instance *instance, const consumer_event *event,
                             const commit_consumes *consumes)
{
        TASK_MAY_SUSPEND(t);
        credential_app *app = instance->app;
        resource_name name;
        const char *why = NULL;
        ulid holder;
        bool found = false;
        if (!resource_name_parse(event->name, &name, &why)) return CONSUMER_NOTHING;
        if (!credential_store_find(t, app->store, name.id, &holder, &found)) return CONSUMER_AGAIN;
        if (!found) return CONSUMER_NOTHING;
        if (!enable_case_settle(t, app, holder)) return CONSUMER_AGAIN;
        credential_loaded *loaded = arena_alloc(&t->arena, sizeof *loaded);
        if (!credential_store_load(t, app->store, holder, loaded)) return CONSUMER_AGAIN;
        int index = credential_find(&loaded->holder, name.id);
        return index < 0 ? CONSUMER_NOTHING : void_pin(t, app, loaded, index, consumes);
}

static const char *const EVENTS[] = {"card.cancelled", NULL};

const service_consumer CREDENTIAL_CARD_CONSUMER = {
        .source = "card", .events = EVENTS, .take = take};
