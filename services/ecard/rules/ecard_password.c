/* Refuses what a stranger would try first. Must never copy the password. */
#include "services/ecard/rules/ecard_password.h"

#include "common/base/scoped.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { IDENTITY_TAIL = 6 };

static bool is_printable(const char *password)
{
        for (const char *at = password; *at; at++)
                if (*at <= ' ' || *at > '~') return false;
        return true;
}

/* Every character is the one `period` before it. */
static bool repeats(const char *password, size_t length, size_t period)
{
        for (size_t i = period; i < length; i++)
                if (password[i] != password[i - period]) return false;
        return true;
}

static bool is_sequence(const char *password, size_t length, int step)
{
        for (size_t i = 1; i < length; i++)
                if (password[i] - password[i - 1] != step) return false;
        return true;
}

static bool is_birth_date(const char *password, civil_date born_on)
{
        char text[16];
        if (civil_date_is_zero(born_on)) return false;
        snprintf(text, sizeof text, "%04d%02d%02d", born_on.year, born_on.month, born_on.day);
        return strcmp(password, text) == 0 || strcmp(password, text + 2) == 0;
}

static bool ends_identity(const char *password, const char *identity_number)
{
        size_t length = strlen(identity_number);
        return length >= IDENTITY_TAIL &&
               strcmp(password, identity_number + length - IDENTITY_TAIL) == 0;
}

ecard_password_fault ecard_password_check(const char *password, civil_date born_on,
                                          const char *identity_number)
{
        size_t length = strlen(password);
        if (length < ECARD_PASSWORD_MIN || length > ECARD_PASSWORD_MAX)
                return ECARD_PASSWORD_LENGTH;
        if (!is_printable(password)) return ECARD_PASSWORD_CHARACTERS;
        if (repeats(password, length, 1) || repeats(password, length, 2))
                return ECARD_PASSWORD_REPEATED;
        if (is_sequence(password, length, 1) || is_sequence(password, length, -1))
                return ECARD_PASSWORD_SEQUENCE;
        if (is_birth_date(password, born_on)) return ECARD_PASSWORD_BIRTH_DATE;
        if (ends_identity(password, identity_number)) return ECARD_PASSWORD_IDENTITY;
        return ECARD_PASSWORD_GOOD;
}

const char *ecard_password_fault_name(ecard_password_fault fault)
{
        static const char *const names[] = {"GOOD",     "LENGTH",     "CHARACTERS", "REPEATED",
                                            "SEQUENCE", "BIRTH_DATE", "IDENTITY"};
        _Static_assert(ARRAY_LENGTH(names) == ECARD_PASSWORD_FAULT_COUNT, "a name for every fault");
        assert(fault < ECARD_PASSWORD_FAULT_COUNT);
        return names[fault];
}
