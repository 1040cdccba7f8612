/* Calls for a program that does one thing at a time. One queue, plucked by tag. */
#include "tools/sscardctl/client.h"

#include <assert.h>
#include <grpc/byte_buffer_reader.h>
#include <grpc/grpc.h>
#include <grpc/grpc_security.h>
#include <grpc/support/alloc.h>
#include <grpc/support/log.h>
#include <grpc/support/time.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_EACH_MS = 200, ANSWER_BYTES_MAX = 16 << 20, PEM_BYTES_MAX = 1 << 20 };

struct client {
        grpc_channel *channel;
        grpc_completion_queue *queue;
};

static char *read_pem(const char *path, failure *f)
{
        FILE *file = fopen(path, "re");
        char *text = calloc(1, PEM_BYTES_MAX + 1);
        size_t length = file && text ? fread(text, 1, PEM_BYTES_MAX, file) : 0;
        if (file) fclose(file);
        if (length > 0) return text;
        free(text);
        failure_set(f, FAILURE_FAILED_PRECONDITION, "FILE_UNREADABLE", "%s cannot be read", path);
        return NULL;
}

static grpc_channel_credentials *credentials_of(const client_options *options, failure *f)
{
        if (!options->ca_file) return grpc_insecure_credentials_create();
        grpc_channel_credentials *credentials = NULL;
        bool mutual = options->certificate_file && options->key_file;
        char *ca = read_pem(options->ca_file, f);
        char *certificate = mutual ? read_pem(options->certificate_file, f) : NULL;
        char *key = mutual ? read_pem(options->key_file, f) : NULL;
        if (f->kind == FAILURE_NONE) {
                grpc_ssl_pem_key_cert_pair pair = {.private_key = key, .cert_chain = certificate};
                credentials = grpc_ssl_credentials_create(ca, mutual ? &pair : NULL, NULL, NULL);
        }
        free(ca);
        free(certificate);
        free(key);
        return credentials;
}

static void be_silent(gpr_log_func_args *arguments)
{
        /* What matters comes back as a status. */
        (void)arguments;
}

client *client_open(const client_options *options, failure *f)
{
        gpr_set_log_function(be_silent);
        grpc_init();
        grpc_channel_credentials *credentials = credentials_of(options, f);
        if (!credentials) {
                grpc_shutdown();
                return NULL;
        }
        grpc_arg arguments[] = {
                {.type = GRPC_ARG_INTEGER, .key = GRPC_ARG_HTTP2_BDP_PROBE, .value.integer = 0},
                {.type = GRPC_ARG_INTEGER,
                 .key = GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH,
                 .value.integer = ANSWER_BYTES_MAX},
                {.type = GRPC_ARG_INTEGER, .key = GRPC_ARG_ENABLE_RETRIES, .value.integer = 0},
                {.type = GRPC_ARG_INTEGER,
                 .key = GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION,
                 .value.integer = 1},
        };
        grpc_channel_args list = {.num_args = ARRAY_LENGTH(arguments), .args = arguments};
        client *c = calloc(1, sizeof *c);
        assert(c);
        c->channel = grpc_channel_create(options->endpoint, credentials, &list);
        c->queue = grpc_completion_queue_create_for_pluck(NULL);
        grpc_channel_credentials_release(credentials);
        return c;
}

void client_close(client *c)
{
        if (!c) return;
        grpc_channel_destroy(c->channel);
        grpc_completion_queue_shutdown(c->queue);
        while (grpc_completion_queue_pluck(c->queue, NULL, gpr_inf_future(GPR_CLOCK_REALTIME), NULL)
                       .type != GRPC_QUEUE_SHUTDOWN) {
        }
        grpc_completion_queue_destroy(c->queue);
        free(c);
        grpc_shutdown();
}

/* One call under way. */
typedef struct flight {
        client *c;
        const client_call *call;
        grpc_call *core;
        bool cancelled;
} flight;

/* Waits for one batch; cancels the call when it is interrupted meanwhile. */
static bool wait_for(flight *fl, void *tag)
{
        while (true) {
                gpr_timespec until = gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                                                  gpr_time_from_millis(LOOK_EACH_MS, GPR_TIMESPAN));
                grpc_event event = grpc_completion_queue_pluck(fl->c->queue, tag, until, NULL);
                if (event.type == GRPC_OP_COMPLETE) return event.success != 0;
                if (fl->call->interrupted && *fl->call->interrupted && !fl->cancelled) {
                        fl->cancelled = true;
                        grpc_call_cancel(fl->core, NULL);
                }
        }
}

static bool deliver(const client_call *call, grpc_byte_buffer *buffer)
{
        grpc_byte_buffer_reader reader;
        if (!grpc_byte_buffer_reader_init(&reader, buffer)) return false;
        grpc_slice whole = grpc_byte_buffer_reader_readall(&reader);
        bool more =
                call->answer(call->argument, GRPC_SLICE_START_PTR(whole), GRPC_SLICE_LENGTH(whole));
        grpc_slice_unref(whole);
        grpc_byte_buffer_reader_destroy(&reader);
        return more;
}

