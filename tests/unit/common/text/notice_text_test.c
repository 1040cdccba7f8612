/* R35 (i), N14: no notice holds a link, a picture code or a request for data, in whatever disguise.
 */
#include "common/text/notice_text.h"

#include "common/base/random.h"
#include "common/base/scoped.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

enum { HOSTILE_COUNT = 1000000 };

static notice_fault fault_of(const char *text)
{
        return notice_text_check(bytes_of_text(text)).fault;
}

static void honest_notices_pass(void **state)
{
        (void)state;
        static const char *const honest[] = {
                "您的社保卡已制成，请携带有效身份证件到杭州市西湖区社保服务大厅领取。咨询电话：0571"
                "-12333。",
                "您的社保卡已于2026年11月23日临时挂失，将于2026年12月4日自动解除。如需正式挂失，请"
                "到网点办理。",
                "张*，您的社保卡（尾号 6789）有效期将于2027年1月22日届满，可到网点换领新卡。",
                "请及时修改社保卡初始密码，可到社保卡服务网点或自助机办理。",
                "您的社保卡已注销。卡上的银行账户请到合作银行柜台办理销户。",
                "Your card is ready. Please collect it with your identity document at the West "
                "Lake hall. Ask: 0571-12333.",
                "Your social security card was reported lost for a while on 2026-11-23; this ends "
                "by itself on 2026-12-04.",
                "Please change the first password of your card at an outlet, or at a self-service "
                "machine.",
        };
        for (size_t i = 0; i < ARRAY_LENGTH(honest); i++) {
                const notice_finding finding = notice_text_check(bytes_of_text(honest[i]));
                if (finding.fault != NOTICE_OK)
                        fail_msg("%s at %zu (%s): %s", notice_fault_name(finding.fault),
                                 finding.offset, finding.word ? finding.word : "", honest[i]);
        }
}

static void links_in_every_disguise_are_refused(void **state)
{
        (void)state;
        static const struct {
                const char *text;
                notice_fault fault;
        } cases[] = {
                {"http://bank.cn/x", NOTICE_CHARACTER},
                {"请看 www.bank.com", NOTICE_LINK},
                {"请看 bank.cn", NOTICE_LINK},
                {"请看 bank。cn", NOTICE_LINK},
                {"请看 ｗｗｗ．ｂａｎｋ", NOTICE_CHARACTER},
                {"请看 bаnk", NOTICE_CHARACTER}, /* a Cyrillic letter */
                {"w w w bank c o m", NOTICE_LINK},
                {"bank dot cn", NOTICE_LINK},
                {"please cl ick here", NOTICE_LINK},
                {"please cl, ick here", NOTICE_LINK},
                {"点\xe2\x80\x8b击", NOTICE_CHARACTER}, /* a blank of no width */
                {"请点 击 领取", NOTICE_LINK},
                {"请点、击领取", NOTICE_LINK},
                {"长按识别二 维 码", NOTICE_LINK},
                {"h77p bank", NOTICE_MIXED},
                {"clICK here", NOTICE_MIXED},
                {"CLICKyour card", NOTICE_MIXED},
                {"thewebsiteof", NOTICE_LINK},
                {"user@bank", NOTICE_CHARACTER},
                {"bank#1", NOTICE_CHARACTER},
                {"请致电 138 0013 8000", NOTICE_NUMBER},
                {"请致电 13 80 01 38 00", NOTICE_NUMBER},
                {"请致电 13800138000", NOTICE_NUMBER},
                {"请回 复验证码", NOTICE_REQUEST},
                {"请输入卡号", NOTICE_REQUEST},
                {"Please re-ply with your number", NOTICE_REQUEST},
                {"请加微信", NOTICE_REQUEST},
                {"", NOTICE_EMPTY},
                {"\xff", NOTICE_NOT_UTF8},
        };
        for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
                if (fault_of(cases[i].text) != cases[i].fault)
                        fail_msg("%s: %s, expected %s", cases[i].text,
                                 notice_fault_name(fault_of(cases[i].text)),
                                 notice_fault_name(cases[i].fault));
        char long_text[NOTICE_BYTES_MAX + 2];
        memset(long_text, 'a', sizeof long_text - 1);
        long_text[sizeof long_text - 1] = '\0';
        assert_int_equal(fault_of(long_text), NOTICE_TOO_LONG);
}

/* ---- a million of them ---- */

