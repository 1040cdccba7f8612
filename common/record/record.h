/* What the codecs of all services' records have in common: dates, ids, packing through an arena,
 * and sealed fields. A record is one holder's whole part of a service: rows, journal and cache. */
#ifndef SSCARD_COMMON_RECORD_RECORD_H
#define SSCARD_COMMON_RECORD_RECORD_H

#include "common/base/arena.h"
#include "common/base/bytes.h"
#include "common/base/civil_date.h"
#include "common/base/failure.h"
#include "common/base/random.h"
#include "common/base/ulid.h"
#include "common/crypto/keyring.h"

#include <protobuf-c/protobuf-c.h>

/* What sealing needs. Borrowed. */
typedef struct record_keys {
        const keyring *ring;
        random_source *random;
} record_keys;

/* Dates as numbers: 0 is "none", 1970-01-01 is 1, the days before it are negative. */
int32_t record_days(civil_date date);
civil_date record_date(int32_t days);

/* Ids as bytes: a zero id is none. Borrows `id`. */
ProtobufCBinaryData record_id(const ulid *id);
/* False: not the size of an id. */
bool record_id_read(ProtobufCBinaryData data, ulid *id) MUST_CHECK;

/* Everything goes into the arena. Unpacking gives NULL for what is no such message. */
bytes record_pack(arena *a, const ProtobufCMessage *message);
ProtobufCMessage *record_unpack(arena *a, const ProtobufCMessageDescriptor *type, bytes packed);

/* The column `sealed` of a row, under a data key and bound to its place. `table` static. */
ProtobufCBinaryData record_seal(const record_keys *keys, arena *a, const char *table,
                                const ulid *row, bytes plain);
/* False and `f` set: as seal_open() says. */
bool record_open(const keyring *ring, arena *a, const char *table, const ulid *row,
                 ProtobufCBinaryData sealed, bytes *plain, failure *f) MUST_CHECK;

/* Sets DATA_LOSS/RECORD_MALFORMED; returns false. */
bool record_malformed(failure *f, const char *what);

#endif
