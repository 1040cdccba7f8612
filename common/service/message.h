/* Small messages that every service writes. Everything goes into the arena. */
#ifndef SSCARD_COMMON_SERVICE_MESSAGE_H
#define SSCARD_COMMON_SERVICE_MESSAGE_H

#include "common/base/arena.h"
#include "common/base/civil_date.h"

#include "google/protobuf/any.pb-c.h"
#include "google/protobuf/timestamp.pb-c.h"
#include "google/type/date.pb-c.h"

Google__Protobuf__Timestamp *message_timestamp(arena *a, int64_t unix_ms); /* 0: NULL */
GoogleType__Date *message_date(arena *a, civil_date date);                 /* zero: NULL */
/* NULL reads as zero. False: no day of the calendar. */
bool message_date_read(const GoogleType__Date *message, civil_date *date) MUST_CHECK;
Google__Protobuf__Any *message_any(arena *a, const ProtobufCMessage *message); /* NULL: NULL */

#endif
