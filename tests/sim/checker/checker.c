/* Trail first, then each operation against it. Must never take a client's word for what happened.
 */
#include "tests/sim/checker/checker.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const char *checker_fault_text(checker_fault fault)
{
        static const char *const texts[] = {
                [CHECKER_NOTHING] = "nothing",
                [CHECKER_SEQ] = "rows of a part are missing or out of order",
                [CHECKER_CHAIN] = "a row does not continue the chain",
                [CHECKER_VERSIONS] = "a card's versions are not 1, 2, 3 … in the trail",
                [CHECKER_LOST_WRITE] = "OK was said, and the trail does not have it",
                [CHECKER_TWO_EFFECTS] = "a request id changed a card twice",
                [CHECKER_REFUSED_EFFECT] = "a refused request changed something",
                [CHECKER_OTHER_ANSWER] = "a repeat got another answer than the first",
                [CHECKER_WRITE_ORDER] = "a write was given a version that was acknowledged before",
                [CHECKER_STALE] = "a strong read shows less than what OK was said for",
                [CHECKER_WENT_BACK] = "a read shows less than an earlier read",
                [CHECKER_STALE_TOO_STALE] = "a stale read shows less than was true at its as_of",
                [CHECKER_NEVER_WRITTEN] = "a version that the trail does not have",
                [CHECKER_FROM_THE_FUTURE] = "read before its write was asked for",
                [CHECKER_STATE] = "a state other than the trail's at that version",
                [CHECKER_TWO_NORMAL] = "two NORMAL cards of a holder in one answer",
        };
        _Static_assert(sizeof texts / sizeof *texts == CHECKER_FAULTS, "a text for each fault");
        return texts[fault];
}

/* A version that was known to somebody from `at` on. */
typedef struct milestone {
        int64_t at;
        uint64_t version; /* the highest up to here, once sorted and summed up */
} milestone;

typedef struct milestones {
        milestone *list;
        size_t count;
} milestones;

/* What the trail says of one card: rows[first[v]] is version v + 1. */
typedef struct card_trail {
        size_t *rows;
        size_t count, room;
        milestones acknowledged, seen;
} card_trail;

typedef struct checker {
        const checker_input *input;
        card_trail *cards;
        uint32_t request_max;
        int64_t *asked; /* by request: when it was first invoked; 0: not in the history */
        checker_verdict verdict;
} checker;

static bool found(checker *c, checker_fault fault, size_t operation, size_t row, uint64_t expected,
                  uint64_t got)
{
        if (!c->verdict.fault) c->verdict = (checker_verdict){fault, operation, row, expected, got};
        return false;
}

static void *room_for(size_t count, size_t bytes)
{
        void *room = calloc(count ? count : 1, bytes);
        if (!room) abort();
        return room;
}

/* ---- the trail by itself ---- */

static void card_add_row(card_trail *card, size_t row)
{
        if (card->count == card->room) {
                card->room = card->room ? card->room * 2 : 16;
                card->rows = realloc(card->rows, card->room * sizeof *card->rows);
                if (!card->rows) abort();
        }
        card->rows[card->count++] = row;
}

static digest chain_of(const digest *previous, const digest *record_hash)
{
        return digest_of_two(bytes_of(previous->bytes, DIGEST_BYTES),
                             bytes_of(record_hash->bytes, DIGEST_BYTES));
}

static bool trail_check(checker *c)
{
        const checker_input *in = c->input;
        digest chain = {0};
        int64_t seq = 0;
        for (size_t i = 0; i < in->row_count; i++) {
                const trail_row *row = &in->rows[i];
                if (i == 0 || row->part != in->rows[i - 1].part) {
                        memset(&chain, 0, sizeof chain);
                        seq = 0;
                }
                if (row->seq != ++seq)
                        return found(c, CHECKER_SEQ, 0, i, (uint64_t)seq, (uint64_t)row->seq);
                chain = chain_of(&chain, &row->record_hash);
                if (memcmp(&chain, &row->chain, sizeof chain) != 0)
                        return found(c, CHECKER_CHAIN, 0, i, 0, 0);
                assert(row->card < in->cards);
                card_trail *card = &c->cards[row->card];
                if (row->version != card->count + 1)
                        return found(c, CHECKER_VERSIONS, 0, i, card->count + 1, row->version);
                card_add_row(card, i);
        }
        return true;
}

/* ---- request ids ---- */

#define ANY_CARD UINT32_MAX

