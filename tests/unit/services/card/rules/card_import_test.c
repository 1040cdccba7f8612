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

/* A person with that many cards of those states. */
static card_holder import_many(const card_state *states, int count)
{
        static const char *const numbers[] = {"A00000001", "A00000002", "A00000003"};
        card_holder import = import_of(states[0], numbers[0], APPLIED_MS);
        for (int i = 0; i < count; i++) {
                import.cards[i] = import.cards[0];
                import.cards[i].id = world_id((uint32_t)(910 + i));
                import.cards[i].state = states[i];
                import.cards[i].number = numbers[i];
        }
        import.card_count = (uint8_t)count;
        return import;
}

static void R42_a_second_live_card_must_be_declared_a_legacy_duplicate(void **state)
{
        (void)state;
        static world w;
        world_init(&w);
        const card_state states[] = {CARD_NORMAL, CARD_LOST};
        card_holder message = import_many(states, 2);
        import(&w, &message);
        assert_string_equal(world_reason(&w), "DUPLICATE_NOT_DECLARED");
        assert_int_equal(w.verdict.after.card_count, 0); /* all or nothing */
        assert_int_equal(w.verdict.changes.count, 0);
        message.cards[1].legacy_duplicate = true;
        import(&w, &message);
        assert_string_equal(world_reason(&w), "OK");
        assert_int_equal(w.verdict.changes.count, 2);
        assert_string_equal(w.verdict.changes.items[0].event, "card.imported");
        assert_int_equal(w.verdict.after.cards[0].version, 1);
}

static void R42_a_person_comes_with_the_first_import(void **state)
{
        (void)state;
        static world w;
        world_init(&w);
        w.holder.exists = false;
        card_holder message = import_of(CARD_NORMAL, "A12345678", APPLIED_MS);
        import(&w, &message);
        assert_true(w.verdict.person_changed && w.verdict.after.exists);
        assert_string_equal(w.verdict.person_event, "person.registered");
        assert_int_equal(w.verdict.after.person.version, 1);
}

static void what_an_old_record_does_not_say_is_filled_in(void **state)
{
        (void)state;
        static world w;
        world_init(&w);
        w.knobs.values[CARD_KNOB_TEMP_LOSS_ON_EXPIRY] = CARD_TEMP_LOSS_HOLD - 1;
        card_holder message = import_of(CARD_TEMP_LOST, "A12345678", APPLIED_MS);
        import(&w, &message);
        assert_string_equal(world_reason(&w), "OK");
        const card_record *card = &w.verdict.after.cards[0];
        assert_int_equal(card->prior, CARD_NORMAL);
        assert_true(card->ever_normal);
        assert_true(card->temp_loss_until_ms > FIXTURE_NOW_MS);
        assert_int_equal(card->temp_loss_outcome, CARD_TEMP_LOSS_HOLD);
        assert_true(card->collected_at_ms > 0);

        world_init(&w);
        w.knobs.values[CARD_KNOB_UNCLAIMED_DAYS] = 30;
        message = import_of(CARD_ARCHIVED_UNCOLLECTED, "A12345678", APPLIED_MS);
        import(&w, &message);
        assert_true(w.verdict.after.cards[0].unclaimed_until_ms > FIXTURE_NOW_MS + 30 * DAY_MS);
}

static void contradictions_are_refused(void **state)
{
        (void)state;
        static world w;
        for (int fault = 0; fault < 9; fault++) {
                world_init(&w);
                card_holder message = import_of(CARD_NORMAL, "A12345678", APPLIED_MS);
                card_record *card = &message.cards[0];
                if (fault == 0) card->number = "";
                if (fault == 1) card->cancel_reason = CARD_CANCEL_ERROR;
                if (fault == 2) card->prior = CARD_NORMAL;
                if (fault == 3) card->temp_loss_until_ms = 5;
                if (fault == 4) card->state = CARD_STATE_NONE;
                if (fault == 5) card->id = (ulid){0};
                if (fault == 6) {
                        card->issued_on = (civil_date){2026, 1, 2};
                        card->expires_on = (civil_date){2026, 1, 2};
                }
                if (fault == 7) w.holder.person.died_on = (civil_date){2026, 1, 1};
                if (fault == 8) {
                        card->state = CARD_LOST;
                        card->prior = CARD_PRODUCING;
                }
                import(&w, &message);
                assert_string_equal(world_reason(&w), "IMPORT_INCONSISTENT");
                assert_false(w.verdict.changed);
        }
}

static void one_number_twice_or_too_many_cards_are_refused(void **state)
{
        (void)state;
        static world w;
        world_init(&w);
        const card_state states[] = {CARD_NORMAL, CARD_NORMAL};
        card_holder message = import_many(states, 2);
        message.cards[1].legacy_duplicate = true;
        message.cards[1].number = message.cards[0].number;
        import(&w, &message);
        assert_string_equal(world_reason(&w), "IMPORT_INCONSISTENT");
        world_init(&w);
        for (int i = 0; i < CARD_CARDS_MAX; i++)
                w.holder.cards[world_card(&w, CARD_NORMAL)].legacy_duplicate = i > 0;
        message = import_of(CARD_CANCELLED, "A12345678", APPLIED_MS);
        message.cards[0].cancel_reason = CARD_CANCEL_HOLDER;
        import(&w, &message);
        assert_string_equal(world_reason(&w), "TOO_MANY_CARDS");
        world_init(&w);
        for (int i = 0; i < CARD_CARDS_MAX; i++)
                world_card(&w, CARD_WITHDRAWN);
        message = import_of(CARD_NORMAL, "A12345678", APPLIED_MS);
        import(&w, &message);
        assert_string_equal(world_reason(&w), "OK");
        assert_int_equal(w.verdict.leaver_count, 1);
        assert_int_equal(w.verdict.after.card_count, CARD_CARDS_MAX);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(R42_a_repeated_import_changes_nothing_with_or_without_a_number),
                cmocka_unit_test(
                        R42_an_imported_application_is_known_when_its_card_has_been_made_since),
                cmocka_unit_test(R42_another_application_is_another_card),
                cmocka_unit_test(R42_a_second_live_card_must_be_declared_a_legacy_duplicate),
                cmocka_unit_test(R42_a_person_comes_with_the_first_import),
                cmocka_unit_test(what_an_old_record_does_not_say_is_filled_in),
                cmocka_unit_test(contradictions_are_refused),
                cmocka_unit_test(one_number_twice_or_too_many_cards_are_refused),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
