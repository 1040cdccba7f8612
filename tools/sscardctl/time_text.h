/* Instants, spans and dates as people and JSON write them. Pure. */
#ifndef SSCARD_TOOLS_SSCARDCTL_TIME_TEXT_H
#define SSCARD_TOOLS_SSCARDCTL_TIME_TEXT_H

#include "common/base/arena.h"
#include "common/base/civil_date.h"
#include "common/base/scoped.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct time_value {
        int64_t seconds; /* since the Unix epoch, or of a span */
        int32_t nanos;   /* 0 to 999 999 999; of a span with its sign */
} time_value;

/* RFC 3339 ("2026-01-31T08:00:00Z", "…+08:00"), or without a zone ("2026-01-31 08:00:00",
 * "2026-01-31 08:00", "2026-01-31"), which is China Standard Time. */
bool time_text_parse_instant(const char *text, time_value *value) MUST_CHECK;
/* "90s", "1.5s", "5m", "2h", "3d"; a bare number is seconds. */
bool time_text_parse_span(const char *text, time_value *value) MUST_CHECK;

/* "2026-01-31T00:00:00Z", with 3, 6 or 9 digits of the second where it has them. */
const char *time_text_instant_json(arena *a, time_value value);
/* "2026-01-31 08:00:00", China Standard Time. */
const char *time_text_instant_human(arena *a, time_value value);
/* "1.500s" */
const char *time_text_span_json(arena *a, time_value value);

#endif
