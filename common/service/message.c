/* Times, dates and Any. */
#include "common/service/message.h"

#include <assert.h>
#include <protobuf-c/protobuf-c.h>

Google__Protobuf__Timestamp *message_timestamp(arena *a, int64_t unix_ms)
{
        if (unix_ms == 0) return NULL;
        Google__Protobuf__Timestamp *message = arena_alloc(a, sizeof *message);
        google__protobuf__timestamp__init(message);
        int64_t seconds = unix_ms / 1000, rest = unix_ms % 1000;
        message->seconds = rest < 0 ? seconds - 1 : seconds;
        message->nanos = (int32_t)((rest < 0 ? rest + 1000 : rest) * 1000000);
        return message;
}

GoogleType__Date *message_date(arena *a, civil_date date)
{
        if (civil_date_is_zero(date)) return NULL;
        GoogleType__Date *message = arena_alloc(a, sizeof *message);
        google_type__date__init(message);
        message->year = date.year;
        message->month = date.month;
        message->day = date.day;
        return message;
}

bool message_date_read(const GoogleType__Date *message, civil_date *date)
{
        *date = (civil_date){0};
        if (!message) return true;
        bool in_range = message->year >= 1 && message->year <= 9999 && message->month >= 1 &&
                        message->month <= 12 && message->day >= 1 && message->day <= 31;
        if (!in_range) return false;
        *date = (civil_date){(int16_t)message->year, (int8_t)message->month, (int8_t)message->day};
        return civil_date_is_valid(*date);
}

enum { NANOS_MAX = 999999999 };
static const int64_t YEAR_10000_SECONDS = 253402300800;

bool message_instant_read(const Google__Protobuf__Timestamp *message, int64_t *unix_ms)
{
        if (!message || message->seconds <= 0 || message->seconds >= YEAR_10000_SECONDS ||
            message->nanos < 0 || message->nanos > NANOS_MAX)
                return false;
        *unix_ms = message->seconds * 1000 + message->nanos / 1000000;
        return true;
}

bool message_span_read(const Google__Protobuf__Duration *message, int64_t seconds_max, int64_t *ms)
{
        assert(seconds_max >= 0 && seconds_max < YEAR_10000_SECONDS);
        if (!message || message->seconds < 0 || message->seconds > seconds_max ||
            message->nanos < 0 || message->nanos > NANOS_MAX)
                return false;
        *ms = message->seconds * 1000 + (message->nanos + 999999) / 1000000;
        return true;
}

Google__Protobuf__Any *message_any(arena *a, const ProtobufCMessage *message)
{
        if (!message) return NULL;
        Google__Protobuf__Any *any = arena_alloc(a, sizeof *any);
        google__protobuf__any__init(any);
        size_t size = protobuf_c_message_get_packed_size(message);
        any->value.data = arena_alloc(a, size + 1);
        any->value.len = size;
        protobuf_c_message_pack(message, any->value.data);
        any->type_url = arena_format(a, "type.googleapis.com/%s", message->descriptor->name);
        return any;
}
