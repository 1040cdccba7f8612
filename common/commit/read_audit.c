/* The audit of reads: entries of one turn go into one transaction, and their tasks go on together.
 * Must never let a reply go whose read could not be written. */
#include "common/commit/read_audit.h"

#include "common/commit/read_audit_statements.h"
#include "common/crypto/digest.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

enum {
        ENTRIES_PER_BATCH = 512,
        TEXTS_MAX = 4096, /* in memory; above, they are forgotten and stored once more */
        /* A commit costs as much for one entry as for ten: while reads come fast, a batch soon
         * after another waits for some more. */
        GATHER_MS = 1,
        GATHER_ENTRIES = 8,
        WINDOW_MS = 16,
        FAST_ENTRIES = 128, /* in a window */
};

/* On the stack of the task that waits. */
typedef struct audit_wait {
        task *t;
        const read_audit_entry *entry;
        bool written;
        struct audit_wait *next;
} audit_wait;

typedef struct audit_text {
        char *text;
        int64_t id;
        bool is_new; /* of the batch under way */
        UT_hash_handle hh;
} audit_text;

struct read_audit {
        loop *loop;
        store *store;
        loop_flush flush;
        loop_timer gather;
        int64_t next_ms; /* the next batch begins then at the soonest */
        task carrier;    /* takes a batch to the store */
        audit_wait *first, *last;
        uint32_t waiting;
        int64_t window_ms; /* when it ends */
        uint32_t window_entries;
        bool fast;      /* reads came fast in the window before */
        bool is_loaded; /* the three below have been read */
        int64_t seq, text_id;
        digest chain;
        audit_text *texts;
        bool texts_are_new; /* some of them */
        read_audit_counts counts;
};

static void number_add(digest_run *run, uint64_t value)
{
        uint8_t encoded[8];
        for (int i = 7; i >= 0; i--, value >>= 8)
                encoded[i] = (uint8_t)value;
        digest_add(run, bytes_of(encoded, sizeof encoded));
}

static void text_add(digest_run *run, const char *text)
{
        size_t length = text ? strlen(text) : 0;
        number_add(run, length);
        digest_add(run, bytes_of(text ? text : "", length));
}

/* sha256(chain before || what the entry says). */
static digest entry_chain(const digest *before, int64_t seq, const read_audit_entry *entry)
{
        digest_run run;
        digest_begin(&run);
        digest_add(&run, bytes_of(before->bytes, DIGEST_BYTES));
        number_add(&run, (uint64_t)seq);
        number_add(&run, (uint64_t)entry->at);
        number_add(&run, entry->part);
        number_add(&run, (uint64_t)entry->outcome);
        digest_add(&run, bytes_of(entry->holder.bytes, ULID_BYTES));
        text_add(&run, entry->caller);
        text_add(&run, entry->purpose);
        text_add(&run, entry->channel);
        text_add(&run, entry->method);
        return digest_end(&run);
}

static void texts_forget(read_audit *audit, bool only_new)
{
        audit_text *each, *next;
        HASH_ITER(hh, audit->texts, each, next)
        {
                if (only_new && !each->is_new) continue;
                HASH_DEL(audit->texts, each);
                free(each->text);
                free(each);
        }
}

static store_value text_id(read_audit *audit, store_batch *batch, const char *text)
{
        if (!text) text = "";
        audit_text *found;
        HASH_FIND_STR(audit->texts, text, found);
        if (found) return store_integer(found->id);
        found = calloc(1, sizeof *found);
        assert(found);
        found->text = strdup(text);
        assert(found->text);
        found->id = ++audit->text_id;
        found->is_new = audit->texts_are_new = true;
        HASH_ADD_KEYPTR(hh, audit->texts, found->text, strlen(found->text), found);
        store_batch_add(batch, &read_audit_text_insert, store_integer(found->id),
                        store_text(found->text));
        return store_integer(found->id);
}

/* The batch borrows the chain's bytes and the entry's holder. */
static void entry_queue(read_audit *audit, store_batch *batch, const read_audit_entry *entry,
                        int64_t seq, const digest *chain)
{
        store_value caller = text_id(audit, batch, entry->caller);
        store_value purpose = text_id(audit, batch, entry->purpose);
        store_value channel = text_id(audit, batch, entry->channel);
        store_value method = text_id(audit, batch, entry->method);
        store_batch_add(batch, &read_audit_insert, store_integer(seq),
                        store_blob(bytes_of(chain->bytes, DIGEST_BYTES)), store_integer(entry->at),
                        store_integer(entry->part),
                        ulid_is_zero(entry->holder) ? store_null() : store_ulid(&entry->holder),
                        caller, purpose, channel, method, store_integer(entry->outcome));
}

