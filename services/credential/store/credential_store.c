/* SQL of the credential service, and nobody else's. Must never write a MAC anywhere but into its
 * own columns. */
#include "services/credential/store/credential_store.h"

#include "services/credential/record/credential_codec.pb-c.h"
#include "services/credential/store/credential_statements.h"

#include "common/crypto/digest.h"

#include <string.h>

/* ---- loading ---- */

static bool read_mac(const store_value *row, size_t salt, size_t mac, credential_mac *out)
{
        bytes s = store_row_blob(row, salt), m = store_row_blob(row, mac);
        if (s.length != CREDENTIAL_SALT_BYTES || m.length != CREDENTIAL_MAC_BYTES) return false;
        memcpy(out->salt, s.data, s.length);
        memcpy(out->mac, m.data, m.length);
        return true;
}

static bool read_attempt(arena *a, const store_value *row, uint8_t part, credential_attempt *out)
{
        if (row[9].type == STORE_NULL) return true;
        bytes id = store_row_blob(row, 9);
        const CredentialRecord__Attempt *message = (const CredentialRecord__Attempt *)record_unpack(
                a, &credential_record__attempt__descriptor, store_row_blob(row, 10));
        if (id.length != CREDENTIAL_ATTEMPT_BYTES || !message ||
            message->request_hash.len != IDEMPOTENCY_HASH_BYTES)
                return false;
        out->lives = true;
        memcpy(out->id, id.data, id.length);
        out->request = (idempotency_key){.part = part,
                                         .caller = message->caller,
                                         .method = message->method,
                                         .request_id = message->request_id};
        memcpy(out->request.request_hash, message->request_hash.data, IDEMPOTENCY_HASH_BYTES);
        out->at_ms = store_row_integer(row, 11);
        return true;
}

static bool read_row(task *t, const store_value *row, uint8_t part, credential_loaded *loaded)
{
        uint8_t index = loaded->holder.count;
        if (index == CREDENTIALS_MAX)
                return task_fail(t, FAILURE_DATA_LOSS, "RECORD_MALFORMED",
                                 "a holder has more credentials than can be");
        credential_record *record = &loaded->holder.items[index];
        credential_row *out = &loaded->rows[index];
        *out = (credential_row){0};
        if (!credential_unpack(&t->arena, store_row_blob(row, 2), record, &t->failure))
                return false;
        if (!read_mac(row, 4, 5, &out->pin) || !read_mac(row, 6, 7, &out->initial) ||
            !read_attempt(&t->arena, row, part, &out->attempt))
                return record_malformed(&t->failure, "credential");
        out->pin.generation = record->generation;
        out->initial.generation = (uint64_t)store_row_integer(row, 8);
        out->pending.id = store_row_ulid(row, 12);
        out->pending.record = store_row_blob(row, 13);
        assert(out->attempt.lives || store_row_integer(row, 3) == record->errors);
        loaded->holder.count++;
        return true;
}

bool credential_store_load(task *t, store *s, ulid holder, credential_loaded *loaded)
{
        TASK_MAY_SUSPEND(t);
        store_rows rows = {0};
        uint8_t part = ulid_part(holder);
        if (!store_query(t, s, &credential_load, &rows, store_integer(part), store_ulid(&holder)))
                return false;
        loaded->exists = rows.row_count > 0;
        loaded->version = 0;
        loaded->holder.id = holder;
        loaded->holder.count = 0;
        for (size_t i = 0; i < rows.row_count; i++) {
                const store_value *row = store_row(&rows, i);
                loaded->version = store_row_integer(row, 0);
                if (row[1].type == STORE_NULL) break; /* a holder without a credential */
                if (!read_row(t, row, part, loaded)) return false;
        }
        return true;
}

bool credential_store_find(task *t, store *s, ulid card, ulid *holder, bool *found)
{
        TASK_MAY_SUSPEND(t);
        store_rows rows = {0};
        if (!store_query(t, s, &credential_find_holder, &rows, store_integer(ulid_part(card)),
                         store_ulid(&card)))
                return false;
        *found = rows.row_count > 0;
        if (*found) *holder = store_row_ulid(store_row(&rows, 0), 0);
        return true;
}

/* ---- the guess ---- */

void credential_attempt_id(const idempotency_key *request, uint8_t id[CREDENTIAL_ATTEMPT_BYTES])
{
        const char *const texts[] = {request->caller, request->method, request->request_id};
        digest_run run;
        digest_begin(&run);
        for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
                digest_add(&run, bytes_of(texts[i], strlen(texts[i]) + 1));
        digest sum = digest_end(&run);
        memcpy(id, sum.bytes, CREDENTIAL_ATTEMPT_BYTES);
}

