#define _GNU_SOURCE /* RUSAGE_THREAD */
/* Our side without the wire: so many tasks in flight on one loop, each reads the holder, looks up
 * the request id and commits what ReportLoss commits.
 *   commit_load FOLDER IN_FLIGHT MS
 * Prints {"writes_per_s": …, "writes": …, "group": …, "conflicts": …, "cpu_us": …, "loop_us": …}.
 */
#include "common/base/random.h"
#include "common/commit/commit.h"
#include "common/commit/idempotency.h"
#include "common/store/store.h"
#include "services/card/store/card_schema.h"
#include "services/card/store/card_statements.h"
#include "tests/bench/write_vs_sqlite/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define CALLER "https://issuer.sscard.test/330000 hotline-12333"
#define METHOD "sscard.card.v1.CardService/ReportLoss"

typedef struct load {
        task task;
        store *store;
        commit_engine *engine;
        const card_row *cards;
        size_t card_count, begun;
        uint32_t in_flight;
        int64_t until_us, writes, conflicts;
} load;

static uint8_t record[RECORD_BYTES], answer[ANSWER_BYTES];

static void queue_card(store_batch *batch, uint8_t part, const change *c)
{
        const card_row *row = c->after;
        store_batch_add(batch, &card_update, store_integer(part), store_ulid(&c->id),
                        store_ulid(&row->holder), store_integer(STATE_TEMP_LOST), store_integer(0),
                        store_integer(row->expires_on), store_integer(c->version),
                        store_blob(bytes_of(record, sizeof record)));
}

static bytes pack_card(arena *a, const void *card)
{
        (void)a;
        (void)card;
        return bytes_of(record, sizeof record);
}

static const change_kind kind = {.name = "card", .queue = queue_card, .pack = pack_card};

static bool report_loss(task *t, load *l, const card_row *row, uint64_t count)
{
        ulid holder = row->holder, card = row->card;
        uint8_t part = ulid_part(holder);
        char *request_id = arena_format(&t->arena, "%08x-0000-4000-8000-%012llx",
                                        (unsigned)(count * 2654435761u), (unsigned long long)count);
        idempotency_key key = {
                .part = part, .caller = CALLER, .method = METHOD, .request_id = request_id};
        if (!idempotency_hash_request(l->engine, bytes_of("\x0a\x00", 2), key.request_hash))
                return false;
        SCOPED(idempotency_attempt) attempt = {0};
        idempotency_verdict verdict;
        commit_answer first;
        if (!idempotency_begin(t, l->engine, &key, &attempt, &verdict, &first)) return false;
        assert(verdict == IDEMPOTENCY_NEW);

        store_rows rows = {0};
        if (!store_query(t, l->store, &holder_load, &rows, store_integer(part),
                         store_ulid(&holder)))
                return false;
        int64_t version = store_row_integer(store_row(&rows, 0), 0);
        char text[ULID_TEXT_BYTES + 1];
        ulid_format(card, text);
        change_set changes = change_set_begin(&t->arena);
        change_set_add(&changes,
                       &(change){.kind = &kind,
                                 .name = arena_format(&t->arena, "regions/330000/cards/%s", text),
                                 .id = card,
                                 .version = row->version + 1,
                                 .event = "card.temp_lost",
                                 .before = row,
                                 .after = row});
        change_timer end = {
                .key = card, .kind = "temp_loss_end", .due = 1700864000000 + (int64_t)count};
        change_timer warning = {
                .key = card, .kind = "temp_loss_warning", .due = end.due - 86400000};
        change_set_set_timer(&changes, &warning);
        change_set_set_timer(&changes, &end);
        commit_origin origin = {.caller = CALLER,
                                .caller_role = "HOTLINE",
                                .actor_role = "HOLDER",
                                .channel = "PHONE_12333",
                                .method = METHOD,
                                .request_id = request_id};
        commit_request request = {.part = part,
                                  .holder = holder,
                                  .holder_version = version,
                                  .changes = &changes,
                                  .origin = &origin,
                                  .key = &key,
                                  .answer = {.bytes = bytes_of(answer, sizeof answer)}};
        switch (commit_apply(t, l->engine, &request, &first)) {
        case COMMIT_COMMITTED:
                l->writes++;
                return true;
        case COMMIT_CONFLICT:
                l->conflicts++;
                return true;
        default:
                return false;
        }
}

