/* What became of the people of an import. */
#include "tools/seed/seed_tally.h"

#include <inttypes.h>

void seed_tally_add(seed_tally *tally, const person *one, const Card__ImportVerdict *verdict,
                    bool replayed)
{
        seed_row *row = &tally->rows[one->profile];
        bool imported = verdict->outcome == CARD__IMPORT_OUTCOME__IMPORT_OUTCOME_IMPORTED;
        row->imported += imported && !replayed;
        row->unchanged += (imported && replayed) ||
                          verdict->outcome == CARD__IMPORT_OUTCOME__IMPORT_OUTCOME_UNCHANGED;
        row->refused += verdict->outcome == CARD__IMPORT_OUTCOME__IMPORT_OUTCOME_REFUSED;
        row->cards += verdict->n_cards;
}

seed_row seed_tally_total(const seed_tally *tally)
{
        seed_row total = {0};
        for (int i = 0; i < PEOPLE_PROFILE_COUNT; i++) {
                total.imported += tally->rows[i].imported;
                total.unchanged += tally->rows[i].unchanged;
                total.refused += tally->rows[i].refused;
                total.cards += tally->rows[i].cards;
        }
        return total;
}

static void print_row(FILE *out, const char *name, const seed_row *row, const char *zh,
                      const char *en)
{
        fprintf(out, "  %-19s %8" PRIu64 " %8" PRIu64 " %8" PRIu64 " %8" PRIu64 "%s%s%s%s\n", name,
                row->imported, row->unchanged, row->refused, row->cards, *zh ? "  " : "", zh,
                *en ? "  " : "", en);
}

void seed_tally_print(const seed_tally *tally, FILE *out)
{
        fprintf(out, "  %-19s %8s %8s %8s %8s\n", "", "imported", "known", "refused", "cards");
        for (int i = 0; i < PEOPLE_PROFILE_COUNT; i++) {
                const seed_row *row = &tally->rows[i];
                if (row->imported + row->unchanged + row->refused == 0) continue;
                print_row(out, PEOPLE_PROFILES[i].name, row, PEOPLE_PROFILES[i].zh,
                          PEOPLE_PROFILES[i].en);
        }
        seed_row total = seed_tally_total(tally);
        print_row(out, "all", &total, "", "");
}
