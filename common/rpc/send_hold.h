/* The answers of one turn share writes. Core writes each answer by itself, and most of a write's
 * price is its way through the network stack; so while a turn's answers are queued the clients'
 * sockets hold them back (TCP_CORK), and let them go together at the end.
 *
 * Core names no descriptors: they are found among the process's own, by the server's port. One that
 * was closed or reused meanwhile does no harm: holding back and letting go come in pairs. */
#ifndef SSCARD_COMMON_RPC_SEND_HOLD_H
#define SSCARD_COMMON_RPC_SEND_HOLD_H

#include <stdbool.h>
#include <stdint.h>

enum { SEND_HOLD_SOCKETS_MAX = 32 };

/* Embedded; zeroed, then `port` set. */
typedef struct send_hold {
        uint16_t port;     /* the server's; 0: not on TCP, nothing is ever held */
        uint64_t accepted; /* by the process, when it was last looked */
        int64_t look_ms;   /* not before then again */
        uint32_t count;    /* of sockets; more than fit: none is held */
        int sockets[SEND_HOLD_SOCKETS_MAX];
} send_hold;

/* False: so few answers for so many clients are not worth it. Pair: send_hold_end(), in the same
 * turn. */
bool send_hold_begin(send_hold *hold, uint32_t answers, int64_t now_ms);
void send_hold_end(const send_hold *hold);

#endif
