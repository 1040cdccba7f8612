#include "services/ecard/handlers/one_time_code.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static signing_key *key_of(char fill)
{
        failure f = {0};
        char seed[SIGNATURE_SEED_BYTES];
        memset(seed, fill, sizeof seed);
        signing_key *key = signing_key_create(bytes_of(seed, sizeof seed), &f);
        assert_non_null(key);
        return key;
}

static one_time_code sample(void)
{
        one_time_code code = {.region = "330000", .expires_at_ms = INT64_C(1795399200123)};
        code.holder.bytes[3] = 7;
        code.nonce[11] = 9;
        code.binding[0] = 1;
        return code;
}

static void a_code_reads_as_it_was_written(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        signing_key *key = key_of('k');
        one_time_code code = sample(), back;
        const char *text = one_time_code_write(&a, key, &code);
        assert_int_equal(strlen(text), 155);
        assert_true(one_time_code_read(key, text, &back));
        assert_true(back.signed_by_us);
        assert_string_equal(back.region, "330000");
        assert_true(ulid_equal(back.holder, code.holder));
        assert_memory_equal(back.nonce, code.nonce, sizeof code.nonce);
        assert_memory_equal(back.binding, code.binding, sizeof code.binding);
        assert_int_equal(back.expires_at_ms, code.expires_at_ms);
        signing_key_destroy(key);
}

static void every_altered_character_is_noticed(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        signing_key *key = key_of('k');
        one_time_code code = sample(), back;
        char text[CODE_TEXT_MAX];
        strcpy(text, one_time_code_write(&a, key, &code));
        for (size_t at = 0; text[at]; at++) {
                char was = text[at];
                text[at] = was == 'Q' ? 'R' : 'Q';
                if (one_time_code_read(key, text, &back)) assert_false(back.signed_by_us);
                text[at] = was;
        }
        assert_true(one_time_code_read(key, text, &back));
        assert_true(back.signed_by_us);
        signing_key_destroy(key);
}

static void another_key_signs_nothing_of_ours(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        signing_key *key = key_of('k'), *other = key_of('o');
        one_time_code code = sample(), back;
        assert_true(one_time_code_read(key, one_time_code_write(&a, other, &code), &back));
        assert_false(back.signed_by_us);
        signing_key_destroy(key);
        signing_key_destroy(other);
}

static void the_binding_changes_with_state_lock_and_epoch(void **state)
{
        (void)state;
        uint8_t first[CODE_BINDING_BYTES], other[CODE_BINDING_BYTES];
        ecard_period period = {.card_state_version = 3, .lock_version = 0};
        one_time_code_bind(&period, 1, first);
        one_time_code_bind(&period, 2, other);
        assert_memory_not_equal(first, other, sizeof first);
        period.card_state_version = 5;
        one_time_code_bind(&period, 1, other);
        assert_memory_not_equal(first, other, sizeof first);
        period.card_state_version = 3;
        period.lock_version = 2;
        one_time_code_bind(&period, 1, other);
        assert_memory_not_equal(first, other, sizeof first);
        period.lock_version = 0;
        one_time_code_bind(&period, 1, other);
        assert_memory_equal(first, other, sizeof first);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_code_reads_as_it_was_written),
                cmocka_unit_test(every_altered_character_is_noticed),
                cmocka_unit_test(another_key_signs_nothing_of_ours),
                cmocka_unit_test(the_binding_changes_with_state_lock_and_epoch),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
