/* Civil dates, reckoned in China Standard Time (UTC+8, no daylight saving since 1991).
 * Pure arithmetic: no clock, no time zone data base. Dates given are valid (check what comes from
 * outside first); results stay within 0001-01-01 and 9999-12-31, so no sum can end the process. */
#ifndef SSCARD_COMMON_BASE_CIVIL_DATE_H
#define SSCARD_COMMON_BASE_CIVIL_DATE_H

#include "common/base/scoped.h"

#include <stdbool.h>
#include <stdint.h>

/* Zero is "no date". */
typedef struct civil_date {
        int16_t year; /* 1-9999 */
        int8_t month; /* 1-12 */
        int8_t day;   /* 1-31 */
} civil_date;

bool civil_date_is_valid(civil_date date);
bool civil_date_is_zero(civil_date date);
/* Days since 1970-01-01; negative before. */
int32_t civil_date_to_days(civil_date date);
civil_date civil_date_from_days(int32_t days);
civil_date civil_date_add_days(civil_date date, int32_t days);
/* 29 February becomes 28 in a common year. */
civil_date civil_date_add_years(civil_date date, int years);
/* <0, 0, >0 */
int civil_date_compare(civil_date a, civil_date b);
/* The date in China at that instant. */
civil_date civil_date_at(int64_t unix_ms);
/* The instant at which that date begins (00:00) in China. */
int64_t civil_date_start_unix_ms(civil_date date);
/* "2026-11-23" and a NUL. */
void civil_date_format(civil_date date, char text[11]);
bool civil_date_parse(const char *text, civil_date *date) MUST_CHECK;
/* Whole years from `birth` to `on`. */
int civil_date_age_years(civil_date birth, civil_date on);

#endif
