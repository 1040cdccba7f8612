/* SQL of the card service, and nobody else's. Must never load a holder in two statements: person
 * and cards would be of two moments. */
#include "services/card/store/card_store.h"

#include "services/card/rules/card_holder.h"
#include "services/card/store/card_statements.h"

#include <string.h>

/* ---- loading ---- */

static bool read_cards(task *t, const card_store *store, const store_rows *rows,
                       card_loaded *loaded)
{
        card_holder *holder = &loaded->record.holder;
        for (size_t i = 0; i < rows->row_count; i++) {
                const store_value *row = store_row(rows, i);
                if (row[3].type == STORE_NULL) break; /* a person without a card */
                if (holder->card_count == CARD_CARDS_MAX)
                        return task_fail(t, FAILURE_DATA_LOSS, "RECORD_MALFORMED",
                                         "a holder has more cards than can be");
                card_record *card = &holder->cards[holder->card_count++];
                if (!card_record_unpack(store->keys.ring, &t->arena, store_row_blob(row, 4), card,
                                        &t->failure))
                        return false;
        }
        return true;
}

bool card_store_load(task *t, const card_store *store, uint8_t part, ulid holder,
                     card_loaded *loaded, bool *found)
{
        TASK_MAY_SUSPEND(t);
        store_rows rows = {0};
        if (!store_query(t, store->store, &holder_load, &rows, store_integer(part),
                         store_ulid(&holder)))
                return false;
        *found = rows.row_count > 0;
        if (!*found) return true;
        const store_value *row = store_row(&rows, 0);
        loaded->version = store_row_integer(row, 0);
        loaded->record.holder.id = holder;
        loaded->record.holder.exists = true;
        loaded->record.holder.card_count = 0;
        if (!person_record_unpack(store->keys.ring, &t->arena, holder, store_row_blob(row, 2),
                                  &loaded->record.person, &t->failure))
                return false;
        loaded->record.holder.person = loaded->record.person.person;
        return read_cards(t, store, &rows, loaded);
}

/* ---- cards that have left the record ---- */

bool card_store_load_with(task *t, const card_store *store, ulid holder, ulid card,
                          card_loaded *loaded, bool *found)
{
        TASK_MAY_SUSPEND(t);
        uint8_t part = ulid_part(holder);
        if (!card_store_load(t, store, part, holder, loaded, found)) return false;
        if (!*found || card_holder_find(&loaded->record.holder, card) >= 0) return true;
        store_rows rows = {0};
        card_record archived;
        if (!store_query(t, store->store, &card_load_archived, &rows, store_integer(part),
                         store_ulid(&holder), store_ulid(&card)))
                return false;
        *found = rows.row_count > 0;
        if (!*found) return true;
        if (!card_record_unpack(store->keys.ring, &t->arena, store_row_blob(store_row(&rows, 0), 0),
                                &archived, &t->failure))
                return false;
        if (card_holder_recall(&loaded->record.holder, &archived)) return true;
        return task_fail(t, FAILURE_RESOURCE_EXHAUSTED, "TOO_MANY_CARDS",
                         "so many live cards leave no room to look at one that has ended");
}

bool card_store_list_archived(task *t, const card_store *store, ulid holder, ulid after,
                              bool newest_first, int64_t limit, card_record **cards, size_t *count)
{
        TASK_MAY_SUSPEND(t);
        store_rows rows = {0};
        if (!store_query(t, store->store,
                         newest_first ? &card_list_archived_down : &card_list_archived_up, &rows,
                         store_integer(ulid_part(holder)), store_ulid(&holder), store_ulid(&after),
                         store_integer(limit)))
                return false;
        *count = rows.row_count;
        *cards = arena_zalloc(&t->arena, (rows.row_count + 1) * sizeof **cards);
        for (size_t i = 0; i < rows.row_count; i++)
                if (!card_record_unpack(store->keys.ring, &t->arena,
                                        store_row_blob(store_row(&rows, i), 0), &(*cards)[i],
                                        &t->failure))
                        return false;
        return true;
}

void card_store_archive(store_batch *batch, const ulid *holder, const ulid *cards, size_t count)
{
        for (size_t i = 0; i < count; i++)
                store_batch_add(batch, &card_archive, store_integer(ulid_part(*holder)),
                                store_ulid(holder), store_ulid(&cards[i]));
}

