/* What both sides of the comparison write: the rows of one ReportLoss, in the service's own tables.
 */
#ifndef SSCARD_TESTS_BENCH_WRITE_VS_SQLITE_ROWS_H
#define SSCARD_TESTS_BENCH_WRITE_VS_SQLITE_ROWS_H

#include "common/base/ulid.h"

#include <stdint.h>
#include <time.h>

enum {
        RECORD_BYTES = 220,  /* a card's record */
        JOURNAL_BYTES = 700, /* a sealed journal record: origin, before, after */
        ANSWER_BYTES = 400,  /* the packed reply */
        STATE_TEMP_LOST = 6,
};
#define CALLER "https://issuer.sscard.test/330000 hotline-12333"
#define METHOD "sscard.card.v1.CardService/ReportLoss"

/* Holder `n` of the seeded ones, spread over the parts; its card has the same id with another first
 * byte. */
static inline ulid holder_of(uint32_t n)
{
        ulid id = {{0x01, 0x8b}};
        uint64_t spread = (uint64_t)(n + 1) * 0x9e3779b97f4a7c15ull;
        for (int i = 0; i < 8; i++)
                id.bytes[2 + i] = (uint8_t)(spread >> (8 * i));
        id.bytes[10] = (uint8_t)(n >> 16);
        id.bytes[11] = (uint8_t)(n >> 8);
        id.bytes[12] = (uint8_t)n;
        id.bytes[15] = (uint8_t)(spread >> 40);
        return id;
}

static inline ulid card_of(uint32_t n)
{
        ulid id = holder_of(n);
        id.bytes[0] = 0x02;
        return id;
}

static inline int64_t now_us(void)
{
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

#endif
