/* A link beside its card: what holds at once, and what never may. */
#include "services/bank/rules/bank_link.h"

#include "tests/unit/services/bank/rules/bank_fixture.h"

#include <string.h>

static bank_world w;

static bank_link shown(card_state card, bank_state link)
{
        bank_world_init(&w, card, link);
        bank_link copy = *bank_world_stored(&w);
        bank_link_derive(&copy, bank_world_card(&w));
        return copy;
}

static void S6_a_cancelled_card_shows_its_account_as_closing_at_once(void **state)
{
        (void)state;
        assert_int_equal(shown(CARD_CANCELLED, BANK_LOADED).state, BANK_CLOSURE_PENDING);
        assert_int_equal(shown(CARD_CANCELLED, BANK_ACTIVE).state, BANK_CLOSURE_PENDING);
        assert_int_equal(shown(CARD_CANCELLED, BANK_NONE).state, BANK_NONE);
        assert_int_equal(shown(CARD_CANCELLED, BANK_CLOSED).state, BANK_CLOSED);
        bank_link closing = shown(CARD_CANCELLED, BANK_ACTIVE);
        assert_int_equal(closing.closure.agency_done_at_ms, bank_world_card(&w)->state_since_ms);
        assert_int_equal(closing.version, bank_world_stored(&w)->version);
}

static void S6_a_lost_card_shows_that_the_bank_is_to_be_asked_at_once(void **state)
{
        (void)state;
        assert_int_equal(shown(CARD_TEMP_LOST, BANK_ACTIVE).loss, BANK_LOSS_UNKNOWN);
        assert_int_equal(shown(CARD_LOST, BANK_LOADED).loss, BANK_LOSS_UNKNOWN);
        assert_int_equal(shown(CARD_LOST, BANK_NONE).loss, BANK_LOSS_NO);
        assert_int_equal(shown(CARD_NORMAL, BANK_ACTIVE).loss, BANK_LOSS_NO);
        assert_int_equal(shown(CARD_LOST, BANK_ACTIVE).state, BANK_ACTIVE);
}

static void R5_only_an_active_account_is_ready(void **state)
{
        (void)state;
        for (int link = BANK_NONE; link < BANK_STATE_COUNT; link++) {
                bank_link copy = shown(CARD_NORMAL, (bank_state)link);
                assert_int_equal(bank_payout_is_ready(&copy), link == BANK_ACTIVE);
        }
}

static void waiting_grows_and_has_an_end(void **state)
{
        (void)state;
        assert_int_equal(bank_retry_delay_ms(1, BANK_REQUEST_OPEN), 2000);
        assert_int_equal(bank_retry_delay_ms(2, BANK_REQUEST_OPEN), 4000);
        assert_int_equal(bank_retry_delay_ms(1000000, BANK_REQUEST_OPEN), 900000);
        assert_int_equal(bank_retry_delay_ms(1, BANK_REQUEST_ACCEPTED), 60000);
        assert_int_equal(bank_retry_delay_ms(1000000, BANK_REQUEST_ACCEPTED), 3600000);
}

static void every_kind_of_request_has_a_timer_of_its_own(void **state)
{
        (void)state;
        for (int kind = 1; kind < BANK_REQUEST_KIND_COUNT; kind++)
                assert_int_equal(
                        bank_request_kind_of(bank_request_kind_name((bank_request_kind)kind)),
                        kind);
        assert_int_equal(bank_request_kind_of("expired"), BANK_REQUEST_NONE);
}

