/* The check code of a notice: a MAC over its text, its recipient and its day (R35, N14). */
#ifndef SSCARD_SERVICES_STATUS_HANDLERS_NOTICE_CHECK_H
#define SSCARD_SERVICES_STATUS_HANDLERS_NOTICE_CHECK_H

#include "common/crypto/keyed_hash.h"
#include "common/service/instance.h"
#include "services/status/record/notice_record.h"
#include "services/status/rules/notice_code.h"

/* The key of check codes: the service's own, for nothing else. NULL and `f` set. Pair:
 * keyed_hash_destroy(). */
keyed_hash *notice_check_key(const service_instance *instance, failure *f) MUST_CHECK;

void notice_check_mac(keyed_hash *key, ulid holder, const notice_record *notice,
                      uint8_t mac[NOTICE_CODE_BYTES]);
/* The text as it is sent, with its code. In the arena. */
const char *notice_check_sign(arena *a, keyed_hash *key, ulid holder, const notice_record *notice);
/* The notice that has this code, or NULL. Takes the same time for every code. */
const notice_record *notice_check_find(keyed_hash *key, ulid holder, const notice_record *notices,
                                       size_t count, const uint8_t mac[NOTICE_CODE_BYTES]);

#endif
