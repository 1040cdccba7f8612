/* Finding the clients' sockets, holding them back, letting them go.
 * Must never leave a turn with a socket held. */
#include "common/rpc/send_hold.h"

#include "common/rpc/accept_guard.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

enum {
        ANSWERS_A_SOCKET_MIN = 2,
        LOOK_AGAIN_MS = 1000, /* connections that went are forgotten */
        LOOK_SOON_MS = 50,    /* new ones are found */
};

static uint16_t port_of(const struct sockaddr_storage *address)
{
        if (address->ss_family == AF_INET)
                return ntohs(((const struct sockaddr_in *)address)->sin_port);
        if (address->ss_family == AF_INET6)
                return ntohs(((const struct sockaddr_in6 *)address)->sin6_port);
        return 0;
}

static bool is_client(int socket, uint16_t port)
{
        struct sockaddr_storage address;
        socklen_t length = sizeof address;
        if (getsockname(socket, (struct sockaddr *)&address, &length) < 0) return false;
        if (port_of(&address) != port) return false;
        length = sizeof address; /* the listener has no peer */
        return getpeername(socket, (struct sockaddr *)&address, &length) == 0;
}

static void look(send_hold *hold)
{
        hold->count = 0;
        int highest = accept_guard_highest();
        for (int i = 0; i <= highest && hold->count <= SEND_HOLD_SOCKETS_MAX; i++) {
                if (!is_client(i, hold->port)) continue;
                if (hold->count < SEND_HOLD_SOCKETS_MAX) hold->sockets[hold->count] = i;
                hold->count++;
        }
}

static void look_if_due(send_hold *hold, int64_t now_ms)
{
        uint64_t accepted = accept_guard_accepted();
        int64_t due_ms = hold->look_ms;
        if (accepted == hold->accepted) due_ms += LOOK_AGAIN_MS - LOOK_SOON_MS;
        if (now_ms < due_ms) return;
        hold->accepted = accepted;
        hold->look_ms = now_ms + LOOK_SOON_MS;
        look(hold);
}

static void all_set(const send_hold *hold, int held)
{
        for (uint32_t i = 0; i < hold->count; i++)
                setsockopt(hold->sockets[i], IPPROTO_TCP, TCP_CORK, &held, sizeof held);
}

bool send_hold_begin(send_hold *hold, uint32_t answers, int64_t now_ms)
{
        if (!hold->port || answers < ANSWERS_A_SOCKET_MIN) return false;
        look_if_due(hold, now_ms);
        if (hold->count == 0 || hold->count > SEND_HOLD_SOCKETS_MAX) return false;
        if (answers < ANSWERS_A_SOCKET_MIN * hold->count) return false;
        all_set(hold, 1);
        return true;
}

void send_hold_end(const send_hold *hold)
{
        all_set(hold, 0);
}
