/* What the rules know of a card's bank link: plain values, no behaviour. The holder with all links
 * is the unit, as in the card's rules. */
#ifndef SSCARD_SERVICES_BANK_RULES_BANK_TYPES_H
#define SSCARD_SERVICES_BANK_RULES_BANK_TYPES_H

#include "services/card/rules/card_types.h"

/* The numbers of all enums here are stored, and are those of their namesakes in sscard.bank.v1:
 * never renumber. */
typedef enum bank_state {
        BANK_NONE = 1,
        BANK_LOADED = 2, /* the account is opened in advance, not active */
        BANK_ACTIVE = 3,
        BANK_CLOSURE_PENDING = 4,
        BANK_CLOSED = 5, /* terminal */
} bank_state;
enum { BANK_STATE_COUNT = 6 };

/* Overlay: what the bank, which is the authority, says of a loss. */
typedef enum bank_loss {
        BANK_LOSS_NO = 1,
        BANK_LOSS_UNKNOWN = 2, /* the card is reported lost, the bank has not answered */
        BANK_LOSS_CONFIRMED = 3,
} bank_loss;

typedef enum bank_request_kind {
        BANK_REQUEST_NONE = 0,
        BANK_REQUEST_PRE_OPEN = 1,
        BANK_REQUEST_ACTIVATE = 2,
        BANK_REQUEST_CONFIRM_LOSS = 3,
        BANK_REQUEST_CLOSE = 4,
} bank_request_kind;
enum { BANK_REQUEST_KIND_COUNT = 5 };

typedef enum bank_request_state {
        BANK_REQUEST_NEVER = 0,
        BANK_REQUEST_OPEN = 1,     /* not answered: repeated under its reference */
        BANK_REQUEST_ACCEPTED = 2, /* taken: the answer comes later */
        BANK_REQUEST_DONE = 3,
        BANK_REQUEST_REFUSED = 4,
        BANK_REQUEST_DROPPED = 5, /* no longer wanted */
} bank_request_state;

typedef enum bank_problem {
        BANK_PROBLEM_NONE = 0,
        BANK_PROBLEM_UNREACHABLE = 1,
        BANK_PROBLEM_TIMEOUT = 2,
        BANK_PROBLEM_MALFORMED = 3,
        BANK_PROBLEM_FAILED = 4,
} bank_problem;

/* The latest request of one kind. Instants are business time in Unix milliseconds, 0 is "none". */
typedef struct bank_request {
        bank_request_state state;
        ulid reference; /* the same for every attempt */
        int64_t asked_at_ms, next_at_ms, answered_at_ms;
        uint32_t attempts;
        bank_problem problem;
        bool at_counter;    /* CLOSE: the holder stood at the counter */
        const char *reason; /* the bank's own code; "" */
} bank_request;

typedef enum bank_closure_cause {
        BANK_CLOSURE_NONE = 0,
        BANK_CLOSURE_CARD_CANCELLED = 1,
        BANK_CLOSURE_BANK_CHANGED = 2,
        BANK_CLOSURE_AT_COUNTER = 3,
        BANK_CLOSURE_BY_BANK = 4,
} bank_closure_cause;

/* One case, two legs; 0: that leg is not done. cause NONE: there is no case. */
typedef struct bank_closure {
        ulid id;
        bank_closure_cause cause;
        int64_t opened_at_ms, agency_done_at_ms, bank_done_at_ms;
} bank_closure;

/* The link of one card. Strings are borrowed, never NULL. */
typedef struct bank_link {
        ulid card;
        uint64_t version; /* 0: nothing is stored of it */
        bank_state state;
        bank_loss loss;
        int64_t loss_since_ms; /* UNKNOWN and CONFIRMED only */
        int64_t loss_of_ms;    /* the loss of the card that was taken over: its state_since_ms */
        const char *bank;      /* AAE008 */
        const char *account;   /* the bank's reference for the account; "" with NONE */
        int64_t loaded_at_ms, activated_at_ms, closed_at_ms;
        bank_request requests[BANK_REQUEST_KIND_COUNT]; /* by kind */
        bank_closure closure;
} bank_link;

/* In a holder's record. For a further one, the oldest that is over leaves the record and stays in
 * the table alone. */
enum { BANK_LINKS_MAX = 32 };

/* The links of one holder, in the order in which they were made. */
typedef struct bank_holder {
        ulid id;
        uint8_t link_count;
        bank_link links[BANK_LINKS_MAX];
} bank_holder;

/* The bank still owes an answer. */
static inline bool bank_request_is_open(const bank_request *request)
{
        return request->state == BANK_REQUEST_OPEN || request->state == BANK_REQUEST_ACCEPTED;
}

#endif
