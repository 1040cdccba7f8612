/* What time does, at the midnights of China. */
#include "services/card/rules/card_settle.h"

#include "tests/unit/services/card/rules/card_fixture.h"

static int64_t midnight(int year, int month, int day)
{
        return civil_date_start_unix_ms((civil_date){(int16_t)year, (int8_t)month, (int8_t)day});
}

static void now_of_the_fixture_is_noon_in_china(void **state)
{
        (void)state;
        assert_int_equal(FIXTURE_NOW_MS, midnight(2026, 11, 23) + DAY_MS / 2);
}

static void A3_a_temporary_loss_ends_at_midnight_in_china_and_not_before(void **state)
{
        (void)state;
        static world w;
        world_init(&w);
        int card = world_card(&w, CARD_NORMAL);
        w.facts.now_ms = midnight(2026, 11, 23) + DAY_MS - 1; /* 23:59:59.999 */
        world_do(&w, CARD_OPERATION_REPORT_TEMP_LOSS, card);
        /* Ten whole days after the day of the report. */
        assert_int_equal(w.holder.cards[card].temp_loss_until_ms, midnight(2026, 12, 4));

        card_holder before = w.holder, after = w.holder;
        assert_false(card_settle(&before, midnight(2026, 12, 4) - 1));
        assert_int_equal(before.cards[card].state, CARD_TEMP_LOST);
        assert_true(card_settle(&after, midnight(2026, 12, 4)));
        assert_int_equal(after.cards[card].state, CARD_NORMAL);
        assert_int_equal(after.cards[card].temp_loss_until_ms, 0);
        assert_int_equal(after.cards[card].state_since_ms, midnight(2026, 12, 4));
        assert_int_equal(after.cards[card].version, 8); /* a settled answer keeps its etag */
}

static void A3_a_report_at_midnight_counts_the_new_day(void **state)
{
        (void)state;
        assert_int_equal(card_temp_loss_end_ms(midnight(2026, 11, 24), 10), midnight(2026, 12, 5));
        assert_int_equal(card_temp_loss_end_ms(midnight(2026, 11, 24) - 1, 10),
                         midnight(2026, 12, 4));
}

static void A3_outcome_and_end_stay_as_they_were_when_the_pack_changes(void **state)
{
        (void)state;
        static world w;
        const struct {
                card_temp_loss_outcome outcome;
                card_state later;
        } cases[] = {{CARD_TEMP_LOSS_RESTORE, CARD_NORMAL},
                     {CARD_TEMP_LOSS_HOLD, CARD_TEMP_LOST},
                     {CARD_TEMP_LOSS_CANCEL, CARD_CANCELLED}};
        for (size_t i = 0; i < 3; i++) {
                world_init(&w);
                int card = world_card(&w, CARD_NORMAL);
                w.knobs.values[CARD_KNOB_TEMP_LOSS_ON_EXPIRY] = cases[i].outcome - 1;
                w.knobs.values[CARD_KNOB_TEMP_LOSS_DAYS] = 5;
                world_do(&w, CARD_OPERATION_REPORT_TEMP_LOSS, card);
                int64_t until = w.holder.cards[card].temp_loss_until_ms;
                assert_int_equal(until, midnight(2026, 11, 29));

                w.knobs = card_knobs_national();
                world_do(&w, CARD_OPERATION_REPORT_TEMP_LOSS, card); /* note 6: not extended */
                assert_int_equal(w.holder.cards[card].temp_loss_until_ms, until);
                card_settle(&w.holder, until);
                assert_int_equal(w.holder.cards[card].state, cases[i].later);
        }
}

static void A3_the_warning_goes_out_once_a_day_before_the_end(void **state)
{
        (void)state;
        static world w;
        world_init(&w);
        int card = world_card(&w, CARD_NORMAL);
        world_do(&w, CARD_OPERATION_REPORT_TEMP_LOSS, card);
        ulid id = w.holder.cards[card].id;
        card_timer timers[CARD_TIMERS_MAX];
        assert_int_equal(card_timers_of(&w.holder.cards[card], timers), 4);
        assert_int_equal(timers[1].kind, CARD_TIMER_TEMP_LOSS_WARNING);
        assert_int_equal(timers[1].due_ms, midnight(2026, 12, 3));

        w.facts.now_ms = timers[1].due_ms - 1;
        card_rules_fire_timer(&w.facts, id, CARD_TIMER_TEMP_LOSS_WARNING, &w.verdict);
        assert_false(w.verdict.changed);
        w.facts.now_ms++;
        card_rules_fire_timer(&w.facts, id, CARD_TIMER_TEMP_LOSS_WARNING, &w.verdict);
        assert_true(w.verdict.changed);
        assert_string_equal(w.verdict.changes.items[0].event, "card.temp_loss_ending");
        world_keep(&w);
        card_rules_fire_timer(&w.facts, id, CARD_TIMER_TEMP_LOSS_WARNING, &w.verdict);
        assert_false(w.verdict.changed); /* twice is once */
}

