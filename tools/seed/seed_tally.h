/* What became of the people of an import, by the rows of their table. */
#ifndef SSCARD_TOOLS_SEED_SEED_TALLY_H
#define SSCARD_TOOLS_SEED_SEED_TALLY_H

#include "tools/people/people.h"

#include <stdint.h>
#include <stdio.h>

typedef struct seed_row {
        uint64_t imported, unchanged, refused, cards;
} seed_row;

typedef struct seed_tally {
        seed_row rows[PEOPLE_PROFILE_COUNT];
        uint64_t replayed_batches;
} seed_tally;

/* `verdict` is the answer about `one`. Of a replayed batch: who was taken over then is known now.
 */
void seed_tally_add(seed_tally *tally, const person *one, const Card__ImportVerdict *verdict,
                    bool replayed);
seed_row seed_tally_total(const seed_tally *tally);
/* One line a row that has people, then the sum. */
void seed_tally_print(const seed_tally *tally, FILE *out);

#endif
