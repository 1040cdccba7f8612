/* What simulated banks know: accounts by link, requests by reference. A request is carried out
 * once, and answered alike however often it comes. */
#ifndef SSCARD_TOOLS_BANK_SIMULATOR_ACCOUNTS_H
#define SSCARD_TOOLS_BANK_SIMULATOR_ACCOUNTS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct accounts accounts;

enum { ACCOUNT_TEXT_MAX = 160, ACCOUNT_REQUESTS_MAX = 10000 };

typedef enum account_wish {
        ACCOUNT_OPEN = 0,
        ACCOUNT_ACTIVATE,
        ACCOUNT_STOP,
        ACCOUNT_CLOSE,
        ACCOUNT_CLOSE_AT_COUNTER,
} account_wish;

/* One request, by its reference. */
typedef struct account_request {
        char reference[32], link[ACCOUNT_TEXT_MAX], account[ACCOUNT_TEXT_MAX];
        char reason[64]; /* "": it was carried out, or nothing was decided yet */
        account_wish wish;
        int attempts, carried_out;
        bool decided;
} account_request;

accounts *accounts_create(void);
void accounts_destroy(accounts *a);

/* Notes an attempt. NULL: too long, or too many. */
account_request *accounts_note(accounts *a, account_wish wish, const char *reference,
                               const char *link);
/* Carries it out, if nothing was decided yet. */
void accounts_carry_out(accounts *a, account_request *request);
/* Decides against it, if nothing was decided yet. */
void accounts_refuse(account_request *request, const char *reason);
/* In the order in which they first came. */
size_t accounts_count(const accounts *a);
const account_request *accounts_at(const accounts *a, size_t index);

#endif
