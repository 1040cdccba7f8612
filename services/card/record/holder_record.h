/* Between the rules' plain values and bytes: the one codec for rows, journal and cache.
 * Must never write personal data outside of the sealed fields. */
#ifndef SSCARD_SERVICES_CARD_RECORD_HOLDER_RECORD_H
#define SSCARD_SERVICES_CARD_RECORD_HOLDER_RECORD_H

#include "common/base/arena.h"
#include "common/base/failure.h"
#include "common/crypto/digest.h"
#include "common/record/record.h"
#include "services/card/rules/card_types.h"

/* What rules never see of a person. Strings are never NULL. */
typedef struct person_private {
        const char *identity_number, *name, *phone, *photo;
} person_private;

enum { ENTITLEMENT_KINDS_MAX = 16 };

/* The person's row beside what the rules know of it. */
typedef struct person_record {
        ulid holder;
        card_person person;
        digest identity_hash;
        person_private secret;
        const char *entitlement_kinds[ENTITLEMENT_KINDS_MAX];
        size_t entitlement_kind_count;
        bool opened; /* secret is there: decoded with keys */
} person_record;

/* A holder as loaded: the rules' view, and the rest of the person. */
typedef struct holder_record {
        card_holder holder;
        person_record person;
} holder_record;

/* Packed into the arena. */
bytes card_record_pack(const record_keys *keys, arena *a, const card_record *card);
bytes person_record_pack(const record_keys *keys, arena *a, const person_record *person);
bytes holder_record_pack(const record_keys *keys, arena *a, const holder_record *record);

/* Strings go into the arena. Without `ring` nothing is opened: a number reads "A****6789", the rest
 * of the secrets "". False and `f` set: DATA_LOSS/RECORD_MALFORMED, or as seal_open() says. */
bool card_record_unpack(const keyring *ring, arena *a, bytes packed, card_record *card,
                        failure *f) MUST_CHECK;
bool person_record_unpack(const keyring *ring, arena *a, ulid holder, bytes packed,
                          person_record *person, failure *f) MUST_CHECK;
bool holder_record_unpack(const keyring *ring, arena *a, bytes packed, holder_record *record,
                          failure *f) MUST_CHECK;

#endif
