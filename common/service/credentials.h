/* How a service shows its peers who it is: a short-lived token of role SYSTEM, signed with the
 * services' own key and renewed before it ends. */
#ifndef SSCARD_COMMON_SERVICE_CREDENTIALS_H
#define SSCARD_COMMON_SERVICE_CREDENTIALS_H

#include "common/base/clock.h"
#include "common/base/failure.h"
#include "common/rpc/client.h"

typedef struct service_credentials service_credentials;

typedef struct service_credentials_options {
        const char *signing_key_file;  /* private JWK, 0600 */
        const char *issuer, *audience; /* copied */
        const char *service, *region;  /* copied; the subject is "service/<name>" */
        const clock_source *clock;     /* wall time; outlives it */
} service_credentials_options;

/* NULL and `f` set. Pair: credentials_destroy(). */
service_credentials *credentials_create(const service_credentials_options *options,
                                        failure *f) MUST_CHECK;
void credentials_destroy(service_credentials *credentials);

/* The metadata "authorization", valid until the next call of this. False and `f` set: the token
 * could not be signed. Cheap: signs once in ten minutes. */
bool credentials_metadata(service_credentials *credentials, rpc_metadata *authorization,
                          failure *f) MUST_CHECK;

#endif
