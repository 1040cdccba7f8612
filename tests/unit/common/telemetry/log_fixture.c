/* What the tests of the log stand on. */
#include "tests/unit/common/telemetry/log_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void log_fixture_open(log_fixture *f, log_format format)
{
        logger_options options = {.fd = f->file,
                                  .format = format,
                                  .clock = &f->clock.base,
                                  .service = "card",
                                  .region = "330000"};
        f->logger = logger_create(&options);
}

int log_set_up(void **state)
{
        log_fixture *f = calloc(1, sizeof *f);
        *state = f;
        if (!f) return -1;
        char path[512];
        const char *folder = getenv("TEST_TMPDIR");
        snprintf(path, sizeof path, "%s/log-XXXXXX", folder ? folder : "/tmp");
        f->file = mkstemp(path);
        if (f->file < 0 || unlink(path) != 0) return -1;
        clock_manual_init(&f->clock, INT64_C(1795363200123)); /* 2026-11-22T16:00:00.123Z */
        log_fixture_open(f, LOG_FORMAT_JSON);
        return 0;
}

int log_tear_down(void **state)
{
        log_fixture *f = *state;
        logger_destroy(f->logger);
        close(f->file);
        free(f);
        return 0;
}

const char *log_written(log_fixture *f)
{
        ssize_t length = pread(f->file, f->text, sizeof f->text - 1, 0);
        assert_true(length >= 0);
        f->text[length] = '\0';
        return f->text;
}

json_t *log_written_json(log_fixture *f)
{
        json_error_t error;
        json_t *line =
                json_loads(log_written(f), JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK, &error);
        if (!line) fail_msg("not JSON: %s", f->text);
        return line;
}

const char *log_text_of(json_t *line, const char *key)
{
        const char *text = json_string_value(json_object_get(line, key));
        return text ? text : "(absent)";
}
