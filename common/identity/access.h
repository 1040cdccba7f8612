/* From a caller and what the request chose to the plain values that access rows are judged by. */
#ifndef SSCARD_COMMON_IDENTITY_ACCESS_H
#define SSCARD_COMMON_IDENTITY_ACCESS_H

#include "common/identity/caller.h"

/* What a request chooses among its caller's possibilities; "" or NULL, UNSPECIFIED: not chosen. */
typedef struct access_choice {
        policy_channel channel;
        const char *outlet;
        const char *bank;
        const char *purpose;
        const caller *approver;     /* a second person's verified token; NULL: none */
        const digest *request_hash; /* of this request; the approver's must be equal */
} access_choice;

typedef enum access_fault {
        ACCESS_FAULT_NONE = 0,
        ACCESS_FAULT_OUTLET,   /* OUTLET_NOT_GRANTED: the outlet is not in the credentials */
        ACCESS_FAULT_BANK,     /* BANK_NOT_GRANTED */
        ACCESS_FAULT_APPROVAL, /* APPROVAL_INVALID: same person, or another request */
} access_fault;
/* "OUTLET_NOT_GRANTED" and so on; "" for NONE. Static. */
const char *access_fault_reason(access_fault fault);

/* Fills `who` (borrowing from `c` and `choice`). A channel that the credentials do not list is left
 * to the access rows, which refuse it with the right text. When nothing is chosen and the
 * credentials list exactly one channel, outlet or bank, that one is taken. */
access_fault access_choose(const caller *c, const access_choice *choice, policy_caller *who);

#endif
