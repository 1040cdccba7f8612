/* Reads the journal: for the feed, for history, for the verifier. Must never change a row but to
 * erase its record. */
#include "common/commit/journal.h"

#include "common/commit/commit_statements.h"
#include "common/commit/journal_write.h"
#include "common/crypto/digest.h"
#include "common/crypto/seal.h"

#include <string.h>

static void row_read(uint8_t part, const store_value *from, journal_row *row)
{
        *row = (journal_row){
                .part = part,
                .seq = store_row_integer(from, 0),
                .chain = store_row_blob(from, 1),
                .at = store_row_integer(from, 2),
                .name = store_row_text(from, 3),
                .version = store_row_integer(from, 4),
                .event = store_row_text(from, 5),
                .record_hash = store_row_blob(from, 6),
                .record = store_row_blob(from, 7),
                .previous = store_row_integer(from, 8),
        };
}

bool journal_list(task *t, store *s, arena *a, uint8_t part, int64_t after_seq, journal_row **rows,
                  size_t *count)
{
        TASK_MAY_SUSPEND(t);
        store_rows found = {.arena = a};
        if (!store_list(t, s, &journal_after, &found, store_integer(part),
                        store_integer(after_seq)))
                return false;
        *count = found.row_count;
        *rows = arena_alloc(a, (found.row_count + 1) * sizeof **rows);
        for (size_t i = 0; i < found.row_count; i++)
                row_read(part, store_row(&found, i), &(*rows)[i]);
        return true;
}

/* The last row of a holder; 0: none. */
static bool last_of_holder(task *t, store *s, uint8_t part, const ulid *holder, int64_t *seq)
{
        store_rows rows = {0};
        *seq = 0;
        if (!store_query(t, s, &holder_seq, &rows, store_integer(part), store_ulid(holder)))
                return false;
        if (rows.row_count) *seq = store_row_integer(store_row(&rows, 0), 0);
        return true;
}

static bool load_one(task *t, store *s, arena *a, uint8_t part, int64_t seq, journal_row *row,
                     bool *found)
{
        store_rows rows = {.arena = a};
        if (!store_query(t, s, &journal_load, &rows, store_integer(part), store_integer(seq)))
                return false;
        *found = rows.row_count == 1;
        if (*found) row_read(part, store_row(&rows, 0), row);
        return true;
}

bool journal_list_of_holder(task *t, store *s, arena *a, uint8_t part, const ulid *holder,
                            int64_t before_seq, size_t limit, journal_row **rows, size_t *count)
{
        TASK_MAY_SUSPEND(t);
        *count = 0;
        *rows = arena_alloc(a, (limit + 1) * sizeof **rows);
        int64_t seq;
        if (!last_of_holder(t, s, part, holder, &seq)) return false;
        while (seq > 0 && *count < limit) {
                journal_row *row = &(*rows)[*count];
                bool found;
                if (!load_one(t, s, a, part, seq, row, &found)) return false;
                if (!found) break;
                assert(row->previous < seq);
                if (before_seq == 0 || seq < before_seq) (*count)++;
                seq = row->previous;
        }
        return true;
}

static void *arena_alloc_for(void *a, size_t size)
{
        return arena_alloc(a, size);
}

static void arena_keep(void *a, void *memory)
{
        (void)a;
        (void)memory;
}

const Journal__Record *journal_open_record(const keyring *ring, arena *a, const journal_row *row,
                                           bool *erased)
{
        assert(row->record.length > 0);
        *erased = row->record.data[0] == JOURNAL_RECORD_ERASED;
        if (*erased || row->record.data[0] != JOURNAL_RECORD_SEALED) return NULL;
        digest place =
                journal_record_hash(row->part, 0, row->version, row->name, "", &(digest){{0}});
        bytes plain;
        failure f = {0};
        if (!seal_open(ring, (seal_place){"journal", "record", {place.bytes, DIGEST_BYTES}},
                       bytes_of(row->record.data + 1, row->record.length - 1), a, &plain, &f))
                return NULL;
        ProtobufCAllocator allocator = {
                .alloc = arena_alloc_for, .free = arena_keep, .allocator_data = a};
        return journal__record__unpack(&allocator, plain.length, plain.data);
}

bool journal_head(task *t, store *s, arena *a, uint8_t part, int64_t *seq, bytes *chain)
{
        TASK_MAY_SUSPEND(t);
        store_rows rows = {.arena = a};
        if (!store_query(t, s, &part_head_load, &rows, store_integer(part))) return false;
        if (rows.row_count != 1)
                return task_fail(t, FAILURE_DATA_LOSS, "STORE_CORRUPT", "A part has no head.");
        *seq = store_row_integer(store_row(&rows, 0), 0);
        *chain = store_row_blob(store_row(&rows, 0), 1);
        return true;
}

bool journal_heads(task *t, store *s, int64_t seq[256])
{
        TASK_MAY_SUSPEND(t);
        SCOPED(arena) memory = {0};
        store_rows rows = {.arena = &memory};
        if (!store_query(t, s, &part_head_list, &rows, store_integer(0))) return false;
        memset(seq, 0, 256 * sizeof *seq);
        for (size_t i = 0; i < rows.row_count; i++) {
                const store_value *row = store_row(&rows, i);
                int64_t part = store_row_integer(row, 0);
                assert(part >= 0 && part <= 255);
                seq[part] = store_row_integer(row, 1);
        }
        return true;
}

