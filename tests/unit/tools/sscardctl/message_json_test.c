/* Between JSON and messages, in both directions and with what people mistype. */
#include "tools/sscardctl/message_json.h"

#include "sscard/card/v1/card_service.pb-c.h"
#include "tests/unit/tools/sscardctl/fixture.h"

static ProtobufCMessage *parse(fixture *x, const ProtobufCMessageDescriptor *type, const char *text)
{
        json_error_t error;
        json_t *value = json_loads(text, 0, &error);
        if (!value) fail_msg("%s: %s", text, error.text);
        ProtobufCMessage *message = message_from_json(&x->a, x->c, type, value, &x->f);
        json_decref(value);
        return message;
}

static void names_in_both_spellings_make_the_same_message(void **state)
{
        fixture *x = *state;
        const ProtobufCMessageDescriptor *type = &card__complete_production_request__descriptor;
        Card__CompleteProductionRequest *snake = (void *)parse(
                x, type, "{\"card_number\": \"A12345678\", \"issued_on\": \"2026-01-31\"}");
        Card__CompleteProductionRequest *camel =
                (void *)parse(x, type,
                              "{\"cardNumber\": \"A12345678\","
                              " \"issuedOn\": {\"year\": 2026, \"month\": 1, \"day\": 31}}");
        assert_non_null(snake);
        assert_non_null(camel);
        assert_string_equal(snake->card_number, camel->card_number);
        assert_int_equal(snake->issued_on->day, 31);
        assert_int_equal(camel->issued_on->day, 31);
}

static void values_may_be_typed_as_text(void **state)
{
        fixture *x = *state;
        Card__ReportLossRequest *request =
                (void *)parse(x, &card__report_loss_request__descriptor,
                              "{\"kind\": \"formal\", \"context\": {\"channel\": \"bank-branch\","
                              " \"validate_only\": \"true\","
                              " \"evidence\": [\"ID_DOCUMENT:1234:police:2030-01-31\","
                              " {\"kind\": 2, \"verified_at\": \"2026-01-31 08:00:00\"}]}}");
        assert_non_null(request);
        assert_int_equal(request->kind, CARD__LOSS_KIND__LOSS_KIND_FORMAL);
        assert_int_equal(request->context->channel, COMMON__CHANNEL__CHANNEL_BANK_BRANCH);
        assert_true(request->context->validate_only);
        assert_int_equal(request->context->n_evidence, 2);
        const Common__Evidence *document = request->context->evidence[0];
        assert_int_equal(document->kind, COMMON__EVIDENCE_KIND__EVIDENCE_KIND_ID_DOCUMENT);
        assert_string_equal(document->reference, "1234");
        assert_string_equal(document->issued_by, "police");
        assert_int_equal(document->valid_until->year, 2030);
        assert_int_equal(request->context->evidence[1]->verified_at->seconds, 1769817600);
}

static void a_oneof_takes_one_alternative(void **state)
{
        fixture *x = *state;
        const ProtobufCMessageDescriptor *type = &card__cancel_card_request__descriptor;
        Card__CancelCardRequest *request = (void *)parse(
                x, type, "{\"name\": \"n\", \"by_authority\": {\"reason\": \"DEATH\"}}");
        assert_non_null(request);
        assert_int_equal(request->ground_case, CARD__CANCEL_CARD_REQUEST__GROUND_BY_AUTHORITY);
        assert_int_equal(request->by_authority->reason, CARD__CANCEL_REASON__CANCEL_REASON_DEATH);
        assert_null(parse(x, type, "{\"by_holder\": {}, \"by_authority\": {}}"));
        assert_non_null(strstr(x->f.message, "only one of these"));
}

static void assert_refused(fixture *x, const char *text, const char *message)
{
        x->f = (failure){0};
        assert_null(parse(x, &card__list_cards_request__descriptor, text));
        assert_int_equal(x->f.kind, FAILURE_INVALID_ARGUMENT);
        if (!strstr(x->f.message, message)) fail_msg("%s: %s", text, x->f.message);
}

