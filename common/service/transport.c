/* Tokens and personal data travel between services: in cleartext no further than this machine.
 * Must never fall back to cleartext. */
#include "common/service/transport.h"

#include <arpa/inet.h>
#include <string.h>

/* HOST:PORT or unix:PATH. A name other than localhost may lead anywhere, "127.example" too. */
static bool is_loopback(const char *address)
{
        char host[INET6_ADDRSTRLEN + 2];
        const char *colon = strrchr(address, ':');
        size_t length = colon ? (size_t)(colon - address) : strlen(address);
        struct in_addr four;
        if (strncmp(address, "unix:", 5) == 0) return true;
        if (length >= sizeof host) return false;
        memcpy(host, address, length);
        host[length] = '\0';
        if (strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0) return true;
        return inet_pton(AF_INET, host, &four) == 1 && ntohl(four.s_addr) >> 24 == IN_LOOPBACKNET;
}

static bool check_pair(const config *c, const char *certificate, const char *key, failure *f)
{
        if (config_is_set(c, certificate) == config_is_set(c, key)) return true;
        return failure_set(f, FAILURE_FAILED_PRECONDITION, "TLS_PAIR_INCOMPLETE",
                           "--%s and --%s go together", certificate, key);
}

static bool check_needed(const config *c, const char *option, const char *needed, failure *f)
{
        if (!config_is_set(c, option) || config_is_set(c, needed)) return true;
        return failure_set(f, FAILURE_FAILED_PRECONDITION, "TLS_OPTION_MISSING", "--%s needs --%s",
                           option, needed);
}

bool transport_is_cleartext(const config *c)
{
        return !config_is_set(c, "tls-certificate");
}

bool transport_check(const config *c, failure *f)
{
        if (!check_pair(c, "peer-certificate", "peer-key", f) ||
            !check_pair(c, "tls-certificate", "tls-key", f) ||
            !check_needed(c, "peer-certificate", "peer-ca", f) ||
            !check_needed(c, "tls-client-ca", "tls-certificate", f))
                return false;
        if (!transport_is_cleartext(c) || is_loopback(config_text(c, "listen"))) return true;
        return failure_set(f, FAILURE_FAILED_PRECONDITION, "CLEARTEXT_REFUSED",
                           "without --tls-certificate only a loopback address is allowed");
}

rpc_peer *transport_peer_create(const config *c, loop *l, const char *target, failure *f)
{
        rpc_peer_options options = {.target = target,
                                    .certificate_file = config_text(c, "peer-certificate"),
                                    .key_file = config_text(c, "peer-key"),
                                    .ca_file = config_text(c, "peer-ca")};
        if (options.ca_file || is_loopback(target)) return rpc_peer_create(l, &options, f);
        failure_set(f, FAILURE_FAILED_PRECONDITION, "CLEARTEXT_REFUSED",
                    "without --peer-ca %s must be on a loopback address", target);
        return NULL;
}
