/* Values: from text to a number of the option's type, and what was expected when it is not one.
 * Must never guess: "10 s" and "1e3" are wrong. */
#include "common/config/config_internal.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct unit {
        const char *name;
        int64_t factor;
} unit;

static const unit duration_units[] = {{"ms", 1},      {"s", 1000},     {"m", 60000},
                                      {"h", 3600000}, {"d", 86400000}, {NULL, 0}};
static const unit size_units[] = {{"", 1},          {"B", 1},         {"KiB", 1 << 10},
                                  {"MiB", 1 << 20}, {"GiB", 1 << 30}, {NULL, 0}};
static const unit no_units[] = {{"", 1}, {NULL, 0}};

static bool parse_number(const char *text, const unit *units, int64_t *number)
{
        const char *digits = *text == '-' ? text + 1 : text;
        if (*digits < '0' || *digits > '9') return false;
        errno = 0;
        char *end;
        long long value = strtoll(text, &end, 10);
        if (errno) return false;
        for (const unit *u = units; u->name; u++) {
                if (strcmp(end, u->name) != 0) continue;
                return !__builtin_mul_overflow((int64_t)value, u->factor, number);
        }
        return false;
}

static bool parse_boolean(const char *text, int64_t *number)
{
        static const char *const words[][2] = {
                {"false", "true"}, {"no", "yes"}, {"off", "on"}, {"0", "1"}};
        for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
                for (int value = 0; value < 2; value++) {
                        if (strcmp(text, words[i][value]) != 0) continue;
                        *number = value;
                        return true;
                }
        }
        return false;
}

static const char *write_number(config *c, config_type type, int64_t number)
{
        const unit *units = type == CONFIG_DURATION ? duration_units
                            : type == CONFIG_SIZE   ? size_units
                                                    : no_units;
        const unit *best = &units[0];
        for (const unit *u = units; u->name; u++)
                if (number != 0 && number % u->factor == 0 && u->factor > best->factor) best = u;
        return arena_format(&c->arena, "%" PRId64 "%s", number / best->factor, best->name);
}

static bool is_in_range(const config_option *option, int64_t number)
{
        if (option->min == 0 && option->max == 0) return number >= 0;
        return number >= option->min && number <= option->max;
}

static const char *expected_number(config *c, const config_option *option)
{
        const char *kind = option->type == CONFIG_DURATION
                                   ? "a duration like 250ms, 30s, 5m, 12h or 3d"
                           : option->type == CONFIG_SIZE ? "a size like 4096, 64KiB, 4MiB or 1GiB"
                                                         : "a whole number";
        if (option->min == 0 && option->max == 0)
                return arena_format(&c->arena, "%s, not negative", kind);
        return arena_format(&c->arena, "%s, from %s to %s", kind,
                            write_number(c, option->type, option->min),
                            write_number(c, option->type, option->max));
}

static const char *parse_choice(config *c, const config_option *option, const char *text,
                                int64_t *number)
{
        assert(option->choices);
        const char *all = "one of";
        for (int64_t i = 0; option->choices[i]; i++) {
                if (strcmp(text, option->choices[i]) == 0) {
                        *number = i;
                        return NULL;
                }
                all = arena_format(&c->arena, "%s%s %s", all, i ? "," : "", option->choices[i]);
        }
        return all;
}

const char *config_parse_value(config *c, const config_option *option, const char *text,
                               int64_t *number, const char **canonical)
{
        *canonical = text;
        *number = 0;
        switch (option->type) {
        case CONFIG_TEXT:
                return *text ? NULL : "some text";
        case CONFIG_BOOLEAN:
                if (!parse_boolean(text, number)) return "true or false";
                *canonical = *number ? "true" : "false";
                return NULL;
        case CONFIG_CHOICE:
                return parse_choice(c, option, text, number);
        case CONFIG_INTEGER:
        case CONFIG_DURATION:
        case CONFIG_SIZE: {
                const unit *units = option->type == CONFIG_DURATION ? duration_units
                                    : option->type == CONFIG_SIZE   ? size_units
                                                                    : no_units;
                if (!parse_number(text, units, number) || !is_in_range(option, *number))
                        return expected_number(c, option);
                *canonical = write_number(c, option->type, *number);
                return NULL;
        }
        case CONFIG_MAP:
                break;
        }
        assert(false);
        return "";
}

const char *config_value_name(const config_option *option)
{
        if (option->value_name) return option->value_name;
        switch (option->type) {
        case CONFIG_INTEGER:
                return "N";
        case CONFIG_DURATION:
                return "DURATION";
        case CONFIG_SIZE:
                return "SIZE";
        case CONFIG_CHOICE:
                return "CHOICE";
        case CONFIG_MAP:
                return "KEY=VALUE";
        case CONFIG_BOOLEAN:
                return "true|false";
        case CONFIG_TEXT:
                break;
        }
        return "TEXT";
}
