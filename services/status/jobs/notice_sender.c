/* Hands notices over for delivery. Must be harmless when it comes twice: the notice's id is the key
 * of the delivery, and the record says whether it is done. */
#include "services/status/jobs/notices.h"

#include "common/federation/resource_name.h"
#include "common/text/language.h"
#include "services/status/handlers/notice_check.h"
#include "services/status/handlers/status_app.h"

static bool deliver(task *t, status_app *app, const status_loaded *loaded)
{
        TASK_MAY_SUSPEND(t);
        const notice_record *notice = &loaded->notice;
        const notice_delivery delivery = {
                .id = notice->id,
                .template_code = notice->template_code,
                .phone = notice->phone,
                .text = notice_check_sign(&t->arena, status_app_notices(app)->key, loaded->holder,
                                          notice),
                .language = language_locale((language)notice->language),
        };
        return notice_gateway_deliver(status_app_notices(app)->gateway, t, &delivery);
}

static bool commit(task *t, service_instance *instance, const status_loaded *loaded,
                   const notice_record *after, const change_timer *timer)
{
        TASK_MAY_SUSPEND(t);
        arena *a = &t->arena;
        const status_store *store = &status_app_notices(instance->app)->store;
        status_notice_change old = {&store->keys, loaded->holder, &loaded->notice};
        status_notice_change new = {&store->keys, loaded->holder, after};
        change_set changes = change_set_begin(a);
        change_set_add(
                &changes,
                &(change){.kind = &STATUS_NOTICE_KIND,
                          .name = resource_name_format(a, instance->directory.region, "notices",
                                                       after->id),
                          .id = after->id,
                          .version = after->version,
                          .event = after->delivered_at_ms ? "notice.delivered" : "notice.given_up",
                          .before = &old,
                          .after = &new});
        change_set_clear_timer(&changes, timer);
        const commit_origin origin = {.caller = TIMER_CALLER,
                                      .caller_role = "SYSTEM",
                                      .actor_role = "SYSTEM",
                                      .channel = "SYSTEM",
                                      .method = TIMER_METHOD,
                                      .request_id = timer_request_id(a, timer)};
        const commit_request request = {.part = ulid_part(loaded->holder),
                                        .holder = loaded->holder,
                                        .holder_version = loaded->holder_version,
                                        .changes = &changes,
                                        .origin = &origin};
        commit_answer first;
        return commit_apply(t, instance->commit, &request, &first) == COMMIT_COMMITTED;
}

timer_verdict notice_timer_fire(void *service, task *t, uint8_t part, const change_timer *timer)
{
        TASK_MAY_SUSPEND(t);
        service_instance *instance = service;
        status_app *app = instance->app;
        status_loaded loaded;
        bool found = false;
        if (!status_store_load(t, &status_app_notices(app)->store, part, timer->key, &loaded,
                               &found))
                return TIMER_AGAIN;
        if (!found || loaded.notice.delivered_at_ms || loaded.notice.given_up_at_ms)
                return TIMER_DONE;
        const int64_t now = clock_business_ms(status_app_notices(app)->clock);
        notice_record after = loaded.notice;
        after.version++;
        after.attempts++;
        if (deliver(t, app, &loaded))
                after.delivered_at_ms = now;
        else if (now - loaded.notice.written_at_ms > NOTICE_DELIVERY_MS)
                after.given_up_at_ms = now;
        else
                return TIMER_AGAIN;
        return commit(t, instance, &loaded, &after, timer) ? TIMER_DONE : TIMER_AGAIN;
}
