/* N14: the check code is bound to text, recipient and day; a million forged ones are not ours. */
#include "services/status/handlers/notice_check.h"

#include "common/base/random.h"
#include "common/text/language.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { FORGED = 1000000, NOTICES = 3 };
static const ulid ANNA = {{1}}, BERT = {{2}};
static const notice_record SENT[NOTICES] = {
        {.text = "您的社保卡已制成。", .written_at_ms = 1795000000000, .language = LANGUAGE_ZH},
        {.text = "您的社保卡已启用。", .written_at_ms = 1795000001000, .language = LANGUAGE_ZH},
        {.text = "Your card is ready.", .written_at_ms = 1795100000000, .language = LANGUAGE_EN},
};

static int open_key(void **state)
{
        static const uint8_t key[32] = {7};
        failure f = {0};
        *state = keyed_hash_create(bytes_of(key, sizeof key), &f);
        return *state ? 0 : -1;
}

static int close_key(void **state)
{
        keyed_hash_destroy(*state);
        return 0;
}

static void N14_a_code_finds_its_notice_for_its_recipient_alone(void **state)
{
        for (size_t i = 0; i < NOTICES; i++) {
                uint8_t mac[NOTICE_CODE_BYTES];
                notice_check_mac(*state, ANNA, &SENT[i], mac);
                assert_ptr_equal(notice_check_find(*state, ANNA, SENT, NOTICES, mac), &SENT[i]);
                assert_null(notice_check_find(*state, BERT, SENT, NOTICES, mac));
        }
}

static void N14_text_and_day_are_part_of_it(void **state)
{
        uint8_t mac[NOTICE_CODE_BYTES], other[NOTICE_CODE_BYTES];
        notice_check_mac(*state, ANNA, &SENT[0], mac);
        notice_record changed = SENT[0];
        changed.text = "您的社保卡已制成";
        notice_check_mac(*state, ANNA, &changed, other);
        assert_memory_not_equal(mac, other, sizeof mac);
        changed = SENT[0];
        changed.written_at_ms += 86400000;
        notice_check_mac(*state, ANNA, &changed, other);
        assert_memory_not_equal(mac, other, sizeof mac);
}

static void N14_of_a_million_forged_codes_none_is_accepted(void **state)
{
        random_seeded seeded;
        random_seeded_init(&seeded, 14);
        size_t accepted = 0;
        for (int i = 0; i < FORGED; i++) {
                uint8_t mac[NOTICE_CODE_BYTES];
                random_fill(&seeded.base, mac, sizeof mac);
                accepted += notice_check_find(*state, ANNA, SENT, 1, mac) != NULL;
        }
        printf("# N14: %d forged codes, %zu accepted\n", FORGED, accepted);
        assert_int_equal(accepted, 0);
}

static void the_sent_text_carries_the_code(void **state)
{
        SCOPED(arena) a = {0};
        uint8_t mac[NOTICE_CODE_BYTES];
        char code[NOTICE_CODE_LENGTH + 1];
        for (size_t i = 0; i < NOTICES; i++) {
                notice_check_mac(*state, ANNA, &SENT[i], mac);
                notice_code_format(mac, code);
                const char *text = notice_check_sign(&a, *state, ANNA, &SENT[i]);
                assert_ptr_equal(strstr(text, SENT[i].text), text);
                assert_non_null(strstr(text, code));
                assert_non_null(strstr(text, "12333"));
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(N14_a_code_finds_its_notice_for_its_recipient_alone),
                cmocka_unit_test(N14_text_and_day_are_part_of_it),
                cmocka_unit_test(N14_of_a_million_forged_codes_none_is_accepted),
                cmocka_unit_test(the_sent_text_carries_the_code),
        };
        return cmocka_run_group_tests(tests, open_key, close_key);
}
