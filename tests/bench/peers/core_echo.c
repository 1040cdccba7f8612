/* The peer of echo_vs_core: the least that a unary echo on gRPC's C core can be. One thread, one
 * queue, a registered method whose payload core reads, one batch for the answer, calls pooled. */
#include <grpc/grpc.h>
#include <grpc/grpc_security.h>

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 256 };

typedef struct echo {
        grpc_call *call;
        grpc_metadata_array metadata;
        gpr_timespec deadline;
        grpc_byte_buffer *message;
        int cancelled;
        int answered;
} echo;

static void slot_post(grpc_server *server, void *method, grpc_completion_queue *queue, echo *e)
{
        e->answered = 0;
        e->metadata.count = 0;
        grpc_call_error error = grpc_server_request_registered_call(
                server, method, &e->call, &e->deadline, &e->metadata, &e->message, queue, queue, e);
        assert(error == GRPC_CALL_OK);
}

static void answer(echo *e)
{
        grpc_op ops[4];
        memset(ops, 0, sizeof ops);
        ops[0].op = GRPC_OP_SEND_INITIAL_METADATA;
        ops[1].op = GRPC_OP_SEND_MESSAGE;
        ops[1].data.send_message.send_message = e->message;
        ops[2].op = GRPC_OP_SEND_STATUS_FROM_SERVER;
        ops[3].op = GRPC_OP_RECV_CLOSE_ON_SERVER;
        ops[3].data.recv_close_on_server.cancelled = &e->cancelled;
        e->answered = 1;
        grpc_call_error error = grpc_call_start_batch(e->call, ops, 4, e, NULL);
        assert(error == GRPC_CALL_OK);
}

int main(int argc, char **argv)
{
        grpc_init();
        grpc_server *server = grpc_server_create(NULL, NULL);
        grpc_completion_queue *queue = grpc_completion_queue_create_for_next(NULL);
        grpc_server_register_completion_queue(server, queue, NULL);
        void *method = grpc_server_register_method(
                server, argc > 1 ? argv[1] : "/sscard.test.v1.EchoService/Echo", NULL,
                GRPC_SRM_PAYLOAD_READ_INITIAL_BYTE_BUFFER, 0);
        grpc_server_credentials *credentials = grpc_insecure_server_credentials_create();
        int port = grpc_server_add_http2_port(server, "127.0.0.1:0", credentials);
        grpc_server_credentials_release(credentials);
        if (port <= 0) return 1;
        grpc_server_start(server);
        static echo echoes[SLOTS];
        for (int i = 0; i < SLOTS; i++) {
                grpc_metadata_array_init(&echoes[i].metadata);
                slot_post(server, method, queue, &echoes[i]);
        }
        printf("ready %d\n", port);
        fflush(stdout);
        for (;;) {
                gpr_timespec never = gpr_inf_future(GPR_CLOCK_MONOTONIC);
                grpc_event event = grpc_completion_queue_next(queue, never, NULL);
                if (event.type != GRPC_OP_COMPLETE) return 1;
                echo *e = event.tag;
                if (!e->answered && e->message) {
                        answer(e);
                        continue;
                }
                if (e->message) grpc_byte_buffer_destroy(e->message); /* none: the client left */
                e->message = NULL;
                grpc_call_unref(e->call);
                slot_post(server, method, queue, e);
        }
}
