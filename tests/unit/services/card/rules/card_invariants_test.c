/* Each invariant is seen to break: what never fails proves nothing. */
#include "services/card/rules/card_invariants.h"

#include "tests/unit/services/card/rules/card_fixture.h"

#include <string.h>

static world w;

static void expect_broken(const char *beginning)
{
        const char *broken = card_invariants_broken(&w.holder);
        assert_non_null(broken);
        if (strncmp(broken, beginning, strlen(beginning)) != 0)
                fail_msg("expected \"%s…\", got \"%s\"", beginning, broken);
}

static void every_single_card_is_whole(void **state)
{
        (void)state;
        for (int s = CARD_REQUESTED; s <= CARD_WITHDRAWN; s++) {
                world_init(&w);
                world_card(&w, (card_state)s);
                assert_null(card_invariants_broken(&w.holder));
        }
}

static void I1_two_live_cards_need_a_chain_or_a_legacy_mark(void **state)
{
        (void)state;
        world_init(&w);
        world_card(&w, CARD_NORMAL);
        world_card(&w, CARD_NORMAL);
        expect_broken("I1");
        w.holder.cards[1].legacy_duplicate = true;
        assert_null(card_invariants_broken(&w.holder));
        world_init(&w);
        world_card(&w, CARD_NORMAL);
        world_card(&w, CARD_REQUESTED);
        expect_broken("I1");
        w.holder.cards[1].supersedes = w.holder.cards[0].id;
        assert_null(card_invariants_broken(&w.holder));
}

static void I4_a_card_that_was_normal_stands_beside_no_predecessor(void **state)
{
        (void)state;
        world_init(&w);
        world_card(&w, CARD_LOST);
        world_card(&w, CARD_LOST);
        w.holder.cards[1].supersedes = w.holder.cards[0].id;
        expect_broken("I4");
        w.holder.cards[1].ever_normal = false;
        w.holder.cards[1].prior = CARD_ARCHIVED_COLLECTED;
        assert_null(card_invariants_broken(&w.holder));
}

static void I4_a_live_card_never_names_a_successor_that_ended(void **state)
{
        (void)state;
        world_init(&w);
        world_card(&w, CARD_NORMAL);
        world_card(&w, CARD_WITHDRAWN);
        w.holder.cards[0].superseded_by = w.holder.cards[1].id;
        expect_broken("I4");
}

static void I4_replaced_means_that_somebody_collected_the_successor(void **state)
{
        (void)state;
        world_init(&w);
        world_card(&w, CARD_CANCELLED);
        world_card(&w, CARD_REQUESTED);
        w.holder.cards[0].cancel_reason = CARD_CANCEL_REPLACED;
        w.holder.cards[0].superseded_by = w.holder.cards[1].id;
        expect_broken("I4");
}

static void I5_only_a_temporary_loss_has_an_end(void **state)
{
        (void)state;
        world_init(&w);
        world_card(&w, CARD_TEMP_LOST);
        w.holder.cards[0].temp_loss_until_ms = 0;
        expect_broken("I5");
        world_init(&w);
        world_card(&w, CARD_NORMAL);
        w.holder.cards[0].temp_loss_until_ms = 1;
        expect_broken("I5");
        world_init(&w);
        world_card(&w, CARD_TEMP_LOST);
        w.holder.cards[0].temp_loss_outcome = CARD_TEMP_LOSS_NONE;
        expect_broken("I5");
}

static void what_else_belongs_together_is_seen_to_part(void **state)
{
        (void)state;
        world_init(&w);
        card_record *card = &w.holder.cards[world_card(&w, CARD_LOST)];
        const card_record whole = *card;
        card->prior = CARD_REQUESTED;
        expect_broken("a lost card");
        *card = whole;
        card->number = "";
        expect_broken("a made card");
        *card = whole;
        card->collected_at_ms = 0;
        expect_broken("a collected card");
        *card = whole;
        card->version = 0;
        expect_broken("I3");
        *card = whole;
        card->state = CARD_STATE_NONE;
        expect_broken("a card has no state");
        *card = whole;
        card->id = (ulid){0};
        expect_broken("a card has no id");
        *card = whole;
        card->state = CARD_CANCELLED;
        card->prior = CARD_STATE_NONE;
        expect_broken("CANCELLED has a reason");
        *card = whole;
        card->state = CARD_NORMAL;
        expect_broken("a card that is not lost");
        card->prior = CARD_STATE_NONE;
        card->ever_normal = false;
        expect_broken("NORMAL was never NORMAL");
        *card = whole;
        card->unclaimed_until_ms = 1;
        expect_broken("only a card that waits");
        *card = whole;
        w.holder.person.died_on = (civil_date){2026, 1, 1};
        expect_broken("a dead person");
        w.holder.person.died_on = (civil_date){0};
        w.holder.exists = false;
        expect_broken("cards of nobody");
        w.holder.exists = true;
        w.holder.cards[1] = whole;
        w.holder.card_count = 2;
        expect_broken("two cards have one id");
        w.holder.card_count = CARD_CARDS_MAX + 1;
        expect_broken("too many cards");
}

static void I2_I3_a_step_leaves_no_terminal_state_and_skips_no_version(void **state)
{
        (void)state;
        card_change change = {.before = {.id = world_id(1), .state = CARD_CANCELLED, .version = 4},
                              .after = {.id = world_id(1), .state = CARD_CANCELLED, .version = 5}};
        assert_null(card_change_broken(&change));
        change.after.state = CARD_NORMAL;
        assert_true(strncmp(card_change_broken(&change), "I2", 2) == 0);
        change.after.state = CARD_CANCELLED;
        change.after.version = 6;
        assert_true(strncmp(card_change_broken(&change), "I3", 2) == 0);
        change.after.version = 5;
        change.after.id = world_id(2);
        assert_non_null(card_change_broken(&change));
}

static void I7_contributions_are_never_affected(void **state)
{
        (void)state;
        assert_false(card_contributions_affected());
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_single_card_is_whole),
                cmocka_unit_test(I1_two_live_cards_need_a_chain_or_a_legacy_mark),
                cmocka_unit_test(I4_a_card_that_was_normal_stands_beside_no_predecessor),
                cmocka_unit_test(I4_a_live_card_never_names_a_successor_that_ended),
                cmocka_unit_test(I4_replaced_means_that_somebody_collected_the_successor),
                cmocka_unit_test(I5_only_a_temporary_loss_has_an_end),
                cmocka_unit_test(what_else_belongs_together_is_seen_to_part),
                cmocka_unit_test(I2_I3_a_step_leaves_no_terminal_state_and_skips_no_version),
                cmocka_unit_test(I7_contributions_are_never_affected),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
