/* The journal: audit trail and feed in one, a hash chain a part.
 *
 *   record_hash = sha256(part, at, version, name, event, sha256(record))     texts with their
 * length chain       = sha256(chain of the row before || record_hash)              zeros before the
 * first
 *
 * `record` is sealed: format byte 1, then what seal.h says. Erased: format byte 0, then the sha256
 * of what was there, so that the chain of an erased record still verifies. */
#ifndef SSCARD_COMMON_COMMIT_JOURNAL_H
#define SSCARD_COMMON_COMMIT_JOURNAL_H

#include "common/commit/commit.h"
#include "common/commit/journal_record.pb-c.h"

enum { JOURNAL_HASH_BYTES = 32, JOURNAL_LIST_MAX = 500 };

/* A row as it stands. In the arena it was read into. */
typedef struct journal_row {
        uint8_t part;
        int64_t seq;
        int64_t at; /* business milliseconds */
        const char *name;
        int64_t version;
        const char *event;
        bytes chain, record_hash, record;
        int64_t previous; /* the seq of the row before it of the same holder; 0: none */
} journal_row;

/* Rows of a part after `after_seq`, in order, JOURNAL_LIST_MAX at most. Suspends. `rows` and what
 * they point at go into `a`. False: UNAVAILABLE or interrupted. */
bool journal_list(task *t, store *s, arena *a, uint8_t part, int64_t after_seq, journal_row **rows,
                  size_t *count) MUST_CHECK;
/* What happened to one holder, newest first: rows before `before_seq` (0: from the last on), at
 * most `limit`; each row knows the one before it of the same holder. One point read a row. */
bool journal_list_of_holder(task *t, store *s, arena *a, uint8_t part, const ulid *holder,
                            int64_t before_seq, size_t limit, journal_row **rows,
                            size_t *count) MUST_CHECK;

/* Decrypts and unpacks. NULL: erased, or not readable with these keys (`*erased` tells). */
const Journal__Record *journal_open_record(const keyring *ring, arena *a, const journal_row *row,
                                           bool *erased);

/* The head of a part: the last seq and its chain. May suspend. False: UNAVAILABLE. */
bool journal_head(task *t, store *s, arena *a, uint8_t part, int64_t *seq, bytes *chain) MUST_CHECK;
/* The last seq of every part. Suspends. */
bool journal_heads(task *t, store *s, int64_t seq[256]) MUST_CHECK;

typedef enum journal_fault {
        JOURNAL_WHOLE = 0,
        JOURNAL_GAP,    /* a row is missing before `seq` */
        JOURNAL_RECORD, /* the row `seq` does not carry what its record_hash says */
        JOURNAL_CHAIN,  /* the chain breaks at `seq`: altered, replaced or reordered */
        JOURNAL_HEAD,   /* the head does not agree with the last row: rows cut off or added */
} journal_fault;
const char *journal_fault_name(journal_fault fault);

typedef struct journal_verdict {
        journal_fault fault;
        int64_t seq;   /* the first bad row */
        uint64_t rows; /* that were read */
} journal_verdict;
/* Verifies one part from its beginning. Needs no key. Suspends. False: UNAVAILABLE. */
bool journal_verify_part(task *t, store *s, uint8_t part, journal_verdict *verdict) MUST_CHECK;

/* Replaces the records of a holder by their digests: personal data is gone, the chain verifies.
 * Suspends. False: UNAVAILABLE. */
bool journal_erase_holder(task *t, store *s, uint8_t part, const ulid *holder,
                          uint64_t *erased) MUST_CHECK;

#endif
