/* What the tests of configuration stand on. */
#include "tests/unit/common/config/config_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const levels[] = {"debug", "info", "warn", "error", NULL};
static const config_option common_options[] = {
        {.name = "listen", .type = CONFIG_TEXT, .default_text = "127.0.0.1:7301", .help = "Where."},
        {.name = "calls-max",
         .type = CONFIG_INTEGER,
         .default_text = "10000",
         .min = 1,
         .max = 100000,
         .help = "How many at once."},
        {.name = "log-level",
         .type = CONFIG_CHOICE,
         .default_text = "info",
         .choices = levels,
         .help = "What is told."},
        {.name = "drain-limit",
         .type = CONFIG_DURATION,
         .default_text = "5s",
         .min = 10,
         .max = 600000,
         .help = "How long to wait."},
        {.name = "message-max", .type = CONFIG_SIZE, .default_text = "4MiB", .help = "How large."},
        {.name = "sandbox", .type = CONFIG_BOOLEAN, .default_text = "false", .help = "To play."},
};
static const config_option own_options[] = {
        {.name = "peer", .type = CONFIG_MAP, .value_name = "NAME=TARGET", .help = "Neighbours."},
        {.name = "data-dir", .type = CONFIG_TEXT, .required = true, .help = "Where data is."},
        {.name = "pepper", .type = CONFIG_TEXT, .secret = true, .help = "A secret."},
        {.name = "offset", .type = CONFIG_INTEGER, .min = -10, .max = 10, .help = "A number."},
};

static void write_file(config_fixture *f, const char *yaml, size_t length)
{
        const char *folder = getenv("TEST_TMPDIR");
        snprintf(f->path, sizeof f->path, "%s/config-%d.yaml", folder ? folder : "/tmp",
                 (int)getpid());
        FILE *file = fopen(f->path, "w");
        assert(file);
        size_t written = fwrite(yaml, 1, length, file);
        assert(written == length);
        int closed = fclose(file);
        assert(closed == 0);
}

config_outcome config_fixture_load(config_fixture *f, const char *const *flags,
                                   const char *const *environment, const char *yaml,
                                   size_t yaml_length)
{
        config_fixture_close(f);
        f->program = (config_program){
                .name = "sscard-test",
                .version = "1.2.3",
                .summary = "A program for tests.",
                .tables = {{common_options, sizeof common_options / sizeof *common_options},
                           {own_options, sizeof own_options / sizeof *own_options}},
        };
        enum { ARGUMENTS_MAX = 64 };
        char *argv[ARGUMENTS_MAX] = {(char *)"sscard-test"};
        int argc = 1;
        for (; flags && *flags; flags++)
                argv[argc++] = (char *)*flags;
        if (yaml) {
                write_file(f, yaml, yaml_length);
                argv[argc++] = (char *)"--config";
                argv[argc++] = f->path;
        }
        assert(argc < ARGUMENTS_MAX);
        config_input input = {argc, argv, (char *const *)environment};
        f->outcome = config_load(&f->program, &input, &f->config);
        return f->outcome;
}

void config_fixture_close(config_fixture *f)
{
        config_destroy(f->config);
        f->config = NULL;
        if (f->path[0]) unlink(f->path);
        f->path[0] = '\0';
}

config_fixture the_fixture;

config *config_ready(const char *const *flags, const char *const *environment, const char *yaml)
{
        size_t length = yaml ? strlen(yaml) : 0;
        config_outcome outcome =
                config_fixture_load(&the_fixture, flags, environment, yaml, length);
        if (outcome != CONFIG_READY) fail_msg("not ready: %s", config_message(the_fixture.config));
        return the_fixture.config;
}

void assert_config_wrong(const char *const *flags, const char *const *environment, const char *yaml,
                         const char *told)
{
        size_t length = yaml ? strlen(yaml) : 0;
        assert_int_equal(config_fixture_load(&the_fixture, flags, environment, yaml, length),
                         CONFIG_WRONG);
        const char *message = config_message(the_fixture.config);
        if (!strstr(message, told)) fail_msg("expected \"%s\" in: %s", told, message);
}

int config_tear_down(void **state)
{
        (void)state;
        config_fixture_close(&the_fixture);
        return 0;
}
