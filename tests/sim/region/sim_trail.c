/* Reads the journal after the run: what really happened, in order. */
#include "tests/sim/region/sim_world.h"

#include "common/commit/journal.h"
#include "common/commit/timer.h"
#include "services/card/record/holder_record.h"
#include "services/card/rules/card_settle.h"

#include <inttypes.h>
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

/* When time changes that card next; INT64_MAX: never. */
static int64_t next_due_of(const card_record *card)
{
        card_timer timers[CARD_TIMERS_MAX];
        int64_t next = INT64_MAX;
        for (size_t i = card_timers_of(card, timers); i-- > 0;)
                if (timers[i].due_ms < next) next = timers[i].due_ms;
        return next;
}

static void card_row_fill(sim_world *w, arena *a, const Journal__Record *record, trail_row *row)
{
        failure f = {0};
        card_record card;
        bytes after = bytes_of(record->after.data, record->after.len);
        if (!card_record_unpack(NULL, a, after, &card, &f)) abort();
        row->state = shown_state(card.state);
        w->known[row->card].next_due_ms = next_due_of(&card);
        bool waits = card.state == CARD_TEMP_LOST && card.temp_loss_outcome != CARD_TEMP_LOSS_HOLD;
        if (!waits) return;
        bool ends = card.temp_loss_outcome == CARD_TEMP_LOSS_CANCEL;
        row->later_state = shown_state(ends ? CARD_CANCELLED : card.prior);
        row->later_at = sim_stamp_of_business(w, card.temp_loss_until_ms);
}

static void journal_row_take(sim_world *w, arena *a, const journal_row *from)
{
        bool erased;
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
        w->known[row.card].version = row.version;
        w->known[row.card].next_due_ms = INT64_MAX;
        if (strcmp(record->kind, "card") == 0) card_row_fill(w, a, record, &row);
        w->summary->timers += strcmp(record->method, TIMER_METHOD) == 0;
        row_add(w, row);
}

void sim_trail_check_timers(sim_world *w)
{
        sim_summary *s = w->summary;
        int64_t now = clock_business_ms(&w->clock.base);
        for (uint32_t i = 0; i < w->thing_count && !*s->lie; i++)
                if (w->known[i].version && w->known[i].next_due_ms <= now)
                        snprintf(s->lie, sizeof s->lie,
                                 "%s has waited %" PRId64 " ms for its timer", w->things[i],
                                 now - w->known[i].next_due_ms);
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
