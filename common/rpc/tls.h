/* Credentials for servers and channels from PEM files. Certificates are read anew when their files
 * have changed, at the next handshake, so that they rotate without a restart. */
#ifndef SSCARD_COMMON_RPC_TLS_H
#define SSCARD_COMMON_RPC_TLS_H

#include "common/rpc/client.h"
#include "common/rpc/server.h"

#include <grpc/grpc_security.h>

/* Where a server's certificate comes from; outlives its credentials. */
typedef struct tls_source tls_source;

/* Cleartext (and no source) when no certificate is named. A client CA makes a client certificate
 * necessary. NULL and `f` set: a file cannot be read. Pair: grpc_server_credentials_release() and,
 * after the server is gone, tls_source_destroy(). */
grpc_server_credentials *tls_server_credentials(const rpc_server_options *options,
                                                tls_source **source, failure *f) MUST_CHECK;
/* NULL is allowed. */
void tls_source_destroy(tls_source *source);
/* Cleartext when no CA is named. The peer's certificate must be for the host of the target.
 * Release with grpc_channel_credentials_release(). */
grpc_channel_credentials *tls_channel_credentials(const rpc_peer_options *options,
                                                  failure *f) MUST_CHECK;

#endif