static void what_is_broken_is_seen(void **state)
{
        (void)state;
        for (int link = BANK_NONE; link < BANK_STATE_COUNT; link++) {
                bank_world_init(&w, CARD_NORMAL, (bank_state)link);
                assert_null(bank_link_broken(bank_world_stored(&w)));
        }
        bank_world_init(&w, CARD_NORMAL, BANK_ACTIVE);
        bank_world_stored(&w)->activated_at_ms = 0;
        assert_non_null(bank_link_broken(bank_world_stored(&w)));
        bank_world_init(&w, CARD_NORMAL, BANK_LOADED);
        bank_world_stored(&w)->loss = BANK_LOSS_CONFIRMED;
        assert_non_null(bank_link_broken(bank_world_stored(&w)));
        bank_world_init(&w, CARD_NORMAL, BANK_CLOSED);
        bank_world_stored(&w)->closure.bank_done_at_ms = 0;
        assert_non_null(bank_link_broken(bank_world_stored(&w)));
        bank_world_init(&w, CARD_NORMAL, BANK_CLOSURE_PENDING);
        bank_world_stored(&w)->closure.id = (ulid){0};
        assert_non_null(bank_link_broken(bank_world_stored(&w)));
        bank_world_init(&w, CARD_NORMAL, BANK_NONE);
        bank_world_stored(&w)->account = "acc";
        assert_non_null(bank_link_broken(bank_world_stored(&w)));
        bank_world_init(&w, CARD_NORMAL, BANK_LOADED);
        bank_request_begin(bank_world_stored(&w), BANK_REQUEST_ACTIVATE, world_id(4), 5);
        assert_null(bank_link_broken(bank_world_stored(&w)));
        bank_world_stored(&w)->requests[BANK_REQUEST_ACTIVATE].next_at_ms = 0;
        assert_non_null(bank_link_broken(bank_world_stored(&w)));
}

static void a_full_record_lets_the_oldest_link_go_that_is_over(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_NORMAL, BANK_ACTIVE);
        ulid leaver;
        while (w.links.link_count < BANK_LINKS_MAX) {
                bank_state is = w.links.link_count == 5 ? BANK_CLOSED : BANK_CLOSURE_PENDING;
                bank_link link = bank_world_link(&w, world_id(500 + w.links.link_count), is);
                assert_true(bank_holder_put(&w.links, &link, &leaver));
                assert_true(ulid_is_zero(leaver));
        }
        bank_link further = bank_world_link(&w, world_id(700), BANK_LOADED);
        assert_true(bank_holder_put(&w.links, &further, &leaver));
        assert_true(ulid_equal(leaver, world_id(505)));
        assert_int_equal(w.links.link_count, BANK_LINKS_MAX);
        assert_int_equal(bank_holder_find(&w.links, world_id(505)), -1);
        further.card = world_id(701);
        assert_false(bank_holder_put(&w.links, &further, &leaver)); /* the rest is not over */
}

static void a_card_that_has_left_its_record_has_ended(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_NORMAL, BANK_CLOSURE_PENDING);
        card_record left = bank_card_that_left(bank_world_stored(&w));
        assert_true(bank_card_has_ended(&left));
        assert_string_equal(left.bank, "105");
}

static void S12_every_state_has_a_name_and_a_meaning_in_both_languages(void **state)
{
        (void)state;
        for (int link = BANK_NONE; link < BANK_STATE_COUNT; link++) {
                policy_text name = bank_state_text((bank_state)link);
                policy_text meaning = bank_state_meaning((bank_state)link);
                assert_true(strlen(name.zh) > 0 && strlen(name.en) > 0);
                assert_true(strlen(meaning.zh) > 0 && strlen(meaning.en) > 0);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(S6_a_cancelled_card_shows_its_account_as_closing_at_once),
                cmocka_unit_test(S6_a_lost_card_shows_that_the_bank_is_to_be_asked_at_once),
                cmocka_unit_test(R5_only_an_active_account_is_ready),
                cmocka_unit_test(waiting_grows_and_has_an_end),
                cmocka_unit_test(every_kind_of_request_has_a_timer_of_its_own),
                cmocka_unit_test(what_is_broken_is_seen),
                cmocka_unit_test(a_full_record_lets_the_oldest_link_go_that_is_over),
                cmocka_unit_test(a_card_that_has_left_its_record_has_ended),
                cmocka_unit_test(S12_every_state_has_a_name_and_a_meaning_in_both_languages),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
