/* Civil dates: the proleptic Gregorian calendar in integers, and China Standard Time.
 * Must never look at a clock or a time zone. */
#include "common/base/civil_date.h"

#include <assert.h>

enum {
        DAYS_PER_ERA = 146097,
        DAYS_MIN = -719162, /* 0001-01-01 */
        DAYS_MAX = 2932896, /* 9999-12-31 */
        MS_PER_DAY = 86400000,
        CHINA_OFFSET_MS = 8 * 3600000,
};

static bool year_is_leap(int year)
{
        return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int year, int month)
{
        static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        assert(month >= 1 && month <= 12);
        return month == 2 && year_is_leap(year) ? 29 : days[month - 1];
}

bool civil_date_is_valid(civil_date date)
{
        if (date.year < 1 || date.year > 9999) return false;
        if (date.month < 1 || date.month > 12) return false;
        return date.day >= 1 && date.day <= days_in_month(date.year, date.month);
}

bool civil_date_is_zero(civil_date date)
{
        return date.year == 0 && date.month == 0 && date.day == 0;
}

/* Both directions reckon in years that begin on 1 March, so that the leap day comes last. */
int32_t civil_date_to_days(civil_date date)
{
        assert(civil_date_is_valid(date));
        int year = date.month <= 2 ? date.year - 1 : date.year;
        int era = year / 400; /* year >= 0: the calendar here begins in year 1 */
        int year_of_era = year - era * 400;
        int month_from_march = (date.month + 9) % 12;
        int day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
        int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        return era * DAYS_PER_ERA + day_of_era - 719468;
}

civil_date civil_date_from_days(int32_t days)
{
        if (days < DAYS_MIN) days = DAYS_MIN;
        if (days > DAYS_MAX) days = DAYS_MAX;
        int32_t shifted = days + 719468;
        int era = shifted / DAYS_PER_ERA;
        int day_of_era = shifted - era * DAYS_PER_ERA;
        int year_of_era =
                (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
        int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        int month_from_march = (5 * day_of_year + 2) / 153;
        int day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
        int year = year_of_era + era * 400 + (month <= 2);
        civil_date date = {(int16_t)year, (int8_t)month, (int8_t)day};
        assert(civil_date_is_valid(date));
        return date;
}

civil_date civil_date_add_days(civil_date date, int32_t days)
{
        int64_t sum = (int64_t)civil_date_to_days(date) + days;
        if (sum < DAYS_MIN) sum = DAYS_MIN;
        if (sum > DAYS_MAX) sum = DAYS_MAX;
        return civil_date_from_days((int32_t)sum);
}

civil_date civil_date_add_years(civil_date date, int years)
{
        assert(civil_date_is_valid(date));
        int64_t year64 = (int64_t)date.year + years;
        if (year64 < 1) return civil_date_from_days(DAYS_MIN);
        if (year64 > 9999) return civil_date_from_days(DAYS_MAX);
        int year = (int)year64;
        int day_max = days_in_month(year, date.month);
        int day = date.day < day_max ? date.day : day_max;
        return (civil_date){(int16_t)year, date.month, (int8_t)day};
}

int civil_date_compare(civil_date a, civil_date b)
{
        if (a.year != b.year) return a.year < b.year ? -1 : 1;
        if (a.month != b.month) return a.month < b.month ? -1 : 1;
        if (a.day != b.day) return a.day < b.day ? -1 : 1;
        return 0;
}

civil_date civil_date_at(int64_t unix_ms)
{
        int64_t days = unix_ms / MS_PER_DAY;
        int64_t ms_of_day = unix_ms % MS_PER_DAY;
        if (ms_of_day < 0) {
                ms_of_day += MS_PER_DAY;
                days--;
        }
        if (ms_of_day >= MS_PER_DAY - CHINA_OFFSET_MS) days++;
        if (days < DAYS_MIN) days = DAYS_MIN;
        if (days > DAYS_MAX) days = DAYS_MAX;
        return civil_date_from_days((int32_t)days);
}

int64_t civil_date_start_unix_ms(civil_date date)
{
        return (int64_t)civil_date_to_days(date) * MS_PER_DAY - CHINA_OFFSET_MS;
}

static void put_digits(char *to, int value, int count)
{
        for (int i = count - 1; i >= 0; i--, value /= 10)
                to[i] = (char)('0' + value % 10);
}

void civil_date_format(civil_date date, char text[11])
{
        put_digits(text, date.year, 4);
        text[4] = '-';
        put_digits(text + 5, date.month, 2);
        text[7] = '-';
        put_digits(text + 8, date.day, 2);
        text[10] = '\0';
}

static bool get_digits(const char *from, int count, int *value)
{
        int parsed = 0;
        for (int i = 0; i < count; i++) {
                if (from[i] < '0' || from[i] > '9') return false;
                parsed = parsed * 10 + (from[i] - '0');
        }
        *value = parsed;
        return true;
}

bool civil_date_parse(const char *text, civil_date *date)
{
        if (!text) return false;
        int year, month, day;
        /* Each step reads on only when what stands before it was there: no read past a NUL. */
        if (!get_digits(text, 4, &year) || text[4] != '-') return false;
        if (!get_digits(text + 5, 2, &month) || text[7] != '-') return false;
        if (!get_digits(text + 8, 2, &day) || text[10] != '\0') return false;
        civil_date parsed = {(int16_t)year, (int8_t)month, (int8_t)day};
        if (!civil_date_is_valid(parsed)) return false;
        *date = parsed;
        return true;
}

int civil_date_age_years(civil_date birth, civil_date on)
{
        int years = on.year - birth.year;
        bool birthday_ahead =
                on.month < birth.month || (on.month == birth.month && on.day < birth.day);
        return birthday_ahead ? years - 1 : years;
}
