/* The outbox: each request to a bank is a durable timer; when it is due the bank is asked, and what
 * it says, or that it says nothing, is committed. */
#ifndef SSCARD_SERVICES_BANK_JOBS_BANK_REQUESTS_H
#define SSCARD_SERVICES_BANK_JOBS_BANK_REQUESTS_H

#include "common/commit/timer.h"

extern const char *const BANK_TIMER_KINDS[]; /* NULL-ended */
timer_fire bank_request_fire;

#endif
