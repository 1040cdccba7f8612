/* A logger that writes into a file without a name, and what stands in it. */
#ifndef SSCARD_TESTS_UNIT_COMMON_TELEMETRY_LOG_FIXTURE_H
#define SSCARD_TESTS_UNIT_COMMON_TELEMETRY_LOG_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/telemetry/log.h"

#include <jansson.h>

typedef struct log_fixture {
        int file;
        clock_manual clock;
        logger *logger;
        char text[1 << 20];
} log_fixture;

/* JSON lines at 2026-11-22T16:00:00.123Z. For cmocka_unit_test_setup_teardown(). */
int log_set_up(void **state);
int log_tear_down(void **state);
/* Another logger on the same file; the old one is destroyed by the caller. */
void log_fixture_open(log_fixture *f, log_format format);
const char *log_written(log_fixture *f);
/* The first line. Pair: json_decref(). */
json_t *log_written_json(log_fixture *f);
/* "(absent)" when there is none. */
const char *log_text_of(json_t *line, const char *key);

#endif
