/* The breaker. Must never let more than one probe through. */
#include "common/rpc/breaker.h"

bool breaker_allows(breaker *b, int64_t now_ms)
{
        if (!b->open) return true;
        if (b->probing || now_ms < b->open_until_ms) return false;
        b->probing = true;
        return true;
}

void breaker_note(breaker *b, bool good, int64_t now_ms)
{
        b->probing = false;
        if (good) {
                b->open = false;
                b->failures = 0;
                return;
        }
        if (++b->failures < b->failures_max && !b->open) return;
        b->open = true;
        b->open_until_ms = now_ms + b->open_ms;
}

void breaker_forget(breaker *b)
{
        b->probing = false;
}
