/* A program with one option of each type, and a way to load it from words. */
#ifndef SSCARD_TESTS_UNIT_COMMON_CONFIG_FIXTURE_H
#define SSCARD_TESTS_UNIT_COMMON_CONFIG_FIXTURE_H

#include "common/config/config.h"

typedef struct config_fixture {
        config_program program;
        config *config;
        config_outcome outcome;
        char path[512]; /* of the file, when there is one */
} config_fixture;

/* `flags` and `environment`: NULL-terminated, may be NULL; `yaml` NULL: no file. With a file
 * "--config PATH" is added. Loads again if it is open. */
config_outcome config_fixture_load(config_fixture *f, const char *const *flags,
                                   const char *const *environment, const char *yaml,
                                   size_t yaml_length);
void config_fixture_close(config_fixture *f);

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* What most tests do, on a fixture that all tests of a program share. */
extern config_fixture the_fixture;
/* Loads, which must succeed. */
config *config_ready(const char *const *flags, const char *const *environment, const char *yaml);
/* Loads, which must fail and tell this. */
void assert_config_wrong(const char *const *flags, const char *const *environment, const char *yaml,
                         const char *told);
int config_tear_down(void **state);

#endif