/* ---- look-ups ---- */

static bool find_holder(task *t, const card_store *store, const store_statement *statement,
                        uint8_t part, bytes key, ulid *holder, bool *found)
{
        TASK_MAY_SUSPEND(t);
        store_rows rows = {0};
        if (!store_query(t, store->store, statement, &rows, store_integer(part), store_blob(key)))
                return false;
        *found = rows.row_count > 0;
        if (*found) *holder = store_row_ulid(store_row(&rows, 0), 0);
        return true;
}

bool card_store_find_by_card(task *t, const card_store *store, ulid card, ulid *holder, bool *found)
{
        return find_holder(t, store, &card_find_holder, ulid_part(card),
                           bytes_of(card.bytes, ULID_BYTES), holder, found);
}

bool card_store_find_by_identity(task *t, const card_store *store, uint8_t part,
                                 const digest *identity_hash, ulid *holder, bool *found)
{
        return find_holder(t, store, &person_find, part,
                           bytes_of(identity_hash->bytes, DIGEST_BYTES), holder, found);
}

static bool read_claim(task *t, const card_store *store, uint8_t part, const digest *claim,
                       ulid *card, ulid *holder, int64_t *at, bool *found)
{
        TASK_MAY_SUSPEND(t);
        store_rows rows = {0};
        if (!store_query(t, store->store, &claim_find, &rows, store_integer(part),
                         store_blob(bytes_of(claim->bytes, DIGEST_BYTES))))
                return false;
        *found = rows.row_count > 0;
        if (!*found) return true;
        const store_value *row = store_row(&rows, 0);
        *card = store_row_ulid(row, 0);
        *holder = store_row_ulid(row, 1);
        *at = store_row_integer(row, 2);
        return true;
}

bool card_store_find_claim(task *t, const card_store *store, uint8_t part, const digest *claim,
                           ulid *card, ulid *holder, int64_t *claimed_at_ms, bool *found)
{
        TASK_MAY_SUSPEND(t);
        return read_claim(t, store, part, claim, card, holder, claimed_at_ms, found);
}

/* ---- claims ---- */

static bool commit_claim(task *t, const card_store *store, store_batch *batch, bool *done)
{
        TASK_MAY_SUSPEND(t);
        switch (store_commit(t, store->store, batch)) {
        case STORE_OK:
                *done = true;
                return true;
        case STORE_CONFLICT:
        case STORE_DUPLICATE:
                *done = false;
                return true;
        case STORE_UNAVAILABLE:
                break;
        }
        return task_fail(t, FAILURE_UNAVAILABLE, "STORE_UNAVAILABLE",
                         "the number could not be claimed");
}

bool card_store_claim(task *t, const card_store *store, uint8_t part, const digest *claim,
                      ulid card, ulid holder, card_claim *verdict, ulid *owner, ulid *owner_holder,
                      int64_t *claimed_at_ms)
{
        TASK_MAY_SUSPEND(t);
        bool found = false, done = false;
        if (!read_claim(t, store, part, claim, owner, owner_holder, claimed_at_ms, &found))
                return false;
        if (!found) {
                store_batch batch = store_batch_begin(&t->arena);
                store_batch_add(&batch, &claim_insert, store_integer(part),
                                store_blob(bytes_of(claim->bytes, DIGEST_BYTES)), store_ulid(&card),
                                store_ulid(&holder), store_integer(clock_wall_ms(store->clock)));
                if (!commit_claim(t, store, &batch, &done) ||
                    !read_claim(t, store, part, claim, owner, owner_holder, claimed_at_ms, &found))
                        return false;
        }
        *verdict = found && ulid_equal(*owner, card) ? CARD_CLAIM_GRANTED : CARD_CLAIM_TAKEN;
        return true;
}

