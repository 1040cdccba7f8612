/* Tests of what is refused when a pack is loaded, and of what is said about it. */
#include "common/pack/pack.h"

#include "tests/unit/common/pack/pack_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The good files with `text` at the end of one of them; `report` says what is wrong. */
static void expect_refused(const char *file, const char *text, const char *said)
{
        static pack_report report;
        pack_folder folder;
        failure f = {0};
        char whole[8192];
        bool is_national = strcmp(file, "national.yaml") == 0;
        snprintf(whole, sizeof whole, "%s%s", is_national ? SHOP_NATIONAL : SHOP_REGION, text);
        pack_folder_make(&folder);
        pack_folder_write(&folder, file, whole, strlen(whole));
        rule_pack *p = pack_load(&SHOP_SCHEMA, folder.path, "330000", &report, &f);
        pack_folder_remove(&folder);
        assert_null(p);
        if (!strstr(report.text, said)) fail_msg("\"%s\" is not in:\n%s", said, report.text);
        assert_string_equal(f.reason, "RULE_PACK_REFUSED");
        assert_true(report.count >= 1);
}

/* With one line of the region's file in the place of another. */
static void expect_line_refused(const char *line, const char *instead, const char *said)
{
        static pack_report report;
        pack_folder folder;
        failure f = {0};
        char whole[8192];
        const char *at = strstr(SHOP_REGION, line);
        assert_non_null(at);
        snprintf(whole, sizeof whole, "%.*s%s%s", (int)(at - SHOP_REGION), SHOP_REGION, instead,
                 at + strlen(line));
        pack_folder_make(&folder);
        pack_folder_write(&folder, "330000.yaml", whole, strlen(whole));
        rule_pack *p = pack_load(&SHOP_SCHEMA, folder.path, "330000", &report, &f);
        pack_folder_remove(&folder);
        assert_null(p);
        if (!strstr(report.text, said)) fail_msg("\"%s\" is not in:\n%s", said, report.text);
}

static void a_notice_that_could_be_a_scam_is_refused(void **state)
{
        (void)state;
        static const char ready[] =
                "{text: {zh: \"{person}，请来取。\", en: \"{person}, it waits for you.\"}}";
        expect_line_refused(ready, "{text: {zh: \"请点击领取\", en: \"ready\"}}",
                            "notice shop.ready: LINK at byte 6");
        expect_line_refused(ready, "{text: {zh: \"好\", en: \"reply with your number\"}}",
                            "notice shop.ready: REQUEST at byte 0");
        expect_line_refused(ready, "{text: {zh: \"好\", en: \"for {nobody}\"}}",
                            "notice shop.ready: PLACEHOLDER at byte 4");
        expect_line_refused(ready, "{text: {zh: \"好\"}}", "en");
        expect_line_refused("shop.ready", "shop.never", "there is no notice shop.never");
        expect_line_refused("shop.ready", "shop.closing",
                            "notice shop.closing: must name {warning}");
}

static void S13_a_laxer_value_is_refused_with_key_line_and_rule(void **state)
{
        (void)state;
        expect_line_refused("days: 7", "days: 21",
                            "330000.yaml:7: days: 21 is laxer than the national floor 20 (rule A1");
        /* The national file has made it stricter than the table. */
        expect_line_refused("days: 7", "mode: LAX",
                            "330000.yaml:7: mode: LAX is laxer than the national floor FAIR");
        expect_line_refused("counters: BRANCH", "counters: BRANCH, ECARD", "(rule A3");
        expect_refused("national.yaml", "x: 1\n", "national.yaml:11: there is no key x");
}

static void S13_the_national_file_must_not_be_laxer_than_the_tables(void **state)
{
        static pack_report report;
        static const char text[] = "version: \"n2\"\nknobs:\n  shop:\n    days: 25\n";
        pack_folder folder;
        failure f = {0};
        (void)state;
        pack_folder_make(&folder);
        pack_folder_write(&folder, "national.yaml", text, strlen(text));
        assert_null(pack_load(&SHOP_SCHEMA, folder.path, "330000", &report, &f));
        assert_non_null(strstr(report.text, "national.yaml:4: days: 25 is laxer"));
        pack_folder_remove(&folder);
}

static void S13_a_service_that_is_personal_nationally_stays_so(void **state)
{
        (void)state;
        expect_line_refused("  ride: {name: {zh: 乘车, en: ride}",
                            "  pay: {name: {zh: 付, en: pay}",
                            "330000.yaml:17: pay: PUBLIC is laxer");
}

static void S13_a_channel_that_everybody_has_cannot_be_closed(void **state)
{
        (void)state;
        expect_line_refused("  HOME_VISIT: {open: false}", "  PHONE_12333: {open: false}",
                            "330000.yaml:10: PHONE_12333: no region may do without");
}

