/* What a request shows, as rules see it: an item of evidence, and sets of kinds. Which kinds there
 * are and what they are worth is the rules' to say. */
#ifndef SSCARD_COMMON_POLICY_EVIDENCE_H
#define SSCARD_COMMON_POLICY_EVIDENCE_H

#include "common/base/civil_date.h"

#include <stdbool.h>
#include <stdint.h>

/* Bit n: evidence of kind n was given and counts. */
typedef uint32_t policy_evidences;

/* One item as it was shown. `kind` has the numbers of sscard.common.v1.EvidenceKind. */
typedef struct policy_evidence_item {
        int kind;
        bool has_reference, has_ground, ground_is_other; /* the ground of a home visit */
        civil_date valid_until;                          /* zero: not told */
} policy_evidence_item;

/* Does it count? An expired document does not, nor one that cannot be found again. */
typedef bool policy_evidence_counts(const policy_evidence_item *item, civil_date today);

#endif
