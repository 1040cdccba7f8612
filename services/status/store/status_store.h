/* The status service's own table: the notices that were written to people. */
#ifndef SSCARD_SERVICES_STATUS_STORE_STATUS_STORE_H
#define SSCARD_SERVICES_STATUS_STORE_STATUS_STORE_H

#include "common/commit/change_set.h"
#include "common/store/store.h"
#include "services/status/record/notice_record.h"

typedef struct status_store {
        store *store; /* borrowed */
        record_keys keys;
} status_store;

extern const store_schema status_schema;

/* A notice as loaded, with whose it is and the version of the holder's row: the next write's
 * compare. */
typedef struct status_loaded {
        ulid holder;
        int64_t holder_version;
        notice_record notice;
} status_loaded;

/* Everything in the task's arena. May suspend. False: UNAVAILABLE, or DATA_LOSS. */
bool status_store_load(task *t, const status_store *store, uint8_t part, ulid notice,
                       status_loaded *loaded, bool *found) MUST_CHECK;
/* The newest notices of a holder, at most `limit`. */
bool status_store_list(task *t, const status_store *store, uint8_t part, ulid holder, int64_t limit,
                       notice_record **notices, size_t *count) MUST_CHECK;

/* The kind of change; its records: status_notice_change, in the arena. */
typedef struct status_notice_change {
        const record_keys *keys;
        ulid holder;
        const notice_record *notice;
} status_notice_change;
extern const change_kind STATUS_NOTICE_KIND;

#endif