static void an_unknown_key_is_named_with_its_line(void **state)
{
        (void)state;
        expect_line_refused("days: 7", "dayz: 7", "330000.yaml:7: there is no knob dayz in shop");
        expect_line_refused("  shop:\n", "  shoes:\n", "there is no section of knobs shoes");
        expect_line_refused("phone: \"95588\"", "fone: \"95588\"", ":14: there is no key fone");
        expect_line_refused("  HOME_VISIT", "  HOME_VISITS",
                            ":10: there is no channel HOME_VISITS");
        expect_line_refused("[Buy]", "[Bye]", ":26: authorised: there is no operation Bye");
        expect_line_refused("[BANK_BRANCH]", "[BANK]", "there is no channel BANK");
        expect_refused("330000.yaml", "extra: 1\n", "there is no key extra");
}

static void what_does_not_make_sense_is_refused(void **state)
{
        static const struct {
                const char *line, *instead, *said;
        } cases[] = {
                {"days: 7", "days: seven", "\"seven\" is no value of this knob (rule A1)"},
                {"days: 7", "days: 0", "days: 0 is out of range (rule A1)"},
                {"days: 7", "days: [7]", "is no value of this knob"},
                {"days: 7", "days: 7\n    days: 6", ":8: days stands twice"},
                {"region: \"330000\"", "region: \"310000\"", "the file is of region 310000"},
                {"hotline: \"0571-12333\"\n", "", "the key hotline is missing"},
                {"{zh: 某省, en: some province}", "{zh: 某省}", ":3: the key en is missing"},
                {"{zh: 某省, en: some province}", "某省", "both languages"},
                {"bank: \"102\"", "bank: \"999\"", "the bank 999 is not listed"},
                {"code: \"2\"", "code: \"1\"", "the code 1 stands twice"},
                {"instant: true", "instant: maybe", "instant: expected true or false"},
                {"class: PUBLIC", "class: SECRET", "the class is PERSONAL or PUBLIC"},
                {"[BANK_BRANCH]", "[PHONE_12333]", "counters: not a channel of outlets"},
                {"version: \"r1\"", "version: &a \"r1\"", "expected a plain text"},
                {"name: {zh: 某省", "name: !x {zh: 某省", "expected a plain value"},
                {"version: \"r1\"", "version: [r1", "330000.yaml:"},
        };
        (void)state;
        for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
                expect_line_refused(cases[i].line, cases[i].instead, cases[i].said);
        expect_refused("330000.yaml", "---\nversion: 2\n", "expected one document");
        expect_refused("330000.yaml", "deep: {a: {b: {c: {d: {e: {f: {g: 1}}}}}}}\n",
                       "not nested deeper");
}

static void everything_that_is_wrong_is_said_at_once(void **state)
{
        static pack_report report;
        static const char text[] = "version: \"r2\"\nregion: \"330000\"\nhotline: x\nknobs:\n"
                                   "  shop:\n    days: 30\n    nonsense: 1\nwhat: 1\n";
        pack_folder folder;
        failure f = {0};
        (void)state;
        pack_folder_make(&folder);
        pack_folder_write(&folder, "330000.yaml", text, strlen(text));
        assert_null(pack_load(&SHOP_SCHEMA, folder.path, "330000", &report, &f));
        assert_int_equal(report.count, 4);
        assert_null(strchr(f.message, '\n'));
        pack_folder_remove(&folder);
}

static void a_file_that_is_missing_or_too_large_is_refused(void **state)
{
        static pack_report report;
        pack_folder folder;
        failure f = {0};
        (void)state;
        pack_folder_make(&folder);
        assert_null(pack_load(&SHOP_SCHEMA, folder.path, "310000", &report, &f));
        assert_non_null(strstr(report.text, "310000.yaml: cannot be read"));
        size_t length = (4u << 20) + 1;
        char *large = malloc(length);
        memset(large, '#', length);
        pack_folder_write(&folder, "330000.yaml", large, length);
        free(large);
        failure_clear(&f);
        assert_null(pack_load(&SHOP_SCHEMA, folder.path, "330000", &report, &f));
        assert_non_null(strstr(report.text, "larger than 4 MiB"));
        pack_folder_remove(&folder);
}

static void a_text_that_is_no_ascii_is_not_repeated(void **state)
{
        (void)state;
        expect_line_refused("days: 7", "天: 7", "330000.yaml:7: there is no knob ??? in shop");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_notice_that_could_be_a_scam_is_refused),
                cmocka_unit_test(S13_a_laxer_value_is_refused_with_key_line_and_rule),
                cmocka_unit_test(S13_the_national_file_must_not_be_laxer_than_the_tables),
                cmocka_unit_test(S13_a_service_that_is_personal_nationally_stays_so),
                cmocka_unit_test(S13_a_channel_that_everybody_has_cannot_be_closed),
                cmocka_unit_test(an_unknown_key_is_named_with_its_line),
                cmocka_unit_test(what_does_not_make_sense_is_refused),
                cmocka_unit_test(everything_that_is_wrong_is_said_at_once),
                cmocka_unit_test(a_file_that_is_missing_or_too_large_is_refused),
                cmocka_unit_test(a_text_that_is_no_ascii_is_not_repeated),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
