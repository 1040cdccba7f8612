/* The arena: what it gives is usable, aligned and gone after a reset. */
#include "common/base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void every_piece_is_aligned_and_writable(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        for (size_t bytes = 0; bytes < 3000; bytes += 7) {
                char *piece = arena_alloc(&a, bytes);
                assert_non_null(piece);
                assert_int_equal((uintptr_t)piece % 16, 0);
                memset(piece, 0xa5, bytes);
        }
}

static void pieces_do_not_overlap(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        unsigned char *pieces[500];
        for (int i = 0; i < 500; i++) {
                pieces[i] = arena_alloc(&a, 37);
                memset(pieces[i], i & 255, 37);
        }
        for (int i = 0; i < 500; i++)
                for (int k = 0; k < 37; k++)
                        assert_int_equal(pieces[i][k], i & 255);
}

static void zalloc_clears_memory_that_was_used_before(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        memset(arena_alloc(&a, 4000), 0xff, 4000);
        arena_reset(&a);
        const unsigned char *piece = arena_zalloc(&a, 4000);
        for (int i = 0; i < 4000; i++)
                assert_int_equal(piece[i], 0);
}

static void a_piece_larger_than_a_block_is_given_whole(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        char *large = arena_alloc(&a, 1 << 20);
        memset(large, 1, 1 << 20);
        char *small = arena_strdup(&a, "after");
        assert_string_equal(small, "after");
        assert_int_equal(large[(1 << 20) - 1], 1);
}

static void reset_keeps_one_block_and_forgets_the_count(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        void *first = arena_alloc(&a, 100);
        for (int i = 0; i < 100; i++)
                assert_non_null(arena_alloc(&a, 1000));
        assert_true(a.bytes_used >= 100100);
        arena_reset(&a);
        assert_int_equal(a.bytes_used, 0);
        assert_ptr_equal(arena_alloc(&a, 100), first);
}

static void reset_lets_an_outsized_first_block_go(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        assert_non_null(arena_alloc(&a, 4 << 20));
        arena_reset(&a);
        assert_null(a.blocks);
}

static void copy_keeps_nuls_and_ends_in_one(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        const char *copy = arena_copy(&a, "a\0b", 3);
        assert_memory_equal(copy, "a\0b", 4);
        assert_null(arena_strdup(&a, NULL));
        assert_string_equal(arena_copy(&a, NULL, 0), "");
}

static void format_makes_short_and_long_text(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        assert_string_equal(arena_format(&a, "regions/%d", 330000), "regions/330000");
        for (int width = 250; width < 262; width++)
                assert_int_equal(strlen(arena_format(&a, "%*d", width, 1)), width);
        assert_int_equal(strlen(arena_format(&a, "%20000d", 1)), 20000);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_piece_is_aligned_and_writable),
                cmocka_unit_test(pieces_do_not_overlap),
                cmocka_unit_test(zalloc_clears_memory_that_was_used_before),
                cmocka_unit_test(a_piece_larger_than_a_block_is_given_whole),
                cmocka_unit_test(reset_keeps_one_block_and_forgets_the_count),
                cmocka_unit_test(reset_lets_an_outsized_first_block_go),
                cmocka_unit_test(copy_keeps_nuls_and_ends_in_one),
                cmocka_unit_test(format_makes_short_and_long_text),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
