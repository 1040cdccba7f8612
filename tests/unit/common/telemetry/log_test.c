/* The log: lines are JSON, fields are what they claim to be, and nothing personal gets through. */
#define _GNU_SOURCE /* F_SETPIPE_SZ */
#include "tests/unit/common/telemetry/log_fixture.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void the_canonical_line_says_who_did_what_how_it_ended(void **state)
{
        log_fixture *f = *state;
        log_request request = {.method = "sscard.card.v1.CardService/ReportLoss",
                               .status = FAILURE_FAILED_PRECONDITION,
                               .reason = "CARD_NOT_ISSUED",
                               .duration_us = 1500,
                               .caller = "operator-7",
                               .role = "OPERATOR",
                               .channel = "BRANCH",
                               .trace_id = bytes_of("0123456789abcdef", 16),
                               .replayed = true};
        logger_write_request(f->logger, &request);
        json_t *line = log_written_json(f);
        assert_string_equal(log_text_of(line, "event"), "request");
        assert_string_equal(log_text_of(line, "status"), "FAILED_PRECONDITION");
        assert_string_equal(log_text_of(line, "reason"), "CARD_NOT_ISSUED");
        assert_string_equal(log_text_of(line, "caller"), "operator-7");
        assert_string_equal(log_text_of(line, "role"), "OPERATOR");
        assert_string_equal(log_text_of(line, "channel"), "BRANCH");
        assert_string_equal(log_text_of(line, "trace_id"), "30313233343536373839616263646566");
        assert_string_equal(log_text_of(line, "resource"), "(absent)");
        assert_string_equal(log_text_of(line, "request_id"), "(absent)");
        assert_true(json_is_true(json_object_get(line, "replayed")));
        assert_null(json_object_get(line, "validate_only"));
        json_decref(line);
}

static void the_level_of_a_request_follows_its_status(void **state)
{
        log_fixture *f = *state;
        static const int statuses[] = {FAILURE_NONE, FAILURE_NOT_FOUND, FAILURE_UNAVAILABLE,
                                       FAILURE_INTERNAL, FAILURE_DATA_LOSS};
        for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
                logger_write_request(f->logger, &(log_request){.status = statuses[i]});
        static const char *const levels[] = {"info", "info", "warn", "error", "error"};
        const char *at = log_written(f);
        for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
                at = strstr(at, "\"level\":\"") + strlen("\"level\":\"");
                assert_memory_equal(at, levels[i], strlen(levels[i]));
        }
}

static void lines_below_the_level_are_not_written(void **state)
{
        log_fixture *f = *state;
        log_debug(f->logger, "hidden");
        logger_set_level(f->logger, LOG_LEVEL_WARN);
        log_info(f->logger, "hidden");
        logger_write_request(f->logger, &(log_request){.status = 0});
        log_warn(f->logger, "shown");
        assert_null(strstr(log_written(f), "hidden"));
        assert_null(strstr(f->text, "request"));
        assert_non_null(strstr(f->text, "shown"));
        log_level level;
        assert_true(log_level_parse("debug", &level));
        assert_int_equal(level, LOG_LEVEL_DEBUG);
        assert_false(log_level_parse("verbose", &level));
}

static void a_reader_that_does_not_read_blocks_nobody_and_is_told_what_it_missed(void **state)
{
        log_fixture *f = *state;
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        assert_true(fcntl(ends[1], F_SETPIPE_SZ, 4096) > 0);
        logger_options options = {
                .fd = ends[1], .format = LOG_FORMAT_JSON, .clock = &f->clock.base};
        logger *l = logger_create(&options);
        enum { LINES = 3000 };
        for (int i = 0; i < LINES; i++)
                log_info(l, "line", log_number("i", i));
        uint64_t dropped = logger_lines_dropped(l);
        assert_true(dropped > 0);
        assert_true(dropped < LINES);

        size_t length = 0;
        assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
        for (int quiet = 0; quiet < 3;) {
                ssize_t got = read(ends[0], f->text + length, sizeof f->text - 1 - length);
                if (got > 0)
                        length += (size_t)got;
                else
                        quiet++;
                logger_flush(l);
        }
        f->text[length] = '\0';
        size_t lines = 0;
        for (char *at = f->text; (at = strstr(at, "\"event\":\"line\"")); at++)
                lines++;
        assert_int_equal(lines + dropped, LINES);
        char told[64];
        snprintf(told, sizeof told, "\"lines\":%d}", (int)dropped);
        assert_non_null(strstr(f->text, "lines of the log were lost"));
        assert_non_null(strstr(f->text, told));
        logger_destroy(l);
        close(ends[0]);
        close(ends[1]);
}

static void *write_many(void *argument)
{
        for (int i = 0; i < 500; i++)
                log_info((logger *)argument, "from a thread", log_number("i", i));
        return NULL;
}

static void threads_do_not_mix_their_lines(void **state)
{
        log_fixture *f = *state;
        pthread_t threads[4];
        for (int i = 0; i < 4; i++)
                assert_int_equal(pthread_create(&threads[i], NULL, write_many, f->logger), 0);
        for (int i = 0; i < 4; i++)
                assert_int_equal(pthread_join(threads[i], NULL), 0);
        int lines = 0;
        log_written(f);
        for (char *at = f->text; *at; lines++) {
                char *end = strchr(at, '\n');
                assert_non_null(end);
                *end = '\0';
                json_t *line = json_loads(at, JSON_REJECT_DUPLICATES, NULL);
                assert_non_null(line);
                json_decref(line);
                at = end + 1;
        }
        assert_int_equal(lines, 2000);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, log_set_up, log_tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
                CASE(the_canonical_line_says_who_did_what_how_it_ended),
                CASE(the_level_of_a_request_follows_its_status),
                CASE(lines_below_the_level_are_not_written),
                CASE(a_reader_that_does_not_read_blocks_nobody_and_is_told_what_it_missed),
                CASE(threads_do_not_mix_their_lines),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
