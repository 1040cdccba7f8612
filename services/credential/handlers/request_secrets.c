/* Wiping of requests. */
#include "services/credential/handlers/request_secrets.h"

#include "common/crypto/secret_buffer.h"

#include <string.h>

void request_secrets_release(request_secrets *secrets)
{
        bytes packed = rpc_call_request_bytes(secrets->call);
        for (size_t i = 0; i < ARRAY_LENGTH(secrets->texts); i++)
                if (secrets->texts[i])
                        secret_wipe((char *)secrets->texts[i], strlen(secrets->texts[i]));
        secret_wipe((uint8_t *)packed.data, packed.length);
}
