/* A notice to one person, and its codec. Must never write its text or the phone outside of the
 * sealed field. */
#ifndef SSCARD_SERVICES_STATUS_RECORD_NOTICE_RECORD_H
#define SSCARD_SERVICES_STATUS_RECORD_NOTICE_RECORD_H

#include "common/record/record.h"

/* Strings are never NULL. Instants are business milliseconds; 0: not yet. */
typedef struct notice_record {
        ulid id;
        int64_t version;
        const char *template_code; /* "card.ready" */
        const char *about;         /* resource name */
        int language;              /* common/text/language.h */
        int64_t written_at_ms, delivered_at_ms, given_up_at_ms;
        uint32_t attempts;
        const char *pack_version;
        const char *text; /* without the check code */
        const char *phone;
} notice_record;

/* Packed into the arena. */
bytes notice_record_pack(const record_keys *keys, arena *a, const notice_record *notice);
/* Strings go into the arena. False and `f` set: DATA_LOSS/RECORD_MALFORMED, or as seal_open() says.
 */
bool notice_record_unpack(const keyring *ring, arena *a, bytes packed, notice_record *notice,
                          failure *f) MUST_CHECK;

#endif
