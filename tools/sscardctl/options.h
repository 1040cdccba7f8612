/* Options that every verb takes, wherever they stand. */
#ifndef SSCARD_TOOLS_SSCARDCTL_OPTIONS_H
#define SSCARD_TOOLS_SSCARDCTL_OPTIONS_H

#include "common/base/arena.h"
#include "common/base/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum output_format {
        OUTPUT_TABLE = 0,
        OUTPUT_JSON,
        OUTPUT_YAML,
} output_format;

typedef struct options {
        const char *context_file, *role, *approve_as, *id_number, *language, *endpoint,
                *region; /* NULL: unset */
        output_format output;
        bool watch, yes, help;
        int64_t watch_each_ms; /* 2 000 */
        int64_t timeout_ms;    /* 10 000; of streams none */
        bool timeout_given;
        char **words; /* what is left: group, verb, … */
        int count;
} options;

/* Takes its options out of the words. False and `f` set. */
bool options_parse(options *o, int count, char *const *arguments, arena *a, failure *f) MUST_CHECK;
/* The list for help: "--as ROLE", "what it does", …, NULL. */
const char *const *options_help(void);

#endif
