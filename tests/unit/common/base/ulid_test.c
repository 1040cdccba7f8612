/* ULIDs: time, part and text survive; nothing else parses. */
#include "common/base/ulid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void time_and_part_survive_text(void **state)
{
        (void)state;
        random_seeded random;
        random_seeded_init(&random, 1);
        for (int i = 0; i < 10000; i++) {
                int64_t ms = (int64_t)(random_u64(&random.base) >> 16);
                ulid id = ulid_new(ms, &random.base, (uint8_t)i);
                char text[ULID_TEXT_BYTES + 1];
                ulid_format(id, text);
                assert_int_equal(strlen(text), ULID_TEXT_BYTES);
                ulid back;
                assert_true(ulid_parse(text, &back));
                assert_true(ulid_equal(id, back));
                assert_true(ulid_unix_ms(back) == ms);
                assert_int_equal(ulid_part(back), i & 255);
        }
}

static void text_is_the_published_form(void **state)
{
        (void)state;
        /* From the ULID specification's Java and Go suites: 01ARZ3NDEKTSV4RRFFQ69G5FAV. */
        ulid id;
        assert_true(ulid_parse("01ARZ3NDEKTSV4RRFFQ69G5FAV", &id));
        assert_true(ulid_unix_ms(id) == INT64_C(1469922850259));
        char text[ULID_TEXT_BYTES + 1];
        ulid_format(id, text);
        assert_string_equal(text, "01ARZ3NDEKTSV4RRFFQ69G5FAV");
        memset(id.bytes, 0xff, ULID_BYTES);
        ulid_format(id, text);
        assert_string_equal(text, "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
}

static void text_order_is_time_order(void **state)
{
        (void)state;
        random_seeded random;
        random_seeded_init(&random, 2);
        char earlier[27], later[27];
        for (int64_t ms = 1; ms < INT64_C(1) << 47; ms *= 3) {
                ulid_format(ulid_new(ms, &random.base, 255), earlier);
                ulid_format(ulid_new(ms + 1, &random.base, 0), later);
                assert_true(strcmp(earlier, later) < 0);
        }
}

static void what_is_not_a_ulid_leaves_the_result_alone(void **state)
{
        (void)state;
        static const char *const bad[] = {
                "",
                "01ARZ3NDEKTSV4RRFFQ69G5FA",
                "01ARZ3NDEKTSV4RRFFQ69G5FAVV",
                "81ARZ3NDEKTSV4RRFFQ69G5FAV",
                "01arz3ndektsv4rrffq69g5fav",
                "01ARZ3NDEKTSV4RRFFQ69G5FAI",
                "01ARZ3NDEKTSV4RRFFQ69G5FAL",
                "01ARZ3NDEKTSV4RRFFQ69G5FAO",
                "01ARZ3NDEKTSV4RRFFQ69G5FAU",
                "01ARZ3NDEKTSV4RRFFQ69G5FA-",
                "01ARZ3NDEKTSV4RRFFQ69G5FA\x80",
        };
        for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
                ulid id = {{9}};
                assert_false(ulid_parse(bad[i], &id));
                assert_int_equal(id.bytes[0], 9);
        }
        ulid id;
        assert_false(ulid_parse(NULL, &id));
        assert_false(ulid_parse_bytes("01ARZ3NDEKTSV4RRFFQ69G5F\0V", 26, &id));
        assert_true(ulid_is_zero((ulid){{0}}));
        assert_false(ulid_is_zero((ulid){{[15] = 1}}));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(time_and_part_survive_text),
                cmocka_unit_test(text_is_the_published_form),
                cmocka_unit_test(text_order_is_time_order),
                cmocka_unit_test(what_is_not_a_ulid_leaves_the_result_alone),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
