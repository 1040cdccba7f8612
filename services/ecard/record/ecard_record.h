/* Between the rules' plain values and bytes: the one codec for rows, journal and cache.
 * Must never write the password's hash anywhere but into a row's sealed field. */
#ifndef SSCARD_SERVICES_ECARD_RECORD_ECARD_RECORD_H
#define SSCARD_SERVICES_ECARD_RECORD_ECARD_RECORD_H

#include "common/record/record.h"
#include "services/ecard/rules/ecard_types.h"

/* A row: the rules' view, and what rules never see. Strings are never NULL. */
typedef struct ecard_row {
        ecard_record ecard;
        const char *password_hash, *photo;
} ecard_row;

/* Packed into the arena. `keys` NULL: without the sealed part, for journal and cache. */
bytes ecard_row_pack(const record_keys *keys, arena *a, const ecard_row *row);

/* Strings go into the arena. `ring` NULL: the secrets stay "". False and `f` set:
 * DATA_LOSS/RECORD_MALFORMED, or as seal_open() says. */
bool ecard_row_unpack(const keyring *ring, arena *a, bytes packed, ecard_row *row,
                      failure *f) MUST_CHECK;

#endif
