/* The check code of a notice: forty bits that a person can read out (R35, N14). Eight characters
 * without I, L, O and U; who types them may use either case, blanks and hyphens, and the letters
 * that look like digits. */
#ifndef SSCARD_SERVICES_STATUS_RULES_NOTICE_CODE_H
#define SSCARD_SERVICES_STATUS_RULES_NOTICE_CODE_H

#include "common/base/bytes.h"

#include <stdbool.h>
#include <stdint.h>

enum { NOTICE_CODE_LENGTH = 8, NOTICE_CODE_BYTES = 5 };

/* "7K3M9QX2" and a NUL. */
void notice_code_format(const uint8_t mac[NOTICE_CODE_BYTES], char text[NOTICE_CODE_LENGTH + 1]);
/* False: not a code. */
bool notice_code_read(bytes text, uint8_t mac[NOTICE_CODE_BYTES]);

#endif