static bool stream_load(task *t, read_audit *audit)
{
        store_rows rows = {0}, texts = {0};
        if (!store_query(t, audit->store, &read_audit_last, &rows, store_integer(0)) ||
            !store_query(t, audit->store, &read_audit_text_last, &texts, store_integer(0)))
                return false;
        if (rows.row_count) {
                audit->seq = store_row_integer(store_row(&rows, 0), 0);
                bytes chain = store_row_blob(store_row(&rows, 0), 1);
                assert(chain.length == DIGEST_BYTES);
                memcpy(audit->chain.bytes, chain.data, DIGEST_BYTES);
        }
        if (texts.row_count) audit->text_id = store_row_integer(store_row(&texts, 0), 0);
        audit->is_loaded = true;
        return true;
}

/* Writes the entries of a list; all or none. */
static bool batch_write(task *t, read_audit *audit, const audit_wait *waits, size_t count)
{
        if (!audit->is_loaded && !stream_load(t, audit)) return false;
        if (HASH_COUNT(audit->texts) > TEXTS_MAX) texts_forget(audit, false);
        store_batch batch = store_batch_begin(&t->arena);
        digest *chains = arena_alloc(&t->arena, count * sizeof *chains);
        const digest *before = &audit->chain;
        int64_t seq = audit->seq;
        for (size_t i = 0; i < count; i++, waits = waits->next) {
                chains[i] = entry_chain(before, ++seq, waits->entry);
                entry_queue(audit, &batch, waits->entry, seq, &chains[i]);
                before = &chains[i];
        }
        if (store_commit(t, audit->store, &batch) != STORE_OK) {
                texts_forget(audit, true);
                return false;
        }
        for (audit_text *each = audit->texts; each; each = each->hh.next)
                each->is_new = false;
        audit->seq = seq;
        audit->chain = *before;
        return true;
}

static void carrier_run(task *t)
{
        read_audit *audit = t->owner;
        audit_wait *waits = audit->first, *last = waits;
        size_t count = 1;
        for (; last->next && count < ENTRIES_PER_BATCH; count++)
                last = last->next;
        audit->first = last->next;
        if (!audit->first) audit->last = NULL;
        audit->waiting -= (uint32_t)count;
        last->next = NULL;

        bool written = batch_write(t, audit, waits, count);
        audit->counts.batches++;
        if (written)
                audit->counts.entries += count;
        else
                audit->counts.failures += count;
        for (audit_wait *next; waits; waits = next) {
                next = waits->next; /* it goes with its task's stack */
                waits->written = written;
                task_resume(waits->t);
        }
}

static void carrier_done(task *t)
{
        read_audit *audit = t->owner;
        if (audit->first) loop_mark_flush(audit->loop, &audit->flush);
}

static void window_count(read_audit *audit)
{
        int64_t now_ms = loop_now_ms(audit->loop);
        if (now_ms >= audit->window_ms) {
                audit->fast = audit->window_entries >= FAST_ENTRIES &&
                              now_ms < audit->window_ms + WINDOW_MS;
                audit->window_ms = now_ms + WINDOW_MS;
                audit->window_entries = 0;
        }
        audit->window_entries++;
}

/* What comes while a batch is under way, or soon after another, goes with the next one. */
static void batch_begin(read_audit *audit)
{
        if (!audit->first || !task_is_over(&audit->carrier)) return;
        int64_t now_ms = loop_now_ms(audit->loop);
        if (audit->fast && now_ms < audit->next_ms && audit->waiting < GATHER_ENTRIES) {
                if (!audit->gather.sequence) loop_timer_start(&audit->gather, audit->next_ms);
                return;
        }
        audit->next_ms = now_ms + GATHER_MS;
        if (task_start(&audit->carrier, TASK_NO_DEADLINE, carrier_run, carrier_done)) return;
        for (audit_wait *each = audit->first, *next; each; each = next) {
                next = each->next;
                task_resume(each->t);
        }
        audit->first = audit->last = NULL;
        audit->waiting = 0;
}

static void audit_flush(loop_flush *flush)
{
        batch_begin((read_audit *)((char *)flush - offsetof(read_audit, flush)));
}

static void gather_fired(loop_timer *timer)
{
        batch_begin(timer->data);
}

