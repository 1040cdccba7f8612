/* Reads the journal after the run: what really happened, in order. */
#include "tests/sim/region/sim_world.h"

#include "common/commit/journal.h"
#include "services/card/record/holder_record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PARTS = 256 };

/* As sscard.card.v1.CardState numbers them: the rules tell two kinds of ARCHIVED. */
static int shown_state(card_state state)
{
        return state >= CARD_ARCHIVED_COLLECTED ? (int)state - 1 : (int)state;
}

static uint32_t request_of(const char *request_id)
{
        unsigned number;
        return sscanf(request_id, "sim-%12u", &number) == 1 ? number : 0;
}

static void row_add(sim_world *w, trail_row row)
{
        if (w->row_count == w->row_room) {
                w->row_room = w->row_room ? w->row_room * 2 : 256;
                w->rows = realloc(w->rows, w->row_room * sizeof *w->rows);
                if (!w->rows) abort();
        }
        w->rows[w->row_count++] = row;
}

static void journal_row_take(sim_world *w, arena *a, const journal_row *from)
{
        bool erased;
        failure f = {0};
        const Journal__Record *record = journal_open_record(w->keys->keys.data, a, from, &erased);
        assert(record);
        trail_row row = {.part = from->part,
                         .seq = from->seq,
                         .card = sim_thing(w, from->name),
                         .version = (uint64_t)from->version,
                         .request = request_of(record->request_id)};
        assert(from->chain.length == DIGEST_BYTES && from->record_hash.length == DIGEST_BYTES);
        memcpy(row.chain.bytes, from->chain.data, DIGEST_BYTES);
        memcpy(row.record_hash.bytes, from->record_hash.data, DIGEST_BYTES);
        if (strcmp(record->kind, "card") == 0) {
                card_record card;
                bytes after = bytes_of(record->after.data, record->after.len);
                if (!card_record_unpack(NULL, a, after, &card, &f)) abort();
                row.state = shown_state(card.state);
        }
        row_add(w, row);
}

void sim_trail_read(task *t)
{
        sim_world *w = t->owner;
        int64_t heads[PARTS];
        if (!journal_heads(t, w->card.guard, heads)) abort();
        w->summary->chain_whole = true;
        for (int part = 0; part < PARTS; part++) {
                int64_t seq = 0;
                while (seq < heads[part]) {
                        journal_row *rows;
                        size_t count;
                        if (!journal_list(t, w->card.guard, &t->arena, (uint8_t)part, seq, &rows,
                                          &count))
                                abort();
                        assert(count > 0);
                        for (size_t i = 0; i < count; i++)
                                journal_row_take(w, &t->arena, &rows[i]);
                        seq = rows[count - 1].seq;
                }
                journal_verdict verdict;
                if (!journal_verify_part(t, w->card.guard, (uint8_t)part, &verdict)) abort();
                if (verdict.fault != JOURNAL_WHOLE) w->summary->chain_whole = false;
        }
}
