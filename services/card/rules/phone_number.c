#include "services/card/rules/phone_number.h"

bool phone_number_check(bytes text)
{
        if (text.length > PHONE_NUMBER_MAX) return false;
        const size_t first = text.length > 0 && text.data[0] == '+' ? 1 : 0;
        for (size_t i = first; i < text.length; i++)
                if (text.data[i] < '0' || text.data[i] > '9') return false;
        return text.length == 0 || text.length > first;
}
