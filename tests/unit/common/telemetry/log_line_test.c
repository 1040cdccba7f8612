/* Lines: JSON, fields that are what they claim to be, and nothing personal. */
#include "tests/unit/common/telemetry/log_fixture.h"

#include <string.h>

static void a_line_is_one_json_object_with_typed_fields(void **state)
{
        log_fixture *f = *state;
        ulid id;
        assert_true(ulid_parse("01ARZ3NDEKTSV4RRFFQ69G5FAV", &id));
        log_info(f->logger, "the server listens", log_word("mode", "cleartext"),
                 log_name("method", "sscard.card.v1.CardService/GetCard"),
                 log_resource("card", "regions/330000/cards/01ARZ3NDEKTSV4RRFFQ69G5FAV"),
                 log_setting("path", "/var/lib/\"x\"\\"), log_ulid("holder", id),
                 log_hex("digest", bytes_of("\x01\xfe", 2)), log_number("port", -7301),
                 log_duration_us("elapsed", 1234567), log_boolean("ready", true),
                 log_withheld("note"));
        json_t *line = log_written_json(f);
        assert_string_equal(log_text_of(line, "time"), "2026-11-22T16:00:00.123Z");
        assert_string_equal(log_text_of(line, "level"), "info");
        assert_string_equal(log_text_of(line, "event"), "the server listens");
        assert_string_equal(log_text_of(line, "service"), "card");
        assert_string_equal(log_text_of(line, "region"), "330000");
        assert_string_equal(log_text_of(line, "mode"), "cleartext");
        assert_string_equal(log_text_of(line, "method"), "sscard.card.v1.CardService/GetCard");
        assert_string_equal(log_text_of(line, "card"),
                            "regions/330000/cards/01ARZ3NDEKTSV4RRFFQ69G5FAV");
        assert_string_equal(log_text_of(line, "path"), "/var/lib/\"x\"\\");
        assert_string_equal(log_text_of(line, "holder"), "01ARZ3NDEKTSV4RRFFQ69G5FAV");
        assert_string_equal(log_text_of(line, "digest"), "01fe");
        assert_int_equal(json_integer_value(json_object_get(line, "port")), -7301);
        assert_non_null(strstr(f->text, "\"elapsed_ms\":1234.567"));
        assert_true(json_is_true(json_object_get(line, "ready")));
        assert_string_equal(log_text_of(line, "note"), "[withheld]");
        json_decref(line);
        assert_int_equal(strchr(f->text, '\n') - f->text, strlen(f->text) - 1);
}

static void personal_data_does_not_pass_as_a_name_or_a_resource(void **state)
{
        log_fixture *f = *state;
        static const char *const personal[] = {"330102199001011234",
                                               "13812345678",
                                               "张三",
                                               "Zhang San",
                                               "6217001234567890123",
                                               "regions/330000/cards/330102199001011234",
                                               "regions/330000/cards/张三",
                                               "a\nb",
                                               "1234567"};
        for (size_t i = 0; i < sizeof personal / sizeof *personal; i++) {
                log_info(f->logger, "x", log_resource("resource", personal[i]));
                if (strcmp(personal[i], "Zhang San") != 0 && strchr(personal[i], '/')) continue;
                log_info(f->logger, "x", log_name("name", personal[i]));
        }
        const char *text = log_written(f);
        for (size_t i = 0; i < sizeof personal / sizeof *personal; i++) {
                if (strstr(text, personal[i])) fail_msg("in the log: %s", personal[i]);
        }
        assert_non_null(strstr(text, "\"name\":\"[withheld]\""));
        assert_non_null(strstr(text, "\"resource\":\"[withheld]\""));
}

static void long_numbers_in_a_failure_are_masked(void **state)
{
        log_fixture *f = *state;
        failure why = {0};
        failure_set(&why, FAILURE_UNAVAILABLE, "STORE_BUSY", "row %s of file 12 \"x\"",
                    "330102199001011234");
        log_error(f->logger, "a call failed", log_failure(&why));
        json_t *line = log_written_json(f);
        assert_string_equal(log_text_of(line, "failure"), "UNAVAILABLE");
        assert_string_equal(log_text_of(line, "failure_reason"), "STORE_BUSY");
        assert_string_equal(log_text_of(line, "failure_message"),
                            "row ****************** of file 12 \"x\"");
        json_decref(line);
}

static void the_readable_form_shows_the_clock_in_china(void **state)
{
        log_fixture *f = *state;
        logger_destroy(f->logger);
        log_fixture_open(f, LOG_FORMAT_READABLE);
        log_warn(f->logger, "redis is away", log_setting("address", "127.0.0.1:6379"),
                 log_setting("folder", "/tmp/a b"), log_duration_us("waited", 5),
                 log_number("n", 0));
        assert_string_equal(log_written(f),
                            "00:00:00.123 warn  redis is away address=127.0.0.1:6379 "
                            "folder=\"/tmp/a b\" waited_ms=0.005 n=0\n");
}

static void a_line_that_is_too_long_is_cut_between_fields_and_says_so(void **state)
{
        log_fixture *f = *state;
        char long_setting[300];
        memset(long_setting, '"', sizeof long_setting - 1);
        long_setting[sizeof long_setting - 1] = '\0';
        log_info(f->logger, "x", log_setting("a", long_setting), log_setting("b", long_setting),
                 log_setting("c", long_setting), log_setting("d", long_setting),
                 log_setting("e", long_setting));
        json_t *line = log_written_json(f);
        assert_true(json_is_true(json_object_get(line, "cut")));
        assert_int_equal(strlen(log_text_of(line, "a")), 256);
        json_decref(line);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, log_set_up, log_tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
                CASE(a_line_is_one_json_object_with_typed_fields),
                CASE(personal_data_does_not_pass_as_a_name_or_a_resource),
                CASE(long_numbers_in_a_failure_are_masked),
                CASE(the_readable_form_shows_the_clock_in_china),
                CASE(a_line_that_is_too_long_is_cut_between_fields_and_says_so),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
