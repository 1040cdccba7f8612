/* Our side with the wire: ReportLoss of one card after another, each with a request id of its own,
 * so many in flight or so many a second.
 *   report_loss_load --target HOST:PORT --database FILE.db --token FILE (--in-flight N | --rate N)
 *                    [--ms N] [--region CODE]
 * The cards are the NORMAL ones of the service's database, in no order. Ends earlier when there are
 * no more.
 * Prints {"writes_per_s": …, "writes": …, "p50_us": …, "p99_us": …, "cpu_us": …, "statuses": {…}}.
 */
#include "common/base/ulid.h"
#include "sscard/card/v1/card_service.pb-c.h"
#include "tests/bench/write_vs_sqlite/rows.h"

#include <assert.h>
#include <getopt.h>
#include <grpc/byte_buffer.h>
#include <grpc/grpc.h>
#include <grpc/grpc_security.h>
#include <grpc/support/alloc.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { STATUSES = 17, REQUEST_BYTES_MAX = 512, TOKEN_BYTES_MAX = 4096 };

typedef struct flight {
        grpc_call *call;
        grpc_byte_buffer *reply;
        grpc_metadata_array initial, trailing;
        grpc_status_code status;
        grpc_slice details;
        int64_t began_us;
        struct flight *next;
} flight;

typedef struct load {
        const char *target, *database, *token_file, *region;
        int in_flight, rate, run_ms;
        uint64_t run; /* makes this run's request ids its own */

        card_row *cards;
        size_t card_count, next_card;
        char token[TOKEN_BYTES_MAX];
        grpc_metadata authorization;
        grpc_completion_queue *queue;
        grpc_channel *channel;
        void *registered;
        flight *spare;
        int flying;
        uint64_t by_status[STATUSES];
        uint32_t *latencies_us;
        size_t done;
        int64_t last_us;
} load;

static bool token_read(load *l)
{
        FILE *file = fopen(l->token_file, "re");
        if (!file) return false;
        int length = snprintf(l->token, sizeof l->token, "Bearer ");
        bool read = fgets(l->token + length, (int)sizeof l->token - length, file) != NULL;
        fclose(file);
        l->token[strcspn(l->token, "\n")] = '\0';
        l->authorization.key = grpc_slice_from_static_string("authorization");
        l->authorization.value = grpc_slice_from_static_string(l->token);
        return read;
}

static void connect_one(load *l)
{
        l->queue = grpc_completion_queue_create_for_next(NULL);
        grpc_channel_credentials *credentials = grpc_insecure_credentials_create();
        l->channel = grpc_channel_create(l->target, credentials, NULL);
        grpc_channel_credentials_release(credentials);
        l->registered = grpc_channel_register_call(
                l->channel, "/sscard.card.v1.CardService/ReportLoss", NULL, NULL);
}

static grpc_byte_buffer *request_make(const load *l, size_t which)
{
        char card[ULID_TEXT_BYTES + 1], name[80], request_id[40];
        ulid_format(l->cards[which].card, card);
        snprintf(name, sizeof name, "regions/%s/cards/%s", l->region, card);
        uint64_t scattered = (l->run + which + 1) * 0x9e3779b97f4a7c15ull;
        snprintf(request_id, sizeof request_id, "%08x-%04x-4%03x-8000-%012llx",
                 (unsigned)(scattered >> 32), (unsigned)(scattered >> 16) & 0xffff,
                 (unsigned)scattered & 0xfff,
                 (unsigned long long)(l->run + which) & 0xffffffffffffull);

        Common__RequestContext context;
        Card__ReportLossRequest request;
        common__request_context__init(&context);
        card__report_loss_request__init(&request);
        context.request_id = request_id;
        context.channel = COMMON__CHANNEL__CHANNEL_PHONE_12333;
        request.name = name;
        request.context = &context;
        request.kind = CARD__LOSS_KIND__LOSS_KIND_TEMPORARY;

        uint8_t packed[REQUEST_BYTES_MAX];
        size_t length = card__report_loss_request__get_packed_size(&request);
        assert(length <= sizeof packed);
        card__report_loss_request__pack(&request, packed);
        grpc_slice slice = grpc_slice_from_copied_buffer((const char *)packed, length);
        grpc_byte_buffer *buffer = grpc_raw_byte_buffer_create(&slice, 1);
        grpc_slice_unref(slice);
        return buffer;
}

