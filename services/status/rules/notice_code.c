#include "services/status/rules/notice_code.h"

#include <string.h>

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
enum { BITS_A_CHARACTER = 5 };

void notice_code_format(const uint8_t mac[NOTICE_CODE_BYTES], char text[NOTICE_CODE_LENGTH + 1])
{
        uint64_t bits = 0;
        for (int i = 0; i < NOTICE_CODE_BYTES; i++)
                bits = bits << 8 | mac[i];
        for (int i = NOTICE_CODE_LENGTH - 1; i >= 0; i--, bits >>= BITS_A_CHARACTER)
                text[i] = alphabet[bits & 31];
        text[NOTICE_CODE_LENGTH] = '\0';
}

/* 0-31, or -1. */
static int value_of(uint8_t c)
{
        if (c >= 'a' && c <= 'z') c = (uint8_t)(c - 'a' + 'A');
        if (c == 'I' || c == 'L') c = '1';
        if (c == 'O') c = '0';
        const char *at = c ? strchr(alphabet, c) : NULL;
        return at ? (int)(at - alphabet) : -1;
}

bool notice_code_read(bytes text, uint8_t mac[NOTICE_CODE_BYTES])
{
        uint64_t bits = 0;
        int count = 0;
        for (size_t i = 0; i < text.length; i++) {
                if (text.data[i] == ' ' || text.data[i] == '-') continue;
                const int value = value_of(text.data[i]);
                if (value < 0 || ++count > NOTICE_CODE_LENGTH) return false;
                bits = bits << BITS_A_CHARACTER | (uint64_t)value;
        }
        if (count != NOTICE_CODE_LENGTH) return false;
        for (int i = NOTICE_CODE_BYTES - 1; i >= 0; i--, bits >>= 8)
                mac[i] = (uint8_t)bits;
        return true;
}
