/* How often a caller may be wrong about a person's notices: guesses of check codes end here. Kept
 * in memory: a restart forgives, the code's forty bits do not. Loop thread only. */
#ifndef SSCARD_SERVICES_STATUS_HANDLERS_NOTICE_LIMIT_H
#define SSCARD_SERVICES_STATUS_HANDLERS_NOTICE_LIMIT_H

#include "common/base/ulid.h"

#include <stdbool.h>
#include <stdint.h>

enum { NOTICE_MISSES_MAX = 10, NOTICE_WINDOW_MS = 600000, NOTICE_LIMIT_ENTRIES_MAX = 65536 };

typedef struct notice_limit notice_limit;
notice_limit *notice_limit_open(void);
/* NULL is allowed. */
void notice_limit_close(notice_limit *limit);

/* Milliseconds to wait; 0: go on. `now_ms` is monotonic. */
int64_t notice_limit_wait_ms(const notice_limit *limit, const char *caller, ulid holder,
                             int64_t now_ms);
/* A code that was not ours. */
void notice_limit_missed(notice_limit *limit, const char *caller, ulid holder, int64_t now_ms);

#endif
