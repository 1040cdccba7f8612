/* Histories that are right pass; each that was changed a little is caught for what was changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sim/checker/checker.h"

#include "common/base/random.h"

#include <string.h>

enum { CARDS = 3, WRITES = 40, OPERATIONS_MAX = 400, ROWS_MAX = 100 };

/* A history and its trail, both to be changed by a test. Card 1 and card 2 are of one part. */
typedef struct story {
        history_operation operations[OPERATIONS_MAX];
        size_t operation_count;
        trail_row rows[ROWS_MAX];
        size_t row_count;
        bool reads_never_go_back;
} story;

static void rechain(story *s)
{
        digest chain = {0};
        for (size_t i = 0; i < s->row_count; i++) {
                trail_row *row = &s->rows[i];
                if (i == 0 || row->part != s->rows[i - 1].part) memset(&chain, 0, sizeof chain);
                row->chain = chain = digest_of_two(bytes_of(chain.bytes, DIGEST_BYTES),
                                                   bytes_of(row->record_hash.bytes, DIGEST_BYTES));
        }
}

static int state_of(uint64_t version)
{
        return (int)(version * 7 % 5) + 1;
}

static void add(story *s, history_operation o)
{
        assert_true(s->operation_count < OPERATIONS_MAX);
        s->operations[s->operation_count++] = o;
}

static history_operation read_of(uint32_t card, int64_t at, uint64_t version)
{
        return (history_operation){.kind = HISTORY_STRONG_READ,
                                   .card = card,
                                   .invoked = at,
                                   .completed = at + 3,
                                   .version = version,
                                   .state = state_of(version),
                                   .normal_cards = 1};
}

/* Writes one after the other, each with reads before, beside and after it; some lost, refused and
 * repeated. */
static void story_tell(story *s)
{
        memset(s, 0, sizeof *s);
        s->reads_never_go_back = true;
        random_seeded random;
        random_seeded_init(&random, 5);
        uint64_t versions[CARDS] = {0};
        trail_row rows[CARDS][ROWS_MAX];
        int64_t at = 100;
        for (uint32_t w = 1; w <= WRITES; w++, at += 100) {
                uint32_t card = (uint32_t)(random_u64(&random.base) % CARDS);
                bool refused = w % 7 == 0, unknown = w % 5 == 0, repeated = w % 4 == 0;
                uint64_t version = versions[card] + 1;
                if (versions[card]) add(s, read_of(card, at, versions[card]));
                history_operation write = {.kind = HISTORY_WRITE,
                                           .card = card,
                                           .request = w,
                                           .invoked = at + 10,
                                           .completed = at + 30,
                                           .version = version,
                                           .state = state_of(version),
                                           .outcome = refused   ? HISTORY_REFUSED
                                                      : unknown ? HISTORY_UNKNOWN
                                                                : HISTORY_OK};
                if (write.outcome != HISTORY_OK) write.version = 0, write.state = 0;
                add(s, write);
                if (refused) continue;
                add(s, read_of(card, at + 20, version)); /* beside it */
                add(s, read_of(card, at + 40, version));
                history_operation stale = read_of(card, at + 50, versions[card]);
                stale.kind = HISTORY_STALE_READ;
                stale.as_of = at + 5;
                if (versions[card]) add(s, stale);
                if (repeated && !unknown) {
                        write.invoked = at + 60;
                        write.completed = at + 70;
                        add(s, write);
                }
                rows[card][versions[card]] = (trail_row){.card = card,
                                                         .version = version,
                                                         .state = state_of(version),
                                                         .request = w,
                                                         .part = card == 0 ? 3 : 9};
                versions[card]++;
        }
        for (uint32_t card = 0; card < CARDS; card++)
                for (uint64_t v = 0; v < versions[card]; v++)
                        s->rows[s->row_count++] = rows[card][v];
        for (size_t i = 0; i < s->row_count; i++) {
                trail_row *row = &s->rows[i];
                bool first = i == 0 || s->rows[i - 1].part != row->part;
                row->seq = first ? 1 : s->rows[i - 1].seq + 1;
                row->record_hash = digest_of(bytes_of(&i, sizeof i));
        }
        rechain(s);
}

static checker_verdict judge(const story *s)
{
        checker_input input = {CARDS,   s->operations, s->operation_count,
                               s->rows, s->row_count,  s->reads_never_go_back};
        return checker_judge(&input);
}

static void what_is_right_passes(void **state)
{
        (void)state;
        story s;
        story_tell(&s);
        checker_verdict v = judge(&s);
        if (v.fault) print_message("      %s\n", checker_fault_text(v.fault));
        assert_int_equal(v.fault, CHECKER_NOTHING);
        assert_true(s.operation_count > 100 && s.row_count > 20);
}

/* ---- finding something to change ---- */

static history_operation *write_that(story *s, history_outcome outcome, size_t skip)
{
        for (size_t i = 0; i < s->operation_count; i++)
                if (s->operations[i].kind == HISTORY_WRITE && s->operations[i].outcome == outcome &&
                    skip-- == 0)
                        return &s->operations[i];
        fail();
        return NULL;
}