/* False: no card is left. */
static bool call_begin(load *l)
{
        if (l->next_card == l->card_count) return false;
        flight *f = l->spare;
        if (f) {
                l->spare = f->next;
        } else {
                f = calloc(1, sizeof *f);
                assert(f);
                grpc_metadata_array_init(&f->initial);
                grpc_metadata_array_init(&f->trailing);
        }
        l->flying++;
        f->began_us = now_us();
        f->call = grpc_channel_create_registered_call(l->channel, NULL, GRPC_PROPAGATE_DEFAULTS,
                                                      l->queue, l->registered,
                                                      gpr_inf_future(GPR_CLOCK_MONOTONIC), NULL);
        grpc_byte_buffer *request = request_make(l, l->next_card++);
        grpc_op ops[6];
        memset(ops, 0, sizeof ops);
        ops[0].op = GRPC_OP_SEND_INITIAL_METADATA;
        ops[0].data.send_initial_metadata.count = 1;
        ops[0].data.send_initial_metadata.metadata = &l->authorization;
        ops[1].op = GRPC_OP_SEND_MESSAGE;
        ops[1].data.send_message.send_message = request;
        ops[2].op = GRPC_OP_SEND_CLOSE_FROM_CLIENT;
        ops[3].op = GRPC_OP_RECV_INITIAL_METADATA;
        ops[3].data.recv_initial_metadata.recv_initial_metadata = &f->initial;
        ops[4].op = GRPC_OP_RECV_MESSAGE;
        ops[4].data.recv_message.recv_message = &f->reply;
        ops[5].op = GRPC_OP_RECV_STATUS_ON_CLIENT;
        ops[5].data.recv_status_on_client.trailing_metadata = &f->trailing;
        ops[5].data.recv_status_on_client.status = &f->status;
        ops[5].data.recv_status_on_client.status_details = &f->details;
        grpc_call_error error = grpc_call_start_batch(f->call, ops, 6, f, NULL);
        assert(error == GRPC_CALL_OK);
        grpc_byte_buffer_destroy(request);
        return true;
}

static void complain_once(const load *l, const flight *f)
{
        if (f->status == GRPC_STATUS_OK || l->by_status[f->status] > 1) return;
        char *text = grpc_slice_to_c_string(f->details);
        fprintf(stderr, "report_loss_load: status %d: %s\n", (int)f->status, text);
        gpr_free(text);
}

static void call_end(load *l, flight *f)
{
        l->last_us = now_us();
        assert((int)f->status < STATUSES);
        l->by_status[f->status]++;
        complain_once(l, f);
        if (f->status == GRPC_STATUS_OK)
                l->latencies_us[l->done++] = (uint32_t)(l->last_us - f->began_us);
        if (f->reply) grpc_byte_buffer_destroy(f->reply);
        f->reply = NULL;
        f->initial.count = f->trailing.count = 0;
        grpc_slice_unref(f->details);
        grpc_call_unref(f->call);
        f->next = l->spare;
        l->spare = f;
        l->flying--;
}

/* Takes what comes until then; false: nothing came. */
static bool event_take(load *l, int64_t until_us)
{
        gpr_timespec until = {until_us / 1000000, (int32_t)(until_us % 1000000) * 1000,
                              GPR_CLOCK_MONOTONIC};
        grpc_event event = grpc_completion_queue_next(l->queue, until, NULL);
        if (event.type != GRPC_OP_COMPLETE) return false;
        call_end(l, event.tag);
        return true;
}

