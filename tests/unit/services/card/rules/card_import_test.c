/* Taking over persons of an older system: a repeat finds what was imported (R42). */
#include "tests/unit/services/card/rules/card_fixture.h"

#define APPLIED_MS (FIXTURE_NOW_MS - 9 * DAY_MS)

/* One card in `state`, without a number when `number` is "". */
static card_holder import_of(card_state state, const char *number, int64_t requested_at_ms)
{
        card_holder import = {.id = world_id(900), .card_count = 1};
        import.person = (card_person){.version = 1, .born_on = { 1990, 1, 2 }};
        import.cards[0] = (card_record){.id = world_id(901),
                                        .state = state,
                                        .number = number,
                                        .requested_at_ms = requested_at_ms,
                                        .apply_reason = CARD_APPLY_FIRST,
                                        .fulfilment = CARD_FULFILMENT_PICKUP,
                                        .bank = "105",
                                        .scope = "330000"};
        return import;
}

static void import(world *w, const card_holder *import)
{
        w->facts.holder = &w->holder;
        card_rules_import(&w->facts, import, &w->verdict);
}

static void expect_known_when_repeated(card_state state, const char *number)
{
        world w;
        world_init(&w);
        card_holder message = import_of(state, number, APPLIED_MS);
        import(&w, &message);
        assert_false(card_verdict_is_refused(&w.verdict));
        assert_true(w.verdict.changed);
        world_keep(&w);
        message.cards[0].id = world_id(902); /* each attempt draws another one */
        import(&w, &message);
        assert_false(card_verdict_is_refused(&w.verdict));
        assert_false(w.verdict.changed);
        assert_int_equal(w.verdict.after.card_count, 1);
}

static void R42_a_repeated_import_changes_nothing_with_or_without_a_number(void **state)
{
        (void)state;
        expect_known_when_repeated(CARD_NORMAL, "A12345678");
        expect_known_when_repeated(CARD_REQUESTED, "");
        expect_known_when_repeated(CARD_PRODUCING, "");
        expect_known_when_repeated(CARD_WITHDRAWN, "");
}

static void R42_an_imported_application_is_known_when_its_card_has_been_made_since(void **state)
{
        (void)state;
        world w;
        world_init(&w);
        card_holder message = import_of(CARD_PRODUCING, "", APPLIED_MS);
        import(&w, &message);
        world_keep(&w);
        w.holder.cards[0].state = CARD_ARCHIVED_UNCOLLECTED;
        w.holder.cards[0].number = "A12345678";
        import(&w, &message);
        assert_false(card_verdict_is_refused(&w.verdict));
        assert_false(w.verdict.changed);
}

static void R42_another_application_is_another_card(void **state)
{
        (void)state;
        world w;
        world_init(&w);
        card_holder first = import_of(CARD_WITHDRAWN, "", APPLIED_MS),
                    second = import_of(CARD_REQUESTED, "", APPLIED_MS + DAY_MS);
        second.cards[0].id = world_id(903);
        import(&w, &first);
        world_keep(&w);
        import(&w, &second);
        assert_false(card_verdict_is_refused(&w.verdict));
        assert_int_equal(w.verdict.after.card_count, 2);
        /* A made card of unknown date does not stand in for an application of unknown date. */
        world_init(&w);
        first = import_of(CARD_CANCELLED, "A12345678", 0);
        first.cards[0].cancel_reason = CARD_CANCEL_HOLDER;
        second = import_of(CARD_REQUESTED, "", 0);
        second.cards[0].id = world_id(903);
        import(&w, &first);
        world_keep(&w);
        import(&w, &second);
        assert_false(card_verdict_is_refused(&w.verdict));
        assert_int_equal(w.verdict.after.card_count, 2);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(R42_a_repeated_import_changes_nothing_with_or_without_a_number),
                cmocka_unit_test(
                        R42_an_imported_application_is_known_when_its_card_has_been_made_since),
                cmocka_unit_test(R42_another_application_is_another_card),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
