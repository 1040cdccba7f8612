/* Weak PINs. Must never keep or show one. */
#include "services/credential/rules/credential_pin.h"

#include "common/base/scoped.h"

#include <assert.h>
#include <string.h>

bool credential_pin_is_whole(const char *pin)
{
        return strlen(pin) == PIN_DIGITS && strspn(pin, "0123456789") == PIN_DIGITS;
}

/* The whole is a piece of 1, 2 or 3 digits over and over, or three pairs of equal digits. */
static bool is_repeated(const char *pin)
{
        for (int piece = 1; piece <= 3; piece++) {
                bool same = true;
                for (int i = piece; i < PIN_DIGITS; i++)
                        same &= pin[i] == pin[i - piece];
                if (same) return true;
        }
        return pin[0] == pin[1] && pin[2] == pin[3] && pin[4] == pin[5];
}

/* Each digit as far from the one before it as the next, around 9 and 0 too: 123456, 098765, 135791.
 */
static bool is_sequential(const char *pin)
{
        int step = (pin[1] - pin[0] + 10) % 10;
        for (int i = 2; i < PIN_DIGITS; i++)
                if ((pin[i] - pin[i - 1] + 10) % 10 != step) return false;
        return step == 1 || step == 9 || step == 2 || step == 8;
}

static void put_two(char *text, int number)
{
        text[0] = (char)('0' + number / 10 % 10);
        text[1] = (char)('0' + number % 10);
}

static bool is_birth_date(const char *pin, civil_date born_on)
{
        if (civil_date_is_zero(born_on)) return false;
        char year[2], month[2], day[2], century[2];
        put_two(century, born_on.year / 100);
        put_two(year, born_on.year % 100);
        put_two(month, born_on.month);
        put_two(day, born_on.day);
        const char *const orders[][3] = {{year, month, day},   {day, month, year},
                                         {month, day, year},   {century, year, month},
                                         {century, year, day}, {month, century, year}};
        for (size_t i = 0; i < ARRAY_LENGTH(orders); i++)
                if (memcmp(pin, orders[i][0], 2) == 0 && memcmp(pin + 2, orders[i][1], 2) == 0 &&
                    memcmp(pin + 4, orders[i][2], 2) == 0)
                        return true;
        return false;
}

static bool is_end_of(const char *pin, const char *number)
{
        size_t length = strlen(number);
        return length >= PIN_DIGITS && memcmp(number + length - PIN_DIGITS, pin, PIN_DIGITS) == 0;
}

/* An identity number may end with X: then the six digits before it are what people take. */
static bool is_end_of_identity(const char *pin, const char *number)
{
        size_t length = strlen(number);
        if (is_end_of(pin, number)) return true;
        return length > PIN_DIGITS && number[length - 1] == 'X' &&
               memcmp(number + length - 1 - PIN_DIGITS, pin, PIN_DIGITS) == 0;
}

credential_weakness credential_pin_weakness(const char *pin, const credential_pin_facts *facts)
{
        assert(credential_pin_is_whole(pin));
        if (is_repeated(pin)) return CREDENTIAL_WEAK_REPEATED;
        if (is_sequential(pin)) return CREDENTIAL_WEAK_SEQUENTIAL;
        if (is_birth_date(pin, facts->born_on)) return CREDENTIAL_WEAK_BIRTH_DATE;
        if (is_end_of_identity(pin, facts->identity_number)) return CREDENTIAL_WEAK_IDENTITY_NUMBER;
        if (is_end_of(pin, facts->card_number)) return CREDENTIAL_WEAK_CARD_NUMBER;
        if (facts->old_pin && memcmp(pin, facts->old_pin, PIN_DIGITS) == 0)
                return CREDENTIAL_WEAK_SAME;
        return CREDENTIAL_NOT_WEAK;
}

const char *credential_weakness_name(credential_weakness weakness)
{
        static const char *const names[] = {"",           "REPEATED",        "SEQUENTIAL",
                                            "BIRTH_DATE", "IDENTITY_NUMBER", "CARD_NUMBER",
                                            "SAME",       "INITIAL"};
        _Static_assert(ARRAY_LENGTH(names) == CREDENTIAL_WEAKNESS_COUNT, "a name for each");
        assert((int)weakness < CREDENTIAL_WEAKNESS_COUNT);
        return names[weakness];
}