static bytes attempt_pack(arena *a, const idempotency_key *request)
{
        CredentialRecord__Attempt message = CREDENTIAL_RECORD__ATTEMPT__INIT;
        message.caller = request->caller;
        message.method = request->method;
        message.request_id = request->request_id;
        message.request_hash.data = (uint8_t *)request->request_hash;
        message.request_hash.len = IDEMPOTENCY_HASH_BYTES;
        return record_pack(a, &message.base);
}

bool credential_store_reserve(task *t, store *s, ulid holder, const credential_record *record,
                              int64_t errors_max, const idempotency_key *request, int64_t now_ms,
                              credential_reservation *outcome)
{
        TASK_MAY_SUSPEND(t);
        store_batch batch = store_batch_begin(&t->arena);
        uint8_t *id = arena_alloc(&t->arena, CREDENTIAL_ATTEMPT_BYTES);
        credential_attempt_id(request, id);
        store_batch_item *item = store_batch_add(
                &batch, &credential_reserve, store_integer(ulid_part(holder)), store_ulid(&holder),
                store_ulid(&record->card), store_integer((int64_t)record->version),
                store_integer(errors_max), store_blob(bytes_of(id, CREDENTIAL_ATTEMPT_BYTES)),
                store_blob(attempt_pack(&t->arena, request)), store_integer(now_ms));
        item->expect = STORE_EXPECT_ONE;
        switch (store_commit(t, s, &batch)) {
        case STORE_OK:
                *outcome = CREDENTIAL_RESERVED;
                return true;
        case STORE_CONFLICT:
        case STORE_DUPLICATE:
                *outcome = CREDENTIAL_OVERTAKEN;
                return true;
        case STORE_UNAVAILABLE:
                break;
        }
        return false;
}

/* ---- changes ---- */

static store_value mac_value(const credential_mac *mac)
{
        return store_blob(bytes_of(mac->mac, CREDENTIAL_MAC_BYTES));
}

static store_value salt_value(const credential_mac *mac)
{
        return store_blob(bytes_of(mac->salt, CREDENTIAL_SALT_BYTES));
}

static void queue(store_batch *batch, uint8_t part, const change *c)
{
        const credential_change *after = c->after;
        const credential_record *record = after->record;
        const credential_row *row = after->row;
        assert(credential_holds(record));
        store_value holder = store_ulid(&after->holder), card = store_ulid(&record->card);
        store_value packed = store_blob(credential_pack(batch->arena, record));
        store_value state = store_integer(record->state), errors = store_integer(record->errors);
        store_value version = store_integer((int64_t)record->version);
        store_value initial = store_integer((int64_t)row->initial.generation);
        if (!c->before) {
                store_batch_add(batch, &credential_insert, store_integer(part), holder, card, state,
                                errors, version, packed, salt_value(&row->pin),
                                mac_value(&row->pin), salt_value(&row->initial),
                                mac_value(&row->initial), initial);
                store_batch_add(batch, &credential_holder_insert, store_integer(part), card,
                                holder);
                return;
        }
        bool waits = !ulid_is_zero(row->pending.id);
        store_batch_add(batch, &credential_update, store_integer(part), holder, card, state, errors,
                        version, packed, salt_value(&row->pin), mac_value(&row->pin),
                        salt_value(&row->initial), mac_value(&row->initial), initial,
                        waits ? store_ulid(&row->pending.id) : store_null(),
                        waits ? store_blob(row->pending.record) : store_null());
}

static bytes pack(arena *a, const void *record)
{
        const credential_change *c = record;
        return credential_pack(a, c->record);
}

const change_kind CREDENTIAL_CHANGE_KIND = {.name = "credential", .queue = queue, .pack = pack};

/* ---- lists ---- */

bool credential_store_list_pending(task *t, store *s, uint8_t part, ulid **holders, size_t *count)
{
        TASK_MAY_SUSPEND(t);
        store_rows rows = {0};
        if (!store_list(t, s, &credential_list_pending, &rows, store_integer(part))) return false;
        *count = rows.row_count;
        *holders = arena_alloc(&t->arena, (rows.row_count + 1) * sizeof **holders);
        for (size_t i = 0; i < rows.row_count; i++)
                (*holders)[i] = store_row_ulid(store_row(&rows, i), 1);
        return true;
}
