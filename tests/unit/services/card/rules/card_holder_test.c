/* Chains of successors, and the card that a person means. */
#include "services/card/rules/card_holder.h"

#include "tests/unit/services/card/rules/card_fixture.h"

static world w;

static void chain(int card, int ancestor)
{
        w.holder.cards[card].supersedes = w.holder.cards[ancestor].id;
}

static void a_chain_is_followed_to_its_end(void **state)
{
        (void)state;
        world_init(&w);
        int a = world_card(&w, CARD_NORMAL), b = world_card(&w, CARD_CANCELLED);
        int c = world_card(&w, CARD_REQUESTED);
        chain(b, a);
        chain(c, b);
        assert_true(card_supersedes(&w.holder, c, a));
        assert_false(card_supersedes(&w.holder, a, c));
        assert_false(card_supersedes(&w.holder, a, a));
        assert_int_equal(card_live_successor(&w.holder, a), c); /* past the one that ended */
        assert_int_equal(card_live_successor(&w.holder, c), -1);
        assert_false(card_is_duplicate(&w.holder, a));
}

static void a_loop_in_bad_data_ends(void **state)
{
        (void)state;
        world_init(&w);
        int a = world_card(&w, CARD_NORMAL), b = world_card(&w, CARD_NORMAL);
        int c = world_card(&w, CARD_NORMAL);
        chain(a, b);
        chain(b, a);
        assert_false(card_supersedes(&w.holder, a, c));
}

static void cards_are_found_by_id(void **state)
{
        (void)state;
        world_init(&w);
        int a = world_card(&w, CARD_NORMAL);
        assert_int_equal(card_holder_find(&w.holder, w.holder.cards[a].id), a);
        assert_int_equal(card_holder_find(&w.holder, world_id(4711)), -1);
        assert_int_equal(card_holder_find(&w.holder, (ulid){0}), -1);
}

static void R43_the_card_in_use_is_the_one_that_is_meant(void **state)
{
        (void)state;
        world_init(&w);
        assert_int_equal(card_holder_current(&w.holder), -1);
        int cancelled = world_card(&w, CARD_CANCELLED);
        assert_int_equal(card_holder_current(&w.holder), cancelled);
        int normal = world_card(&w, CARD_NORMAL);
        int requested = world_card(&w, CARD_REQUESTED);
        chain(requested, normal);
        assert_int_equal(card_holder_current(&w.holder), normal);
        w.holder.cards[normal].state = CARD_LOST;
        assert_int_equal(card_holder_current(&w.holder), requested);
        w.holder.cards[normal].state = CARD_NORMAL;
        w.holder.cards[normal].legacy_duplicate = true;
        assert_int_equal(card_holder_current(&w.holder), normal); /* better than one on its way */
}

static void a_change_without_a_list_keeps_the_version(void **state)
{
        (void)state;
        world_init(&w);
        int a = world_card(&w, CARD_NORMAL);
        card_cancel(NULL, &w.holder, a, CARD_CANCEL_ERROR, "R42", CARD_TIMER_NONE, 5);
        assert_int_equal(w.holder.cards[a].state, CARD_CANCELLED);
        assert_int_equal(w.holder.cards[a].version, 7);
}

static void entering_a_state_clears_what_belonged_to_the_last(void **state)
{
        (void)state;
        world_init(&w);
        card_record *card = &w.holder.cards[world_card(&w, CARD_TEMP_LOST)];
        card_enter(card, CARD_LOST, 9);
        assert_int_equal(card->prior, CARD_NORMAL); /* kept from loss to loss */
        assert_int_equal(card->temp_loss_until_ms, 0);
        card_enter(card, CARD_NORMAL, 10);
        assert_int_equal(card->prior, CARD_STATE_NONE);
        assert_int_equal(card->state_since_ms, 10);
}

static void missing_texts_become_empty(void **state)
{
        (void)state;
        card_record card = {.number = "A"};
        card_record_tidy(&card);
        assert_string_equal(card.number, "A");
        assert_string_equal(card.bank, "");
        assert_string_equal(card.consent.statement, "");
}

static void R43_a_card_that_left_is_put_back_in_its_order_to_be_looked_at(void **state)
{
        (void)state;
        world_init(&w);
        for (int i = 0; i < CARD_CARDS_MAX; i++)
                world_card(&w, CARD_WITHDRAWN);
        card_record oldest = w.holder.cards[0], second = w.holder.cards[1];
        card_holder_remove(&w.holder, 0, NULL);
        world_card(&w, CARD_NORMAL);
        assert_int_equal(w.holder.card_count, CARD_CARDS_MAX);
        assert_true(card_holder_recall(&w.holder, &oldest));
        assert_int_equal(w.holder.card_count, CARD_CARDS_MAX);
        assert_int_equal(card_holder_find(&w.holder, oldest.id), 0);
        assert_int_equal(card_holder_find(&w.holder, second.id), -1); /* made room */
        assert_int_equal(card_holder_current(&w.holder), CARD_CARDS_MAX - 1);
        world_init(&w);
        for (int i = 0; i < CARD_CARDS_MAX; i++)
                world_card(&w, CARD_NORMAL);
        assert_false(card_holder_recall(&w.holder, &oldest));
        world_init(&w);
        assert_true(card_holder_recall(&w.holder, &oldest));
        assert_int_equal(w.holder.card_count, 1);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_chain_is_followed_to_its_end),
                cmocka_unit_test(a_loop_in_bad_data_ends),
                cmocka_unit_test(cards_are_found_by_id),
                cmocka_unit_test(R43_the_card_in_use_is_the_one_that_is_meant),
                cmocka_unit_test(a_change_without_a_list_keeps_the_version),
                cmocka_unit_test(entering_a_state_clears_what_belonged_to_the_last),
                cmocka_unit_test(missing_texts_become_empty),
                cmocka_unit_test(R43_a_card_that_left_is_put_back_in_its_order_to_be_looked_at),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
