/* Notices to holders, from the packs as they ship (R35, S12). */
#include "services/region/region_notice.h"

#include "services/region/region_schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include <string.h>

static int open_pack(void **state)
{
        static pack_report report;
        failure f = {0};
        *state = pack_load(&REGION_SCHEMA, "regions", "330000", &report, &f);
        if (!*state) fail_msg("%s", report.text);
        return 0;
}

static int close_pack(void **state)
{
        pack_destroy(*state);
        return 0;
}

static card_record sample(void)
{
        return (card_record){.number = "A2345678B",
                             .bank = "102",
                             .outlet = "330100-0001",
                             .temp_loss_until_ms = 1796486400000, /* 2026-12-06 00:00 in China */
                             .expires_on = {2027, 1, 22}};
}

static const char *text_of(arena *a, const rule_pack *pack, const char *event, language l)
{
        const card_record card = sample();
        const region_notice_about about = {
                .event = event, .card = &card, .person = "张三丰", .language = l};
        return region_notice_text(a, pack, &about);
}

static void R35_every_notice_is_fit_to_be_sent_in_both_languages(void **state)
{
        SCOPED(arena) a = {0};
        for (size_t i = 0; i < REGION_NOTICE_KIND_COUNT; i++)
                for (int l = 0; l < LANGUAGE_COUNT; l++) {
                        const char *code = REGION_NOTICE_KINDS[i].code;
                        const char *text = text_of(&a, *state, code, (language)l);
                        if (!text)
                                fail_msg("%s has no text in %s", code, language_key((language)l));
                        assert_null(strstr(text, "A2345678B"));
                        assert_null(strstr(text, "三"));
                        assert_null(strchr(text, '{'));
                        printf("# %s\n", text);
                }
}

static void R35_expiry_warns_of_links(void **state)
{
        SCOPED(arena) a = {0};
        static const char *const codes[] = {"card.expiring", "card.expired"};
        for (size_t i = 0; i < ARRAY_LENGTH(codes); i++) {
                assert_non_null(strstr(text_of(&a, *state, codes[i], LANGUAGE_ZH), "请勿点击"));
                assert_non_null(
                        strstr(text_of(&a, *state, codes[i], LANGUAGE_EN), "do not follow any"));
        }
}

static void a_notice_says_where_and_until_when(void **state)
{
        SCOPED(arena) a = {0};
        assert_non_null(strstr(text_of(&a, *state, "card.ready", LANGUAGE_EN), "Hangzhou"));
        assert_non_null(
                strstr(text_of(&a, *state, "card.temp_lost", LANGUAGE_ZH), "2026年12月6日"));
        assert_non_null(strstr(text_of(&a, *state, "card.temp_lost", LANGUAGE_EN), "2026-12-06"));
        assert_non_null(strstr(text_of(&a, *state, "card.cancelled", LANGUAGE_ZH), "中国工商银行"));
        assert_non_null(strstr(text_of(&a, *state, "card.expiring", LANGUAGE_ZH), "2027年1月22日"));
}

static void a_name_that_does_not_belong_into_a_notice_is_left_out(void **state)
{
        SCOPED(arena) a = {0};
        const card_record card = sample();
        static const char *const names[] = {"www.bank.cn 张", "/", "", NULL};
        for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
                const region_notice_about about = {.event = "card.enabled",
                                                   .card = &card,
                                                   .person = names[i],
                                                   .language = LANGUAGE_ZH};
                const char *text = region_notice_text(&a, *state, &about);
                assert_non_null(text);
                assert_null(strstr(text, "www"));
        }
        assert_null(text_of(&a, *state, "card.requested", LANGUAGE_ZH));
        assert_null(text_of(&a, NULL, "card.ready", LANGUAGE_ZH));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(R35_every_notice_is_fit_to_be_sent_in_both_languages),
                cmocka_unit_test(R35_expiry_warns_of_links),
                cmocka_unit_test(a_notice_says_where_and_until_when),
                cmocka_unit_test(a_name_that_does_not_belong_into_a_notice_is_left_out),
        };
        return cmocka_run_group_tests(tests, open_pack, close_pack);
}
