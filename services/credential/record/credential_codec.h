/* Between the rules' plain values and bytes: the one codec for rows, journal and cache. */
#ifndef SSCARD_SERVICES_CREDENTIAL_RECORD_CREDENTIAL_CODEC_H
#define SSCARD_SERVICES_CREDENTIAL_RECORD_CREDENTIAL_CODEC_H

#include "common/record/record.h"
#include "services/credential/rules/credential_types.h"

/* Packed into the arena. */
bytes credential_pack(arena *a, const credential_record *record);
bytes credential_holder_pack(arena *a, const credential_holder *holder);

/* False and `f` set: DATA_LOSS/RECORD_MALFORMED. */
bool credential_unpack(arena *a, bytes packed, credential_record *record, failure *f) MUST_CHECK;
bool credential_holder_unpack(arena *a, bytes packed, credential_holder *holder,
                              failure *f) MUST_CHECK;

#endif
