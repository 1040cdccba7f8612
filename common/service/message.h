/* Small messages that every service writes. Everything goes into the arena. */
#ifndef SSCARD_COMMON_SERVICE_MESSAGE_H
#define SSCARD_COMMON_SERVICE_MESSAGE_H

#include "common/base/arena.h"
#include "common/base/civil_date.h"

#include "google/protobuf/any.pb-c.h"
#include "google/protobuf/duration.pb-c.h"
#include "google/protobuf/timestamp.pb-c.h"
#include "google/type/date.pb-c.h"

Google__Protobuf__Timestamp *message_timestamp(arena *a, int64_t unix_ms); /* 0: NULL */
GoogleType__Date *message_date(arena *a, civil_date date);                 /* zero: NULL */
/* NULL reads as zero. False: no day of the calendar. */
bool message_date_read(const GoogleType__Date *message, civil_date *date) MUST_CHECK;
/* Unix milliseconds. False: absent, not after 1970 began, after the year 9999, or nanoseconds that
 * are none. */
bool message_instant_read(const Google__Protobuf__Timestamp *message, int64_t *unix_ms) MUST_CHECK;
/* Milliseconds; one that has begun counts. False: absent, below zero, longer than `seconds_max`, or
 * nanoseconds that are none. */
bool message_span_read(const Google__Protobuf__Duration *message, int64_t seconds_max,
                       int64_t *ms) MUST_CHECK;
Google__Protobuf__Any *message_any(arena *a, const ProtobufCMessage *message); /* NULL: NULL */

#endif