static const char *const lures[] = {
        "http www bank com", "https bank cn",  "www bank cn",       "bank dot com",
        "click here",        "scan the code",  "reply with code",   "enter your card",
        "send the code",     "log in at bank", "visit the website", "qr code",
        "点击链接领取",      "扫描二维码",     "打开网址办理",      "回复验证码",
        "输入银行卡号",      "登录网站核实",   "下载安装软件",      "点此链接激活",
        "扫码领取补贴",      "提供账号和密码", "加微信办理",        "转账到安全账户",
};
static const char *const carriers[] = {
        "您的社保卡已制成，请携带身份证件领取。",
        "您的社保卡即将到期，请到网点办理。",
        "Your card is ready at the outlet. ",
        "Your social security card was reported lost. ",
};
static const char *const fillers[] = {" ",
                                      "  ",
                                      ",",
                                      "，",
                                      "、",
                                      "-",
                                      "*",
                                      "\"",
                                      "'",
                                      " . ",
                                      "。 ",
                                      "\n",
                                      "\xe2\x80\x8b",
                                      "\xe2\x80\x8d",
                                      "\xef\xbb\xbf",
                                      "\xc2\xad",
                                      "_",
                                      "/",
                                      "·"};

typedef struct draft {
        char text[NOTICE_BYTES_MAX];
        size_t length;
} draft;

static void put(draft *d, const char *bytes_, size_t length)
{
        if (d->length + length >= sizeof d->text) return;
        memcpy(d->text + d->length, bytes_, length);
        d->length += length;
        d->text[d->length] = '\0';
}

static size_t below(random_source *random, size_t limit)
{
        return (size_t)(random_u64(random) % limit);
}

/* A letter as a copier of scams writes it: as it is, in the other case, wide, or as one that only
 * looks like it. */
static void put_letter(draft *d, random_source *random, char letter)
{
        static const char *const twins[26] = {
                ['a' - 'a'] = "а", ['c' - 'a'] = "с", ['e' - 'a'] = "е", ['i' - 'a'] = "і",
                ['o' - 'a'] = "о", ['p' - 'a'] = "р", ['x' - 'a'] = "х"};
        const size_t way = below(random, 12);
        if (way == 0 && twins[letter - 'a']) {
                put(d, twins[letter - 'a'], strlen(twins[letter - 'a']));
        } else if (way == 1) {
                const char wide[] = {(char)0xef, (char)0xbd, (char)(0x81 + letter - 'a')};
                put(d, wide, sizeof wide);
        } else {
                const char plain = (char)(way % 2 ? letter : letter - 'a' + 'A');
                put(d, &plain, 1);
        }
}

static void put_lure(draft *d, random_source *random, const char *lure)
{
        const size_t chance = below(random, 4); /* how often something is slipped in */
        for (const char *at = lure; *at;) {
                const size_t length = (uint8_t)*at < 0x80 ? 1 : 3;
                if (length == 1 && *at != ' ')
                        put_letter(d, random, *at);
                else
                        put(d, at, length);
                at += length;
                if (*at && below(random, 8) < chance) {
                        const char *filler = fillers[below(random, ARRAY_LENGTH(fillers))];
                        put(d, filler, strlen(filler));
                }
        }
}

static void N14_of_a_million_hostile_texts_none_passes(void **state)
{
        (void)state;
        random_seeded seeded;
        random_seeded_init(&seeded, 35);
        random_source *random = &seeded.base;
        size_t by_fault[NOTICE_PLACEHOLDER + 1] = {0};
        for (size_t i = 0; i < HOSTILE_COUNT; i++) {
                draft d = {.length = 0};
                const char *carrier = carriers[below(random, ARRAY_LENGTH(carriers))];
                const bool first = below(random, 2) == 0;
                if (first) put(&d, carrier, strlen(carrier));
                put_lure(&d, random, lures[below(random, ARRAY_LENGTH(lures))]);
                if (!first) put(&d, carrier, strlen(carrier));
                const notice_fault fault = notice_text_check(bytes_of(d.text, d.length)).fault;
                if (fault == NOTICE_OK) fail_msg("passed: %s", d.text);
                by_fault[fault]++;
        }
        printf("# N14: %d hostile texts, 0 passed:", HOSTILE_COUNT);
        for (size_t i = 0; i < ARRAY_LENGTH(by_fault); i++)
                if (by_fault[i]) printf(" %s %zu", notice_fault_name((notice_fault)i), by_fault[i]);
        printf("\n");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(honest_notices_pass),
                cmocka_unit_test(links_in_every_disguise_are_refused),
                cmocka_unit_test(N14_of_a_million_hostile_texts_none_passes),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
