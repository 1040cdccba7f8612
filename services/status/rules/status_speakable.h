/* The answer as a voice says it on PHONE_12333 (R48): a few sentences, no long ids, no codes. */
#ifndef SSCARD_SERVICES_STATUS_RULES_STATUS_SPEAKABLE_H
#define SSCARD_SERVICES_STATUS_RULES_STATUS_SPEAKABLE_H

#include "services/status/rules/status_facts.h"

/* Writes at most `size` bytes with the NUL, cut at a character; returns what it would have taken.
 * "en…" is English, everything else Chinese. 1,200 bytes hold every answer. */
size_t status_speak(const status_facts *facts, const char *language, char *text, size_t size);
/* Steps and warnings alone, for guidance that is about no card. */
size_t status_speak_steps(const policy_step *const *steps, size_t count, const char *language,
                          char *text, size_t size);

#endif
