/* Instants, spans and dates as people and JSON write them.
 * Must never ask a clock or a time zone data base. */
#include "tools/sscardctl/time_text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHINA_OFFSET_SECONDS = 8 * 3600, DAY_SECONDS = 86400, NANOS = 1000000000 };

/* "123" of ".123" as nanoseconds; moves `at` behind the digits. */
static bool parse_fraction(const char **at, int32_t *nanos)
{
        int32_t scale = NANOS / 10;
        *nanos = 0;
        if (**at != '.') return true;
        ++*at;
        if (!isdigit((unsigned char)**at)) return false;
        for (; isdigit((unsigned char)**at); ++*at) {
                *nanos += (**at - '0') * scale;
                scale /= 10;
        }
        return true;
}

/* "Z", "+08:00", or nothing (China). */
static bool parse_zone(const char *at, int32_t *offset_seconds)
{
        *offset_seconds = CHINA_OFFSET_SECONDS;
        if (*at == '\0') return true;
        *offset_seconds = 0;
        if (strcmp(at, "Z") == 0 || strcmp(at, "z") == 0) return true;
        unsigned hours, minutes;
        int used = 0;
        if ((*at != '+' && *at != '-') || sscanf(at + 1, "%2u:%2u%n", &hours, &minutes, &used) != 2)
                return false;
        if (used != 5 || at[6] != '\0' || hours > 23 || minutes > 59) return false;
        *offset_seconds = (int32_t)(hours * 3600 + minutes * 60) * (*at == '-' ? -1 : 1);
        return true;
}

bool time_text_parse_instant(const char *text, time_value *value)
{
        char date_text[11] = "";
        if (strlen(text) < 10) return false;
        memcpy(date_text, text, 10);
        civil_date date;
        if (!civil_date_parse(date_text, &date)) return false;

        unsigned hours = 0, minutes = 0, seconds = 0;
        int32_t nanos = 0, offset = CHINA_OFFSET_SECONDS;
        const char *at = text + 10;
        if (*at != '\0') {
                int used = 0;
                if (*at != 'T' && *at != 't' && *at != ' ') return false;
                at++;
                if (sscanf(at, "%2u:%2u%n", &hours, &minutes, &used) != 2 || used != 5)
                        return false;
                at += used;
                if (*at == ':') {
                        if (sscanf(at, ":%2u%n", &seconds, &used) != 1 || used != 3) return false;
                        at += used;
                }
                if (!parse_fraction(&at, &nanos) || !parse_zone(at, &offset)) return false;
        }
        if (hours > 23 || minutes > 59 || seconds > 59) return false;
        value->seconds = (int64_t)civil_date_to_days(date) * DAY_SECONDS + hours * 3600 +
                         minutes * 60 + seconds - offset;
        value->nanos = nanos;
        return true;
}

bool time_text_parse_span(const char *text, time_value *value)
{
        const char *at = text;
        bool negative = *at == '-';
        if (negative) at++;
        if (!isdigit((unsigned char)*at)) return false;
        int64_t seconds = 0;
        for (; isdigit((unsigned char)*at); at++) {
                if (seconds > INT64_C(10000000000)) return false;
                seconds = seconds * 10 + (*at - '0');
        }
        int32_t nanos;
        if (!parse_fraction(&at, &nanos)) return false;
        int64_t unit = 1;
        switch (*at) {
        case '\0':
        case 's':
                unit = 1;
                break;
        case 'm':
                unit = 60;
                break;
        case 'h':
                unit = 3600;
                break;
        case 'd':
                unit = DAY_SECONDS;
                break;
        default:
                return false;
        }
        if (*at != '\0' && at[1] != '\0') return false;
        int64_t fraction = nanos * unit;
        seconds = seconds * unit + fraction / NANOS;
        nanos = (int32_t)(fraction % NANOS);
        value->seconds = negative ? -seconds : seconds;
        value->nanos = negative ? -nanos : nanos;
        return true;
}

/* ".5" as ".500"; "" for none. */
static const char *fraction_text(arena *a, int32_t nanos)
{
        if (nanos == 0) return "";
        if (nanos % 1000000 == 0) return arena_format(a, ".%03d", nanos / 1000000);
        if (nanos % 1000 == 0) return arena_format(a, ".%06d", nanos / 1000);
        return arena_format(a, ".%09d", nanos);
}

typedef struct instant_parts {
        char date[11];
        int hours, minutes, seconds;
} instant_parts;

static instant_parts parts_of(int64_t seconds)
{
        int64_t days = seconds / DAY_SECONDS, rest = seconds % DAY_SECONDS;
        if (rest < 0) {
                days--;
                rest += DAY_SECONDS;
        }
        /* Beyond the calendar only what a broken answer could hold. */
        if (days < -719162) days = -719162;
        if (days > 2932896) days = 2932896;
        instant_parts parts = {.hours = (int)(rest / 3600),
                               .minutes = (int)(rest / 60 % 60),
                               .seconds = (int)(rest % 60)};
        civil_date_format(civil_date_from_days((int32_t)days), parts.date);
        return parts;
}

const char *time_text_instant_json(arena *a, time_value value)
{
        instant_parts parts = parts_of(value.seconds);
        return arena_format(a, "%sT%02d:%02d:%02d%sZ", parts.date, parts.hours, parts.minutes,
                            parts.seconds, fraction_text(a, value.nanos));
}

const char *time_text_instant_human(arena *a, time_value value)
{
        instant_parts parts = parts_of(value.seconds + CHINA_OFFSET_SECONDS);
        return arena_format(a, "%s %02d:%02d:%02d", parts.date, parts.hours, parts.minutes,
                            parts.seconds);
}

const char *time_text_span_json(arena *a, time_value value)
{
        bool negative = value.seconds < 0 || value.nanos < 0;
        return arena_format(a, "%s%lld%ss", negative ? "-" : "", llabs((long long)value.seconds),
                            fraction_text(a, abs(value.nanos)));
}
