/* Cursors: there and back, and nothing that somebody else made. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/feed/cursor.h"

static keyed_hash *hash_of(uint8_t first)
{
        uint8_t key[32] = {first};
        failure why = {0};
        keyed_hash *hash = keyed_hash_create(bytes_of(key, sizeof key), &why);
        assert_non_null(hash);
        return hash;
}

static void a_cursor_comes_back_as_it_was(void **state)
{
        (void)state;
        SCOPED(arena) memory = {0};
        keyed_hash *hash = hash_of(1);
        feed_cursor cursor = {{0}}, read;
        for (int i = 0; i < FEED_PARTS; i++)
                cursor.seq[i] = (int64_t)1 << (i % 63);
        cursor.seq[7] = INT64_MAX;
        char *text = feed_cursor_format(&memory, &cursor, hash);
        assert_true(strlen(text) < FEED_CURSOR_TEXT_MAX);
        assert_true(feed_cursor_parse(text, hash, &read));
        assert_memory_equal(&cursor, &read, sizeof cursor);

        memset(&cursor, 0, sizeof cursor);
        assert_true(feed_cursor_parse(feed_cursor_format(&memory, &cursor, hash), hash, &read));
        assert_memory_equal(&cursor, &read, sizeof cursor);
        assert_true(feed_cursor_parse("", hash, &read));
        assert_memory_equal(&cursor, &read, sizeof cursor);
        keyed_hash_destroy(hash);
}

static void S8_a_forged_or_damaged_cursor_is_refused(void **state)
{
        (void)state;
        SCOPED(arena) memory = {0};
        keyed_hash *hash = hash_of(1), *other = hash_of(2);
        feed_cursor cursor = {{5, 6}}, read = {{77}};
        char *text = feed_cursor_format(&memory, &cursor, hash);
        assert_false(feed_cursor_parse(text, other, &read));
        size_t length = strlen(text);
        for (size_t i = 0; i < length; i++) {
                char *forged = arena_strdup(&memory, text);
                forged[i] = forged[i] == 'A' ? 'B' : 'A';
                assert_false(feed_cursor_parse(forged, hash, &read));
                forged[i] = '\0';
                if (i > 0) assert_false(feed_cursor_parse(forged, hash, &read));
        }
        static const char *const rubbish[] = {"x", "AQ", "====", "../../etc", "AQ AQ", "卡"};
        for (size_t i = 0; i < ARRAY_LENGTH(rubbish); i++)
                assert_false(feed_cursor_parse(rubbish[i], hash, &read));
        assert_false(feed_cursor_parse(arena_format(&memory, "%s%s", text, text), hash, &read));
        char *huge = arena_alloc(&memory, 100001);
        memset(huge, 'A', 100000);
        huge[100000] = '\0';
        assert_false(feed_cursor_parse(huge, hash, &read));
        assert_int_equal(read.seq[0], 77); /* untouched */
        keyed_hash_destroy(hash);
        keyed_hash_destroy(other);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_cursor_comes_back_as_it_was),
                cmocka_unit_test(S8_a_forged_or_damaged_cursor_is_refused),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
