/* What is believed, and for how long. */
#include "tests/unit/common/cache/fixture.h"

enum { LIFE_MS = 2000, POLL_MS = 200, SECOND_MS = 1000, SOON_MS = 30 };

static void put_lease(fixture *f, const char *value, const char *life)
{
        bytes words[] = {bytes_of_text("SET"), bytes_of_text("sscard:lease:card"),
                         bytes_of_text(value), bytes_of_text("PX"), bytes_of_text(life)};
        cache_reply reply;
        sim_redis_run(f->x.redis, &f->arena, words, 5, &reply);
}

static void steps_found(fixture *f, task *t)
{
        assert_int_equal(fixture_look(f, t, 0).finding, CACHE_DOWN); /* nothing is known yet */
        fixture_sleep(t, SECOND_MS);
        assert_int_equal(fixture_look(f, t, 0).finding, CACHE_MISS);
        fixture_set(f, &f->x, f->key.text, "V1:5:hello");
        cache_look look = fixture_look(f, t, 0);
        assert_int_equal(look.finding, CACHE_FOUND);
        assert_int_equal(look.version, 5);
        assert_int_equal(look.epoch, 1);
        assert_int_equal(look.stale_ms, 0);
        assert_true(bytes_equal(look.record, bytes_of_text("hello")));
        static const struct {
                const char *text;
                cache_finding finding;
        } rows[] = {
                {"F1:ab:4", CACHE_FENCED}, {"T1:ab", CACHE_MISS},   {"V2:5:x", CACHE_MISS},
                {"V0:5:x", CACHE_MISS},    {"F2:ab:4", CACHE_MISS}, {"", CACHE_MISS},
                {"rubbish", CACHE_MISS},
        };
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                fixture_set(f, &f->x, f->key.text, rows[i].text);
                assert_int_equal(fixture_look(f, t, 0).finding, rows[i].finding);
        }
}

static void only_a_record_of_the_believed_epoch_is_found(void **state)
{
        (void)state;
        fixture_run(steps_found);
}

static void steps_until(fixture *f, task *t)
{
        fixture_sleep(t, SECOND_MS);
        fixture_set(f, &f->x, f->key.text, "V1:5:x");
        f->trust.away = true; /* the lease is renewed no more */
        while (fixture_get(f, &f->x, "sscard:lease:card")) {
                fixture_sleep(t, 1);
                if (cache_reader_believes(f->reader, 0)) continue;
                assert_true(fixture_life(f, &f->x, "sscard:lease:card") <= 1);
        }
        assert_false(cache_reader_believes(f->reader, 0)); /* never longer than it lives */
        assert_int_equal(fixture_look(f, t, 0).finding, CACHE_DOWN);
        assert_false(cache_reader_believes(f->reader, 1)); /* bank never had one */
}

static void a_belief_ends_with_its_lease(void **state)
{
        (void)state;
        fixture_run(steps_until);
}

static void steps_slow_answer(fixture *f, task *t)
{
        fixture_sleep(t, SECOND_MS);
        fixture_set(f, &f->x, f->key.text, "V1:5:x");
        f->trust.away = true;
        f->x.wire.delay_ms_max = 180; /* the answer about the lease comes late */
        while (fixture_get(f, &f->x, "sscard:lease:card"))
                fixture_sleep(t, 1);
        fixture_sleep(t, 1);
        assert_false(cache_reader_believes(f->reader, 0));
}

static void the_life_of_a_lease_counts_from_before_it_was_asked_for(void **state)
{
        (void)state;
        fixture_run(steps_slow_answer);
}

