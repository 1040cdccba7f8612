/* What may stand in a message to a person: no link in any disguise, no picture code, no request for
 * data.
 *
 * Scam messages live on links and on questions. So a notice is not searched for what is bad alone:
 * it is written with few characters (Han, ASCII letters and digits, plain punctuation), and every
 * word of it is looked at as a reader, a phone and a copier of text would see it: joined over
 * blanks and marks, in any case. Pure; any thread. */
#ifndef SSCARD_COMMON_TEXT_NOTICE_TEXT_H
#define SSCARD_COMMON_TEXT_NOTICE_TEXT_H

#include "common/base/bytes.h"

#include <stddef.h>

enum { NOTICE_BYTES_MAX = 1024 };

typedef enum notice_fault {
        NOTICE_OK = 0,
        NOTICE_EMPTY,
        NOTICE_TOO_LONG, /* more than NOTICE_BYTES_MAX */
        NOTICE_NOT_UTF8,
        NOTICE_CHARACTER, /* one that notices are not written with: full-width and look-alike
                           * letters, marks of links, invisible ones */
        NOTICE_MIXED,     /* a word of letters and digits together, or of cases that no word has */
        NOTICE_NUMBER,    /* a number that is no year, day, count or official telephone */
        NOTICE_LINK,      /* a link, a part of one, or the way to one */
        NOTICE_REQUEST, /* asks the reader to give something away, or to do something on a device */
        NOTICE_PLACEHOLDER, /* of a template: unknown, or not closed */
} notice_fault;

typedef struct notice_finding {
        notice_fault fault;
        size_t offset;    /* byte where it was found */
        const char *word; /* the word of the list, if it was one; static, or NULL */
} notice_finding;

/* Looks at a whole text. What was found first. */
notice_finding notice_text_check(bytes text);
/* "LINK": stable name of a fault. Static. */
const char *notice_fault_name(notice_fault fault);

#endif
