/* A bank that calls back: BankLinkService.ReportBankAnswer, later than its own answer. */
#ifndef SSCARD_TOOLS_BANK_SIMULATOR_REPORT_H
#define SSCARD_TOOLS_BANK_SIMULATOR_REPORT_H

#include "common/identity/token_issue.h"
#include "common/rpc/client.h"
#include "tools/bank_simulator/accounts.h"

#include <stdint.h>

typedef struct reporter {
        loop *loop;
        rpc_peer *peer;       /* the bank service; NULL: nothing is reported */
        token_signer *signer; /* development keys */
        accounts *accounts;
        random_source *random;
        struct report *open; /* of those that have not ended */
} reporter;

/* After `delay_ms` carries the request out and reports it `times` times. */
void reporter_send(reporter *r, account_request *request, uint32_t delay_ms, int times);
/* Ends all that are open; on the loop, before it stops. */
void reporter_interrupt(reporter *r);

#endif