static void steps_foreign(fixture *f, task *t)
{
        fixture_sleep(t, SECOND_MS);
        f->trust.away = true;
        fixture_set(f, &f->x, f->key.text, "V1:5:x");
        put_lease(f, "1:0000000000000000000000000000000000000000",
                  "60000"); /* names another server */
        fixture_sleep(t, POLL_MS + SOON_MS);
        assert_int_equal(fixture_look(f, t, 0).finding, CACHE_DOWN);
        put_lease(f, "rubbish", "60000");
        fixture_sleep(t, POLL_MS + SOON_MS);
        assert_int_equal(fixture_look(f, t, 0).finding, CACHE_DOWN);
        fixture_set(f, &f->x, "sscard:lease:card", "1:00"); /* lives for ever: not one of ours */
        fixture_sleep(t, POLL_MS + SOON_MS);
        assert_int_equal(fixture_look(f, t, 0).finding, CACHE_DOWN);
}

static void a_lease_that_names_another_server_is_not_believed(void **state)
{
        (void)state;
        fixture_run(steps_foreign);
}

static void steps_reconnect(fixture *f, task *t)
{
        fixture_sleep(t, SECOND_MS);
        fixture_set(f, &f->x, f->key.text, "V1:5:x");
        assert_true(cache_reader_believes(f->reader, 0));
        uint64_t generation = cache_connection_generation(f->reader_connection);
        sim_wire_cut(&f->x.wire, false);
        assert_int_equal(fixture_look(f, t, 0).finding, CACHE_DOWN);
        assert_int_equal(fixture_look(f, t, 60000).finding,
                         CACHE_DOWN); /* stale ones too: all is forgotten */
        while (!cache_connection_is_up(f->reader_connection))
                fixture_sleep(t, 1);
        assert_int_equal(cache_connection_generation(f->reader_connection), generation + 1);
        assert_false(cache_reader_believes(f->reader, 0)); /* until it has asked again */
        fixture_sleep(t, POLL_MS + SOON_MS);
        assert_int_equal(fixture_look(f, t, 0).finding, CACHE_FOUND);
}

static void a_new_connection_begins_without_beliefs(void **state)
{
        (void)state;
        fixture_run(steps_reconnect);
}

static void steps_stale(fixture *f, task *t)
{
        fixture_sleep(t, SECOND_MS);
        fixture_set(f, &f->x, f->key.text, "V1:5:x");
        f->trust.away = true;
        while (cache_reader_believes(f->reader, 0))
                fixture_sleep(t, 1);
        int64_t ended_ms = fixture_now(f);
        fixture_sleep(t, SECOND_MS);
        cache_look look = fixture_look(f, t, 5 * SECOND_MS);
        assert_int_equal(look.finding, CACHE_FOUND);
        assert_int_equal(look.stale_ms, fixture_now(f) - ended_ms);
        assert_int_equal(fixture_look(f, t, SECOND_MS - SOON_MS).finding, CACHE_DOWN);
        assert_int_equal(fixture_look(f, t, 0).finding, CACHE_DOWN);
        fixture_set(f, &f->x, f->key.text, "F1:ab:5");
        assert_int_equal(fixture_look(f, t, 5 * SECOND_MS).finding, CACHE_DOWN);
        fixture_set(f, &f->x, f->key.text, "V2:5:x");
        assert_int_equal(fixture_look(f, t, 5 * SECOND_MS).finding, CACHE_DOWN);
        assert_int_equal(cache_reader_counts_of(f->reader)->stale, 1);
}

static void
with_max_staleness_the_epoch_believed_last_counts_for_so_long_and_says_since_when(void **state)
{
        (void)state;
        fixture_run(steps_stale);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(only_a_record_of_the_believed_epoch_is_found),
                cmocka_unit_test(a_belief_ends_with_its_lease),
                cmocka_unit_test(the_life_of_a_lease_counts_from_before_it_was_asked_for),
                cmocka_unit_test(a_lease_that_names_another_server_is_not_believed),
                cmocka_unit_test(a_new_connection_begins_without_beliefs),
                cmocka_unit_test(
                        with_max_staleness_the_epoch_believed_last_counts_for_so_long_and_says_since_when),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
