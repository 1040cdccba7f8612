/* The port to whoever delivers notices to people: the region's own system over
 * sscard.port.v1.NoticeGateway, or a file. Must never be asked inside a transaction. */
#ifndef SSCARD_SERVICES_STATUS_PORTS_NOTICE_GATEWAY_H
#define SSCARD_SERVICES_STATUS_PORTS_NOTICE_GATEWAY_H

#include "common/base/ulid.h"
#include "common/rpc/client.h"

enum { NOTICE_GATEWAY_DEADLINE_MS = 5000 };

typedef struct notice_delivery {
        ulid id; /* the key: the same notice may come again */
        const char *template_code, *phone, *text, *language;
} notice_delivery;

typedef struct notice_gateway notice_gateway;
typedef struct notice_gateway_functions {
        bool (*deliver)(notice_gateway *gateway, task *t, const notice_delivery *delivery);
        void (*close)(notice_gateway *gateway);
} notice_gateway_functions;
struct notice_gateway {
        const notice_gateway_functions *functions;
};

/* Takes the peer over. */
notice_gateway *notice_gateway_open_peer(rpc_peer *peer) MUST_CHECK;
/* A JSON line a notice, readable by its owner alone: for a region on one machine, where nobody
 * sends messages. Written, not synced. NULL and `f` set. */
notice_gateway *notice_gateway_open_file(const char *path, failure *f) MUST_CHECK;
/* NULL is allowed. */
void notice_gateway_close(notice_gateway *gateway);

/* Suspends. False: not taken over; the task's failure says why. */
bool notice_gateway_deliver(notice_gateway *gateway, task *t,
                            const notice_delivery *delivery) MUST_CHECK;

#endif
