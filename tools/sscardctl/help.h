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

void help_all(const help *h);
/* False when there is no such group. */
bool help_group(const help *h, const char *group);
void help_verb(const help *h, const verb *v);
/* A script for `shell` ("bash" or "zsh") that completes groups, verbs and flags. False: another. */
bool help_completion(const help *h, const char *shell);

#endif
