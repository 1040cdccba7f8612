/* Signs the service's own token. Must never hand out one that is about to end. */
#include "common/service/credentials.h"

#include "common/identity/token_issue.h"

#include <stdlib.h>
#include <string.h>

enum { LIFETIME_SECONDS = 900, RENEW_SECONDS = 600 };

struct service_credentials {
        token_signer *signer;
        char *issuer, *audience, *subject, *region;
        const clock_source *clock;
        int64_t signed_at_seconds; /* 0: never */
        arena arena;               /* of the token in use */
        const char *header;
};

service_credentials *credentials_create(const service_credentials_options *options, failure *f)
{
        token_signer *signer = token_signer_load(options->signing_key_file, f);
        if (!signer) return NULL;
        service_credentials *credentials = calloc(1, sizeof *credentials);
        arena a = {0};
        credentials->signer = signer;
        credentials->issuer = strdup(options->issuer);
        credentials->audience = strdup(options->audience);
        credentials->subject = strdup(arena_format(&a, "service/%s", options->service));
        credentials->region = strdup(options->region);
        credentials->clock = options->clock;
        arena_release(&a);
        return credentials;
}

void credentials_destroy(service_credentials *credentials)
{
        if (!credentials) return;
        token_signer_destroy(credentials->signer);
        free(credentials->issuer);
        free(credentials->audience);
        free(credentials->subject);
        free(credentials->region);
        arena_release(&credentials->arena);
        free(credentials);
}

static bool sign_anew(service_credentials *credentials, int64_t now_seconds, failure *f)
{
        token_claims claims = {.issuer = credentials->issuer,
                               .audience = credentials->audience,
                               .subject = credentials->subject,
                               .roles = POLICY_R(SYSTEM),
                               .channels = POLICY_C(SYSTEM),
                               .region = credentials->region,
                               .issued_unix_seconds = now_seconds,
                               .lifetime_seconds = LIFETIME_SECONDS};
        arena fresh = {0};
        const char *token = token_issue(credentials->signer, &claims, &fresh, f);
        if (!token) {
                arena_release(&fresh);
                return false;
        }
        const char *header = arena_format(&fresh, "Bearer %s", token);
        arena_release(&credentials->arena);
        credentials->arena = fresh;
        credentials->header = header;
        credentials->signed_at_seconds = now_seconds;
        return true;
}

bool credentials_metadata(service_credentials *credentials, rpc_metadata *authorization, failure *f)
{
        int64_t now = clock_wall_ms(credentials->clock) / 1000;
        bool stale = !credentials->header || now - credentials->signed_at_seconds > RENEW_SECONDS ||
                     now < credentials->signed_at_seconds;
        if (stale && !sign_anew(credentials, now, f)) return false;
        *authorization = (rpc_metadata){"authorization", credentials->header};
        return true;
}
