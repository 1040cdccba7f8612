/* Wipes the PINs of a request when its handler is over: in the message, and in the bytes they came
 * in. */
#ifndef SSCARD_SERVICES_CREDENTIAL_HANDLERS_REQUEST_SECRETS_H
#define SSCARD_SERVICES_CREDENTIAL_HANDLERS_REQUEST_SECRETS_H

#include "common/base/scoped.h"
#include "common/rpc/call.h"

/* SCOPED; at most two texts. */
typedef struct request_secrets {
        rpc_call *call;
        const char *texts[2];
} request_secrets;
void request_secrets_release(request_secrets *secrets);

#endif
