/* The language of an answer: Chinese unless English is preferred. */
#ifndef SSCARD_COMMON_TEXT_LANGUAGE_H
#define SSCARD_COMMON_TEXT_LANGUAGE_H

#include "common/base/bytes.h"

typedef enum language {
        LANGUAGE_ZH = 0, /* zh-CN, the default */
        LANGUAGE_EN = 1,
} language;
enum { LANGUAGE_COUNT = 2 };

/* Chooses by an accept-language header (RFC 9110: tags and q values; "*" means Chinese). Absent,
 * malformed or without a language of ours: Chinese. Ties go to what stands first. */
language language_negotiate(bytes accept_language);
/* "zh" or "en": the key of texts. Static. */
const char *language_key(language l);
/* "zh-CN" or "en": LocalizedMessage.locale. Static. */
const char *language_locale(language l);

#endif
