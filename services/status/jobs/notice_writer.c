/* Writes a notice for each change that has one. Effect and cursor are one transaction: a notice is
 * written once, whatever dies. Must never put an unmasked name or number into a text. */
#include "services/status/jobs/notices.h"

#include "common/base/scoped.h"
#include "common/federation/resource_name.h"
#include "common/service/record_service.h"
#include "services/card/record/holder_record.h"
#include "services/region/region_notice.h"
#include "services/status/handlers/status_app.h"

#include <string.h>

const char *const NOTICE_TIMER_KINDS[] = {"send", NULL};

/* One event. In the task's arena. */
typedef struct writing {
        task *t;
        service_instance *instance;
        status_app *app;
        const consumer_event *event;
        card_record card;
        holder_record holder;
} writing;

typedef enum finding { FOUND = 1, NOBODY, FAILED } finding;

/* Whom to tell: her phone and name as they are now; the card as it was then. */
static finding load(writing *w)
{
        task *t = w->t;
        record_look look;
        const keyring *ring = w->instance->keys.data;
        if (!record_of_peer(t, w->instance, "card", w->event->holder, &look)) return FAILED;
        if (look.finding == RECORD_NOT_FOUND) return NOBODY;
        if (look.finding != RECORD_FOUND) {
                task_fail(t, FAILURE_UNAVAILABLE, "OWNER_UNAVAILABLE", "the card service is away");
                return FAILED;
        }
        if (!card_record_unpack(ring, &t->arena, w->event->after, &w->card, &t->failure) ||
            !holder_record_unpack(ring, &t->arena, look.packed, &w->holder, &t->failure))
                return FAILED;
        return *w->holder.person.secret.phone ? FOUND : NOBODY;
}

static consumer_verdict commit(writing *w, const char *text, const char *pack_version,
                               const commit_consumes *consumes)
{
        task *t = w->t;
        TASK_MAY_SUSPEND(t);
        arena *a = &t->arena;
        const ulid holder = w->event->holder;
        const uint8_t part = ulid_part(holder);
        const status_store *store = &status_app_notices(w->app)->store;
        bool found = false;
        int64_t version = 0;
        if (!commit_load_holder_version(t, w->instance->commit, part, &holder, &found, &version))
                return CONSUMER_AGAIN;
        const int64_t now = clock_business_ms(status_app_notices(w->app)->clock);
        notice_record notice = {.id = ulid_new(now, store->keys.random, part),
                                .version = 1,
                                .template_code = w->event->type,
                                .about = w->event->name,
                                .language = LANGUAGE_ZH,
                                .written_at_ms = now,
                                .pack_version = pack_version,
                                .text = text,
                                .phone = w->holder.person.secret.phone};
        status_notice_change after = {&store->keys, holder, &notice};
        change_set changes = change_set_begin(a);
        change_set_add(&changes,
                       &(change){.kind = &STATUS_NOTICE_KIND,
                                 .name = resource_name_format(a, w->instance->directory.region,
                                                              "notices", notice.id),
                                 .id = notice.id,
                                 .version = notice.version,
                                 .event = "notice.written",
                                 .after = &after});
        change_set_set_timer(
                &changes,
                &(change_timer){.key = notice.id, .kind = NOTICE_TIMER_KINDS[0], .due = now});
        const commit_origin origin = {.caller = TIMER_CALLER,
                                      .caller_role = "SYSTEM",
                                      .actor_role = "SYSTEM",
                                      .channel = "SYSTEM",
                                      .method = "feed",
                                      .request_id = arena_format(a, "feed/%s/%lld", w->event->name,
                                                                 (long long)w->event->version),
                                      .pack_version = pack_version};
        const commit_request request = {.part = part,
                                        .holder = holder,
                                        .holder_version = version,
                                        .holder_is_new = !found,
                                        .changes = &changes,
                                        .origin = &origin,
                                        .consumes = consumes};
        commit_answer first;
        return commit_apply(t, w->instance->commit, &request, &first) == COMMIT_COMMITTED
                       ? CONSUMER_DONE
                       : CONSUMER_AGAIN;
}

static consumer_verdict take(task *t, service_instance *instance, const consumer_event *event,
                             const commit_consumes *consumes)
{
        TASK_MAY_SUSPEND(t);
        status_app *app = instance->app;
        SCOPED(pack_hold) hold = {0};
        const rule_pack *region = pack_hold_take(&hold, instance->packs);
        const bool is_news =
                clock_business_ms(status_app_notices(app)->clock) - event->at_ms <= NOTICE_NEWS_MS;
        if (!is_news || event->after.length == 0 || ulid_is_zero(event->holder) || !region)
                return CONSUMER_NOTHING;
        writing *w = arena_zalloc(&t->arena, sizeof *w);
        *w = (writing){.t = t, .instance = instance, .app = app, .event = event};
        switch (load(w)) {
        case FOUND:
                break;
        case NOBODY:
                return CONSUMER_NOTHING;
        case FAILED:
                return CONSUMER_AGAIN;
        }
        const region_notice_about about = {.event = event->type,
                                           .card = &w->card,
                                           .person = w->holder.person.secret.name,
                                           .language = LANGUAGE_ZH};
        const char *text = region_notice_text(&t->arena, region, &about);
        return text ? commit(w, text, pack_version(region), consumes) : CONSUMER_NOTHING;
}

static const char *const EVENTS[] = {
        "card.ready",     "card.enabled",   "card.temp_lost", "card.temp_loss_ending", "card.lost",
        "card.recovered", "card.cancelled", "card.expiring",  "card.expired",          NULL};
const service_consumer NOTICE_CONSUMER = {.source = "card", .events = EVENTS, .take = take};
