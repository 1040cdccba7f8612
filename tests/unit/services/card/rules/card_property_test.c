/* I1-I5 and I7 over random lives: seeded sequences of everything that can be asked of a holder, by
 * anyone, anywhere, with time passing. A failure prints its seed and step. */
#include "services/card/rules/card_invariants.h"

#include "services/card/rules/card_settle.h"
#include "tests/unit/services/card/rules/card_fixture.h"

#include <stdio.h>
#include <string.h>

enum { LIVES = 600, EVENTS = 100 };

static uint64_t next_random(uint64_t *seed)
{
        uint64_t z = (*seed += 0x9e3779b97f4a7c15u);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
}

static int below(uint64_t *seed, int bound)
{
        return (int)(next_random(seed) % (uint64_t)bound);
}

typedef struct tally {
        int tried, done, kept, refused, settled, successors, ended;
} tally;

static world w;
static card_holder before;

static void check(uint64_t seed, int step)
{
        const char *broken = card_invariants_broken(&w.holder);
        if (broken != NULL)
                fail_msg("seed %llu step %d: %s", (unsigned long long)seed, step, broken);
        /* I1 once more, counted by hand. */
        int normal = 0;
        for (int i = 0; i < w.holder.card_count; i++)
                if (w.holder.cards[i].state == CARD_NORMAL && !w.holder.cards[i].legacy_duplicate)
                        normal++;
        assert_true(normal <= 1);
        assert_false(card_contributions_affected()); /* I7 */
}

/* I2 and I3, by comparing what was with what is. */
static void check_step(uint64_t seed, int step)
{
        for (int i = 0; i < before.card_count; i++) {
                const card_record *was = &before.cards[i], *is = &w.holder.cards[i];
                assert_true(ulid_equal(was->id, is->id));
                bool ended = was->state == CARD_CANCELLED || was->state == CARD_WITHDRAWN;
                if (ended && was->state != is->state)
                        fail_msg("seed %llu step %d: I2", (unsigned long long)seed, step);
                int changes = 0;
                for (int j = 0; j < w.verdict.changes.count; j++)
                        changes += w.verdict.changes.items[j].card == i;
                assert_int_equal(is->version, was->version + (uint64_t)changes);
                if (changes == 0) assert_memory_equal(was, is, sizeof *was);
        }
}

static void turn_knobs(uint64_t *seed)
{
        for (int i = 0; i < CARD_KNOB_COUNT; i++) {
                const policy_knob *knob = &CARD_KNOBS[i];
                int64_t value = knob->national;
                if (knob->type == POLICY_KNOB_BOOLEAN) value = below(seed, 2);
                if (knob->type == POLICY_KNOB_CHOICE)
                        value = below(seed, i == CARD_KNOB_TEMP_LOSS_ON_EXPIRY ? 3 : 2);
                if (i == CARD_KNOB_TEMP_LOSS_DAYS) value = 1 + below(seed, 15);
                if (i == CARD_KNOB_UNCLAIMED_DAYS) value = below(seed, 3) * 30;
                if (policy_knob_check(knob, value) == POLICY_KNOB_ACCEPTED)
                        w.knobs.values[i] = value;
        }
}

static void import_legacy(uint64_t *seed)
{
        static card_holder old;
        memset(&old, 0, sizeof old);
        old.id = w.holder.id;
        old.person.born_on = (civil_date){1990, 5, 17};
        static const card_state states[] = {CARD_NORMAL, CARD_ARCHIVED_COLLECTED, CARD_LOST,
                                            CARD_TEMP_LOST};
        static const char *const numbers[] = {"LEGACY001", "LEGACY002", "LEGACY003"};
        int count = 1 + below(seed, 3);
        for (int i = 0; i < count; i++)
                old.cards[old.card_count++] = (card_record){
                        .id = world_id(w.next++),
                        .state = states[below(seed, 4)],
                        .legacy_duplicate = i > 0 || below(seed, 2) == 0,
                        .number = numbers[i],
                        .bank = "105",
                        .expires_on = {2027, 6, 1},
                };
        w.holder.exists = false;
        card_rules_import(&w.facts, &old, &w.verdict);
        assert_string_equal(world_reason(&w), "OK");
        w.holder = w.verdict.after;
}