static trail_row *row_of(story *s, uint32_t request)
{
        for (size_t i = 0; i < s->row_count; i++)
                if (s->rows[i].request == request) return &s->rows[i];
        fail();
        return NULL;
}

/* A read after the card has three versions. */
static history_operation *read_that(story *s, history_kind kind)
{
        for (size_t i = 0; i < s->operation_count; i++)
                if (s->operations[i].kind == kind && s->operations[i].version >= 3)
                        return &s->operations[i];
        fail();
        return NULL;
}

static void see(history_operation *o, uint64_t version)
{
        o->version = version;
        o->state = state_of(version);
}

/* Takes a row out, as if it had never been; later versions of the card come down by one. */
static void row_remove(story *s, trail_row *row)
{
        size_t i = (size_t)(row - s->rows);
        memmove(row, row + 1, (s->row_count - i - 1) * sizeof *row);
        s->row_count--;
}

/* ---- mutations ---- */

static void lose_the_last_acknowledged_write(story *s)
{
        for (size_t skip = 0;; skip++) {
                trail_row *row = row_of(s, write_that(s, HISTORY_OK, skip)->request);
                bool last_of_part = row + 1 == s->rows + s->row_count || row[1].part != row->part;
                if (!last_of_part || row[0].card != CARDS - 1) continue;
                row_remove(s, row);
                return;
        }
}

static void lose_a_write_in_the_middle(story *s)
{
        row_remove(s, row_of(s, write_that(s, HISTORY_OK, 3)->request));
}

static void lose_a_write_in_the_middle_and_renumber(story *s)
{
        trail_row *row = row_of(s, write_that(s, HISTORY_OK, 3)->request);
        uint32_t card = row->card;
        uint8_t part = row->part;
        int64_t seq = row->seq;
        row_remove(s, row);
        for (size_t i = 0; i < s->row_count; i++) {
                if (s->rows[i].part == part && s->rows[i].seq > seq) {
                        s->rows[i].seq--;
                        if (s->rows[i].card == card) s->rows[i].version--;
                }
        }
        rechain(s);
}

static void exchange_two_rows(story *s)
{
        trail_row row = s->rows[1];
        s->rows[1] = s->rows[2];
        s->rows[2] = row;
}

static void alter_a_record(story *s)
{
        s->rows[4].record_hash.bytes[0] ^= 1;
}

static void alter_a_record_and_its_row(story *s)
{
        s->rows[4].record_hash.bytes[0] ^= 1;
        s->rows[4].chain = digest_of_two(bytes_of(s->rows[3].chain.bytes, DIGEST_BYTES),
                                         bytes_of(s->rows[4].record_hash.bytes, DIGEST_BYTES));
}

static void apply_an_acknowledged_write_twice(story *s)
{
        history_operation *write = write_that(s, HISTORY_OK, 2);
        trail_row *row = row_of(s, write->request);
        for (trail_row *other = row + 1; other < s->rows + s->row_count; other++)
                if (other->card == row->card) {
                        other->request = row->request;
                        return;
                }
        fail();
}

static void apply_an_unknown_write_twice(story *s)
{
        for (size_t skip = 0; skip < 4; skip++) {
                trail_row *row = row_of(s, write_that(s, HISTORY_UNKNOWN, skip)->request);
                for (trail_row *other = row + 1; other < s->rows + s->row_count; other++)
                        if (other->card == row->card) {
                                other->request = row->request;
                                return;
                        }
        }
        fail();
}

static void apply_a_refused_write(story *s)
{
        history_operation *write = write_that(s, HISTORY_REFUSED, 0);
        for (size_t i = 0; i < s->row_count; i++) {
                if (s->rows[i].card != write->card) continue;
                s->rows[i].request = write->request;
                return;
        }
}

static void answer_a_repeat_with_another_state(story *s)
{
        for (size_t i = 0; i < s->operation_count; i++)
                for (size_t j = i + 1; j < s->operation_count; j++) {
                        history_operation *first = &s->operations[i], *again = &s->operations[j];
                        if (!first->request || first->request != again->request) continue;
                        again->state++;
                        return;
                }
        fail();
}

static void read_an_older_version_after_OK(story *s)
{
        for (size_t skip = 4;; skip++) {
                history_operation *write = write_that(s, HISTORY_OK, skip);
                if (write->version < 3) continue;
                add(s, read_of(write->card, write->completed + 1, write->version - 1));
                return;
        }
}

static void read_an_older_version_long_after_OK(story *s)
{
        history_operation *read = read_that(s, HISTORY_STRONG_READ);
        read->invoked += 1000000;
        read->completed += 1000000;
        see(read, 1);
}

static void read_back_after_a_read_beside_a_write_without_answer(story *s)
{
        for (size_t skip = 0; skip < 4; skip++) {
                history_operation *write = write_that(s, HISTORY_UNKNOWN, skip);
                trail_row *row = row_of(s, write->request);
                if (row->version < 2) continue;
                add(s, read_of(row->card, write->completed + 5, row->version));
                add(s, read_of(row->card, write->completed + 20, row->version - 1));
                return;
        }
        fail();
}

