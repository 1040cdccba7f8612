/* Packs, seals and queues the journal's rows. Must never write one that is not guarded by `op`. */
#include "common/commit/journal_write.h"

#include "common/commit/commit_statements.h"
#include "common/crypto/digest.h"
#include "common/crypto/seal.h"

#include <string.h>

static const char *text_or_empty(const char *text)
{
        return text ? text : "";
}

static void big_endian(uint64_t value, uint8_t out[8])
{
        for (int i = 7; i >= 0; i--, value >>= 8)
                out[i] = (uint8_t)value;
}

static void digest_add_number(digest_run *run, uint64_t value)
{
        uint8_t encoded[8];
        big_endian(value, encoded);
        digest_add(run, bytes_of(encoded, sizeof encoded));
}

static void digest_add_text(digest_run *run, const char *text)
{
        size_t length = strlen(text);
        digest_add_number(run, length);
        digest_add(run, bytes_of(text, length));
}

digest journal_record_hash(uint8_t part, int64_t at, int64_t version, const char *name,
                           const char *event, const digest *record)
{
        digest_run run;
        digest_begin(&run);
        digest_add(&run, bytes_of(&part, 1));
        digest_add_number(&run, (uint64_t)at);
        digest_add_number(&run, (uint64_t)version);
        digest_add_text(&run, name);
        digest_add_text(&run, event);
        digest_add(&run, bytes_of(record->bytes, DIGEST_BYTES));
        return digest_end(&run);
}

static ProtobufCBinaryData binary(bytes b)
{
        return (ProtobufCBinaryData){b.length, (uint8_t *)b.data};
}

static bytes record_pack(arena *a, const commit_engine *engine, const change *c,
                         const commit_origin *origin, const ulid *holder)
{
        Journal__Record record = JOURNAL__RECORD__INIT;
        record.caller = text_or_empty(origin->caller);
        record.caller_role = text_or_empty(origin->caller_role);
        record.actor = text_or_empty(origin->actor);
        record.actor_role = text_or_empty(origin->actor_role);
        record.channel = text_or_empty(origin->channel);
        record.outlet = text_or_empty(origin->outlet);
        record.operator_id = text_or_empty(origin->operator_id);
        record.note = text_or_empty(origin->note);
        record.case_reference = text_or_empty(origin->case_reference);
        record.approver = text_or_empty(origin->approver);
        record.region = engine->region;
        record.method = text_or_empty(origin->method);
        record.request_id = text_or_empty(origin->request_id);
        record.pack_version = text_or_empty(origin->pack_version);
        record.kind = c->kind->name;
        record.holder = binary(bytes_of(holder->bytes, ULID_BYTES));
        if (c->before) record.before = binary(c->kind->pack(a, c->before));
        if (c->after) record.after = binary(c->kind->pack(a, c->after));
        if (origin->evidence_count) {
                record.n_evidence = origin->evidence_count;
                record.evidence = arena_alloc(a, origin->evidence_count * sizeof *record.evidence);
                for (size_t i = 0; i < origin->evidence_count; i++)
                        record.evidence[i] = binary(origin->evidence[i]);
        }
        size_t length = journal__record__get_packed_size(&record);
        uint8_t *packed = arena_alloc(a, length + 1);
        journal__record__pack(&record, packed);
        return bytes_of(packed, length);
}

/* Format byte, then the sealed record; bound to its place in the journal by the name and version.
 */
static bytes record_seal(arena *a, const commit_engine *engine, uint8_t part, const change *c,
                         bytes plain)
{
        digest place = journal_record_hash(part, 0, c->version, c->name, "", &(digest){{0}});
        bytes sealed = seal_close(engine->keyring, loop_random(engine->loop),
                                  (seal_place){"journal", "record", {place.bytes, DIGEST_BYTES}},
                                  plain, a);
        uint8_t *record = arena_alloc(a, sealed.length + 1);
        record[0] = JOURNAL_RECORD_SEALED;
        memcpy(record + 1, sealed.data, sealed.length);
        return bytes_of(record, sealed.length + 1);
}

void journal_queue(store_batch *batch, commit_engine *engine, const journal_guard *guard,
                   const change *c, const commit_origin *origin, int64_t at, bool is_first)
{
        arena *a = batch->arena;
        bytes record = record_seal(a, engine, guard->part, c,
                                   record_pack(a, engine, c, origin, guard->holder));
        digest record_digest = digest_of(record);
        digest hash =
                journal_record_hash(guard->part, at, c->version, c->name, c->event, &record_digest);
        bytes kept = bytes_of(arena_copy(a, hash.bytes, DIGEST_BYTES), DIGEST_BYTES);

        store_batch_add(batch, &part_head_advance, store_blob(kept), store_integer(guard->part));
        store_batch_add(batch, &journal_insert, store_integer(guard->part),
                        store_ulid(guard->holder), store_integer(guard->new_version),
                        store_blob(guard->op), store_integer(at), store_text(c->name),
                        store_integer(c->version), store_text(c->event), store_blob(kept),
                        store_blob(record), store_integer(is_first));
}
