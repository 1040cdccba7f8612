/* Small questions to a reply. Never trusts its shape. */
#include "common/cache/reply.h"

#include <string.h>

bool cache_reply_is(const cache_reply *reply, const char *text)
{
        if (reply->kind != CACHE_REPLY_STATUS && reply->kind != CACHE_REPLY_TEXT) return false;
        size_t length = strlen(text);
        return reply->text.length == length && memcmp(reply->text.data, text, length) == 0;
}

bool cache_reply_is_error(const cache_reply *reply, const char *word)
{
        if (reply->kind != CACHE_REPLY_ERROR) return false;
        size_t length = strlen(word);
        if (reply->text.length < length || memcmp(reply->text.data, word, length) != 0)
                return false;
        return reply->text.length == length || reply->text.data[length] == ' ';
}