read_audit *read_audit_open(const read_audit_options *options, failure *f)
{
        store_options file = {.folder = options->folder,
                              .name = options->stream,
                              .schemas = {&read_audit_schema},
                              .cache_kib = 2048,
                              .read_cache_kib = 256,
                              .lazy_sync = true,
                              .inline_writes = options->inline_writes || options->memory,
                              .memory = options->memory};
        store *s = store_open(options->loop, &file, f);
        if (!s) return NULL;
        read_audit *audit = calloc(1, sizeof *audit);
        assert(audit);
        audit->loop = options->loop;
        audit->store = s;
        audit->flush.run = audit_flush;
        loop_timer_init(options->loop, &audit->gather, gather_fired, audit);
        task_init(&audit->carrier, options->loop, audit);
        return audit;
}

static void carrier_released(loop_timer *timer)
{
        task *carrier = timer->data;
        free(carrier->owner);
}

static void gather_closed(loop_timer *timer)
{
        read_audit *audit = timer->data;
        task_release(&audit->carrier, carrier_released);
}

void read_audit_close(read_audit *audit)
{
        if (!audit) return;
        assert(!audit->first && task_is_over(&audit->carrier));
        loop_unmark_flush(audit->loop, &audit->flush);
        store_close(audit->store);
        texts_forget(audit, false);
        loop_timer_close(&audit->gather, gather_closed);
}

bool read_audit_write(task *t, read_audit *audit, const read_audit_entry *entry)
{
        TASK_MAY_SUSPEND(t);
        if (task_is_interrupted(t)) return task_park(t, NULL, task_interrupt_nothing);
        audit_wait wait = {.t = t, .entry = entry};
        if (audit->last)
                audit->last->next = &wait;
        else
                audit->first = &wait;
        audit->last = &wait;
        audit->waiting++;
        window_count(audit);
        loop_mark_flush(audit->loop, &audit->flush);
        bool in_time = task_park(t, &wait, NULL);
        (void)in_time; /* the entry stands all the same */
        if (wait.written) return true;
        return task_fail(t, FAILURE_UNAVAILABLE, "AUDIT_UNAVAILABLE",
                         "The audit of reads cannot be written.");
}

read_audit_counts read_audit_count(const read_audit *audit)
{
        read_audit_counts counts = audit->counts;
        counts.last_seq = audit->seq;
        return counts;
}

store *read_audit_store(const read_audit *audit)
{
        return audit->store;
}

bool read_audit_list(task *t, store *s, arena *a, int64_t after_seq, read_audit_row **rows,
                     size_t *count)
{
        TASK_MAY_SUSPEND(t);
        store_rows found = {.arena = a};
        if (!store_list(t, s, &read_audit_after, &found, store_integer(after_seq))) return false;
        *count = found.row_count;
        *rows = arena_zalloc(a, (found.row_count + 1) * sizeof **rows);
        for (size_t i = 0; i < found.row_count; i++) {
                const store_value *row = store_row(&found, i);
                (*rows)[i] = (read_audit_row){.seq = store_row_integer(row, 0),
                                              .chain = store_row_blob(row, 1),
                                              .entry = {.at = store_row_integer(row, 2),
                                                        .part = (uint8_t)store_row_integer(row, 3),
                                                        .holder = store_row_ulid(row, 4),
                                                        .caller = store_row_text(row, 5),
                                                        .purpose = store_row_text(row, 6),
                                                        .channel = store_row_text(row, 7),
                                                        .method = store_row_text(row, 8),
                                                        .outcome = (int)store_row_integer(row, 9)}};
        }
        return true;
}

bool read_audit_verify(task *t, store *s, read_audit_verdict *verdict)
{
        TASK_MAY_SUSPEND(t);
        *verdict = (read_audit_verdict){.whole = true};
        SCOPED(arena) memory = {0};
        digest chain = {{0}};
        int64_t seq = 0;
        for (;;) {
                arena_reset(&memory);
                read_audit_row *rows;
                size_t count;
                if (!read_audit_list(t, s, &memory, seq, &rows, &count)) return false;
                if (count == 0) return true;
                for (size_t i = 0; i < count; i++) {
                        chain = entry_chain(&chain, seq + 1, &rows[i].entry);
                        verdict->whole =
                                rows[i].seq == seq + 1 &&
                                bytes_equal(rows[i].chain, bytes_of(chain.bytes, DIGEST_BYTES));
                        verdict->bad_seq = verdict->whole ? 0 : rows[i].seq;
                        if (!verdict->whole) return true;
                        seq = rows[i].seq;
                        verdict->rows++;
                }
        }
}
