/* Tests of records that are kept for reads which allow staleness (S6). */
#include "common/service/record_copies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { CARD = 0, LINK = 1, SECOND = 1000 };

static const ulid ANNA = {{1}}, BERTA = {{2}};

typedef struct answer {
        bool found;
        int64_t version, stale_ms;
        bytes record;
} answer;

static answer look(record_copies *c, arena *a, uint32_t service, const ulid *holder, int64_t now_ms,
                   int64_t staleness_ms)
{
        answer it = {0};
        it.found = record_copies_find(c, a, service, holder, now_ms, staleness_ms, &it.version,
                                      &it.record, &it.stale_ms);
        return it;
}

static void keep(record_copies *c, uint32_t service, const ulid *holder, int64_t version,
                 const char *text, int64_t at_ms)
{
        record_copies_keep(c, service, holder, version, bytes_of_text(text), at_ms);
}

static void S6_a_copy_says_how_old_it_is_and_counts_only_as_long_as_allowed(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        record_copies *c = record_copies_create(10, 1000);
        keep(c, CARD, &ANNA, 3, "three", 100 * SECOND);
        answer it = look(c, &a, CARD, &ANNA, 104 * SECOND, 5 * SECOND);
        assert_true(it.found);
        assert_int_equal(it.version, 3);
        assert_int_equal(it.stale_ms, 4 * SECOND);
        assert_true(bytes_equal(it.record, bytes_of_text("three")));
        assert_true(look(c, &a, CARD, &ANNA, 105 * SECOND, 5 * SECOND).found);
        assert_false(look(c, &a, CARD, &ANNA, 105 * SECOND + 1, 5 * SECOND).found);
        assert_false(look(c, &a, LINK, &ANNA, 104 * SECOND, 5 * SECOND).found);
        assert_false(look(c, &a, CARD, &BERTA, 104 * SECOND, 5 * SECOND).found);
        /* Never 0: that would be a strong read. */
        assert_int_equal(look(c, &a, CARD, &ANNA, 100 * SECOND, 5 * SECOND).stale_ms, 1);
        record_copies_destroy(c);
}

static void S6_an_older_version_that_comes_late_is_not_taken(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        record_copies *c = record_copies_create(10, 1000);
        keep(c, CARD, &ANNA, 4, "four", 100 * SECOND);
        keep(c, CARD, &ANNA, 3, "three", 101 * SECOND);
        assert_int_equal(look(c, &a, CARD, &ANNA, 102 * SECOND, 5 * SECOND).version, 4);
        keep(c, CARD, &ANNA, 4, "four", 103 * SECOND);
        answer it = look(c, &a, CARD, &ANNA, 104 * SECOND, 5 * SECOND);
        assert_int_equal(it.stale_ms, 1 * SECOND);
        assert_int_equal(record_copies_count(c).entries, 1);
        record_copies_destroy(c);
}

static void there_are_never_more_than_so_many_and_the_oldest_goes_first(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        record_copies *c = record_copies_create(3, 30);
        for (uint8_t i = 1; i <= 20; i++) {
                ulid holder = {{i}};
                keep(c, CARD, &holder, 1, "0123456789", i);
                assert_true(record_copies_count(c).entries <= 3);
                assert_true(record_copies_count(c).bytes <= 30);
        }
        assert_false(look(c, &a, CARD, &(ulid){{17}}, 20, SECOND).found);
        assert_true(look(c, &a, CARD, &(ulid){{18}}, 20, SECOND).found);
        keep(c, CARD, &ANNA, 1, "0123456789012345678901234567890123456789", 21); /* no room */
        assert_false(look(c, &a, CARD, &ANNA, 21, SECOND).found);
        keep(c, CARD, &BERTA, 1, "01234567890123456789012345", 22);
        assert_true(look(c, &a, CARD, &BERTA, 22, SECOND).found);
        assert_int_equal(record_copies_count(c).entries, 1);
        record_copies_destroy(c);
}

static void what_nobody_may_use_any_more_goes(void **state)
{
        (void)state;
        record_copies *c = record_copies_create(10, 1000);
        keep(c, CARD, &ANNA, 1, "old", 0);
        keep(c, CARD, &BERTA, 1, "new", RECORD_COPIES_AGE_MAX_MS + 1);
        assert_int_equal(record_copies_count(c).entries, 1);
        record_copies_destroy(c);
        record_copies_destroy(NULL);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(S6_a_copy_says_how_old_it_is_and_counts_only_as_long_as_allowed),
                cmocka_unit_test(S6_an_older_version_that_comes_late_is_not_taken),
                cmocka_unit_test(there_are_never_more_than_so_many_and_the_oldest_goes_first),
                cmocka_unit_test(what_nobody_may_use_any_more_goes),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
