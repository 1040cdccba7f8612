/* Answers as people see them. */
#include "tools/sscardctl/view.h"

#include "sscard/card/v1/card_service.pb-c.h"
#include "tests/unit/tools/sscardctl/fixture.h"
#include "tools/sscardctl/message_json.h"

/* Prints the message of that type and JSON; returns the text. */
static const char *shown(fixture *x, const char *type_name, const char *text, const char *language)
{
        const ProtobufCMessageDescriptor *type = catalog_type(x->c, type_name);
        assert_non_null(type);
        json_error_t error;
        json_t *value = json_loads(text, 0, &error);
        if (!value) fail_msg("%s", error.text);
        ProtobufCMessage *message = message_from_json(&x->a, x->c, type, value, &x->f);
        json_decref(value);
        if (!message) fail_msg("%s", x->f.message);
        const view v = {&x->a, x->c, language, 0, x->out};
        view_message(&v, message);
        return fixture_text(x);
}

static void assert_has(const char *text, const char *part)
{
        if (!strstr(text, part)) fail_msg("no \"%s\" in:\n%s", part, text);
}

static void a_result_is_lines_and_steps_with_commands(void **state)
{
        fixture *x = *state;
        const char *text = shown(
                x, "sscard.card.v1.CardResult",
                "{\"card\": {\"name\": \"regions/330000/cards/01J\", \"state\": \"TEMP_LOST\","
                " \"temp_loss_until\": \"2026-02-10T00:00:00+08:00\", \"next_steps\": ["
                "{\"code\": \"RECOVER_CARD\", \"text\": \"找到卡后办理解挂\", \"rule\": \"R13\","
                " \"channels\": [\"BRANCH\", \"SELF_SERVICE\"], \"documents\": [\"身份证\"],"
                " \"method\": \"sscard.card.v1.CardService/RecoverCard\"}]}, \"changed\": true,"
                " \"next_steps\": [{\"code\": \"RECOVER_CARD\", \"text\": \"again\"}]}",
                "zh-CN");
        assert_has(text, "资源名称");
        assert_has(text, "TEMP_LOST");
        assert_has(text, "2026-02-10 00:00:00");
        assert_has(text, "1. 找到卡后办理解挂 (R13)");
        assert_has(text, "渠道: BRANCH, SELF_SERVICE");
        assert_has(text, "$ sscardctl card recover");
        assert_null(strstr(text, "again")); /* one step, once */
}

static void a_page_is_a_table_without_empty_columns(void **state)
{
        fixture *x = *state;
        const char *text = shown(x, "sscard.card.v1.ListCardsResponse",
                                 "{\"cards\": [{\"name\": \"a\", \"state_text\": \"正常\"},"
                                 " {\"name\": \"b\", \"state_text\": \"封存\"}],"
                                 " \"next_page_token\": \"T\"}",
                                 "en");
        assert_has(text, "name");
        assert_has(text, "state text");
        assert_null(strstr(text, "superseded"));
        assert_has(text, "--page-token T");
}

static void an_empty_page_says_so(void **state)
{
        fixture *x = *state;
        assert_string_equal(shown(x, "sscard.card.v1.ListCardsResponse", "{}", "en"), "(none)\n");
}

static void S3_a_preview_shows_what_differs(void **state)
{
        fixture *x = *state;
        const char *text = shown(
                x, "sscard.card.v1.CardResult",
                "{\"changed\": true, \"preview\": {\"request_hash\": \"HASH\", \"changes\": [{"
                "\"kind\": \"card\", \"name\": \"regions/330000/cards/01J\","
                " \"before\": {\"@type\": \"t/sscard.card.v1.Card\", \"state\": \"NORMAL\", "
                "\"version\": 3},"
                " \"after\": {\"@type\": \"t/sscard.card.v1.Card\", \"state\": \"LOST\", "
                "\"version\": 4},"
                " \"events\": [\"card.lost\"], \"notices\": [{\"text\": \"您的卡已挂失\"}]}]}}",
                "en");
        assert_has(text, "nothing was done");
        assert_has(text, "NORMAL");
        assert_has(text, "LOST");
        assert_has(text, "events: card.lost");
        assert_has(text, "notices: 您的卡已挂失");
        assert_has(text, "HASH");
        assert_null(strstr(text, "contributions"));
}

static void R35_warnings_are_shown(void **state)
{
        fixture *x = *state;
        const char *text = shown(x, "sscard.card.v1.Card",
                                 "{\"warnings\": [{\"code\": \"W\", \"text\": \"请勿点击短信链接\","
                                 " \"rule\": \"R35\"}]}",
                                 "zh-CN");
        assert_has(text, "! 请勿点击短信链接 (R35)");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                FIXTURE_TEST(a_result_is_lines_and_steps_with_commands),
                FIXTURE_TEST(a_page_is_a_table_without_empty_columns),
                FIXTURE_TEST(an_empty_page_says_so),
                FIXTURE_TEST(S3_a_preview_shows_what_differs),
                FIXTURE_TEST(R35_warnings_are_shown),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
