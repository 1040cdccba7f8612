/* What the bank service's record says of one card, with what holds at once because of the card. */
#ifndef SSCARD_SERVICES_STATUS_HANDLERS_SUBJECT_ACCOUNT_H
#define SSCARD_SERVICES_STATUS_HANDLERS_SUBJECT_ACCOUNT_H

#include "common/rpc/call.h"
#include "common/service/record_service.h"
#include "services/status/rules/status_facts.h"

typedef struct subject_account {
        status_financial financial; /* ABSENT, UNKNOWN, or as the link stands */
        bool bank_is_asked, bank_has_stopped;
} subject_account;

/* R3: what nobody can tell is UNKNOWN, never a guess. False: the record cannot be read; the task's
 * failure says so. */
bool subject_account_read(rpc_call *call, const record_look *look, const card_record *card,
                          subject_account *account) MUST_CHECK;

#endif