static void what_cannot_be_is_refused_with_its_path(void **state)
{
        fixture *x = *state;
        assert_refused(x, "{\"page\": 1}", "page: ListCardsRequest has no such field");
        assert_refused(x, "{\"page_size\": \"many\"}", "page_size: must be a whole number");
        assert_refused(x, "{\"page_size\": 2147483648}", "page_size: the number is out of range");
        assert_refused(x, "{\"page_size\": \"-2147483649\"}", "out of range");
        assert_refused(x, "{\"live_only\": \"perhaps\"}", "live_only: must be true or false");
        assert_refused(x, "{\"read_options\": {\"channel\": \"RADIO\"}}",
                       "read_options.channel: must be one of BRANCH, BANK_BRANCH");
        assert_refused(x, "{\"read_options\": {\"max_staleness\": \"soon\"}}",
                       "read_options.max_staleness: must be a span");
        assert_refused(x, "{\"read_options\": 7}", "read_options: must be an object");
        assert_refused(x, "[]", "request: must be an object");
}

static void an_answer_becomes_json_by_the_mapping(void **state)
{
        fixture *x = *state;
        Card__Card card = CARD__CARD__INIT;
        Google__Protobuf__Timestamp as_of = {
                PROTOBUF_C_MESSAGE_INIT(&google__protobuf__timestamp__descriptor), 1769817600, 0};
        card.name = "regions/330000/cards/01J";
        card.state = CARD__CARD_STATE__CARD_STATE_TEMP_LOST;
        card.version = 9007199254740993;
        card.as_of = &as_of;
        json_t *value = message_to_json(&x->a, x->c, &card.base);
        char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS);
        assert_string_equal(text,
                            "{\"asOf\":\"2026-01-31T00:00:00Z\",\"contributionsAffected\":false,"
                            "\"duplicateInProvince\":false,"
                            "\"name\":\"regions/330000/cards/01J\","
                            "\"state\":\"CARD_STATE_TEMP_LOST\","
                            "\"version\":\"9007199254740993\"}");
        free(text);
        json_decref(value);
}

static void any_carries_its_type_both_ways(void **state)
{
        fixture *x = *state;
        const char *text = "{\"state\": \"DONE\", \"answer\": {\"@type\":"
                           " \"type.googleapis.com/sscard.card.v1.Holder\", \"name\": \"n\"}}";
        ProtobufCMessage *message = parse(x, &common__get_operation_response__descriptor, text);
        assert_non_null(message);
        json_t *value = message_to_json(&x->a, x->c, message);
        const json_t *answer = json_object_get(value, "answer");
        assert_string_equal(json_string_value(json_object_get(answer, "@type")),
                            "type.googleapis.com/sscard.card.v1.Holder");
        assert_string_equal(json_string_value(json_object_get(answer, "name")), "n");
        json_decref(value);
}

static void bytes_are_base64(void **state)
{
        fixture *x = *state;
        Common__WatchRequest *request =
                (void *)parse(x, &common__watch_request__descriptor, "{\"cursor\": \"AP+/\"}");
        assert_non_null(request);
        assert_int_equal(request->cursor.len, 3);
        assert_memory_equal(request->cursor.data, "\x00\xff\xbf", 3);
        json_t *value = message_to_json(&x->a, x->c, &request->base);
        assert_string_equal(json_string_value(json_object_get(value, "cursor")), "AP+/");
        json_decref(value);
        assert_null(parse(x, &common__watch_request__descriptor, "{\"cursor\": \"%%\"}"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                FIXTURE_TEST(names_in_both_spellings_make_the_same_message),
                FIXTURE_TEST(values_may_be_typed_as_text),
                FIXTURE_TEST(a_oneof_takes_one_alternative),
                FIXTURE_TEST(what_cannot_be_is_refused_with_its_path),
                FIXTURE_TEST(an_answer_becomes_json_by_the_mapping),
                FIXTURE_TEST(any_carries_its_type_both_ways),
                FIXTURE_TEST(bytes_are_base64),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