bool card_store_take_claim(task *t, const card_store *store, uint8_t part, const digest *claim,
                           ulid card, ulid holder, ulid from_card, bool *taken)
{
        TASK_MAY_SUSPEND(t);
        store_batch batch = store_batch_begin(&t->arena);
        store_batch_item *item =
                store_batch_add(&batch, &claim_take_over, store_integer(part),
                                store_blob(bytes_of(claim->bytes, DIGEST_BYTES)), store_ulid(&card),
                                store_ulid(&holder), store_integer(clock_wall_ms(store->clock)),
                                store_ulid(&from_card));
        item->expect = STORE_EXPECT_ONE;
        return commit_claim(t, store, &batch, taken);
}

/* ---- changes ---- */

static int64_t days_or_zero(civil_date date)
{
        return civil_date_is_zero(date) ? 0 : civil_date_to_days(date);
}

static void queue_card(store_batch *batch, uint8_t part, const change *c)
{
        const card_row_change *after = c->after;
        const card_record *card = after->card;
        assert(card->version > 0);
        store_value id = store_ulid(&card->id), holder = store_ulid(&after->holder);
        store_value record = store_blob(card_record_pack(after->keys, batch->arena, card));
        if (!c->before) {
                store_batch_add(batch, &card_insert, store_integer(part), id, holder,
                                store_integer(card->state), store_integer(card->legacy_duplicate),
                                store_integer(days_or_zero(card->expires_on)),
                                store_integer((int64_t)card->version), record);
                store_batch_add(batch, &card_holder_insert, store_integer(part), id, holder);
                return;
        }
        store_batch_add(batch, &card_update, store_integer(part), holder, id,
                        store_integer(card->state), store_integer(card->legacy_duplicate),
                        store_integer(days_or_zero(card->expires_on)),
                        store_integer((int64_t)card->version), record);
}

static bytes pack_card(arena *a, const void *record)
{
        const card_row_change *c = record;
        return card_record_pack(c->keys, a, c->card);
}

/* The index that guards R42 sees rows one by one: whoever leaves NORMAL goes first. */
static change_order order_card(const change *c)
{
        const card_row_change *before = c->before, *after = c->after;
        bool was = before && before->card->state == CARD_NORMAL;
        bool is = after && after->card->state == CARD_NORMAL;
        if (was && !is) return CHANGE_LEAVES;
        return is && !was ? CHANGE_ENTERS : CHANGE_STAYS;
}

const change_kind CARD_CHANGE_KIND = {
        .name = "card", .queue = queue_card, .pack = pack_card, .order = order_card};

static void queue_person(store_batch *batch, uint8_t part, const change *c)
{
        const person_row_change *after = c->after;
        const person_record *person = after->person;
        store_value record = store_blob(person_record_pack(after->keys, batch->arena, person));
        store_value holder = store_ulid(&person->holder);
        store_value version = store_integer((int64_t)person->person.version);
        if (c->before)
                store_batch_add(batch, &person_update, store_integer(part), holder, version,
                                record);
        else
                store_batch_add(batch, &person_insert, store_integer(part), holder,
                                store_blob(bytes_of(person->identity_hash.bytes, DIGEST_BYTES)),
                                version, record);
}

static bytes pack_person(arena *a, const void *record)
{
        const person_row_change *c = record;
        return person_record_pack(c->keys, a, c->person);
}

const change_kind PERSON_CHANGE_KIND = {
        .name = "holder", .queue = queue_person, .pack = pack_person};

/* ---- lists ---- */

bool card_store_list_expiring(task *t, const card_store *store, civil_date until,
                              civil_date after_date, ulid after_card, int64_t limit,
                              card_expiring **out, size_t *count)
{
        TASK_MAY_SUSPEND(t);
        store_rows rows = {0};
        if (!store_list(t, store->store, &card_list_expiring, &rows,
                        store_integer(days_or_zero(until)), store_integer(days_or_zero(after_date)),
                        store_ulid(&after_card), store_integer(limit)))
                return false;
        *count = rows.row_count;
        *out = arena_zalloc(&t->arena, (rows.row_count + 1) * sizeof **out);
        for (size_t i = 0; i < rows.row_count; i++) {
                const store_value *row = store_row(&rows, i);
                (*out)[i].holder = store_row_ulid(row, 1);
                if (!card_record_unpack(store->keys.ring, &t->arena, store_row_blob(row, 3),
                                        &(*out)[i].card, &t->failure))
                        return false;
        }
        return true;
}
