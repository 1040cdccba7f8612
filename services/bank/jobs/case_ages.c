/* Measures closures whose bank leg is open, and links whose bank owes an answer. */
#include "services/bank/jobs/case_ages.h"

#include "common/service/metrics.h"
#include "services/bank/handlers/bank_app.h"

enum { PAUSE_MS = 5000 };

static const metric_declaration OPEN = {.name = "sscard_bank_cases_open",
                                        .help = "Half-done cases: closures that wait for their "
                                                "bank leg, links whose bank owes an answer.",
                                        .type = METRIC_GAUGE,
                                        .labels = {"kind"}};
static const metric_declaration OLDEST = {.name = "sscard_bank_case_oldest_age_seconds",
                                          .help = "Age of the oldest half-done case.",
                                          .type = METRIC_GAUGE,
                                          .labels = {"kind"}};

typedef struct gauges {
        metric_value *open, *oldest;
} gauges;

static gauges gauges_of(metrics *registry, const char *kind)
{
        return (gauges){metric_series(metrics_family(registry, &OPEN), &kind),
                        metric_series(metrics_family(registry, &OLDEST), &kind)};
}

static void show(const gauges *g, int64_t count, int64_t since_ms, int64_t now_ms)
{
        metric_set(g->open, count);
        metric_set(g->oldest, since_ms > 0 && now_ms > since_ms ? (now_ms - since_ms) / 1000 : 0);
}

static void run(task *t, service_instance *instance)
{
        TASK_MAY_SUSPEND(t);
        metrics *registry = service_metrics_registry(instance->metrics);
        if (!registry) return;
        gauges closing = gauges_of(registry, "closure"), waiting = gauges_of(registry, "request");
        const bank_app *app = instance->app;
        do {
                bank_ages ages = {0};
                arena_reset(&t->arena);
                if (!bank_store_ages(t, &app->store, &ages)) {
                        failure_clear(&t->failure);
                        continue;
                }
                int64_t now_ms = clock_business_ms(loop_clock(t->loop));
                show(&closing, ages.closing, ages.closing_since_ms, now_ms);
                show(&waiting, ages.waiting, ages.waiting_since_ms, now_ms);
        } while (task_sleep(t, PAUSE_MS));
}

const service_job BANK_CASE_AGES = {"case ages", run};
