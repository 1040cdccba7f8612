/* What stands under a record's key:
 *   V<epoch>:<version>:<bytes>   the owner's record of that version
 *   F<epoch>:<id>:<base>         a fence: a writer that read version <base> is about to change it
 *   T<epoch>:<token>             a load in progress
 * Only what carries the epoch of a live lease counts; all else is as good as nothing. */
#ifndef SSCARD_COMMON_CACHE_VALUE_H
#define SSCARD_COMMON_CACHE_VALUE_H

#include "common/base/bytes.h"
#include "common/base/scoped.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum cache_value_kind {
        CACHE_VALUE_RECORD,
        CACHE_VALUE_FENCE,
        CACHE_VALUE_TOKEN
} cache_value_kind;

typedef struct cache_value {
        cache_value_kind kind;
        uint64_t epoch;
        uint64_t version; /* of a fence: the base */
        bytes rest;       /* the record, the fence's id or the token; points into the text */
} cache_value;

/* False: none of the three. */
bool cache_value_parse(bytes text, cache_value *value) MUST_CHECK;
/* "<epoch>:<run id>" of a lease. `run_id` points into the text. */
bool cache_lease_parse(bytes text, uint64_t *epoch, bytes *run_id) MUST_CHECK;

#endif
