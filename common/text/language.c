/* Language negotiation over accept-language.
 * Must never fail: what cannot be read means Chinese. */
#include "common/text/language.h"

#include <stdbool.h>
#include <stdint.h>

static uint8_t lower(uint8_t byte)
{
        return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + 32) : byte;
}

static bytes trimmed(bytes text)
{
        while (text.length && (text.data[0] == ' ' || text.data[0] == '\t')) {
                text.data++;
                text.length--;
        }
        while (text.length &&
               (text.data[text.length - 1] == ' ' || text.data[text.length - 1] == '\t'))
                text.length--;
        return text;
}

/* Takes what stands before the next `mark` off `rest`. */
static bytes take_until(bytes *rest, uint8_t mark)
{
        size_t i = 0;
        while (i < rest->length && rest->data[i] != mark)
                i++;
        bytes taken = bytes_of(rest->data, i);
        size_t skipped = i < rest->length ? i + 1 : i;
        *rest = bytes_of(rest->data + skipped, rest->length - skipped);
        return trimmed(taken);
}

static bool primary_tag_is(bytes tag, uint8_t first, uint8_t second)
{
        if (tag.length < 2 || lower(tag.data[0]) != first || lower(tag.data[1]) != second)
                return false;
        return tag.length == 2 || tag.data[2] == '-' || tag.data[2] == '_';
}

/* In thousandths; -1: malformed. */
static int parse_quality(bytes parameter)
{
        if (parameter.length < 3 || lower(parameter.data[0]) != 'q' || parameter.data[1] != '=')
                return -1;
        bytes number = bytes_of(parameter.data + 2, parameter.length - 2);
        if (number.length > 5 || number.data[0] < '0' || number.data[0] > '1') return -1;
        int quality = (number.data[0] - '0') * 1000;
        if (number.length > 1 && number.data[1] != '.') return -1;
        int weight = 100;
        for (size_t i = 2; i < number.length; i++, weight /= 10) {
                if (number.data[i] < '0' || number.data[i] > '9') return -1;
                quality += (number.data[i] - '0') * weight;
        }
        return quality <= 1000 ? quality : -1;
}

language language_negotiate(bytes accept_language)
{
        language best = LANGUAGE_ZH;
        int best_quality = 0;
        while (accept_language.length > 0) {
                bytes item = take_until(&accept_language, ',');
                bytes tag = take_until(&item, ';');
                int quality = item.length ? parse_quality(trimmed(item)) : 1000;
                if (quality <= best_quality) continue;

                language found;
                if (primary_tag_is(tag, 'e', 'n'))
                        found = LANGUAGE_EN;
                else if (primary_tag_is(tag, 'z', 'h') || (tag.length == 1 && tag.data[0] == '*'))
                        found = LANGUAGE_ZH;
                else
                        continue;
                best = found;
                best_quality = quality;
        }
        return best;
}

const char *language_key(language l)
{
        return l == LANGUAGE_EN ? "en" : "zh";
}

const char *language_locale(language l)
{
        return l == LANGUAGE_EN ? "en" : "zh-CN";
}
