/* Accounts of simulated banks, in memory. */
#include "tools/bank_simulator/accounts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

typedef struct entry {
        account_request request;
        UT_hash_handle hh;
} entry;

/* What the bank holds for a link. */
typedef struct account {
        char link[ACCOUNT_TEXT_MAX];
        bool active, stopped, closed;
        UT_hash_handle hh;
} account;

struct accounts {
        entry *requests;
        account *held;
        entry *order[ACCOUNT_REQUESTS_MAX];
        size_t count;
};

accounts *accounts_create(void)
{
        accounts *a = calloc(1, sizeof *a);
        if (!a) abort();
        return a;
}

void accounts_destroy(accounts *a)
{
        entry *each, *next;
        account *held, *after;
        HASH_ITER(hh, a->requests, each, next)
        {
                HASH_DEL(a->requests, each);
                free(each);
        }
        HASH_ITER(hh, a->held, held, after)
        {
                HASH_DEL(a->held, held);
                free(held);
        }
        free(a);
}

account_request *accounts_note(accounts *a, account_wish wish, const char *reference,
                               const char *link)
{
        entry *found = NULL;
        HASH_FIND_STR(a->requests, reference, found);
        if (!found) {
                if (a->count == ACCOUNT_REQUESTS_MAX || strlen(reference) >= 32 ||
                    strlen(link) >= ACCOUNT_TEXT_MAX)
                        return NULL;
                found = calloc(1, sizeof *found);
                if (!found) abort();
                snprintf(found->request.reference, sizeof found->request.reference, "%s",
                         reference);
                snprintf(found->request.link, sizeof found->request.link, "%s", link);
                found->request.wish = wish;
                HASH_ADD_STR(a->requests, request.reference, found);
                a->order[a->count++] = found;
        }
        found->request.attempts++;
        return &found->request;
}

static account *held_of(accounts *a, const char *link)
{
        account *held = NULL;
        HASH_FIND_STR(a->held, link, held);
        if (held) return held;
        held = calloc(1, sizeof *held);
        if (!held) abort();
        snprintf(held->link, sizeof held->link, "%s", link);
        HASH_ADD_STR(a->held, link, held);
        return held;
}

/* The reference of an account is made of the link's name: the same for ever. */
static void name_account(const char *link, char text[ACCOUNT_TEXT_MAX])
{
        unsigned hash = 5381;
        for (const char *at = link; *at; at++)
                hash = hash * 33 + (unsigned char)*at;
        snprintf(text, ACCOUNT_TEXT_MAX, "SIM-%010u", hash);
}

void accounts_carry_out(accounts *a, account_request *request)
{
        if (request->decided) return;
        account *held = held_of(a, request->link);
        if (request->wish == ACCOUNT_CLOSE && held->active) {
                accounts_refuse(request, "HOLDER_REQUIRED");
                return;
        }
        request->decided = true;
        request->carried_out++;
        switch (request->wish) {
        case ACCOUNT_OPEN:
                name_account(request->link, request->account);
                break;
        case ACCOUNT_ACTIVATE:
                held->active = true;
                break;
        case ACCOUNT_STOP:
                held->stopped = true;
                break;
        case ACCOUNT_CLOSE:
        case ACCOUNT_CLOSE_AT_COUNTER:
                held->closed = true;
                break;
        }
}

void accounts_refuse(account_request *request, const char *reason)
{
        if (request->decided) return;
        request->decided = true;
        snprintf(request->reason, sizeof request->reason, "%s", reason);
}

size_t accounts_count(const accounts *a)
{
        return a->count;
}

const account_request *accounts_at(const accounts *a, size_t index)
{
        return &a->order[index]->request;
}
