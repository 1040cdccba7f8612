/* N2: what validate_only shows is what then happens, but for ids; and showing it moves nothing in
 * store, cache and feed. Ten thousand random operations by a seed: SIM_SEED=17 for another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sim/region/sim_world.h"

#include "common/rpc/error.h"
#include "sscard/common/v1/watch.pb-c.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef __SANITIZE_ADDRESS__
enum { OPERATIONS = 1500 };
#else
enum { OPERATIONS = 10000 };
#endif
enum {
        SUBJECTS_MAX = 16384,
        SUBJECTS_AWAKE = 48, /* the youngest ones: few enough to grow old */
        OPERATIONS_A_LEAP = 25,
        LEAP_MS_MAX = 8 * 24 * 3600 * 1000,
        AFTER_LEAP_MS = 450, /* two looks at the timers */
        WARM_UP_MS = 12000,
        VERDICTS_MAX = 48,
        NAME_PREFIX = sizeof "regions/330000/" - 1,
};

typedef struct subject {
        char card[SIM_NAME_BYTES], holder[SIM_NAME_BYTES];
        uint64_t person;
        int state; /* as the last answer showed it */
} subject;

/* How often an operation got each answer. */
typedef struct coverage {
        const char *verdicts[VERDICTS_MAX];
        uint32_t counts[VERDICTS_MAX];
        size_t count;
} coverage;

typedef struct preview_run {
        sim_world world; /* first: a task's owner is the world */
        random_seeded random;
        subject subjects[SUBJECTS_MAX];
        size_t subject_count;
        uint64_t next_person;
        uint32_t number;
        bytes cursor; /* of the feed; malloc */
        coverage coverage[SIM_OPERATION_COUNT];
        arena kept;
        double preview_seconds, change_seconds;
        uint32_t compared, events;
} preview_run;

/* ---- one call ---- */

static bytes pack(arena *a, const ProtobufCMessage *message)
{
        uint8_t *room = arena_alloc(a, protobuf_c_message_get_packed_size(message) + 1);
        return bytes_of(room, protobuf_c_message_pack(message, room));
}

static double cpu_seconds(void)
{
        struct timespec now;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
        return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static rpc_answer call(task *t, const sim_world *w, const char *method, const char *token,
                       const ProtobufCMessage *message)
{
        rpc_metadata metadata = {"authorization", arena_format(&t->arena, "Bearer %s", token)};
        rpc_answer answer;
        if (!rpc_peer_call(w->to_card, t, method, pack(&t->arena, message), &metadata, 1, &answer))
                abort();
        assert_int_not_equal(answer.status, FAILURE_UNAVAILABLE);
        assert_int_not_equal(answer.status, FAILURE_INTERNAL);
        return answer;
}

/* ---- what stands where ---- */

/* Moves with every commit of anybody to the card's database: rows, journal, feed, timers, answers.
 */
static int64_t store_mark(task *t, const sim_world *w)
{
        static const store_statement statement = {"data_version", "PRAGMA data_version", 0};
        store_rows rows = {0};
        if (!store_query_values(t, w->card.guard, &statement, &rows, NULL, 0)) abort();
        return store_row_integer(store_row(&rows, 0), 0);
}

typedef struct marks {
        int64_t store;
        uint64_t cache;
} marks;

static marks marks_of(task *t, const sim_world *w)
{
        return (marks){store_mark(t, w), sim_redis_changes(w->redis)};
}

/* The events since the last time. */
static Common__WatchResponse *news(task *t, preview_run *r)
{
        Common__WatchRequest request = COMMON__WATCH_REQUEST__INIT;
        request.name = "regions/330000";
        request.from_beginning = true;
        request.cursor.data = (uint8_t *)r->cursor.data;
        request.cursor.len = r->cursor.length;
        rpc_answer answer = call(t, &r->world, "sscard.card.v1.CardService/Watch",
                                 sim_token(&r->world, POLICY_ROLE_SYSTEM, 0, NULL), &request.base);
        assert_int_equal(answer.status, 0);
        Common__WatchResponse *response = (Common__WatchResponse *)protobuf_c_message_unpack(
                &common__watch_response__descriptor, NULL, answer.reply.length, answer.reply.data);
        assert_non_null(response);
        assert_true(response->caught_up);
        free((void *)r->cursor.data);
        uint8_t *kept = malloc(response->cursor.len);
        memcpy(kept, response->cursor.data, response->cursor.len);
        r->cursor = bytes_of(kept, response->cursor.len);
        return response;
}

static void news_release(Common__WatchResponse *response)
{
        common__watch_response__free_unpacked(response, NULL);
}

/* ---- the same but for ids ---- */

static bool is_known(const preview_run *r, const char *name)
{
        for (size_t i = r->subject_count; i-- > 0;)
                if (!strcmp(r->subjects[i].card, name) || !strcmp(r->subjects[i].holder, name))
                        return true;
        return false;
}

static bool is_named_thing(const char *text)
{
        return strncmp(text, "regions/330000/cards/", 21) == 0 ||
               strncmp(text, "regions/330000/holders/", 23) == 0;
}

/* What was made just now has an id that nobody could foresee. */
static const char *name_without_id(const preview_run *r, const char *text)
{
        if (!is_named_thing(text) || is_known(r, text)) return text;
        return text[NAME_PREFIX] == 'c' ? "regions/330000/cards/-" : "regions/330000/holders/-";
}

static void forget_ids(const preview_run *r, ProtobufCMessage *message);

static void forget_in_member(const preview_run *r, const ProtobufCFieldDescriptor *field,
                             void *member)
{
        if (field->type == PROTOBUF_C_TYPE_STRING) {
                char **text = member;
                *text = (char *)name_without_id(r, *text);
        } else if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
                ProtobufCMessage *inner = *(ProtobufCMessage **)member;
                if (inner) forget_ids(r, inner);
        }
}