static void read_a_version_that_never_was(story *s)
{
        history_operation *read = read_that(s, HISTORY_STRONG_READ);
        see(read, 1000);
}

static void read_version_zero(story *s)
{
        see(read_that(s, HISTORY_STRONG_READ), 0);
}

static void read_what_was_not_yet_asked_for(story *s)
{
        for (size_t i = 0; i < s->operation_count; i++) {
                history_operation *write = &s->operations[i];
                if (write->kind != HISTORY_WRITE || write->outcome != HISTORY_OK ||
                    write->version < 2)
                        continue;
                add(s, read_of(write->card, write->invoked - 5, write->version));
                return;
        }
        fail();
}

static void read_another_state(story *s)
{
        read_that(s, HISTORY_STRONG_READ)->state++;
}

static void read_another_state_stale(story *s)
{
        read_that(s, HISTORY_STALE_READ)->state++;
}

static void call_a_stale_read_fresher_than_it_is(story *s)
{
        history_operation *read = read_that(s, HISTORY_STALE_READ);
        read->as_of = read->invoked - 1; /* after the OK that it does not show */
}

static void give_a_write_an_old_version(story *s)
{
        for (size_t skip = 6;; skip++) {
                history_operation *write = write_that(s, HISTORY_OK, skip);
                if (write->version < 3) continue;
                write->invoked += 1000000; /* only now, after all others */
                write->completed += 1000000;
                return;
        }
}

static void show_two_normal_cards(story *s)
{
        read_that(s, HISTORY_STRONG_READ)->normal_cards = 2;
}

static const struct mutation {
        const char *name;
        void (*change)(story *s);
        checker_fault caught_as;
} mutations[] = {
        {"the last acknowledged write is lost", lose_the_last_acknowledged_write,
         CHECKER_LOST_WRITE},
        {"a write in the middle is lost", lose_a_write_in_the_middle, CHECKER_SEQ},
        {"… and the rest renumbered", lose_a_write_in_the_middle_and_renumber, CHECKER_LOST_WRITE},
        {"two rows change places", exchange_two_rows, CHECKER_SEQ},
        {"a record is altered", alter_a_record, CHECKER_CHAIN},
        {"… and its row's chain with it", alter_a_record_and_its_row, CHECKER_CHAIN},
        {"an acknowledged write is applied twice", apply_an_acknowledged_write_twice,
         CHECKER_TWO_EFFECTS},
        {"a write without answer is applied twice", apply_an_unknown_write_twice,
         CHECKER_TWO_EFFECTS},
        {"a refused write is applied", apply_a_refused_write, CHECKER_REFUSED_EFFECT},
        {"a repeat is answered otherwise", answer_a_repeat_with_another_state,
         CHECKER_OTHER_ANSWER},
        {"a strong read is stale right after OK", read_an_older_version_after_OK, CHECKER_STALE},
        {"a strong read is stale long after OK", read_an_older_version_long_after_OK,
         CHECKER_STALE},
        {"a read goes back behind a read", read_back_after_a_read_beside_a_write_without_answer,
         CHECKER_WENT_BACK},
        {"a read shows a version that never was", read_a_version_that_never_was,
         CHECKER_NEVER_WRITTEN},
        {"a read shows version 0", read_version_zero, CHECKER_NEVER_WRITTEN},
        {"a read shows what nobody had asked for", read_what_was_not_yet_asked_for,
         CHECKER_FROM_THE_FUTURE},
        {"a read shows another state", read_another_state, CHECKER_STATE},
        {"a stale read shows another state", read_another_state_stale, CHECKER_STATE},
        {"a stale read is called fresher than it is", call_a_stale_read_fresher_than_it_is,
         CHECKER_STALE_TOO_STALE},
        {"a write gets a version that was acknowledged", give_a_write_an_old_version,
         CHECKER_WRITE_ORDER},
        {"two cards of a holder are NORMAL", show_two_normal_cards, CHECKER_TWO_NORMAL},
};

static void each_mutated_history_is_caught_for_what_is_wrong_with_it(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof mutations / sizeof *mutations; i++) {
                story s;
                story_tell(&s);
                mutations[i].change(&s);
                checker_verdict v = judge(&s);
                print_message("      %-46s %s\n", mutations[i].name, checker_fault_text(v.fault));
                assert_int_equal(v.fault, mutations[i].caught_as);
        }
}

static void a_read_that_goes_back_is_allowed_where_fences_may_be_lost(void **state)
{
        (void)state;
        story s;
        story_tell(&s);
        read_back_after_a_read_beside_a_write_without_answer(&s);
        s.reads_never_go_back = false;
        assert_int_equal(judge(&s).fault, CHECKER_NOTHING);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_is_right_passes),
                cmocka_unit_test(each_mutated_history_is_caught_for_what_is_wrong_with_it),
                cmocka_unit_test(a_read_that_goes_back_is_allowed_where_fences_may_be_lost),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