static void run(load *l)
{
        int64_t began_us = now_us(), until_us = began_us + (int64_t)l->run_ms * 1000, sent = 0;
        bool more = true;
        for (int64_t at_us = began_us; more && at_us < until_us; at_us = now_us()) {
                if (!l->rate) {
                        while (more && l->flying < l->in_flight)
                                more = call_begin(l);
                        event_take(l, until_us);
                        continue;
                }
                for (; more && sent <= (at_us - began_us) * l->rate / 1000000; sent++)
                        more = call_begin(l);
                while (event_take(l, began_us + sent * 1000000 / l->rate)) {
                }
        }
        while (l->flying > 0)
                event_take(l, INT64_MAX / 2);
}

static int compare_latency(const void *a, const void *b)
{
        uint32_t first = *(const uint32_t *)a, second = *(const uint32_t *)b;
        return first < second ? -1 : first > second;
}

static void report(load *l, int64_t began_us)
{
        double seconds = (double)(l->last_us - began_us) / 1e6;
        struct timespec cpu;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
        double cpu_us = (double)cpu.tv_sec * 1e6 + (double)cpu.tv_nsec / 1e3;
        qsort(l->latencies_us, l->done, sizeof *l->latencies_us, compare_latency);
        uint32_t p50 = l->done ? l->latencies_us[l->done / 2] : 0;
        uint32_t p99 = l->done ? l->latencies_us[l->done * 99 / 100] : 0;
        printf("{\"writes_per_s\": %.0f, \"writes\": %zu, \"p50_us\": %u, \"p99_us\": %u, "
               "\"cpu_us\": %.1f, \"statuses\": {",
               (double)l->done / seconds, l->done, p50, p99,
               l->done ? cpu_us / (double)l->done : 0);
        const char *separator = "";
        for (int i = 0; i < STATUSES; i++) {
                if (!l->by_status[i]) continue;
                printf("%s\"%d\": %llu", separator, i, (unsigned long long)l->by_status[i]);
                separator = ", ";
        }
        puts("}}");
}

static bool options_read(load *l, int argc, char **argv)
{
        static const struct option names[] = {{"target", required_argument, NULL, 't'},
                                              {"database", required_argument, NULL, 'd'},
                                              {"token", required_argument, NULL, 'k'},
                                              {"in-flight", required_argument, NULL, 'f'},
                                              {"rate", required_argument, NULL, 'r'},
                                              {"ms", required_argument, NULL, 'm'},
                                              {"region", required_argument, NULL, 'g'},
                                              {0}};
        for (int option; (option = getopt_long(argc, argv, "", names, NULL)) != -1;) {
                if (option == '?') return false;
                if (option == 't') l->target = optarg;
                if (option == 'd') l->database = optarg;
                if (option == 'k') l->token_file = optarg;
                if (option == 'g') l->region = optarg;
                if (option == 'f') l->in_flight = atoi(optarg);
                if (option == 'r') l->rate = atoi(optarg);
                if (option == 'm') l->run_ms = atoi(optarg);
        }
        return l->target && l->database && l->token_file && (l->in_flight > 0) != (l->rate > 0);
}

int main(int argc, char **argv)
{
        load l = {.run_ms = 3000, .region = "330000", .run = (uint64_t)now_us()};
        if (!options_read(&l, argc, argv)) {
                fprintf(stderr, "usage: report_loss_load --target HOST:PORT --database FILE.db"
                                " --token FILE (--in-flight N | --rate N)  [--ms N]"
                                " [--region CODE]\n");
                return 64;
        }
        l.cards = cards_read(l.database, &l.card_count);
        if (l.card_count == 0) {
                fprintf(stderr, "report_loss_load: no NORMAL card in %s\n", l.database);
                return 1;
        }
        grpc_init();
        if (!token_read(&l)) {
                fprintf(stderr, "report_loss_load: no token in %s\n", l.token_file);
                return 1;
        }
        l.latencies_us = calloc(l.card_count, sizeof *l.latencies_us);
        assert(l.latencies_us);
        connect_one(&l);
        int64_t began_us = now_us();
        run(&l);
        report(&l, began_us);
        return l.done > 0 ? 0 : 1;
}