static void forget_ids(const preview_run *r, ProtobufCMessage *message)
{
        const ProtobufCMessageDescriptor *type = message->descriptor;
        for (unsigned i = 0; i < type->n_fields; i++) {
                const ProtobufCFieldDescriptor *field = &type->fields[i];
                if (field->type != PROTOBUF_C_TYPE_STRING && field->type != PROTOBUF_C_TYPE_MESSAGE)
                        continue;
                char *member = (char *)message + field->offset;
                size_t quantifier = *(size_t *)((char *)message + field->quantifier_offset);
                if (field->label == PROTOBUF_C_LABEL_REPEATED) {
                        void **items = *(void ***)member;
                        for (size_t k = 0; k < quantifier; k++)
                                forget_in_member(r, field, &items[k]);
                } else if (!(field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) ||
                           *(uint32_t *)((char *)message + field->quantifier_offset) == field->id) {
                        forget_in_member(r, field, member);
                }
        }
}

/* Into the arena: what follows rewrites texts in place. */
static void *arena_take(void *a, size_t bytes)
{
        return arena_alloc(a, bytes);
}

static void arena_leave(void *a, void *bytes)
{
        (void)a;
        (void)bytes;
}

static ProtobufCMessage *unpack(arena *a, const ProtobufCMessageDescriptor *type, bytes packed)
{
        ProtobufCAllocator allocator = {arena_take, arena_leave, a};
        ProtobufCMessage *message =
                protobuf_c_message_unpack(type, &allocator, packed.length, packed.data);
        assert_non_null(message);
        return message;
}

static void assert_same(arena *a, const ProtobufCMessage *shown, const ProtobufCMessage *happened)
{
        bytes one = pack(a, shown), other = pack(a, happened);
        assert_int_equal(one.length, other.length);
        assert_memory_equal(one.data, other.data, one.length);
}

/* ---- the preview's list of changes ---- */

static ProtobufCMessage *opened(arena *a, const Google__Protobuf__Any *any)
{
        const ProtobufCMessageDescriptor *type = strstr(any->type_url, "Holder")
                                                         ? &card__holder__descriptor
                                                         : &card__card__descriptor;
        return unpack(a, type, bytes_of(any->value.data, any->value.len));
}

static int64_t version_of(const ProtobufCMessage *thing)
{
        return thing->descriptor == &card__holder__descriptor
                       ? ((const Card__Holder *)thing)->version
                       : ((const Card__Card *)thing)->version;
}

/* Each change that was shown is one event of the feed, with that type and version, and no more. */
static void assert_events(preview_run *r, arena *a, const Common__ChangeSet *shown,
                          const Common__WatchResponse *happened)
{
        assert_int_equal(shown->n_changes, happened->n_events);
        bool taken[64] = {0};
        for (size_t i = 0; i < shown->n_changes; i++) {
                const Common__Change *change = shown->changes[i];
                int64_t version = version_of(opened(a, change->after));
                assert_int_equal(change->n_events, 1);
                size_t k = 0;
                for (; k < happened->n_events; k++) {
                        const Common__WatchEvent *event = happened->events[k];
                        if (!taken[k] && event->version == version &&
                            !strcmp(name_without_id(r, event->name), change->name) &&
                            !strcmp(event->event_type, change->events[0]))
                                break;
                }
                if (k == happened->n_events)
                        fail_msg("%s of %s, version %" PRId64 ", was shown and did not happen",
                                 change->events[0], change->name, version);
                taken[k] = true;
        }
        r->events += (uint32_t)shown->n_changes;
}

