/* The settings while they are read, for the files of this room. */
#ifndef SSCARD_COMMON_CONFIG_CONFIG_INTERNAL_H
#define SSCARD_COMMON_CONFIG_CONFIG_INTERNAL_H

#include "common/base/arena.h"
#include "common/config/config.h"

typedef enum config_source {
        CONFIG_SOURCE_UNSET = 0,
        CONFIG_SOURCE_DEFAULT,
        CONFIG_SOURCE_FILE,
        CONFIG_SOURCE_ENVIRONMENT,
        CONFIG_SOURCE_FLAG,
} config_source; /* in order of precedence */

typedef struct config_pair {
        const char *key, *value;
        config_source source;
} config_pair;

typedef struct config_setting {
        const config_option *option;
        config_source source;
        int line;           /* of the file */
        const char *text;   /* as it was written; of choices the canonical one */
        int64_t number;     /* integer, boolean, milliseconds, bytes, index of the choice */
        config_pair *pairs; /* CONFIG_MAP, in order of keys */
        size_t pair_count;
} config_setting;

struct config {
        arena arena;
        const config_program *program;
        config_setting *settings;
        size_t setting_count;
        const char *file; /* NULL: none */
        char *message;    /* grows; from malloc() */
        size_t message_length;
        size_t error_count;
};

/* NULL: there is no such option. */
config_setting *config_find(const config *c, const char *name);
/* Sets an option from text, unless a source of higher precedence has; a bad value is an error.
 * `line`: of the file, else 0. */
void config_set(config *c, config_setting *setting, config_source source, int line,
                const char *text);
/* One entry of a map. */
void config_set_pair(config *c, config_setting *setting, config_source source, int line,
                     const char *key, const char *value);
void config_read_flags(config *c, const config_input *input);
void config_read_environment(config *c, const config_input *input);
void config_read_file(config *c, const char *path);

/* Adds a line to the message and counts an error. */
void config_error(config *c, const char *format, ...) FORMAT_CHECK(2, 3);
void config_say(config *c, const char *format, ...) FORMAT_CHECK(2, 3);
/* An unknown name, with the nearest known one. `shown` is how it was written. */
void config_error_unknown(config *c, const char *where, const char *shown, const char *name);
/* "SSCARD_DATA_DIR" of "data-dir". */
char *config_environment_name(arena *a, const char *name);
/* Where a source was: "--listen", "SSCARD_LISTEN", "region.yaml:3: listen". In the arena. */
const char *config_place(config *c, const config_setting *setting, config_source source, int line);

/* Parses `text` as the option's type. NULL when it is good, else what was expected. */
const char *config_parse_value(config *c, const config_option *option, const char *text,
                               int64_t *number, const char **canonical);
/* "DIR", or by the type. */
const char *config_value_name(const config_option *option);

void config_say_help(config *c);

#endif
