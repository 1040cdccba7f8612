/* Fires durable timers. Must be harmless when it comes twice, or late: the record says whether it
 * still waits for this timer. */
#include "services/card/jobs/card_timers.h"

#include "services/card/handlers/card_app.h"
#include "services/card/handlers/card_changes.h"
#include "services/card/rules/card_invariants.h"
#include "services/card/rules/card_rules.h"
#include "services/region/region_knobs.h"

#include <string.h>

const char *const CARD_TIMER_KINDS[] = {"temp_loss_end", "temp_loss_warning", "unclaimed",
                                        "expiring",      "expired",           NULL};

static card_timer_kind kind_of(const char *name)
{
        for (int kind = 1; kind < CARD_TIMER_KIND_COUNT; kind++)
                if (strcmp(card_timer_kind_name((card_timer_kind)kind), name) == 0)
                        return (card_timer_kind)kind;
        return CARD_TIMER_NONE;
}

/* One attempt. In the task's arena. */
typedef struct firing {
        card_loaded loaded;
        card_verdict verdict;
        holder_record after;
        const rule_pack *pack; /* held by card_timer_fire() */
} firing;

static commit_outcome commit(task *t, card_app *app, firing *f, const change_timer *timer)
{
        arena *a = &t->arena;
        const char *region = app->instance->directory.region;
        change_set changes = change_set_begin(a);
        card_changes_add(&changes, &app->store.keys, region, f->verdict.after.id,
                         &f->verdict.changes);
        change_set_clear_timer(&changes, timer);
        f->after = (holder_record){.holder = f->verdict.after, .person = f->loaded.record.person};
        commit_origin origin = {.caller = TIMER_CALLER,
                                .caller_role = "SYSTEM",
                                .actor_role = "SYSTEM",
                                .channel = "SYSTEM",
                                .method = TIMER_METHOD,
                                .request_id = timer_request_id(a, timer),
                                .pack_version = pack_version(f->pack)};
        commit_request request = {.part = ulid_part(f->verdict.after.id),
                                  .holder = f->verdict.after.id,
                                  .holder_version = f->loaded.version,
                                  .changes = &changes,
                                  .origin = &origin,
                                  .record = holder_record_pack(&app->store.keys, a, &f->after)};
        commit_answer first;
        assert(card_invariants_hold(&f->verdict.after));
        return commit_apply(t, app->instance->commit, &request, &first);
}

static timer_verdict fire_once(task *t, card_app *app, const rule_pack *region,
                               const change_timer *timer, bool *conflict)
{
        firing *f = arena_zalloc(&t->arena, sizeof *f);
        f->pack = region;
        ulid holder;
        bool found = false;
        *conflict = false;
        if (!card_store_find_by_card(t, &app->store, timer->key, &holder, &found))
                return TIMER_AGAIN;
        if (!found) return TIMER_DONE;
        if (!card_store_load(t, &app->store, ulid_part(holder), holder, &f->loaded, &found))
                return TIMER_AGAIN;
        if (!found) return TIMER_DONE;
        policy_caller system = {.roles = POLICY_R(SYSTEM),
                                .role = POLICY_ROLE_SYSTEM,
                                .channel = POLICY_CHANNEL_SYSTEM};
        card_facts facts = {.holder = &f->loaded.record.holder,
                            .knobs = region_card_knobs(&t->arena, f->pack),
                            .caller = &system,
                            .now_ms = clock_business_ms(app->store.clock),
                            .region = app->instance->directory.region};
        card_rules_fire_timer(&facts, timer->key, kind_of(timer->kind), &f->verdict);
        if (f->verdict.changes.count == 0) return TIMER_DONE;
        switch (commit(t, app, f, timer)) {
        case COMMIT_COMMITTED:
        case COMMIT_REPEATED:
                return TIMER_DONE;
        case COMMIT_CONFLICT:
                *conflict = true;
                return TIMER_AGAIN;
        default:
                return TIMER_AGAIN;
        }
}

timer_verdict card_timer_fire(void *service, task *t, uint8_t part, const change_timer *timer)
{
        TASK_MAY_SUSPEND(t);
        (void)part;
        service_instance *instance = service;
        SCOPED(pack_hold) hold = {0};
        const rule_pack *region = pack_hold_take(&hold, instance->packs);
        bool conflict = true;
        timer_verdict verdict = TIMER_AGAIN;
        for (int attempt = 1; conflict && attempt <= COMMIT_TRIES_MAX; attempt++)
                verdict = fire_once(t, instance->app, region, timer, &conflict);
        return verdict;
}
