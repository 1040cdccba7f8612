/* How a service is reached and how it reaches others: TLS, or cleartext on this machine alone. */
#ifndef SSCARD_COMMON_SERVICE_TRANSPORT_H
#define SSCARD_COMMON_SERVICE_TRANSPORT_H

#include "common/config/config.h"
#include "common/rpc/client.h"

/* Do the options --listen, --tls-… and --peer-… make sense together? */
bool transport_check(const config *c, failure *f) MUST_CHECK;
/* Is the gRPC port without TLS (and so on loopback)? */
bool transport_is_cleartext(const config *c);
/* A channel to `target` under the service's own certificate, for peers and for outside systems.
 * NULL and `f` set: CLEARTEXT_REFUSED for another machine without --peer-ca, or a file cannot be
 * read. Pair: rpc_peer_destroy(). */
rpc_peer *transport_peer_create(const config *c, loop *l, const char *target,
                                failure *f) MUST_CHECK;

#endif
