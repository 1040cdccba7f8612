/* The canonical form of a request: the same fields in any order are the same request. */
#include "tests/unit/common/commit/ledger.h"

static bool hash(ledger *l, const char *wire, size_t length, uint8_t out[32])
{
        return idempotency_hash_request(l->engine, bytes_of(wire, length), out);
}
#define HASH(l, wire, out) hash(l, wire, sizeof(wire) - 1, out)

static void the_order_of_fields_does_not_count(void **state)
{
        (void)state;
        ledger l;
        ledger_open(&l, false);
        uint8_t sorted[32], shuffled[32], other[32];
        /* 1: "ab", 2: varint 300, 3: fixed32, 4: fixed64, 100: unknown */
        assert_true(HASH(&l,
                         "\x0a\x02"
                         "ab"
                         "\x10\xac\x02"
                         "\x1d"
                         "abcd"
                         "\x21"
                         "abcdefgh"
                         "\xa2\x06\x01"
                         "z",
                         sorted));
        assert_true(HASH(&l,
                         "\xa2\x06\x01"
                         "z"
                         "\x21"
                         "abcdefgh"
                         "\x10\xac\x02"
                         "\x0a\x02"
                         "ab"
                         "\x1d"
                         "abcd",
                         shuffled));
        assert_memory_equal(sorted, shuffled, 32);
        /* An unknown field is part of the request. */
        assert_true(HASH(&l,
                         "\x0a\x02"
                         "ab"
                         "\x10\xac\x02"
                         "\x1d"
                         "abcd"
                         "\x21"
                         "abcdefgh"
                         "\xa2\x06\x01"
                         "y",
                         other));
        assert_memory_not_equal(sorted, other, 32);
        ledger_close(&l);
}

static void the_order_of_repeated_elements_counts(void **state)
{
        (void)state;
        ledger l;
        ledger_open(&l, false);
        uint8_t first[32], second[32], split[32];
        assert_true(HASH(&l,
                         "\x0a\x01"
                         "a"
                         "\x0a\x01"
                         "b",
                         first));
        assert_true(HASH(&l,
                         "\x0a\x01"
                         "b"
                         "\x0a\x01"
                         "a",
                         second));
        assert_memory_not_equal(first, second, 32);
        assert_true(HASH(&l,
                         "\x12\x01"
                         "c"
                         "\x0a\x01"
                         "a"
                         "\x0a\x01"
                         "b",
                         first));
        assert_true(HASH(&l,
                         "\x0a\x01"
                         "a"
                         "\x12\x01"
                         "c"
                         "\x0a\x01"
                         "b",
                         split));
        assert_memory_equal(first, split, 32);
        ledger_close(&l);
}

static void the_hash_depends_on_the_key(void **state)
{
        (void)state;
        ledger l, other;
        ledger_open(&l, false);
        ledger_open(&other, false);
        commit_engine_close(other.engine);
        failure why = {0};
        commit_options options = {.loop = other.fixture.loop,
                                  .store = other.fixture.store,
                                  .keyring = other.ring,
                                  .request_key = {10}};
        other.engine = commit_engine_open(&options, &why);
        assert_non_null(other.engine);
        uint8_t one[32], two[32];
        assert_true(HASH(&l,
                         "\x0a\x06"
                         "123456",
                         one));
        assert_true(HASH(&other,
                         "\x0a\x06"
                         "123456",
                         two));
        assert_memory_not_equal(one, two, 32);
        ledger_close(&l);
        ledger_close(&other);
}

static void many_fields_out_of_order_are_sorted_too(void **state)
{
        (void)state;
        ledger l;
        ledger_open(&l, false);
        SCOPED(arena) memory = {0};
        enum { COUNT = 5000 };
        char *up = arena_alloc(&memory, COUNT * 2), *down = arena_alloc(&memory, COUNT * 2);
        for (int i = 0; i < COUNT; i++) {
                up[2 * i] = (char)((1 + i * 15 / COUNT) << 3);
                up[2 * i + 1] = 5;
                memcpy(down + 2 * (COUNT - 1 - i), up + 2 * i, 2);
        }
        uint8_t one[32], two[32];
        assert_true(hash(&l, up, COUNT * 2, one));
        assert_true(hash(&l, down, COUNT * 2, two));
        assert_memory_equal(one, two, 32);
        ledger_close(&l);
}

static void what_is_no_message_is_refused(void **state)
{
        (void)state;
        ledger l;
        ledger_open(&l, false);
        uint8_t out[32];
        assert_true(HASH(&l, "", out));
        assert_false(HASH(&l, "\x0a", out)); /* no length */
        assert_false(HASH(&l,
                          "\x0a\x05"
                          "ab",
                          out));                 /* cut */
        assert_false(HASH(&l, "\x02\x00", out)); /* field 0 */
        assert_false(HASH(&l, "\x0b\x0c", out)); /* a group */
        assert_false(HASH(&l,
                          "\x1d"
                          "abc",
                          out)); /* fixed32, cut */
        assert_false(HASH(&l, "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", out));
        assert_false(HASH(&l,
                          "\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f"
                          "a",
                          out));
        ledger_close(&l);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_order_of_fields_does_not_count),
                cmocka_unit_test(the_order_of_repeated_elements_counts),
                cmocka_unit_test(the_hash_depends_on_the_key),
                cmocka_unit_test(many_fields_out_of_order_are_sorted_too),
                cmocka_unit_test(what_is_no_message_is_refused),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
