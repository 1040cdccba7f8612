/* Delivery by a peer. The wait is a child's, so that a silent gateway costs its deadline and no
 * more. */
#include "services/status/ports/notice_gateway.h"

#include "sscard/port/v1/notice_gateway.pb-c.h"

#include <stdlib.h>

#define DELIVER_METHOD "sscard.port.v1.NoticeGateway/DeliverNotice"

typedef struct peer_gateway {
        notice_gateway base;
        rpc_peer *peer;
} peer_gateway;

typedef struct delivering {
        rpc_peer *peer;
        const notice_delivery *delivery;
        bool done;
} delivering;

static void deliver(task *t, void *argument)
{
        delivering *d = argument;
        const notice_delivery *delivery = d->delivery;
        char id[ULID_TEXT_BYTES + 1];
        ulid_format(delivery->id, id);
        Port__DeliverNoticeRequest request = PORT__DELIVER_NOTICE_REQUEST__INIT;
        request.notice_id = id;
        request.template_ = delivery->template_code;
        request.phone = delivery->phone;
        request.text = delivery->text;
        request.language = delivery->language;
        ProtobufCMessage *reply = NULL;
        d->done =
                rpc_peer_call_message(d->peer, t, DELIVER_METHOD, &request.base,
                                      &port__deliver_notice_response__descriptor, NULL, 0, &reply);
}

static bool deliver_to_peer(notice_gateway *gateway, task *t, const notice_delivery *delivery)
{
        TASK_MAY_SUSPEND(t);
        delivering d = {.peer = ((const peer_gateway *)gateway)->peer, .delivery = delivery};
        task_group *group = task_group_begin_within(t, NOTICE_GATEWAY_DEADLINE_MS);
        task_group_spawn(group, deliver, &d);
        if (!task_group_wait(group)) return false;
        return d.done || task_fail(t, FAILURE_UNAVAILABLE, "NOTICE_NOT_TAKEN_OVER",
                                   "the gateway has not taken the notice over");
}

static void close_peer(notice_gateway *gateway)
{
        peer_gateway *self = (peer_gateway *)gateway;
        rpc_peer_destroy(self->peer);
        free(self);
}

notice_gateway *notice_gateway_open_peer(rpc_peer *peer)
{
        static const notice_gateway_functions functions = {deliver_to_peer, close_peer};
        peer_gateway *self = calloc(1, sizeof *self);
        self->base.functions = &functions;
        self->peer = peer;
        return &self->base;
}

void notice_gateway_close(notice_gateway *gateway)
{
        if (gateway) gateway->functions->close(gateway);
}

bool notice_gateway_deliver(notice_gateway *gateway, task *t, const notice_delivery *delivery)
{
        TASK_MAY_SUSPEND(t);
        return gateway->functions->deliver(gateway, t, delivery);
}