/* What is shown as "after" is what the answer shows, if no later change of the same thing is. */
static void assert_after(preview_run *r, arena *a, const Common__ChangeSet *shown,
                         ProtobufCMessage *const *things, size_t count)
{
        for (size_t i = 0; i < shown->n_changes; i++) {
                ProtobufCMessage *after = opened(a, shown->changes[i]->after);
                bool found = false, later = false;
                for (size_t k = i + 1; k < shown->n_changes; k++)
                        later |= !strcmp(shown->changes[k]->name, shown->changes[i]->name);
                forget_ids(r, after);
                for (size_t k = 0; k < count && !later; k++) {
                        const char *name = after->descriptor == &card__holder__descriptor
                                                   ? ((Card__Holder *)after)->name
                                                   : ((Card__Card *)after)->name;
                        if (things[k]->descriptor != after->descriptor) continue;
                        /* `name` is the first field of both. */
                        if (strcmp(((Card__Card *)things[k])->name, name) != 0) continue;
                        assert_same(a, after, things[k]);
                        found = true;
                }
                assert_true(found || later || after->descriptor == &card__holder__descriptor);
        }
}

/* ---- subjects ---- */

static void learn(preview_run *r, const char *card, const char *holder, uint64_t person, int state)
{
        for (size_t i = 0; i < r->subject_count; i++)
                if (!strcmp(r->subjects[i].card, card)) {
                        r->subjects[i].state = state;
                        return;
                }
        assert_true(r->subject_count < SUBJECTS_MAX);
        subject *s = &r->subjects[r->subject_count++];
        s->person = person;
        s->state = state;
        snprintf(s->card, sizeof s->card, "%s", card);
        snprintf(s->holder, sizeof s->holder, "%s", holder);
}

static const char *verdict_kept(preview_run *r, const char *verdict)
{
        return arena_strdup(&r->kept, verdict);
}

static void note(preview_run *r, int operation, const char *verdict)
{
        coverage *c = &r->coverage[operation];
        for (size_t i = 0; i < c->count; i++)
                if (!strcmp(c->verdicts[i], verdict)) {
                        c->counts[i]++;
                        return;
                }
        assert_true(c->count < VERDICTS_MAX);
        c->verdicts[c->count] = verdict_kept(r, verdict);
        c->counts[c->count++] = 1;
}

/* ---- one operation: shown, then done ---- */

typedef struct trial {
        preview_run *r;
        arena *a;
        sim_wish wish;
        rpc_answer shown, happened;
} trial;

static void compare_card(trial *x, const Common__WatchResponse *events)
{
        preview_run *r = x->r;
        Card__CardResult *shown =
                (Card__CardResult *)unpack(x->a, &card__card_result__descriptor, x->shown.reply);
        Card__CardResult *happened =
                (Card__CardResult *)unpack(x->a, &card__card_result__descriptor, x->happened.reply);
        const char *card = arena_strdup(x->a, happened->card->name);
        const char *holder = arena_strdup(x->a, happened->card->holder);
        Common__ChangeSet *preview = shown->preview;
        assert_non_null(preview);
        assert_null(happened->preview);
        shown->preview = NULL;
        assert_events(r, x->a, preview, events);
        forget_ids(r, &shown->base);
        forget_ids(r, &happened->base);
        assert_same(x->a, &shown->base, &happened->base);
        ProtobufCMessage *things[32] = {&happened->card->base};
        size_t count = 1;
        for (size_t i = 0; i < happened->n_other_cards; i++)
                things[count++] = &happened->other_cards[i]->base;
        assert_after(r, x->a, preview, things, count);
        note(r, x->wish.operation, happened->changed ? "OK" : "OK, unchanged");
        learn(r, card, holder, x->wish.person, (int)happened->card->state);
        for (size_t i = 0; i < happened->n_other_cards; i++)
                learn(r, happened->other_cards[i]->name, holder, x->wish.person,
                      (int)happened->other_cards[i]->state);
}

