/* Configuration: flags, environment (SSCARD_…) and one YAML file, with the same names in all three.
 * Precedence: flag, environment, file, default. Unknown keys and bad values are errors that say
 * what was expected. No global state: everything comes from config_input.
 *
 *   option "data-dir"   flag --data-dir DIR or --data-dir=DIR   SSCARD_DATA_DIR   YAML data-dir:
 * DIR a map "peer"        --peer ledger=HOST:PORT (repeatable)      SSCARD_PEER=ledger=…,post=…
 * YAML peer: {ledger: HOST:PORT, post: HOST:PORT}; entries are merged by key a boolean --verbose,
 * --no-verbose, --verbose=false the file itself     --config FILE or SSCARD_CONFIG always there
 * --help, --version, --print-config
 */
#ifndef SSCARD_COMMON_CONFIG_CONFIG_H
#define SSCARD_COMMON_CONFIG_CONFIG_H

#include "common/base/scoped.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum config_type {
        CONFIG_TEXT = 1,
        CONFIG_INTEGER,
        CONFIG_BOOLEAN,  /* true, false, yes, no, on, off, 1, 0 */
        CONFIG_DURATION, /* 250ms, 30s, 5m, 12h, 3d; read with config_duration_ms() */
        CONFIG_SIZE,     /* bytes, or 64KiB, 4MiB, 1GiB */
        CONFIG_CHOICE,   /* one of `choices` */
        CONFIG_MAP,      /* key=value pairs */
} config_type;

/* One option. Static storage: tables are const. */
typedef struct config_option {
        const char *name; /* lower case, words joined by hyphens */
        config_type type;
        const char *default_text;   /* as a person would write it; NULL: unset */
        const char *value_name;     /* in --help: "DIR"; NULL: by type */
        const char *help;           /* one sentence */
        const char *const *choices; /* CONFIG_CHOICE: NULL-terminated */
        int64_t min, max;           /* INTEGER, DURATION (ms), SIZE (bytes); both 0: any >= 0 */
        bool required;              /* unset is an error */
        bool secret;                /* never printed; better a file name than a secret */
} config_option;

typedef struct config_table {
        const config_option *options;
        size_t count;
} config_table;

enum { CONFIG_TABLES_MAX = 4 };

/* What a program declares. Option names must differ over all tables (asserted). */
typedef struct config_program {
        const char *name;    /* "sscard-ledger" */
        const char *version; /* "0.1.0 (abcdef0)" */
        const char *summary; /* one sentence for --help */
        config_table tables[CONFIG_TABLES_MAX];
} config_program;

typedef struct config_input {
        int argc;
        char *const *argv; /* argv[0] is skipped */
        char *const *envp; /* NULL-terminated; NULL: empty */
} config_input;

typedef enum config_outcome {
        CONFIG_READY = 0,
        CONFIG_PRINT = 1, /* --help, --version, --print-config: print config_message(), exit 0 */
        CONFIG_WRONG = 2, /* print config_message() on stderr (all errors, a line each), exit 2 */
} config_outcome;

typedef struct config config;

/* Reads everything. *loaded is never NULL afterwards (it carries the message). Pair:
 * config_destroy(). `program` must outlive it. */
config_outcome config_load(const config_program *program, const config_input *input,
                           config **loaded) MUST_CHECK;
void config_destroy(config *c);
/* What to print; "" when READY. Ends in a newline. */
const char *config_message(const config *c);

/* Values. Asking for an option that is not declared, or as another type, is a bug (assert).
 * Text lives as long as the config. */
bool config_is_set(const config *c, const char *name);
const char *config_text(const config *c, const char *name); /* TEXT, CHOICE; NULL: unset */
int64_t config_integer(const config *c, const char *name);  /* 0: unset */
bool config_boolean(const config *c, const char *name);
int64_t config_duration_ms(const config *c, const char *name);
int64_t config_size_bytes(const config *c, const char *name);
/* CONFIG_CHOICE: index into its choices; -1: unset. */
int config_choice(const config *c, const char *name);
size_t config_map_count(const config *c, const char *name);
/* `key` and `value` of one entry, in order of keys. */
void config_map_entry(const config *c, const char *name, size_t index, const char **key,
                      const char **value);
/* NULL when the map has no such key. */
const char *config_map_get(const config *c, const char *name, const char *key);

/* "flag", "environment SSCARD_LISTEN", "file region.yaml:3", "default", "unset". */
const char *config_origin(const config *c, const char *name);
/* The text of --print-config: YAML that would give the same configuration, each line with its
 * origin as a comment, secrets masked. Owned by the config. */
const char *config_print(config *c);

#endif
