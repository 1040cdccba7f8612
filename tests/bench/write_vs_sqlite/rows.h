/* What both sides of the comparison write: the rows of one ReportLoss, for the same cards of the
 * same database in the same order. */
#ifndef SSCARD_TESTS_BENCH_WRITE_VS_SQLITE_ROWS_H
#define SSCARD_TESTS_BENCH_WRITE_VS_SQLITE_ROWS_H

#include "common/base/ulid.h"

#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* As long as the service's own on average. */
enum {
        RECORD_BYTES = 206,  /* a card's record */
        JOURNAL_BYTES = 630, /* a sealed journal record: origin, before, after */
        ANSWER_BYTES = 890,  /* the packed reply */
        STATE_TEMP_LOST = 6,
};

typedef struct card_row {
        ulid card, holder;
        int64_t version, holder_version;
        int64_t expires_on;
} card_row;

/* The NORMAL cards of a card service's database, in no order; none when it cannot be read. */
card_row *cards_read(const char *database, size_t *count);

static inline int64_t now_us(void)
{
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

#endif