static void compare_holder(trial *x, const Common__WatchResponse *events)
{
        preview_run *r = x->r;
        Card__HolderResult *shown = (Card__HolderResult *)unpack(
                x->a, &card__holder_result__descriptor, x->shown.reply);
        Card__HolderResult *happened = (Card__HolderResult *)unpack(
                x->a, &card__holder_result__descriptor, x->happened.reply);
        Common__ChangeSet *preview = shown->preview;
        assert_non_null(preview);
        shown->preview = NULL;
        assert_events(r, x->a, preview, events);
        forget_ids(r, &shown->base);
        forget_ids(r, &happened->base);
        assert_same(x->a, &shown->base, &happened->base);
        ProtobufCMessage *things[32] = {&happened->holder->base};
        size_t count = 1;
        for (size_t i = 0; i < happened->n_cards; i++)
                things[count++] = &happened->cards[i]->base;
        assert_after(r, x->a, preview, things, count);
        note(r, x->wish.operation, happened->changed ? "OK" : "OK, unchanged");
}

static void compare_import(trial *x)
{
        preview_run *r = x->r;
        Card__ImportHoldersResponse *shown = (Card__ImportHoldersResponse *)unpack(
                x->a, &card__import_holders_response__descriptor, x->shown.reply);
        Card__ImportHoldersResponse *happened = (Card__ImportHoldersResponse *)unpack(
                x->a, &card__import_holders_response__descriptor, x->happened.reply);
        assert_int_equal(happened->n_verdicts, 1);
        const Card__ImportVerdict *verdict = happened->verdicts[0];
        const char *cards[16];
        size_t count = 0;
        const char *holder = arena_strdup(x->a, verdict->holder);
        for (size_t i = 0; i < verdict->n_cards; i++)
                cards[count++] = arena_strdup(x->a, verdict->cards[i]);
        forget_ids(r, &shown->base);
        forget_ids(r, &happened->base);
        assert_same(x->a, &shown->base, &happened->base);
        note(r, x->wish.operation,
             verdict->outcome == CARD__IMPORT_OUTCOME__IMPORT_OUTCOME_IMPORTED ? "OK"
             : verdict->error ? rpc_error_reason(x->a, pack(x->a, &verdict->error->base))
                              : "OK, unchanged");
        for (size_t i = 0; i < count; i++)
                learn(r, cards[i], holder, x->wish.person, CARD__CARD_STATE__CARD_STATE_NORMAL);
}

static void compare(trial *x, const Common__WatchResponse *events)
{
        x->r->compared++;
        if (x->shown.status != x->happened.status)
                fail_msg("%s %s: %d %s was shown, %d %s happened",
                         sim_operation_name(x->wish.operation), x->wish.card ? x->wish.card : "",
                         x->shown.status, x->shown.message, x->happened.status,
                         x->happened.message);
        if (x->happened.status != 0) {
                assert_int_equal(events->n_events, 0);
                assert_string_equal(x->shown.message, x->happened.message);
                assert_int_equal(x->shown.details.length, x->happened.details.length);
                assert_memory_equal(x->shown.details.data, x->happened.details.data,
                                    x->shown.details.length);
                note(x->r, x->wish.operation, rpc_error_reason(x->a, x->happened.details));
        } else if (x->wish.operation == SIM_OPERATION_IMPORT) {
                compare_import(x);
        } else if (card_operation_row_of((card_operation)x->wish.operation)->scope ==
                   CARD_SCOPE_PERSON) {
                compare_holder(x, events);
        } else {
                compare_card(x, events);
        }
}

static sim_wish wish_next(preview_run *r)
{
        sim_world *w = &r->world;
        sim_wish wish = {.request = ++r->number,
                         .dice = random_u64(&r->random.base),
                         .asked_ms = clock_business_ms(&w->clock.base),
                         .any_way = sim_random(&r->random, 10) < 3};
        size_t awake = r->subject_count < SUBJECTS_AWAKE ? r->subject_count : SUBJECTS_AWAKE;
        const subject *s =
                awake ? &r->subjects[r->subject_count - 1 - sim_random(&r->random, awake)] : NULL;
        if (s) {
                wish.card = s->card;
                wish.holder = s->holder;
                wish.person = s->person;
        }
        if (!s || sim_random(&r->random, 3)) {
                wish.operation = sim_operation_for(s ? s->state : 0, random_u64(&r->random.base));
        } else {
                do
                        wish.operation = (int)sim_random(&r->random, SIM_OPERATION_COUNT);
                while (!sim_operation_exists(wish.operation));
        }
        bool somebody_new = wish.operation == SIM_OPERATION_IMPORT ||
                            (wish.operation == CARD_OPERATION_APPLY && sim_random(&r->random, 2));
        if (somebody_new && (!s || sim_random(&r->random, 8))) wish.person = r->next_person++;
        return wish;
}

