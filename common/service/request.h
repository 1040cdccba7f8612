/* What requests of every service hold, read in one way: texts, dates, evidence. */
#ifndef SSCARD_COMMON_SERVICE_REQUEST_H
#define SSCARD_COMMON_SERVICE_REQUEST_H

#include "common/base/civil_date.h"
#include "common/policy/evidence.h"
#include "common/service/call.h"

#include "google/protobuf/timestamp.pb-c.h"
#include "google/type/date.pb-c.h"

enum { EVIDENCE_ITEMS_MAX = 16 };

/* A text of a request: UTF-8 is checked by the server; here its length in code points. Answers
 * INVALID_ARGUMENT/TEXT_TOO_LONG. */
bool text_check(rpc_call *call, const char *field, const char *text,
                size_t code_points_max) MUST_CHECK;
/* NULL for an empty text: "not given". */
const char *text_or_null(const char *text);
/* A civil date of a request; absent is zero. Answers INVALID_ARGUMENT/DATE_IMPOSSIBLE. */
bool date_read(rpc_call *call, const char *field, const GoogleType__Date *message,
               civil_date *date) MUST_CHECK;

/* An instant of a request that has passed; a minute of another clock is forgiven. Answers
 * INVALID_ARGUMENT/DATE_IMPOSSIBLE under `rule`, when it is absent too. */
bool past_instant_read(rpc_call *call, const char *field, const char *rule,
                       const Google__Protobuf__Timestamp *message, int64_t *unix_ms) MUST_CHECK;

/* The kinds of context.evidence that count, as the service's rules say it. Answers INVALID_ARGUMENT
 * for an item that makes no sense; false then. */
bool request_evidence(rpc_call *call, policy_evidence_counts *counts,
                      policy_evidences *evidence) MUST_CHECK;
/* The same items packed, for the trail. In the arena. */
const bytes *evidence_packed(rpc_call *call, size_t *count);

#endif
