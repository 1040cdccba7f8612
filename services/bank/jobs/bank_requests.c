/* Asks banks what was committed to be asked. Must be harmless when it comes twice, or late: the
 * record says whether it still waits. Holds no transaction while the bank thinks. */
#include "services/bank/jobs/bank_requests.h"

#include "common/service/record_service.h"
#include "services/bank/handlers/bank_app.h"
#include "services/bank/handlers/bank_change.h"
#include "services/bank/jobs/bank_write.h"
#include "services/bank/ports/bank_gateway.h"
#include "services/card/record/holder_record.h"
#include "services/card/rules/card_settle.h"

const char *const BANK_TIMER_KINDS[] = {"pre_open", "activate", "confirm_loss", "close", NULL};

/* One request that is due. In the task's arena. */
typedef struct due_request {
        bank_app *app;
        const change_timer *timer;
        bank_request_kind kind;
        ulid holder;
        bank_loaded loaded;
        holder_record cards;
        bank_verdict verdict;
} due_request;

/* `*link` NULL: nothing waits for this timer any more. False: try again later. */
static bool load(task *t, due_request *due, const bank_link **link)
{
        bool found = false;
        *link = NULL;
        if (!bank_store_find_by_card(t, &due->app->store, due->timer->key, &due->holder, &found))
                return false;
        if (!found) return true;
        if (!bank_store_load(t, &due->app->store, due->holder, &due->loaded)) return false;
        int index = bank_holder_find(&due->loaded.links, due->timer->key);
        if (index >= 0) *link = &due->loaded.links.links[index];
        return true;
}

static bool still_waits(const due_request *due, const bank_link *link)
{
        const bank_request *request = link ? &link->requests[due->kind] : NULL;
        return request && bank_request_is_open(request) && request->next_at_ms == due->timer->due;
}

/* The card as it is now; NULL: its owner cannot say. */
static const card_record *load_card(task *t, due_request *due, const bank_link *link)
{
        record_look look;
        if (!record_of_peer(t, due->app->instance, "card", due->holder, &look)) return NULL;
        if (look.finding != RECORD_FOUND) return NULL;
        if (!holder_record_unpack(NULL, &t->arena, look.packed, &due->cards, &t->failure))
                return NULL;
        card_settle(&due->cards.holder, clock_business_ms(loop_clock(t->loop)));
        bank_recall_card(&due->cards.holder, link);
        int index = card_holder_find(&due->cards.holder, due->timer->key);
        return index < 0 ? NULL : &due->cards.holder.cards[index];
}

static void raise_alarm(const due_request *due)
{
        if (!due->verdict.alarm) return;
        const char *event = due->verdict.event;
        log_error(due->app->instance->log, "a bank did what it was not asked for",
                  log_setting("event", event ? event : "ANSWER_CONTRADICTS"));
}

static timer_verdict take_answer(task *t, due_request *due, const bank_answer *answer)
{
        for (int attempt = 1; attempt <= COMMIT_TRIES_MAX; attempt++) {
                const bank_link *link = NULL;
                if (!load(t, due, &link)) return TIMER_AGAIN;
                if (!link) return TIMER_DONE;
                const card_record *card = load_card(t, due, link);
                if (!card) return TIMER_AGAIN;
                int64_t now_ms = clock_business_ms(loop_clock(t->loop));
                bank_ids ids = bank_ids_new(due->app, now_ms, ulid_part(due->holder));
                bank_rules_answer(link, card, answer, &ids, now_ms, &due->verdict);
                raise_alarm(due);
                if (!due->verdict.changed) return TIMER_DONE;
                bank_write write = {.app = due->app,
                                    .holder = due->holder,
                                    .loaded = &due->loaded,
                                    .verdict = &due->verdict,
                                    .method = TIMER_METHOD,
                                    .request_id = timer_request_id(&t->arena, due->timer)};
                switch (bank_write_commit(t, &write)) {
                case COMMIT_COMMITTED:
                        return TIMER_DONE;
                case COMMIT_CONFLICT:
                        continue;
                default:
                        return TIMER_AGAIN;
                }
        }
        return TIMER_AGAIN;
}

timer_verdict bank_request_fire(void *service, task *t, uint8_t part, const change_timer *timer)
{
        TASK_MAY_SUSPEND(t);
        (void)part;
        service_instance *instance = service;
        due_request *due = arena_zalloc(&t->arena, sizeof *due);
        const bank_link *link = NULL;
        *due = (due_request){
                .app = instance->app, .timer = timer, .kind = bank_request_kind_of(timer->kind)};
        if (!load(t, due, &link)) return TIMER_AGAIN;
        if (!still_waits(due, link)) return TIMER_DONE;
        const char *region = instance->directory.region;
        bank_question question = {
                .name = bank_link_name(&t->arena, region, link->card),
                .holder = resource_name_format(&t->arena, region, "holders", due->holder),
                .link = link,
                .kind = due->kind};
        bank_answer answer;
        if (!bank_gateway_ask(t, service_instance_peer(instance, "bank_gateway"), &question,
                              &answer))
                return TIMER_AGAIN;
        return take_answer(t, due, &answer);
}