/* Answers one by one, until there are none or it was enough. True: it was enough. */
static bool receive_all(flight *fl)
{
        bool enough = false;
        while (true) {
                grpc_byte_buffer *buffer = NULL;
                grpc_op receive = {.op = GRPC_OP_RECV_MESSAGE,
                                   .data.recv_message.recv_message = &buffer};
                grpc_call_error error = grpc_call_start_batch(fl->core, &receive, 1, &buffer, NULL);
                assert(error == GRPC_CALL_OK);
                wait_for(fl, &buffer);
                if (!buffer) return enough;
                if (!enough && !deliver(fl->call, buffer)) {
                        enough = true;
                        fl->cancelled = true;
                        grpc_call_cancel(fl->core, NULL);
                }
                grpc_byte_buffer_destroy(buffer);
        }
}

static size_t fill_metadata(const client_call *call, arena *a, grpc_metadata *metadata)
{
        size_t count = 0;
        if (*call->token) {
                const char *value = arena_format(a, "Bearer %s", call->token);
                metadata[count++] =
                        (grpc_metadata){.key = grpc_slice_from_static_string("authorization"),
                                        .value = grpc_slice_from_copied_string(value)};
        }
        metadata[count++] = (grpc_metadata){.key = grpc_slice_from_static_string("accept-language"),
                                            .value = grpc_slice_from_copied_string(call->language)};
        return count;
}

static const char *text_of(arena *a, grpc_slice slice)
{
        return arena_copy(a, GRPC_SLICE_START_PTR(slice), GRPC_SLICE_LENGTH(slice));
}

static void read_trailers(const grpc_metadata_array *trailers, arena *a, client_status *status)
{
        for (size_t i = 0; i < trailers->count; i++) {
                const grpc_metadata *entry = &trailers->metadata[i];
                if (grpc_slice_str_cmp(entry->key, "grpc-status-details-bin") == 0) {
                        status->details = (const uint8_t *)text_of(a, entry->value);
                        status->details_bytes = GRPC_SLICE_LENGTH(entry->value);
                }
                if (grpc_slice_str_cmp(entry->key, "sscard-replayed") == 0) status->replayed = true;
        }
}

static gpr_timespec deadline_of(const client_call *call)
{
        if (call->timeout_ms == 0) return gpr_inf_future(GPR_CLOCK_MONOTONIC);
        return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                            gpr_time_from_millis(call->timeout_ms, GPR_TIMESPAN));
}

void client_run(client *c, const client_call *call, arena *a, client_status *status)
{
        grpc_slice path = grpc_slice_from_copied_string(call->path);
        flight fl = {.c = c, .call = call};
        fl.core = grpc_channel_create_call(c->channel, NULL, GRPC_PROPAGATE_DEFAULTS, c->queue,
                                           path, NULL, deadline_of(call), NULL);
        grpc_slice request =
                grpc_slice_from_copied_buffer((const char *)call->request, call->request_bytes);
        grpc_byte_buffer *payload = grpc_raw_byte_buffer_create(&request, 1);
        grpc_metadata metadata[2];
        size_t metadata_count = fill_metadata(call, a, metadata);
        grpc_metadata_array headers, trailers;
        grpc_metadata_array_init(&headers);
        grpc_metadata_array_init(&trailers);
        grpc_status_code code = GRPC_STATUS_UNKNOWN;
        grpc_slice message = grpc_empty_slice();

        grpc_op begin[] = {
                {.op = GRPC_OP_SEND_INITIAL_METADATA,
                 .data.send_initial_metadata = {.count = metadata_count, .metadata = metadata}},
                {.op = GRPC_OP_SEND_MESSAGE, .data.send_message.send_message = payload},
                {.op = GRPC_OP_SEND_CLOSE_FROM_CLIENT},
                {.op = GRPC_OP_RECV_INITIAL_METADATA,
                 .data.recv_initial_metadata.recv_initial_metadata = &headers},
        };
        grpc_op end = {.op = GRPC_OP_RECV_STATUS_ON_CLIENT,
                       .data.recv_status_on_client = {.trailing_metadata = &trailers,
                                                      .status = &code,
                                                      .status_details = &message}};
        grpc_call_error error =
                grpc_call_start_batch(fl.core, begin, ARRAY_LENGTH(begin), &begin, NULL);
        assert(error == GRPC_CALL_OK);
        error = grpc_call_start_batch(fl.core, &end, 1, &end, NULL);
        assert(error == GRPC_CALL_OK);

        wait_for(&fl, &begin);
        bool enough = receive_all(&fl);
        wait_for(&fl, &end);

        *status = (client_status){
                .code = (int)code, .message = text_of(a, message), .enough = enough};
        read_trailers(&trailers, a, status);
        for (size_t i = 0; i < metadata_count; i++)
                grpc_slice_unref(metadata[i].value);
        grpc_metadata_array_destroy(&headers);
        grpc_metadata_array_destroy(&trailers);
        grpc_slice_unref(message);
        grpc_byte_buffer_destroy(payload);
        grpc_slice_unref(request);
        grpc_slice_unref(path);
        grpc_call_unref(fl.core);
}
