/* Seeds a card database with holders that have one NORMAL card each, for both sides of the row.
 *   seed FOLDER HOLDERS */
#include "common/base/random.h"
#include "common/commit/commit.h"
#include "common/commit/commit_statements.h"
#include "common/store/store.h"
#include "services/card/store/card_schema.h"
#include "services/card/store/card_statements.h"
#include "tests/bench/write_vs_sqlite/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOLDERS_PER_BATCH = 500, STATE_NORMAL = 5 };

typedef struct seeding {
        task task;
        store *store;
        uint32_t holders;
        bool done;
} seeding;

static void queue_holder(store_batch *batch, uint32_t n)
{
        static uint8_t record[RECORD_BYTES];
        static const uint8_t op[16] = {1};
        ulid *ids = arena_alloc(batch->arena, 2 * sizeof *ids);
        ids[0] = holder_of(n);
        ids[1] = card_of(n);
        store_value part = store_integer(ulid_part(ids[0]));
        store_value holder = store_ulid(&ids[0]), card = store_ulid(&ids[1]);
        bytes data = bytes_of(record, sizeof record);
        store_batch_add(batch, &holder_create, part, holder, store_blob(bytes_of(op, 16)));
        store_batch_add(batch, &person_insert, part, holder, holder, store_integer(1),
                        store_blob(data));
        store_batch_add(batch, &card_holder_insert, part, card, holder);
        store_batch_add(batch, &card_insert, part, card, holder, store_integer(STATE_NORMAL),
                        store_integer(0), store_integer(20300 + n % 3000), store_integer(1),
                        store_blob(data));
}

static void seed_run(task *t)
{
        seeding *s = t->owner;
        SCOPED(arena) memory = {0};
        for (uint32_t n = 0; n < s->holders;) {
                arena_reset(&memory);
                store_batch batch = store_batch_begin(&memory);
                for (int i = 0; i < HOLDERS_PER_BATCH && n < s->holders; i++)
                        queue_holder(&batch, n++);
                if (store_commit(t, s->store, &batch) != STORE_OK) {
                        fprintf(stderr, "seed: %s\n", t->failure.message);
                        return;
                }
        }
        s->done = true;
}

int main(int argc, char **argv)
{
        if (argc != 3) return 64;
        clock_manual clock;
        random_seeded random;
        clock_manual_init(&clock, 1700000000000);
        random_seeded_init(&random, 1);
        loop_options loop_options_ = {.clock = &clock.base, .random = &random.base};
        loop *l = loop_create_virtual(&loop_options_, &clock);
        failure why = {0};
        store_options options = {.folder = argv[1],
                                 .name = "card",
                                 .schemas = {&card_schema, &commit_schema},
                                 .inline_writes = true,
                                 .lazy_sync = true};
        seeding s = {.store = store_open(l, &options, &why),
                     .holders = (uint32_t)strtoul(argv[2], NULL, 10)};
        if (!s.store) {
                fprintf(stderr, "seed: %s\n", why.message);
                return 1;
        }
        task_init(&s.task, l, &s);
        if (!task_start(&s.task, TASK_NO_DEADLINE, seed_run, NULL)) return 1;
        while (!task_is_over(&s.task))
                loop_run_virtual(l, loop_now_ms(l) + 1);
        task_release(&s.task, NULL);
        store_close(s.store);
        loop_destroy(l);
        return s.done ? 0 : 1;
}
