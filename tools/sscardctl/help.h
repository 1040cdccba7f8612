/* Help, from the descriptors: what there is, what it means, which flags it takes. */
#ifndef SSCARD_TOOLS_SSCARDCTL_HELP_H
#define SSCARD_TOOLS_SSCARDCTL_HELP_H

#include "common/base/arena.h"
#include "tools/sscardctl/verbs.h"

#include <stdbool.h>
#include <stdio.h>

typedef struct help {
        arena *a;
        const catalog *c;
        size_t width; /* 0: no limit */
        FILE *out;
} help;

enum { HELP_ROWS_MAX = 256 };

/* Pairs of what is typed and what it means. */
typedef struct help_rows {
        const char *cells[2 * HELP_ROWS_MAX];
        size_t count;
} help_rows;
/* The flags of a verb: "--kind VALUE". `shared`: those of context.… and read_options.… that have
 * the same name everywhere; else all others. In the arena. */
const help_rows *help_flags(const help *h, const verb *v, bool shared);
/* Words that are no method: "explain [REASON]". */
const help_rows *help_words(const help *h);
const help_rows *help_exit_codes(const help *h);
/* Up to the first full stop. In the arena. */
const char *help_first_sentence(arena *a, const char *comment);

void help_all(const help *h);
/* False when there is no such group. */
bool help_group(const help *h, const char *group);
bool help_has_group(const help *h, const char *group);
void help_verb(const help *h, const verb *v);
/* A script for `shell` ("bash" or "zsh") that completes groups, verbs and flags. False: another. */
bool help_completion(const help *h, const char *shell);

#endif
