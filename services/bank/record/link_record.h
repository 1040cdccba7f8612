/* Between the rules' plain values and bytes: the one codec for rows, journal and cache.
 * Must never write the reference of an account outside of the sealed field. */
#ifndef SSCARD_SERVICES_BANK_RECORD_LINK_RECORD_H
#define SSCARD_SERVICES_BANK_RECORD_LINK_RECORD_H

#include "common/record/record.h"
#include "services/bank/rules/bank_link.h"

/* "****1234": as every answer shows it. In the arena, or static. */
const char *account_mask(arena *a, const char *account);

/* Packed into the arena. */
bytes bank_link_pack(const record_keys *keys, arena *a, const bank_link *link);
bytes bank_holder_pack(const record_keys *keys, arena *a, const bank_holder *holder);

/* Strings go into the arena. Without `ring` the account reads masked. False and `f` set:
 * DATA_LOSS/RECORD_MALFORMED, or as seal_open() says. */
bool bank_link_unpack(const keyring *ring, arena *a, bytes packed, bank_link *link,
                      failure *f) MUST_CHECK;
bool bank_holder_unpack(const keyring *ring, arena *a, bytes packed, bank_holder *holder,
                        failure *f) MUST_CHECK;

#endif
