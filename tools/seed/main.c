/* seed: fills a development region with synthetic people. Run again with the same options, it
 * changes nothing. */
#include "common/base/clock.h"
#include "tools/seed/seed_import.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_REFUSED = 1, EXIT_USAGE = 2, EXIT_UNAVAILABLE = 3, COUNT_DEFAULT = 1000 };

static const char USAGE[] =
        "usage: seed [--context FILE] [--count N] [--seed N] [--batch N] [--today DATE] [--lang "
        "LANG]\n"
        "       seed --show N [--seed N] [--today DATE]      prints people instead\n"
        "\n"
        "Takes synthetic people and their cards into a development region "
        "(CardService.ImportHolders).\n"
        "Their identity numbers begin with 99, which was never issued. The same seed, count, batch "
        "and\n"
        "day give the same people under the same request ids: a repeated run changes nothing.\n"
        "\n"
        "  --context FILE  where the region is [$SSCARD_CONTEXT, else var/run/context.json]\n"
        "  --count N       how many people [1000]; --holders is the same\n"
        "  --seed N        which people [1]\n"
        "  --batch N       people a call, at most 500 [500]\n"
        "  --today DATE    day that ages and expiry are reckoned from [first of this month]\n"
        "  --lang LANG     of refusals [zh-CN]\n"
        "\n"
        "exit code: 0 all taken over or known already, 1 some were refused, 2 usage, 3 no answer\n";

typedef struct options {
        const char *context_file, *language;
        seed_plan plan;
        uint64_t show;
} options;

static int usage_error(const char *what, const char *value)
{
        fprintf(stderr, "seed: %s: %s\n\n%s", what, value, USAGE);
        return EXIT_USAGE;
}

static bool number_of(const char *text, uint64_t most, uint64_t *number)
{
        char *end;
        errno = 0;
        unsigned long long value = strtoull(text, &end, 10);
        if (*text < '0' || *text > '9' || *end || errno || value > most) return false;
        *number = value;
        return true;
}

/* 0 and everything set, or an exit code; -1: help was asked for. */
static int options_parse(int count, char **words, options *o)
{
        static const struct option OPTIONS[] = {
                {"context", required_argument, NULL, 'c'}, {"count", required_argument, NULL, 'n'},
                {"holders", required_argument, NULL, 'n'}, {"seed", required_argument, NULL, 's'},
                {"batch", required_argument, NULL, 'b'},   {"today", required_argument, NULL, 't'},
                {"lang", required_argument, NULL, 'l'},    {"show", required_argument, NULL, 'w'},
                {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0},
        };
        uint64_t batch = SEED_BATCH_MAX;
        int option;
        while ((option = getopt_long(count, words, "h", OPTIONS, NULL)) != -1) {
                bool fine = true;
                switch (option) {
                case 'c':
                        o->context_file = optarg;
                        break;
                case 'l':
                        o->language = optarg;
                        break;
                case 'n':
                        fine = number_of(optarg, PEOPLE_COUNT_MAX, &o->plan.count) &&
                               o->plan.count > 0;
                        break;
                case 'w':
                        fine = number_of(optarg, PEOPLE_COUNT_MAX, &o->show);
                        break;
                case 's':
                        fine = number_of(optarg, UINT64_MAX, &o->plan.people.seed);
                        break;
                case 'b':
                        fine = number_of(optarg, SEED_BATCH_MAX, &batch) && batch > 0;
                        break;
                case 't':
                        fine = civil_date_parse(optarg, &o->plan.people.today);
                        break;
                case 'h':
                        return -1;
                default:
                        fputs(USAGE, stderr);
                        return EXIT_USAGE;
                }
                if (!fine) return usage_error("cannot be", optarg);
        }
        if (optind < count) return usage_error("does not know", words[optind]);
        o->plan.batch = (uint32_t)batch;
        return 0;
}

/* People as lines that one can read; nothing is sent. */
static void show_people(const options *o)
{
        people *crowd = malloc(sizeof *crowd);
        if (!crowd) return;
        people_init(crowd, &o->plan.people);
        arena a = {0};
        for (uint64_t i = 0; i < o->show; i++) {
                person one;
                people_person(crowd, i, &a, &one);
                const Card__ImportedHolder *holder = one.holder;
                printf("%s  %s  %s  %-19s", holder->identity_number, holder->phone, one.outlet,
                       PEOPLE_PROFILES[one.profile].name);
                for (size_t c = 0; c < holder->n_cards; c++)
                        printf("  %s", *holder->cards[c]->card_number
                                               ? holder->cards[c]->card_number
                                               : "-");
                printf("  %s\n", holder->person_name);
                arena_reset(&a);
        }
        arena_release(&a);
        free(crowd);
}

static int report(const seed_import *import, int64_t began, bool fine, const failure *f)
{
        double seconds = (double)(region_now_microseconds() - began) / 1e6;
        seed_row total = seed_tally_total(&import->tally);
        seed_tally_print(&import->tally, stdout);
        printf("%" PRIu64 " people taken over, %" PRIu64 " known already, %" PRIu64
               " refused in %.1f s",
               total.imported, total.unchanged, total.refused, seconds);
        if (import->tally.replayed_batches)
                printf("; %" PRIu64 " of %" PRIu64 " batches were answered before: a replay",
                       import->tally.replayed_batches, seed_plan_batches(import->plan));
        printf("\n");
        if (!fine) {
                fprintf(stderr, "seed: %s\nRun it again: it goes on where it stopped.\n",
                        f->message);
                return EXIT_UNAVAILABLE;
        }
        return total.refused ? EXIT_REFUSED : 0;
}

static int import_people(options *o)
{
        region to;
        failure f = {0};
        if (!region_open(&to, o->context_file, &f)) {
                fprintf(stderr, "seed: %s\n", f.message);
                region_release(&to);
                return EXIT_UNAVAILABLE;
        }
        o->plan.people.region = to.ctx.region;
        seed_import import = {.to = &to,
                              .plan = &o->plan,
                              .language = o->language,
                              .progress = stdout,
                              .terminal = isatty(STDOUT_FILENO) != 0};
        int64_t began = region_now_microseconds();
        bool fine = seed_import_run(&import, &f);
        int code = report(&import, began, fine, &f);
        region_release(&to);
        return code;
}

int main(int count, char **words)
{
        options o = {
                .language = "zh-CN",
                .plan = {.count = COUNT_DEFAULT,
                         .people = {.seed = 1,
                                    .region = "330000",
                                    .today = seed_plan_day(
                                            civil_date_at(clock_wall_ms(clock_system())))}},
        };
        int code = options_parse(count, words, &o);
        if (code == -1) return fputs(USAGE, stdout) < 0;
        if (code != 0) return code;
        if (o.show == 0) return import_people(&o);
        show_people(&o);
        return 0;
}
