/* The audit of reads (S7): a chained stream a process, in a file and on a thread of its own.
 * A reply waits until its read has been written, not until it has been synced: it survives kill -9;
 * power loss may cost 100 ms. One transaction a turn of the loop. */
#ifndef SSCARD_COMMON_COMMIT_READ_AUDIT_H
#define SSCARD_COMMON_COMMIT_READ_AUDIT_H

#include "common/base/failure.h"
#include "common/base/ulid.h"
#include "common/runtime/task.h"
#include "common/store/store.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct read_audit read_audit;

typedef struct read_audit_options {
        loop *loop;
        const char *folder; /* the service's data folder */
        const char *stream; /* file name without ".db": "orders-reads"; one process a stream */
        bool inline_writes; /* for the simulator: no thread */
        bool memory;        /* for the simulator: as in store_options */
} read_audit_options;

/* NULL and `f` set as by store_open(). Pair: read_audit_close(). Blocks: start-up only. */
read_audit *read_audit_open(const read_audit_options *options, failure *f) MUST_CHECK;
/* Writes and syncs what waits. Every task that used it must be over. NULL is allowed. */
void read_audit_close(read_audit *audit);

/* One read. Borrowed texts, NULL is "". Callers, purposes, channels and methods are few: each
 * different text is stored once. */
typedef struct read_audit_entry {
        int64_t at; /* business milliseconds */
        uint8_t part;
        ulid holder;        /* zero: not known (a refused look-up) */
        const char *caller; /* issuer and subject, or a channel's name */
        const char *purpose;
        const char *channel;
        const char *method;
        int outcome; /* gRPC code of the answer: refused reads count too */
} read_audit_entry;

/* Waits until it is written. Suspends; cannot be undone. False: UNAVAILABLE/AUDIT_UNAVAILABLE. */
bool read_audit_write(task *t, read_audit *audit, const read_audit_entry *entry) MUST_CHECK;

typedef struct read_audit_counts {
        uint64_t entries, batches, failures;
        int64_t last_seq;
} read_audit_counts;
read_audit_counts read_audit_count(const read_audit *audit);

/* The tables of a stream, for a tool that opens one: store_options.read_only. */
extern const store_schema read_audit_schema;

typedef struct read_audit_verdict {
        bool whole;
        int64_t bad_seq; /* the first bad row when not */
        uint64_t rows;
} read_audit_verdict;
/* Verifies a whole stream. Suspends. False: UNAVAILABLE. */
bool read_audit_verify(task *t, store *s, read_audit_verdict *verdict) MUST_CHECK;

/* One entry as it stands; texts in the arena. */
typedef struct read_audit_row {
        int64_t seq;
        bytes chain;
        read_audit_entry entry;
} read_audit_row;
/* The entries after `after_seq`, 1 000 at most. Suspends. False: UNAVAILABLE. */
bool read_audit_list(task *t, store *s, arena *a, int64_t after_seq, read_audit_row **rows,
                     size_t *count) MUST_CHECK;
/* The store of a stream that is being written, for reading. */
store *read_audit_store(const read_audit *audit);

#endif