static int by_request_and_card(const void *a, const void *b)
{
        const trail_row *x = *(const trail_row *const *)a, *y = *(const trail_row *const *)b;
        if (x->request != y->request) return x->request < y->request ? -1 : 1;
        return x->card < y->card ? -1 : x->card > y->card;
}

/* The trail's row of a request for a card, or NULL; for ANY_CARD: the first one. */
static const trail_row *row_of(const trail_row *const *sorted, size_t count, uint32_t request,
                               uint32_t card)
{
        bool any = card == ANY_CARD;
        if (any) card = 0;
        size_t low = 0, high = count;
        while (low < high) {
                size_t middle = (low + high) / 2;
                const trail_row *at = sorted[middle];
                if (at->request < request || (at->request == request && at->card < card))
                        low = middle + 1;
                else
                        high = middle;
        }
        if (low == count || sorted[low]->request != request) return NULL;
        return any || sorted[low]->card == card ? sorted[low] : NULL;
}

static bool requests_check(checker *c)
{
        const checker_input *in = c->input;
        const trail_row **sorted = room_for(in->row_count, sizeof *sorted);
        for (size_t i = 0; i < in->row_count; i++)
                sorted[i] = &in->rows[i];
        qsort(sorted, in->row_count, sizeof *sorted, by_request_and_card);
        bool right = true;
        for (size_t i = 1; right && i < in->row_count; i++)
                if (sorted[i]->request && by_request_and_card(&sorted[i - 1], &sorted[i]) == 0)
                        right = found(c, CHECKER_TWO_EFFECTS, 0, (size_t)(sorted[i] - in->rows),
                                      sorted[i - 1]->version, sorted[i]->version);
        const history_operation **first = room_for(c->request_max + 1, sizeof *first);
        for (size_t i = 0; right && i < in->operation_count; i++) {
                const history_operation *o = &in->operations[i];
                if (o->kind != HISTORY_WRITE) continue;
                bool refused = o->outcome == HISTORY_REFUSED;
                const trail_row *row =
                        row_of(sorted, in->row_count, o->request, refused ? ANY_CARD : o->card);
                if (o->outcome == HISTORY_REFUSED && row) {
                        right = found(c, CHECKER_REFUSED_EFFECT, i, (size_t)(row - in->rows), 0,
                                      row->version);
                } else if (o->outcome == HISTORY_OK) {
                        const history_operation *f = first[o->request];
                        if (!row || row->version != o->version)
                                right = found(c, CHECKER_LOST_WRITE, i, 0, o->version,
                                              row ? row->version : 0);
                        else if (f && (f->version != o->version || f->state != o->state))
                                right = found(c, CHECKER_OTHER_ANSWER, i, 0, f->version,
                                              o->version);
                        if (!f) first[o->request] = o;
                }
        }
        free(first);
        free(sorted);
        return right;
}

/* ---- what was known when ---- */

static int by_instant(const void *a, const void *b)
{
        const milestone *x = a, *y = b;
        return x->at < y->at ? -1 : x->at > y->at;
}

static void milestones_sum_up(milestones *m)
{
        qsort(m->list, m->count, sizeof *m->list, by_instant);
        for (size_t i = 1; i < m->count; i++)
                if (m->list[i].version < m->list[i - 1].version)
                        m->list[i].version = m->list[i - 1].version;
}