static void shown_then_done(task *t)
{
        preview_run *r = t->owner;
        sim_world *w = &r->world;
        SCOPED(arena) a = {0};
        trial x = {.r = r, .a = &a, .wish = wish_next(r)};
        sim_request request;
        sim_request_make(w, &a, &x.wish, &request);
        request.context->validate_only = true;
        news_release(news(t, r)); /* timers of the last leap */
        marks before = marks_of(t, w);
        double began = cpu_seconds();
        x.shown = call(t, w, request.method, request.token, request.message);
        r->preview_seconds += cpu_seconds() - began;
        marks after = marks_of(t, w);
        assert_int_equal(before.store, after.store);
        assert_int_equal(before.cache, after.cache);
        Common__WatchResponse *nothing = news(t, r);
        assert_int_equal(nothing->n_events, 0);
        news_release(nothing);

        request.context->validate_only = false;
        began = cpu_seconds();
        x.happened = call(t, w, request.method, request.token, request.message);
        r->change_seconds += cpu_seconds() - began;
        Common__WatchResponse *events = news(t, r);
        compare(&x, events);
        news_release(events);
}

/* ---- the run ---- */

static preview_run *run_open(const sim_keys *keys, const sim_options *options, sim_summary *summary)
{
        preview_run *r = calloc(1, sizeof *r);
        assert_non_null(r);
        sim_world *w = &r->world;
        w->options = options;
        w->summary = summary;
        w->keys = keys;
        random_seeded_init(&r->random, options->seed);
        sim_world_open(w);
        /* Nothing takes time: a preview and its change are of one instant, so that all times in
         * them are the same, too. */
        w->around.delay_ms_max = 0;
        w->wire.delay_ms_max = 0;
        sim_clients_prepare(w);
        sim_faults_start(w);
        sim_faults_end(w);
        sim_world_run(w, WARM_UP_MS);
        return r;
}

static void run_close(preview_run *r)
{
        sim_world_close(&r->world);
        arena_release(&r->kept);
        free((void *)r->cursor.data);
        free(r);
}

static void print_coverage(const preview_run *r)
{
        for (int operation = 0; operation < SIM_OPERATION_COUNT; operation++) {
                if (!sim_operation_exists(operation)) continue;
                const coverage *c = &r->coverage[operation];
                print_message("      %-26s", sim_operation_name(operation));
                for (size_t i = 0; i < c->count; i++)
                        print_message("%s %s %" PRIu32, i ? " ·" : "", c->verdicts[i],
                                      c->counts[i]);
                print_message("\n");
        }
}

static uint32_t count_of(const coverage *c, const char *verdict)
{
        for (size_t i = 0; i < c->count; i++)
                if (!strcmp(c->verdicts[i], verdict)) return c->counts[i];
        return 0;
}

static void N2_S3_what_is_shown_is_what_happens_and_showing_it_moves_nothing(void **state)
{
        const char *seed = getenv("SIM_SEED");
        sim_options options = {.seed = seed ? strtoull(seed, NULL, 10) : 2};
        sim_summary summary = {0};
        preview_run *r = run_open(*state, &options, &summary);
        for (int i = 0; i < OPERATIONS; i++) {
                if (i % OPERATIONS_A_LEAP == 0) {
                        r->world.clock.business_ms += (int64_t)sim_random(&r->random, LEAP_MS_MAX);
                        sim_world_run(&r->world, AFTER_LEAP_MS);
                }
                sim_do(&r->world, shown_then_done);
        }
        print_message("      seed %" PRIu64 ": %" PRIu32 " operations shown and done, %" PRIu32
                      " events as shown; a preview takes %.2f of the CPU of its change (N2: 1.2)\n",
                      options.seed, r->compared, r->events, r->preview_seconds / r->change_seconds);
        print_coverage(r);
        uint32_t never = 0;
        for (int operation = 0; operation < SIM_OPERATION_COUNT; operation++)
                if (sim_operation_exists(operation) && !count_of(&r->coverage[operation], "OK")) {
                        print_message("      %s was never OK\n", sim_operation_name(operation));
                        never++;
                }
        assert_int_equal(r->compared, OPERATIONS);
        assert_int_equal(never, 0);
        run_close(r);
}

static int keys_open(void **state)
{
        sim_keys *keys = malloc(sizeof *keys);
        if (!keys) return -1;
        sim_keys_init(keys);
        *state = keys;
        return 0;
}

static int keys_close(void **state)
{
        sim_keys_release(*state);
        free(*state);
        return 0;
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(N2_S3_what_is_shown_is_what_happens_and_showing_it_moves_nothing),
        };
        return cmocka_run_group_tests(tests, keys_open, keys_close);
}