static void a_write_puts_the_settlement_first_with_its_own_version(void **state)
{
        (void)state;
        static world w;
        world_init(&w);
        int card = world_card(&w, CARD_TEMP_LOST);
        int64_t until = w.holder.cards[card].temp_loss_until_ms;
        w.facts.now_ms = until + DAY_MS;
        world_event(&w, CARD_OPERATION_REPORT_FORMAL_LOSS, card)->expected_version = 7;
        world_expect(&w, "OK");
        assert_int_equal(w.verdict.changes.count, 2);
        const card_change *first = &w.verdict.changes.items[0], *second = first + 1;
        assert_int_equal(first->timer, CARD_TIMER_TEMP_LOSS_END);
        assert_int_equal(first->at_ms, until);
        assert_int_equal(first->after.state, CARD_NORMAL);
        assert_int_equal(first->after.version, 8);
        assert_int_equal(second->timer, CARD_TIMER_NONE);
        assert_int_equal(second->before.version, 8);
        assert_int_equal(second->after.state, CARD_LOST);
        assert_int_equal(second->after.version, 9);
}

static void a_refused_or_idle_write_leaves_the_settlement_to_the_job(void **state)
{
        (void)state;
        static world w;
        world_init(&w);
        int card = world_card(&w, CARD_TEMP_LOST);
        w.facts.now_ms = w.holder.cards[card].temp_loss_until_ms;
        world_event(&w, CARD_OPERATION_RECOVER, card);
        world_expect(&w, "NOT_LOST"); /* it is over already */
        assert_int_equal(w.verdict.changes.count, 0);
        card_rules_fire_timer(&w.facts, w.holder.cards[card].id, CARD_TIMER_TEMP_LOSS_END,
                              &w.verdict);
        assert_int_equal(w.verdict.changes.count, 1);
}

static void A5_an_unclaimed_card_ends_and_frees_its_predecessor(void **state)
{
        (void)state;
        static world w;
        world_init(&w);
        w.knobs.values[CARD_KNOB_UNCLAIMED_DAYS] = 365;
        int old = world_card(&w, CARD_NORMAL);
        world_do(&w, CARD_OPERATION_REPLACE_DAMAGED, old);
        world_do(&w, CARD_OPERATION_START_PRODUCTION, 1);
        world_do(&w, CARD_OPERATION_COMPLETE_PRODUCTION, 1);
        int64_t due = w.holder.cards[1].unclaimed_until_ms;
        assert_int_equal(due, midnight(2027, 11, 24));
        w.knobs.values[CARD_KNOB_UNCLAIMED_DAYS] = 1; /* fixed when it was made */

        card_holder before = w.holder, after = w.holder;
        assert_false(card_settle(&before, due - 1));
        assert_true(card_settle(&after, due));
        assert_int_equal(after.cards[1].cancel_reason, CARD_CANCEL_UNCLAIMED);
        assert_true(ulid_is_zero(after.cards[old].superseded_by));
        assert_int_equal(after.cards[old].state, CARD_NORMAL);
}

static void R32_validity_changes_at_midnight_and_the_day_of_expiry_counts_in(void **state)
{
        (void)state;
        card_record card = {.state = CARD_NORMAL, .expires_on = {2027, 1, 22}};
        civil_date opens = card_renewal_opens_on(&card);
        assert_int_equal(civil_date_compare(opens, (civil_date){2026, 11, 23}), 0);
        const struct {
                int64_t at;
                card_validity validity;
        } cases[] = {{midnight(2026, 11, 23) - 1, CARD_VALIDITY_VALID},
                     {midnight(2026, 11, 23), CARD_VALIDITY_EXPIRING},
                     {midnight(2027, 1, 22), CARD_VALIDITY_EXPIRING},
                     {midnight(2027, 1, 23) - 1, CARD_VALIDITY_EXPIRING},
                     {midnight(2027, 1, 23), CARD_VALIDITY_EXPIRED}};
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
                assert_int_equal(card_validity_of(&card, cases[i].at), cases[i].validity);
        card.expires_on = (civil_date){0};
        assert_int_equal(card_validity_of(&card, FIXTURE_NOW_MS), CARD_VALIDITY_NONE);
        assert_true(civil_date_is_zero(card_renewal_opens_on(&card)));
}