/* The highest version known before `at`. */
static uint64_t milestones_floor(const milestones *m, int64_t at)
{
        size_t low = 0, high = m->count;
        while (low < high) {
                size_t middle = (low + high) / 2;
                if (m->list[middle].at < at)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low ? m->list[low - 1].version : 0;
}

static void milestones_fill(checker *c)
{
        const checker_input *in = c->input;
        for (int pass = 0; pass < 2; pass++) {
                for (uint32_t i = 0; i < in->cards && pass; i++) {
                        card_trail *card = &c->cards[i];
                        card->acknowledged.list =
                                room_for(card->acknowledged.count, sizeof(milestone));
                        card->seen.list = room_for(card->seen.count, sizeof(milestone));
                        card->acknowledged.count = card->seen.count = 0;
                }
                for (size_t i = 0; i < in->operation_count; i++) {
                        const history_operation *o = &in->operations[i];
                        if (o->outcome != HISTORY_OK || o->kind == HISTORY_STALE_READ) continue;
                        card_trail *card = &c->cards[o->card];
                        milestones *m =
                                o->kind == HISTORY_WRITE ? &card->acknowledged : &card->seen;
                        if (pass) m->list[m->count] = (milestone){o->completed, o->version};
                        m->count++;
                }
        }
        for (uint32_t i = 0; i < in->cards; i++) {
                milestones_sum_up(&c->cards[i].acknowledged);
                milestones_sum_up(&c->cards[i].seen);
        }
}

/* ---- each operation ---- */

/* An answer shows what time has made of the card by then, under the version that is stored (L4). */
static bool state_is_right(const history_operation *o, const trail_row *row)
{
        if (o->state == HISTORY_STATE_UNTOLD) return true;
        bool is_write = o->kind == HISTORY_WRITE, settles = row->later_at != 0 && !is_write;
        if (settles && o->completed >= row->later_at && o->state == row->later_state) return true;
        if (settles && o->kind == HISTORY_STRONG_READ && o->invoked > row->later_at) return false;
        return o->state == row->state;
}

static bool version_check(checker *c, size_t i)
{
        const history_operation *o = &c->input->operations[i];
        const card_trail *card = &c->cards[o->card];
        if (o->version == 0 || o->version > card->count)
                return found(c, CHECKER_NEVER_WRITTEN, i, 0, card->count, o->version);
        size_t at = card->rows[o->version - 1];
        const trail_row *row = &c->input->rows[at];
        if (!state_is_right(o, row))
                return found(c, CHECKER_STATE, i, at, (uint64_t)row->state, (uint64_t)o->state);
        int64_t asked = row->request <= c->request_max ? c->asked[row->request] : 0;
        if (row->request && asked && o->completed < asked)
                return found(c, CHECKER_FROM_THE_FUTURE, i, at, (uint64_t)asked,
                             (uint64_t)o->completed);
        return true;
}

static bool floor_check(checker *c, size_t i)
{
        const history_operation *o = &c->input->operations[i];
        const card_trail *card = &c->cards[o->card];
        int64_t since = o->kind == HISTORY_STALE_READ ? o->as_of : o->invoked;
        uint64_t floor = milestones_floor(&card->acknowledged, since);
        switch (o->kind) {
        case HISTORY_STRONG_READ:
                if (o->version < floor) return found(c, CHECKER_STALE, i, 0, floor, o->version);
                break;
        case HISTORY_STALE_READ:
                if (o->version < floor)
                        return found(c, CHECKER_STALE_TOO_STALE, i, 0, floor, o->version);
                return true;
        case HISTORY_WRITE: /* a repeat is told again what the first was told */
                if (o->version <= floor && c->asked[o->request] == o->invoked)
                        return found(c, CHECKER_WRITE_ORDER, i, 0, floor + 1, o->version);
                return true;
        }
        uint64_t seen = milestones_floor(&card->seen, since);
        if (c->input->reads_never_go_back && o->version < seen)
                return found(c, CHECKER_WENT_BACK, i, 0, seen, o->version);
        return true;
}

static bool operations_check(checker *c)
{
        for (size_t i = 0; i < c->input->operation_count; i++) {
                const history_operation *o = &c->input->operations[i];
                assert(o->invoked < o->completed);
                if (o->outcome != HISTORY_OK) continue;
                if (o->normal_cards > 1)
                        return found(c, CHECKER_TWO_NORMAL, i, 0, 1, o->normal_cards);
                if (!version_check(c, i) || !floor_check(c, i)) return false;
        }
        return true;
}

static void asked_fill(checker *c)
{
        const checker_input *in = c->input;
        for (size_t i = 0; i < in->operation_count; i++)
                if (in->operations[i].request > c->request_max)
                        c->request_max = in->operations[i].request;
        c->asked = room_for(c->request_max + 1, sizeof *c->asked);
        for (size_t i = 0; i < in->operation_count; i++) {
                const history_operation *o = &in->operations[i];
                assert(o->card < in->cards);
                assert((o->kind == HISTORY_WRITE) == (o->request != 0));
                if (!o->request) continue;
                int64_t *asked = &c->asked[o->request];
                if (!*asked || o->invoked < *asked) *asked = o->invoked;
        }
}

checker_verdict checker_judge(const checker_input *input)
{
        checker c = {.input = input};
        c.cards = room_for(input->cards, sizeof *c.cards);
        asked_fill(&c);
        if (trail_check(&c) && requests_check(&c)) {
                milestones_fill(&c);
                operations_check(&c);
        }
        for (uint32_t i = 0; i < input->cards; i++) {
                free(c.cards[i].rows);
                free(c.cards[i].acknowledged.list);
                free(c.cards[i].seen.list);
        }
        free(c.cards);
        free(c.asked);
        return c.verdict;
}