static void step(uint64_t *seed, tally *t)
{
        if (below(seed, 3) == 0) w.facts.now_ms += (int64_t)below(seed, 40) * DAY_MS / 2;
        if (below(seed, 40) == 0) turn_knobs(seed);
        before = w.holder;

        if (below(seed, 5) == 0 && w.holder.card_count > 0) { /* a timer fires */
                int card = below(seed, w.holder.card_count);
                card_rules_fire_timer(&w.facts, w.holder.cards[card].id,
                                      (card_timer_kind)(1 + below(seed, 5)), &w.verdict);

        } else {
                card_operation operation = (card_operation)below(seed, CARD_OPERATION_COUNT);
                /* A death ends the game: rarely. */
                if (operation == CARD_OPERATION_RECORD_DEATH && below(seed, 100) != 0) return;
                int card = w.holder.card_count > 0 ? below(seed, w.holder.card_count) : -1;
                if (card >= 0 && below(seed, 2) == 0) card = w.holder.card_count - 1;
                if (card < 0 && card_operation_row_of(operation)->scope == CARD_SCOPE_CARD) return;
                if (below(seed, 4) == 0)
                        world_as(&w, (policy_role)(1 + below(seed, 11)),
                                 (policy_channel)(1 + below(seed, 13)));
                else
                        world_as_whoever_may(&w, operation, CARD_STATE_NONE);
                world_event(&w, operation, card);
                if (card_operation_row_of(operation)->scope != CARD_SCOPE_CARD)
                        w.event.card = (ulid){0};
                if (below(seed, 8) == 0) w.event.evidence = 0;
                if (below(seed, 3) == 0) w.event.bank = "102";
                w.event.fulfilment = (card_fulfilment)(1 + below(seed, 3));
                static const char numbers[CARD_CARDS_MAX][10] = {
                        "P00000000", "P00000001", "P00000002", "P00000003",
                        "P00000004", "P00000005", "P00000006", "P00000007",
                        "P00000008", "P00000009", "P0000000A", "P0000000B",
                        "P0000000C", "P0000000D", "P0000000E", "P0000000F"};
                if (operation == CARD_OPERATION_COMPLETE_PRODUCTION && card >= 0 &&
                    w.holder.cards[card].number[0] == '\0')
                        w.event.number = numbers[card];
                w.event.entitlement = (card_entitlement)(1 + below(seed, 2));
                world_apply(&w);
                t->tried++;
                if (card_verdict_is_refused(&w.verdict)) {
                        t->refused++;
                        assert_int_equal(w.verdict.changes.count, 0);
                        assert_true(policy_refusal_step_count(&w.verdict.refusal) > 0);
                        return;
                }
                if (!w.verdict.changed) {
                        t->kept++;
                        return;
                }
                t->done++;
                if (w.verdict.after.card_count > w.holder.card_count &&
                    !ulid_is_zero(w.verdict.after.cards[w.holder.card_count].supersedes))
                        t->successors++;
        }
        if (!w.verdict.changed) return;
        w.holder = w.verdict.after;
        for (int i = 0; i < w.verdict.changes.count; i++)
                t->settled += w.verdict.changes.items[i].timer != CARD_TIMER_NONE;
}

static void I1_to_I7_hold_over_random_lives(void **state)
{
        (void)state;
        tally t = {0};
        for (uint64_t life = 1; life <= LIVES; life++) {
                uint64_t seed = life;
                world_init(&w);
                turn_knobs(&seed);
                if (below(&seed, 3) == 0) import_legacy(&seed);
                for (int i = 0; i < EVENTS; i++) {
                        w.verdict.changes.count = 0;
                        before = w.holder;
                        step(&seed, &t);
                        check(life, i);
                        if (w.verdict.changed && !card_verdict_is_refused(&w.verdict))
                                check_step(life, i);
                }
                for (int i = 0; i < w.holder.card_count; i++)
                        t.ended += !card_state_is_live(w.holder.cards[i].state);
        }
        print_message(
                "I1-I7: %d lives, %d events tried: %d changed, %d were so already, %d refused; "
                "%d changes by time; %d successors; %d cards ended\n",
                LIVES, t.tried, t.done, t.kept, t.refused, t.settled, t.successors, t.ended);
        assert_true(t.tried >= 20000);
        assert_true(t.done > 2000 && t.kept > 100 && t.settled > 200 && t.successors > 100);
}

int main(void)
{
        const struct CMUnitTest tests[] = {cmocka_unit_test(I1_to_I7_hold_over_random_lives)};
        return cmocka_run_group_tests(tests, NULL, NULL);
}
