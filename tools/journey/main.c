/* journey: the life of one card through the real services, told so that a person can follow it. */
#include "common/base/clock.h"
#include "tools/journey/journey.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_DIFFERS = 1, EXIT_USAGE = 2, EXIT_UNAVAILABLE = 3 };

static const char USAGE[] =
        "usage: journey [--context FILE] [--seed N] [--lang zh|en|both]\n"
        "\n"
        "Applies for a card for somebody who does not exist, has it made, collects, enables, "
        "loses,\n"
        "recovers, loses and replaces it, through the services of a development region, and "
        "checks\n"
        "each answer.\n"
        "\n"
        "  --context FILE  where the region is [$SSCARD_CONTEXT, else var/run/context.json]\n"
        "  --seed N        who it happens to [by the time]\n"
        "  --lang LANG     zh, en, or both beside one another [both]\n"
        "\n"
        "exit code: 0 all went as the rules say, 1 something differed, 2 usage, 3 no region\n";

typedef struct options {
        const char *context_file;
        uint64_t seed;
        story_language language;
} options;

/* 0, or an exit code; -1: help was asked for. */
static int options_parse(int count, char **words, options *o)
{
        static const struct option OPTIONS[] = {
                {"context", required_argument, NULL, 'c'},
                {"seed", required_argument, NULL, 's'},
                {"lang", required_argument, NULL, 'l'},
                {"help", no_argument, NULL, 'h'},
                {NULL, 0, NULL, 0},
        };
        int option;
        while ((option = getopt_long(count, words, "h", OPTIONS, NULL)) != -1) {
                bool fine = true;
                char *end = "";
                switch (option) {
                case 'c':
                        o->context_file = optarg;
                        break;
                case 's':
                        errno = 0;
                        o->seed = strtoull(optarg, &end, 10);
                        fine = *optarg >= '0' && *optarg <= '9' && *end == 0 && errno == 0;
                        break;
                case 'l':
                        fine = story_language_parse(optarg, &o->language);
                        break;
                case 'h':
                        return -1;
                default:
                        fine = false;
                        optarg = words[optind - 1];
                }
                if (fine) continue;
                fprintf(stderr, "journey: cannot be: %s\n\n%s", optarg, USAGE);
                return EXIT_USAGE;
        }
        if (optind == count) return 0;
        fprintf(stderr, "journey: does not know %s\n\n%s", words[optind], USAGE);
        return EXIT_USAGE;
}

static bool wants_colour(void)
{
        const char *terminal = getenv("TERM");
        return isatty(STDOUT_FILENO) && !getenv("NO_COLOR") && terminal &&
               strcmp(terminal, "dumb") != 0;
}

int main(int count, char **words)
{
        options o = {.seed = (uint64_t)clock_wall_ms(clock_system())};
        int code = options_parse(count, words, &o);
        if (code == -1) return fputs(USAGE, stdout) < 0;
        if (code != 0) return code;
        region to;
        failure f = {0};
        if (!region_open(&to, o.context_file, &f)) {
                fprintf(stderr, "journey: %s\n", f.message);
                region_release(&to);
                return EXIT_UNAVAILABLE;
        }
        story s = {.out = stdout, .language = o.language, .colour = wants_colour()};
        journey j;
        int64_t began = region_now_microseconds();
        journey_init(&j, &to, &s, o.seed);
        bool complete = journey_run(&j);
        bool fine = story_end(&s, complete, region_now_microseconds() - began);
        if (!fine) printf("  journey --seed %llu\n", (unsigned long long)o.seed);
        journey_release(&j);
        region_release(&to);
        return fine ? 0 : EXIT_DIFFERS;
}
