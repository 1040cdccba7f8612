/* Masking: keep the ends, hide the rest.
 * Must never show a text whole, nor part of one that it cannot read. */
#include "common/text/mask.h"

#include "common/text/utf8.h"

#include <string.h>

static char *mask(arena *a, bytes text, size_t first, size_t last, size_t stars)
{
        if (text.length == 0) return arena_copy(a, "", 0);
        if (!utf8_is_valid(text)) return arena_copy(a, "*", 1);

        size_t count = utf8_count(text);
        if (first > count || last > count || first + last >= count) first = last = 0;
        if (stars == 0) stars = count - first - last;

        size_t head = utf8_prefix_bytes(text, first);
        size_t tail_from = last ? utf8_prefix_bytes(text, count - last) : text.length;
        size_t tail = text.length - tail_from;
        char *masked = arena_alloc(a, head + stars + tail + 1);
        memcpy(masked, text.data, head);
        memset(masked + head, '*', stars);
        memcpy(masked + head + stars, text.data + tail_from, tail);
        masked[head + stars + tail] = '\0';
        return masked;
}

char *mask_keep_ends(arena *a, bytes text, size_t first, size_t last)
{
        return mask(a, text, first, last, 0);
}

char *mask_keep_ends_fixed(arena *a, bytes text, size_t first, size_t last, size_t stars)
{
        return mask(a, text, first, last, stars ? stars : 1);
}
