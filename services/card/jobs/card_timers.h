/* What time does to cards, made durable: the end of a temporary loss, unclaimed cards, expiry. */
#ifndef SSCARD_SERVICES_CARD_JOBS_CARD_TIMERS_H
#define SSCARD_SERVICES_CARD_JOBS_CARD_TIMERS_H

#include "common/commit/timer.h"

extern const char *const CARD_TIMER_KINDS[]; /* NULL-ended */
timer_fire card_timer_fire;

#endif
