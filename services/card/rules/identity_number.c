/* GB 11643: six digits of area, eight of birth date, three of sequence, one check character. */
#include "services/card/rules/identity_number.h"

#include <assert.h>
#include <string.h>

enum { YEAR_MINIMUM = 1800 };

char identity_number_check_character(const char digits[17])
{
        /* ISO 7064 MOD 11-2: the weight of the last but i is 2^i mod 11. */
        int remainder = 0;
        for (int i = 0; i < 17; i++) {
                assert(digits[i] >= '0' && digits[i] <= '9');
                remainder = (remainder + (digits[i] - '0')) * 2 % 11;
        }
        return "10X98765432"[remainder];
}

static bool is_digits(const char *text, size_t length)
{
        for (size_t i = 0; i < length; i++)
                if (text[i] < '0' || text[i] > '9') return false;
        return true;
}

/* U+FF01–U+FF5E, the full-width forms, begin with EF BC and EF BD in UTF-8. */
static bool has_full_width(const char *text, size_t length)
{
        for (size_t i = 0; i + 2 < length; i++)
                if ((unsigned char)text[i] == 0xef &&
                    ((unsigned char)text[i + 1] == 0xbc || (unsigned char)text[i + 1] == 0xbd))
                        return true;
        return false;
}

static int number(const char *digits, int count)
{
        int value = 0;
        for (int i = 0; i < count; i++)
                value = value * 10 + (digits[i] - '0');
        return value;
}

identity_fault identity_number_check(const char *text, size_t length, civil_date today,
                                     civil_date *birth)
{
        if (has_full_width(text, length)) return IDENTITY_FULL_WIDTH;
        if (length == 15 && is_digits(text, 15)) return IDENTITY_FIFTEEN_DIGITS;
        if (length != IDENTITY_NUMBER_LENGTH) return IDENTITY_LENGTH;
        if (!is_digits(text, 17)) return IDENTITY_CHARACTERS;
        if (text[17] == 'x') return IDENTITY_LOWER_CASE_X;
        if (text[17] != 'X' && !is_digits(text + 17, 1)) return IDENTITY_CHARACTERS;

        civil_date born = {.year = (int16_t)number(text + 6, 4),
                           .month = (int8_t)number(text + 10, 2),
                           .day = (int8_t)number(text + 12, 2)};
        if (born.year < YEAR_MINIMUM || !civil_date_is_valid(born)) return IDENTITY_BIRTH_DATE;
        if (!civil_date_is_zero(today) && civil_date_compare(born, today) > 0)
                return IDENTITY_BIRTH_DATE;
        if (identity_number_check_character(text) != text[17]) return IDENTITY_CHECKSUM;
        if (birth != NULL) *birth = born;
        return IDENTITY_VALID;
}
