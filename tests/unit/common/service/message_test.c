/* Times of requests: whatever a client sends, no sum of it leaves an integer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/service/message.h"

static Google__Protobuf__Timestamp instant(int64_t seconds, int32_t nanos)
{
        Google__Protobuf__Timestamp message = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
        message.seconds = seconds;
        message.nanos = nanos;
        return message;
}

static Google__Protobuf__Duration span(int64_t seconds, int32_t nanos)
{
        Google__Protobuf__Duration message = GOOGLE__PROTOBUF__DURATION__INIT;
        message.seconds = seconds;
        message.nanos = nanos;
        return message;
}

static void an_instant_is_read_to_the_millisecond(void **state)
{
        (void)state;
        int64_t unix_ms = 0;
        Google__Protobuf__Timestamp message = instant(1795363200, 123999999);
        assert_true(message_instant_read(&message, &unix_ms));
        assert_int_equal(unix_ms, INT64_C(1795363200123));
        message = instant(INT64_C(253402300799), 999999999);
        assert_true(message_instant_read(&message, &unix_ms));
        assert_int_equal(unix_ms, INT64_C(253402300799999));
}

static void instants_that_are_none_are_refused_and_leave_the_output(void **state)
{
        (void)state;
        const Google__Protobuf__Timestamp wrong[] = {
                instant(0, 0),
                instant(-1, 0),
                instant(INT64_MAX, 0),
                instant(INT64_MIN, 0),
                instant(INT64_C(253402300800), 0),
                instant(1, -1),
                instant(1, 1000000000),
                instant(1, INT32_MAX),
        };
        int64_t unix_ms = 7;
        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
                assert_false(message_instant_read(&wrong[i], &unix_ms));
        assert_false(message_instant_read(NULL, &unix_ms));
        assert_int_equal(unix_ms, 7);
}

static void a_millisecond_of_a_span_that_has_begun_counts(void **state)
{
        (void)state;
        int64_t ms = 7;
        Google__Protobuf__Duration message = span(0, 1);
        assert_true(message_span_read(&message, 60, &ms));
        assert_int_equal(ms, 1);
        message = span(60, 0);
        assert_true(message_span_read(&message, 60, &ms));
        assert_int_equal(ms, 60000);
        message = span(0, 0);
        assert_true(message_span_read(&message, 60, &ms));
        assert_int_equal(ms, 0);
}

static void spans_that_are_none_are_refused_and_leave_the_output(void **state)
{
        (void)state;
        const Google__Protobuf__Duration wrong[] = {
                span(61, 0),        span(-1, 0),        span(0, -1),        span(0, INT32_MAX),
                span(INT64_MAX, 0), span(INT64_MIN, 0), span(0, 1000000000)};
        int64_t ms = 7;
        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
                assert_false(message_span_read(&wrong[i], 60, &ms));
        assert_false(message_span_read(NULL, 60, &ms));
        assert_int_equal(ms, 7);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(an_instant_is_read_to_the_millisecond),
                cmocka_unit_test(instants_that_are_none_are_refused_and_leave_the_output),
                cmocka_unit_test(a_millisecond_of_a_span_that_has_begun_counts),
                cmocka_unit_test(spans_that_are_none_are_refused_and_leave_the_output),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