typedef struct lane {
        task task;
        load *load;
        task *main;
        uint32_t *open;
} lane;

static void lane_run(task *t)
{
        lane *own = t->owner;
        load *l = own->load;
        size_t count = l->begun++;
        if (!report_loss(t, l, &l->cards[count], count)) {
                fprintf(stderr, "commit_load: %s\n", t->failure.message);
                exit(1);
        }
}

/* Each request is a task of its own, as a call would be. */
static void lane_done(task *t)
{
        lane *own = t->owner;
        if (now_us() < own->load->until_us && own->load->begun < own->load->card_count) {
                if (!task_start(t, TASK_NO_DEADLINE, lane_run, lane_done)) exit(1);
                return;
        }
        if (--*own->open == 0) {
                loop_stop(t->loop);
                loop_release_hold(t->loop);
        }
}

static double cpu_us_now(int who)
{
        struct rusage usage;
        getrusage(who, &usage);
        return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
               (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

int main(int argc, char **argv)
{
        if (argc != 4) return 64;
        random_system random;
        random_system_init(&random);
        loop_options loop_options_ = {.clock = clock_system(), .random = &random.base};
        loop *l = loop_create(&loop_options_);
        failure why = {0};
        store_options options = {
                .folder = argv[1], .name = "card", .schemas = {&card_schema, &commit_schema}};
        load own = {.store = store_open(l, &options, &why),
                    .in_flight = (uint32_t)strtoul(argv[2], NULL, 10)};
        char path[4096];
        snprintf(path, sizeof path, "%s/card.db", argv[1]);
        own.cards = cards_read(path, &own.card_count);
        if (own.card_count < own.in_flight) return 1;
        keyring *ring = keyring_create(bytes_of("0123456789abcdef0123456789abcdef", 32), &why);
        commit_options commit = {
                .loop = l, .store = own.store, .keyring = ring, .region = "330000"};
        if (own.store && ring) own.engine = commit_engine_open(&commit, &why);
        if (!own.engine) {
                fprintf(stderr, "commit_load: %s\n", why.message);
                return 1;
        }
        uint32_t open = own.in_flight;
        lane *lanes = calloc(own.in_flight, sizeof *lanes);
        loop_hold(l);
        double began_cpu_us = cpu_us_now(RUSAGE_SELF), began_loop_us = cpu_us_now(RUSAGE_THREAD);
        int64_t began = now_us();
        own.until_us = began + strtol(argv[3], NULL, 10) * 1000;
        for (uint32_t i = 0; i < own.in_flight; i++) {
                lanes[i] = (lane){.load = &own, .open = &open};
                task_init(&lanes[i].task, l, &lanes[i]);
                if (!task_start(&lanes[i].task, TASK_NO_DEADLINE, lane_run, lane_done)) return 1;
        }
        loop_run(l);
        double seconds = (double)(now_us() - began) / 1e6;
        double cpu_us = cpu_us_now(RUSAGE_SELF) - began_cpu_us;
        double loop_us = cpu_us_now(RUSAGE_THREAD) - began_loop_us;
        store_counts counts = store_count(own.store);
        printf("{\"writes_per_s\": %.0f, \"writes\": %lld, \"group\": %.1f, \"conflicts\": %lld, "
               "\"cpu_us\": %.1f, \"loop_us\": %.1f}\n",
               (double)own.writes / seconds, (long long)own.writes,
               (double)counts.batches / (double)counts.groups, (long long)own.conflicts,
               cpu_us / (double)own.writes, loop_us / (double)own.writes);
        return 0;
}
