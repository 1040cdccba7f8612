/* Judges what clients saw against what the journal says. Knows cards as numbers, versions and
 * states as numbers, and nothing of services: chaos runs and the simulator hand it their histories.
 *
 * The trail gives the order of writes, so nothing is searched: O(n log n). */
#ifndef SSCARD_TESTS_SIM_CHECKER_CHECKER_H
#define SSCARD_TESTS_SIM_CHECKER_CHECKER_H

#include "common/base/bytes.h"
#include "common/crypto/digest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum history_kind { HISTORY_WRITE, HISTORY_STRONG_READ, HISTORY_STALE_READ } history_kind;

typedef enum history_outcome {
        HISTORY_OK,
        HISTORY_REFUSED, /* a typed refusal: nothing was changed */
        HISTORY_UNKNOWN, /* timeout, reset, UNAVAILABLE: it may have happened, once */
} history_outcome;

enum { HISTORY_STATE_UNTOLD = -1 }; /* an answer that shows the version alone */

/* One call of a client, about one card. Instants are of one clock, no two alike. */
typedef struct history_operation {
        history_kind kind;
        history_outcome outcome;
        uint32_t card;    /* 0 to checker_input.cards - 1 */
        uint32_t request; /* of a write, not 0; a repeat has the same */
        int64_t invoked, completed;
        int64_t as_of;         /* of a stale read: when it was true */
        uint64_t version;      /* of an OK: the card's */
        int state;             /* of an OK: the card's; HISTORY_STATE_UNTOLD */
        uint32_t normal_cards; /* of a read that showed several of a holder: how many were NORMAL */
} history_operation;

/* One row of the journal. */
typedef struct trail_row {
        uint8_t part;
        int64_t seq;
        uint32_t card;
        uint64_t version;
        int state;        /* after it */
        int later_state;  /* what time makes of that, once… */
        int64_t later_at; /* 0: nothing */
        uint32_t request; /* 0: nobody's of the history (a timer, an import) */
        digest chain, record_hash;
} trail_row;

typedef struct checker_input {
        uint32_t cards;
        const history_operation *operations;
        size_t operation_count;
        const trail_row *rows; /* part after part, by seq, from the first row on */
        size_t row_count;
        /* Nothing that takes fences away has happened: then reads must not go back either. */
        bool reads_never_go_back;
} checker_input;

typedef enum checker_fault {
        CHECKER_NOTHING = 0,
        CHECKER_SEQ,            /* rows of a part are missing or out of order */
        CHECKER_CHAIN,          /* a row does not continue the chain */
        CHECKER_VERSIONS,       /* a card's versions are not 1, 2, 3 … in the trail */
        CHECKER_LOST_WRITE,     /* OK was said, and the trail does not have it (S1, L2) */
        CHECKER_TWO_EFFECTS,    /* a request id changed a card twice (S1, L2) */
        CHECKER_REFUSED_EFFECT, /* refused, and the trail has it */
        CHECKER_OTHER_ANSWER,   /* a repeat got another answer than the first (S1) */
        CHECKER_WRITE_ORDER,    /* a write was given a version that was already acknowledged (S2) */
        CHECKER_STALE,          /* a strong read shows less than what OK was said for (S6, L3) */
        CHECKER_WENT_BACK,      /* a read shows less than an earlier read */
        CHECKER_STALE_TOO_STALE, /* a stale read shows less than was true at its as_of */
        CHECKER_NEVER_WRITTEN,   /* a version that the trail does not have */
        CHECKER_FROM_THE_FUTURE, /* read before its write was asked for */
        CHECKER_STATE,           /* a state other than the trail's at that version (L4) */
        CHECKER_TWO_NORMAL,      /* two NORMAL cards of a holder in one answer (L5) */
        CHECKER_FAULTS,
} checker_fault;
const char *checker_fault_text(checker_fault fault);

typedef struct checker_verdict {
        checker_fault fault; /* the first that was found */
        size_t operation;    /* index, when it is one's */
        size_t row;          /* index, when it is one's */
        uint64_t expected, found;
} checker_verdict;

checker_verdict checker_judge(const checker_input *input);

#endif
