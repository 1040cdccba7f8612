/* The common half of every codec. Must never know what a record is about. */
#include "common/record/record.h"

#include "common/crypto/seal.h"

#include <string.h>

int32_t record_days(civil_date date)
{
        if (civil_date_is_zero(date)) return 0;
        int32_t days = civil_date_to_days(date);
        return days >= 0 ? days + 1 : days;
}

civil_date record_date(int32_t days)
{
        if (days == 0) return (civil_date){0};
        return civil_date_from_days(days > 0 ? days - 1 : days);
}

ProtobufCBinaryData record_id(const ulid *id)
{
        if (ulid_is_zero(*id)) return (ProtobufCBinaryData){0};
        return (ProtobufCBinaryData){ULID_BYTES, (uint8_t *)id->bytes};
}

bool record_id_read(ProtobufCBinaryData data, ulid *id)
{
        *id = (ulid){0};
        if (data.len == 0) return true;
        if (data.len != ULID_BYTES) return false;
        memcpy(id->bytes, data.data, ULID_BYTES);
        return true;
}

bytes record_pack(arena *a, const ProtobufCMessage *message)
{
        size_t size = protobuf_c_message_get_packed_size(message);
        uint8_t *data = arena_alloc(a, size + 1);
        protobuf_c_message_pack(message, data);
        return bytes_of(data, size);
}

static void *unpack_alloc(void *data, size_t size)
{
        return arena_alloc(data, size);
}

static void unpack_free(void *data, void *pointer)
{
        (void)data;
        (void)pointer;
}

ProtobufCMessage *record_unpack(arena *a, const ProtobufCMessageDescriptor *type, bytes packed)
{
        ProtobufCAllocator allocator = {unpack_alloc, unpack_free, a};
        return protobuf_c_message_unpack(type, &allocator, packed.length, packed.data);
}

static seal_place place_of(const char *table, const ulid *row)
{
        return (seal_place){table, "sealed", bytes_of(row->bytes, ULID_BYTES)};
}

ProtobufCBinaryData record_seal(const record_keys *keys, arena *a, const char *table,
                                const ulid *row, bytes plain)
{
        bytes sealed = seal_close(keys->ring, keys->random, place_of(table, row), plain, a);
        return (ProtobufCBinaryData){sealed.length, (uint8_t *)sealed.data};
}

bool record_open(const keyring *ring, arena *a, const char *table, const ulid *row,
                 ProtobufCBinaryData sealed, bytes *plain, failure *f)
{
        return seal_open(ring, place_of(table, row), bytes_of(sealed.data, sealed.len), a, plain,
                         f);
}

bool record_malformed(failure *f, const char *what)
{
        return failure_set(f, FAILURE_DATA_LOSS, "RECORD_MALFORMED", "a %s record is malformed",
                           what);
}
