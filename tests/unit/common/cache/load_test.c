/* Tokens: one a key and process, and never over what counts. */
#include "tests/unit/common/cache/fixture.h"

#include <string.h>

enum { SECOND_MS = 1000 };

static void steps_load(fixture *f, task *t)
{
        fixture_sleep(t, SECOND_MS);
        {
                SCOPED(cache_load) load = {0};
                cache_load_begin(t, f->owner, &f->key, &load);
                assert_true(load.has_token);
                assert_int_equal(strncmp(fixture_get(f, &f->x, f->key.text), "T1:", 3), 0);
                assert_int_equal(fixture_life(f, &f->x, f->key.text), CACHE_TOKEN_LIFE_MS);
                cache_load_install(&load, 5, fixture_record(f, 5));
                cache_load_install(&load, 6, fixture_record(f, 6)); /* a token is good for one */
        }
        fixture_sleep(t, 1);
        assert_string_equal(fixture_get(f, &f->x, f->key.text), "V1:5:record 5");
        SCOPED(cache_load) again = {0};
        cache_load_begin(t, f->owner, &f->key, &again);
        assert_false(again.has_token);
}

static void a_token_is_good_for_one_record(void **state)
{
        (void)state;
        fixture_run(steps_load);
}

static void steps_old_epoch(fixture *f, task *t)
{
        fixture_sleep(t, SECOND_MS);
        static const char *const over[] = {"V0:9:x", "F0:ab:9", "T0:ab", "V7:9:x", "rubbish"};
        for (size_t i = 0; i < ARRAY_LENGTH(over); i++) {
                fixture_set(f, &f->x, f->key.text, over[i]);
                SCOPED(cache_load) load = {0};
                cache_load_begin(t, f->owner, &f->key, &load);
                assert_true(load.has_token);
        }
        static const char *const held[] = {"V1:9:x", "F1:ab:9", "T1:ab"};
        for (size_t i = 0; i < ARRAY_LENGTH(held); i++) {
                fixture_set(f, &f->x, f->key.text, held[i]);
                SCOPED(cache_load) load = {0};
                cache_load_begin(t, f->owner, &f->key, &load);
                assert_false(load.has_token);
                cache_load_install(&load, 5, fixture_record(f, 5));
                fixture_sleep(t, 1);
                assert_string_equal(fixture_get(f, &f->x, f->key.text), held[i]);
        }
}

static void a_token_stands_over_an_old_epoch_and_never_over_what_counts(void **state)
{
        (void)state;
        fixture_run(steps_old_epoch);
}

static void steps_lost_token(fixture *f, task *t)
{
        fixture_sleep(t, SECOND_MS);
        SCOPED(cache_load) load = {0};
        cache_load_begin(t, f->owner, &f->key, &load);
        assert_true(load.has_token);
        fixture_sleep(t, CACHE_TOKEN_LIFE_MS); /* a very slow database */
        cache_load_install(&load, 5, fixture_record(f, 5));
        fixture_sleep(t, 1);
        assert_null(fixture_get(f, &f->x, f->key.text));
}

static void what_was_read_too_long_ago_is_not_installed(void **state)
{
        (void)state;
        fixture_run(steps_lost_token);
}

static void steps_away(fixture *f, task *t)
{
        fixture_sleep(t, SECOND_MS);
        f->x.wire.refuses = true;
        sim_wire_cut(&f->x.wire, true);
        {
                SCOPED(cache_load) load = {0};
                cache_load_begin(t, f->owner, &f->key, &load);
                assert_false(load.has_token);
                cache_load_install(&load, 5, fixture_record(f, 5));
        }
        assert_int_equal(t->failure.kind, FAILURE_NONE); /* the answer goes out all the same */
        SCOPED(cache_load) never_begun = {0};
        cache_load_install(&never_begun, 5, fixture_record(f, 5));
}

static void without_Redis_a_load_is_only_a_load(void **state)
{
        (void)state;
        fixture_run(steps_away);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_token_is_good_for_one_record),
                cmocka_unit_test(a_token_stands_over_an_old_epoch_and_never_over_what_counts),
                cmocka_unit_test(what_was_read_too_long_ago_is_not_installed),
                cmocka_unit_test(without_Redis_a_load_is_only_a_load),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
