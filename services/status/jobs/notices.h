/* Notices to holders: written from the card service's feed, sent by a durable timer each. */
#ifndef SSCARD_SERVICES_STATUS_JOBS_NOTICES_H
#define SSCARD_SERVICES_STATUS_JOBS_NOTICES_H

#include "common/service/consumer.h"

/* For the service's definition. */
extern const service_consumer NOTICE_CONSUMER;
extern const char *const NOTICE_TIMER_KINDS[];
timer_verdict notice_timer_fire(void *service, task *t, uint8_t part, const change_timer *timer);

/* What happened longer ago is not told any more: a region that was away does not flood its people.
 */
enum { NOTICE_NEWS_MS = 3 * 86400000 };
/* How long delivery is tried. */
enum { NOTICE_DELIVERY_MS = 3 * 86400000 };

#endif
