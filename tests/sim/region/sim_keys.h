/* The keys of a simulated region, made once for many: development keys in a folder of their own. */
#ifndef SSCARD_TESTS_SIM_REGION_SIM_KEYS_H
#define SSCARD_TESTS_SIM_REGION_SIM_KEYS_H

#include "common/identity/token_issue.h"
#include "common/service/instance.h"

typedef struct sim_keys {
        char folder[80], signing_file[100], jwks_file[100];
        service_keys keys;
        token_signer *signer;
        struct sim_tokens *tokens; /* issued once */
} sim_keys;

void sim_keys_init(sim_keys *keys);
void sim_keys_release(sim_keys *keys);
/* The token of these claims; kept, and given again for the same subject and request hash. */
const char *sim_keys_token(const sim_keys *keys, const token_claims *claims);

#endif