const char *journal_fault_name(journal_fault fault)
{
        static const char *const names[] = {
                "whole", "rows are missing before it", "it does not carry what its hash says",
                "the chain breaks at it", "the head does not agree with the last row"};
        assert(fault < ARRAY_LENGTH(names));
        return names[fault];
}

/* The digest of a record, of an erased one too; false: neither form. */
static bool record_digest(const journal_row *row, digest *sum)
{
        if (row->record.length == 0) return false;
        if (row->record.data[0] == JOURNAL_RECORD_SEALED) {
                *sum = digest_of(row->record);
                return true;
        }
        if (row->record.data[0] != JOURNAL_RECORD_ERASED) return false;
        if (row->record.length != 1 + DIGEST_BYTES) return false;
        memcpy(sum->bytes, row->record.data + 1, DIGEST_BYTES);
        return true;
}

static journal_fault row_verify(const journal_row *row, int64_t seq_before, digest *chain)
{
        if (row->seq != seq_before + 1) return JOURNAL_GAP;
        if (!row->name || !row->event) return JOURNAL_RECORD;
        digest sum;
        if (!record_digest(row, &sum)) return JOURNAL_RECORD;
        digest hash =
                journal_record_hash(row->part, row->at, row->version, row->name, row->event, &sum);
        if (!bytes_equal(row->record_hash, bytes_of(hash.bytes, DIGEST_BYTES)))
                return JOURNAL_RECORD;
        *chain = digest_of_two(bytes_of(chain->bytes, DIGEST_BYTES), row->record_hash);
        if (!bytes_equal(row->chain, bytes_of(chain->bytes, DIGEST_BYTES))) return JOURNAL_CHAIN;
        return JOURNAL_WHOLE;
}

/* Goes on from *seq as long as rows follow. False: UNAVAILABLE; a fault is in the verdict. */
static bool rows_verify(task *t, store *s, uint8_t part, int64_t *seq, digest *chain,
                        journal_verdict *verdict)
{
        SCOPED(arena) memory = {0};
        for (;;) {
                arena_reset(&memory);
                journal_row *rows;
                size_t count;
                if (!journal_list(t, s, &memory, part, *seq, &rows, &count)) return false;
                if (count == 0) return true;
                for (size_t i = 0; i < count; i++) {
                        verdict->fault = row_verify(&rows[i], *seq, chain);
                        verdict->seq = rows[i].seq;
                        if (verdict->fault != JOURNAL_WHOLE) return true;
                        *seq = rows[i].seq;
                        verdict->rows++;
                }
        }
}

/* A running service adds rows meanwhile: the head that is read after the rows may be ahead of them,
 * and then the rows must follow; it is never behind. */
bool journal_verify_part(task *t, store *s, uint8_t part, journal_verdict *verdict)
{
        TASK_MAY_SUSPEND(t);
        *verdict = (journal_verdict){0};
        digest chain = {{0}};
        int64_t seq = 0, head = -1;
        for (;;) {
                int64_t before = seq;
                if (!rows_verify(t, s, part, &seq, &chain, verdict)) return false;
                if (verdict->fault != JOURNAL_WHOLE) return true;
                if (seq < head || (head > seq && seq == before)) break;
                bytes head_chain = {0};
                if (!journal_head(t, s, &t->arena, part, &head, &head_chain)) return false;
                if (head < seq) break;
                if (head > seq) continue;
                if (!bytes_equal(head_chain, bytes_of(chain.bytes, DIGEST_BYTES))) break;
                verdict->seq = 0;
                return true;
        }
        verdict->fault = JOURNAL_HEAD;
        verdict->seq = seq;
        return true;
}

bool journal_erase_holder(task *t, store *s, uint8_t part, const ulid *holder, uint64_t *erased)
{
        TASK_MAY_SUSPEND(t);
        *erased = 0;
        SCOPED(arena) memory = {0};
        int64_t seq;
        if (!last_of_holder(t, s, part, holder, &seq)) return false;
        while (seq > 0) {
                arena_reset(&memory);
                journal_row row;
                bool found;
                if (!load_one(t, s, &memory, part, seq, &row, &found)) return false;
                if (!found) break;
                seq = row.previous;
                if (row.record.data[0] == JOURNAL_RECORD_ERASED) continue;
                digest sum = digest_of(row.record);
                uint8_t record[1 + DIGEST_BYTES] = {JOURNAL_RECORD_ERASED};
                memcpy(record + 1, sum.bytes, DIGEST_BYTES);
                store_batch batch = store_batch_begin(&memory);
                store_batch_add(&batch, &journal_erase, store_blob(bytes_of(record, sizeof record)),
                                store_integer(part), store_integer(row.seq));
                if (store_commit(t, s, &batch) != STORE_OK)
                        return task_fail(t, FAILURE_UNAVAILABLE, "STORE_UNAVAILABLE",
                                         "A record could not be erased.");
                (*erased)++;
        }
        return true;
}
