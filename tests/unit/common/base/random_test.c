/* Random numbers: the seeded ones repeat, the kernel's do not. */
#include "common/base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void seeded_numbers_repeat_from_their_seed(void **state)
{
        (void)state;
        random_seeded a, b, other;
        random_seeded_init(&a, 7);
        random_seeded_init(&b, 7);
        random_seeded_init(&other, 8);
        unsigned char from_a[100], from_b[100], from_other[100];
        random_fill(&a.base, from_a, sizeof from_a);
        random_fill(&b.base, from_b, sizeof from_b);
        random_fill(&other.base, from_other, sizeof from_other);
        assert_memory_equal(from_a, from_b, sizeof from_a);
        assert_memory_not_equal(from_a, from_other, sizeof from_a);
}

static void seeded_generator_is_splitmix64(void **state)
{
        (void)state;
        random_seeded source;
        random_seeded_init(&source, 1234567);
        assert_true(random_u64(&source.base) == UINT64_C(6457827717110365317));
        assert_true(random_u64(&source.base) == UINT64_C(3203168211198807973));
}

static void kernel_numbers_fill_any_size_and_differ(void **state)
{
        (void)state;
        random_system source;
        random_system_init(&source);
        uint64_t seen[200];
        for (int i = 0; i < 200; i++) {
                seen[i] = random_u64(&source.base);
                for (int k = 0; k < i; k++)
                        assert_true(seen[k] != seen[i]);
        }
        unsigned char large[5000] = {0}, zero[64] = {0};
        random_fill(&source.base, large, sizeof large);
        for (size_t i = 0; i + sizeof zero <= sizeof large; i += sizeof zero)
                assert_memory_not_equal(large + i, zero, sizeof zero);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(seeded_numbers_repeat_from_their_seed),
                cmocka_unit_test(seeded_generator_is_splitmix64),
                cmocka_unit_test(kernel_numbers_fill_any_size_and_differ),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
