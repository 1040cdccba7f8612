/* Refusals as people and programs see them (S10). */
#include "tools/sscardctl/error_view.h"

#include "google/rpc/status.pb-c.h"
#include "tests/unit/tools/sscardctl/fixture.h"
#include "tools/sscardctl/message_json.h"

static const char refusal[] =
        "{\"code\": 9, \"message\": \"m\", \"details\": ["
        "{\"@type\": \"type.googleapis.com/google.rpc.ErrorInfo\","
        " \"reason\": \"RENEWAL_WINDOW_NOT_OPEN\", \"domain\": \"sscard\","
        " \"metadata\": {\"rule\": \"R32\", \"opens_on\": \"2026-11-02\"}},"
        "{\"@type\": \"type.googleapis.com/sscard.common.v1.Refusal\", \"rule\": \"R32\","
        " \"truncated\": true, \"next_steps\": [{\"code\": \"WAIT\", \"text\": \"届时再来\"}]},"
        "{\"@type\": \"type.googleapis.com/google.rpc.BadRequest\", \"field_violations\":"
        " [{\"field\": \"context.etag\", \"description\": \"is wrong\"}]},"
        "{\"@type\": \"type.googleapis.com/google.rpc.RetryInfo\", \"retry_delay\": \"2s\"},"
        "{\"@type\": \"type.googleapis.com/google.rpc.LocalizedMessage\", \"locale\": \"zh-CN\","
        " \"message\": \"尚未到换卡时间\"}]}";

static client_status status_of(fixture *x, const char *text)
{
        json_t *value = json_loads(text, 0, NULL);
        ProtobufCMessage *rich =
                message_from_json(&x->a, x->c, &google_rpc__status__descriptor, value, &x->f);
        json_decref(value);
        if (!rich) fail_msg("%s", x->f.message);
        size_t size = protobuf_c_message_get_packed_size(rich);
        uint8_t *data = arena_alloc(&x->a, size);
        protobuf_c_message_pack(rich, data);
        return (client_status){
                .code = 9, .message = "plain", .details = data, .details_bytes = size};
}

static void assert_has(const char *text, const char *part)
{
        if (!strstr(text, part)) fail_msg("no \"%s\" in:\n%s", part, text);
}

static void a_refusal_shows_reason_rule_fields_and_steps(void **state)
{
        fixture *x = *state;
        const view v = {&x->a, x->c, "zh-CN", 0, x->out};
        client_status status = status_of(x, refusal);
        error_view_print(&v, &status);
        const char *text = fixture_text(x);
        assert_has(text,
                   "FAILED_PRECONDITION RENEWAL_WINDOW_NOT_OPEN (规则 R32)\n尚未到换卡时间\n");
        assert_has(text, "context.etag: is wrong");
        assert_has(text, "opens_on = 2026-11-02");
        assert_null(strstr(text, "rule = "));
        assert_has(text, "1. 届时再来");
        assert_has(text, "2s");
        assert_has(text, "sscardctl explain RENEWAL_WINDOW_NOT_OPEN");
        assert_string_equal(error_view_metadata(&x->a, x->c, &status, "opens_on"), "2026-11-02");
        assert_string_equal(error_view_metadata(&x->a, x->c, &status, "closes_on"), "");
}

static void an_error_without_details_shows_its_sentence(void **state)
{
        fixture *x = *state;
        const view v = {&x->a, x->c, "en", 0, x->out};
        const client_status status = {.code = 14, .message = "failed to connect"};
        error_view_print(&v, &status);
        assert_string_equal(fixture_text(x), "UNAVAILABLE\nfailed to connect\n");
}

static void broken_details_are_tolerated(void **state)
{
        fixture *x = *state;
        const view v = {&x->a, x->c, "en", 0, x->out};
        const client_status status = {.code = 13,
                                      .message = "boom",
                                      .details = (const uint8_t *)"\xff\xff\xff",
                                      .details_bytes = 3};
        error_view_print(&v, &status);
        assert_string_equal(fixture_text(x), "INTERNAL\nboom\n");
}

static void the_json_form_keeps_every_detail(void **state)
{
        fixture *x = *state;
        client_status status = status_of(x, refusal);
        json_t *error = error_view_json(&x->a, x->c, &status);
        assert_string_equal(json_string_value(json_object_get(error, "status")),
                            "FAILED_PRECONDITION");
        const json_t *details = json_object_get(error, "details");
        assert_int_equal(json_array_size(details), 5);
        const json_t *metadata = json_object_get(json_array_get(details, 0), "metadata");
        assert_string_equal(json_string_value(json_object_get(metadata, "opens_on")), "2026-11-02");
        json_decref(error);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                FIXTURE_TEST(a_refusal_shows_reason_rule_fields_and_steps),
                FIXTURE_TEST(an_error_without_details_shows_its_sentence),
                FIXTURE_TEST(broken_details_are_tolerated),
                FIXTURE_TEST(the_json_form_keeps_every_detail),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
