/* The port to the banks: one question over sscard.port.v1.BankGateway, with a deadline. Must never
 * be asked inside a transaction, and never believe an answer that is not to the question. */
#ifndef SSCARD_SERVICES_BANK_PORTS_BANK_GATEWAY_H
#define SSCARD_SERVICES_BANK_PORTS_BANK_GATEWAY_H

#include "common/rpc/client.h"
#include "services/bank/rules/bank_rules.h"

enum { BANK_GATEWAY_DEADLINE_MS = 4000, BANK_TEXT_MAX = 64 };

typedef struct bank_question {
        const char *name, *holder; /* resource names of the link and its holder */
        const bank_link *link;
        bank_request_kind kind; /* whose request is asked */
} bank_question;

/* Asks once. The answer's texts go into the task's arena; no answer is an answer too
 * (BANK_ANSWER_MISSING and its problem). `gateway` NULL: this region has none, UNREACHABLE.
 * Suspends. False: the task was interrupted. */
bool bank_gateway_ask(task *t, rpc_peer *gateway, const bank_question *question,
                      bank_answer *answer) MUST_CHECK;

#endif
