/* Refusals and steps as plain text, for terminals, documents and voices. */
#ifndef SSCARD_COMMON_POLICY_EXPLAIN_H
#define SSCARD_COMMON_POLICY_EXPLAIN_H

#include "common/policy/bounded_text.h"
#include "common/policy/refusal.h"

/* All write at most `size` bytes with the NUL, cut at a character's edge, and return what a larger
 * buffer would have taken (like snprintf). */

/* "CODE (S3): text", or "CODE: text" without a rule, and a line a step. */
size_t policy_explain_refusal(const policy_refusal *refusal, const char *language, char *text,
                              size_t size);
/* One step in one sentence with where, who, documents and contact. */
size_t policy_explain_step(const policy_step *step, const char *language, char *text, size_t size);
/* The channels by the names that people use, "、" or ", " between them. */
size_t policy_explain_channels(policy_channels channels, const char *language, char *text,
                               size_t size);

#endif
