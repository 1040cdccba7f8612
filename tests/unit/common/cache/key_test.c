/* Keys as other processes, and people at a Redis prompt, write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/cache/key.h"

#include <stdio.h>

static void a_record_s_key_names_part_service_and_holder(void **state)
{
        (void)state;
        for (int part = 0; part < 256; part++) {
                cache_key key;
                char expected[100];
                int length = snprintf(expected, sizeof expected,
                                      "sscard:{%d}:card:01JD00000000000000000000AA", part);
                cache_key_of_record(&key, (uint8_t)part, "card", "01JD00000000000000000000AA");
                assert_string_equal(key.text, expected);
                assert_int_equal(cache_key_bytes(&key).length, length);
        }
}

static void a_lease_s_key_names_the_service(void **state)
{
        (void)state;
        cache_key key;
        cache_key_of_lease(&key, "credential");
        assert_string_equal(key.text, "sscard:lease:credential");
        assert_int_equal(key.length, 23);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_record_s_key_names_part_service_and_holder),
                cmocka_unit_test(a_lease_s_key_names_the_service),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
