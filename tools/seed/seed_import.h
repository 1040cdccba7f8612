/* Takes the people of a plan into a running region. */
#ifndef SSCARD_TOOLS_SEED_SEED_IMPORT_H
#define SSCARD_TOOLS_SEED_SEED_IMPORT_H

#include "tools/client/region.h"
#include "tools/seed/seed_plan.h"
#include "tools/seed/seed_tally.h"

#include <stdio.h>

enum {
        SEED_TRIES_MAX = 10,
        SEED_FIRST_PAUSE_MS = 200, /* doubles with each try */
        SEED_PAUSE_MAX_MS = 5000,
        SEED_REFUSALS_SHOWN = 5,
};

typedef struct seed_import {
        region *to;
        const seed_plan *plan;
        const char *language; /* of refusals */
        FILE *progress;       /* one line that is rewritten on a terminal, else some plain lines */
        bool terminal;
        seed_tally tally;
} seed_import;

/* False and `f` set when a batch was not answered after all tries, or was refused as a whole; what
 * came before it is in the tally. People who are refused are counted, not a failure. */
bool seed_import_run(seed_import *import, failure *f) MUST_CHECK;

#endif
