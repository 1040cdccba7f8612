/* A circuit breaker: after so many failures in a row calls are refused at once for a while; then
 * one probe goes through and decides. Pure: the caller brings the time. */
#ifndef SSCARD_COMMON_RPC_BREAKER_H
#define SSCARD_COMMON_RPC_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

/* Embedded; set the two knobs, zero the rest. */
typedef struct breaker {
        uint32_t failures_max, open_ms;
        uint32_t failures; /* in a row */
        int64_t open_until_ms;
        bool open, probing;
} breaker;

/* May a call go through now? A probe must be followed by breaker_note(). */
bool breaker_allows(breaker *b, int64_t now_ms);
void breaker_note(breaker *b, bool good, int64_t now_ms);
/* The call ended without saying anything about the peer (its caller went away). */
void breaker_forget(breaker *b);

#endif