static void R32_one_event_goes_out_at_day_minus_sixty_and_one_after_the_last_day(void **state)
{
        (void)state;
        static world w;
        world_init(&w);
        int card = world_card(&w, CARD_NORMAL);
        w.holder.cards[card].expires_on = (civil_date){2027, 1, 22};
        ulid id = w.holder.cards[card].id;
        w.facts.now_ms = midnight(2026, 11, 23) - 1;
        card_rules_fire_timer(&w.facts, id, CARD_TIMER_EXPIRING, &w.verdict);
        assert_false(w.verdict.changed);
        w.facts.now_ms++;
        card_rules_fire_timer(&w.facts, id, CARD_TIMER_EXPIRING, &w.verdict);
        assert_string_equal(w.verdict.changes.items[0].event, "card.expiring");
        assert_int_equal(w.verdict.changes.items[0].at_ms, midnight(2026, 11, 23));
        assert_int_equal(w.verdict.after.cards[card].state, CARD_NORMAL);
        world_keep(&w);
        card_rules_fire_timer(&w.facts, id, CARD_TIMER_EXPIRING, &w.verdict);
        assert_false(w.verdict.changed);
        w.facts.now_ms = midnight(2027, 1, 23);
        card_rules_fire_timer(&w.facts, id, CARD_TIMER_EXPIRED, &w.verdict);
        assert_string_equal(w.verdict.changes.items[0].event, "card.expired");
        world_keep(&w);
        card_timer timers[CARD_TIMERS_MAX];
        assert_int_equal(card_timers_of(&w.holder.cards[card], timers), 0);
}

static void R32_a_late_timer_of_a_card_that_expired_says_expired_once(void **state)
{
        (void)state;
        static world w;
        world_init(&w);
        int card = world_card(&w, CARD_NORMAL);
        w.holder.cards[card].expires_on = (civil_date){2020, 1, 22};
        ulid id = w.holder.cards[card].id;
        card_rules_fire_timer(&w.facts, id, CARD_TIMER_EXPIRING, &w.verdict);
        assert_string_equal(w.verdict.changes.items[0].event, "card.expired");
        world_keep(&w);
        card_rules_fire_timer(&w.facts, id, CARD_TIMER_EXPIRED, &w.verdict);
        assert_false(w.verdict.changed);
}

static void R37_delivery_follows_the_state(void **state)
{
        (void)state;
        card_record card = {.state = CARD_PRODUCING, .fulfilment = CARD_FULFILMENT_MAIL};
        assert_int_equal(card_delivery_of(&card), CARD_DELIVERY_IN_PRODUCTION);
        card.state = CARD_ARCHIVED_UNCOLLECTED;
        assert_int_equal(card_delivery_of(&card), CARD_DELIVERY_IN_MAIL);
        card.fulfilment = CARD_FULFILMENT_PICKUP;
        assert_int_equal(card_delivery_of(&card), CARD_DELIVERY_AT_OUTLET);
        card.state = CARD_NORMAL;
        assert_int_equal(card_delivery_of(&card), CARD_DELIVERY_COLLECTED);
        card.state = CARD_CANCELLED;
        assert_int_equal(card_delivery_of(&card), CARD_DELIVERY_NONE);
        card.cancel_reason = CARD_CANCEL_LOST_IN_DELIVERY;
        assert_int_equal(card_delivery_of(&card), CARD_DELIVERY_LOST);
        card.state = CARD_REQUESTED;
        assert_int_equal(card_delivery_of(&card), CARD_DELIVERY_NONE);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(now_of_the_fixture_is_noon_in_china),
                cmocka_unit_test(A3_a_temporary_loss_ends_at_midnight_in_china_and_not_before),
                cmocka_unit_test(A3_a_report_at_midnight_counts_the_new_day),
                cmocka_unit_test(A3_outcome_and_end_stay_as_they_were_when_the_pack_changes),
                cmocka_unit_test(A3_the_warning_goes_out_once_a_day_before_the_end),
                cmocka_unit_test(a_write_puts_the_settlement_first_with_its_own_version),
                cmocka_unit_test(a_refused_or_idle_write_leaves_the_settlement_to_the_job),
                cmocka_unit_test(A5_an_unclaimed_card_ends_and_frees_its_predecessor),
                cmocka_unit_test(R32_validity_changes_at_midnight_and_the_day_of_expiry_counts_in),
                cmocka_unit_test(
                        R32_one_event_goes_out_at_day_minus_sixty_and_one_after_the_last_day),
                cmocka_unit_test(R32_a_late_timer_of_a_card_that_expired_says_expired_once),
                cmocka_unit_test(R37_delivery_follows_the_state),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
