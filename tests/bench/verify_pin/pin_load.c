/* Our side with the wire: first PINs for cards, then their checks, so many in flight.
 *   pin_load issue  --target HOST:PORT --database card.db --token FILE --printer FILE --pins FILE
 *                   [--count N]
 *   pin_load verify --target HOST:PORT --token FILE --pins FILE --in-flight N [--ms N]
 * `pins` holds a card and its PIN a line. Prints {"calls_per_s": …, "calls": …, "p50_us": …,
 * "p99_us": …, "failed": …}. */
#include "common/base/ulid.h"
#include "common/crypto/key_file.h"
#include "sscard/credential/v1/credential_service.pb-c.h"

#include <assert.h>
#include <getopt.h>
#include <grpc/byte_buffer.h>
#include <grpc/byte_buffer_reader.h>
#include <grpc/grpc.h>
#include <grpc/grpc_security.h>
#include <grpc/support/alloc.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { REQUEST_BYTES_MAX = 512, TOKEN_BYTES_MAX = 4096, PIN_BYTES = 7, ISSUE_IN_FLIGHT = 64 };
enum { RUN_MS = 3000, COUNT_MAX = 1 << 20, CALLS_MAX = 1 << 21 };

typedef struct pinned {
        char card[ULID_TEXT_BYTES + 1];
        char pin[PIN_BYTES];
} pinned;

typedef struct flight {
        grpc_call *call;
        grpc_byte_buffer *reply;
        grpc_metadata_array initial, trailing;
        grpc_status_code status;
        grpc_slice details;
        int64_t began_us;
        size_t which;
        struct flight *next;
} flight;

typedef struct load {
        const char *target, *database, *token_file, *printer_file, *pins_file;
        bool issues;
        int in_flight, run_ms;
        size_t count;
        pinned *cards;
        size_t card_count, sent, done, failed;
        uint64_t run;
        char token[TOKEN_BYTES_MAX];
        uint8_t printer[crypto_box_SECRETKEYBYTES], half[crypto_box_PUBLICKEYBYTES];
        grpc_metadata authorization;
        grpc_completion_queue *queue;
        grpc_channel *channel;
        void *registered;
        flight *spare;
        int flying;
        uint32_t *latencies_us;
        int64_t last_us;
} load;

static int64_t now_us(void)
{
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* ---- what is asked about ---- */

static bool cards_from_database(load *l)
{
        sqlite3 *db;
        sqlite3_stmt *rows;
        if (sqlite3_open_v2(l->database, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
                return false;
        sqlite3_busy_timeout(db, 5000);
        if (sqlite3_prepare_v2(db,
                               "SELECT card FROM card WHERE state = 5 AND legacy_duplicate = 0"
                               " ORDER BY substr(card, 7, 8)",
                               -1, &rows, NULL) != SQLITE_OK)
                return false;
        while (sqlite3_step(rows) == SQLITE_ROW && l->card_count < l->count) {
                ulid id;
                assert(sqlite3_column_bytes(rows, 0) == ULID_BYTES);
                memcpy(&id, sqlite3_column_blob(rows, 0), ULID_BYTES);
                ulid_format(id, l->cards[l->card_count++].card);
        }
        sqlite3_finalize(rows);
        sqlite3_close(db);
        return l->card_count > 0;
}

static bool cards_from_file(load *l)
{
        FILE *file = fopen(l->pins_file, "re");
        if (!file) return false;
        while (l->card_count < COUNT_MAX && fscanf(file, "%26s %6s", l->cards[l->card_count].card,
                                                   l->cards[l->card_count].pin) == 2)
                l->card_count++;
        fclose(file);
        return l->card_count > 0;
}

static bool pins_write(const load *l)
{
        FILE *file = fopen(l->pins_file, "we");
        if (!file) return false;
        for (size_t i = 0; i < l->card_count; i++)
                if (l->cards[i].pin[0]) fprintf(file, "%s %s\n", l->cards[i].card, l->cards[i].pin);
        return fclose(file) == 0;
}

static bool printer_read(load *l)
{
        SCOPED(secret_buffer) key = {0};
        failure f = {0};
        if (!key_file_read_key(l->printer_file, &key, &f)) return false;
        memcpy(l->printer, key.data, sizeof l->printer);
        crypto_scalarmult_base(l->half, l->printer);
        return true;
}

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

/* ---- one call ---- */

static grpc_byte_buffer *request_make(const load *l, size_t number, const pinned *of)
{
        char name[96], request_id[40];
        uint8_t packed[REQUEST_BYTES_MAX];
        size_t length;
        Common__RequestContext context = COMMON__REQUEST_CONTEXT__INIT;
        snprintf(name, sizeof name, "regions/330000/cards/%s/credential", of->card);
        snprintf(request_id, sizeof request_id, "%016llx-%010llx", (unsigned long long)l->run,
                 (unsigned long long)number);
        context.request_id = request_id;
        if (l->issues) {
                Credential__IssueCredentialRequest request =
                        CREDENTIAL__ISSUE_CREDENTIAL_REQUEST__INIT;
                context.channel = COMMON__CHANNEL__CHANNEL_SYSTEM;
                request.name = name;
                request.context = &context;
                length = credential__issue_credential_request__pack(&request, packed);
        } else {
                Credential__VerifyPinRequest request = CREDENTIAL__VERIFY_PIN_REQUEST__INIT;
                context.channel = COMMON__CHANNEL__CHANNEL_BRANCH;
                request.name = name;
                request.context = &context;
                request.pin = of->pin;
                request.password = CREDENTIAL__PASSWORD_KIND__PASSWORD_KIND_SOCIAL_SECURITY;
                length = credential__verify_pin_request__pack(&request, packed);
        }
        assert(length <= sizeof packed);
        grpc_slice slice = grpc_slice_from_copied_buffer((const char *)packed, length);
        grpc_byte_buffer *buffer = grpc_raw_byte_buffer_create(&slice, 1);
        grpc_slice_unref(slice);
        return buffer;
}

static void call_begin(load *l)
{
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
        f->which = l->sent % l->card_count;
        f->began_us = now_us();
        f->call = grpc_channel_create_registered_call(l->channel, NULL, GRPC_PROPAGATE_DEFAULTS,
                                                      l->queue, l->registered,
                                                      gpr_inf_future(GPR_CLOCK_MONOTONIC), NULL);
        grpc_byte_buffer *request = request_make(l, l->sent++, &l->cards[f->which]);
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
}

/* What the printer prints. */
static void pin_open(load *l, flight *f)
{
        grpc_byte_buffer_reader reader;
        if (!grpc_byte_buffer_reader_init(&reader, f->reply)) return;
        grpc_slice whole = grpc_byte_buffer_reader_readall(&reader);
        Credential__CredentialResult *result = credential__credential_result__unpack(
                NULL, GRPC_SLICE_LENGTH(whole), GRPC_SLICE_START_PTR(whole));
        if (result && result->sealed_pin) {
                ProtobufCBinaryData box = result->sealed_pin->sealed;
                int failed = crypto_box_seal_open((uint8_t *)l->cards[f->which].pin, box.data,
                                                  box.len, l->half, l->printer);
                assert(failed == 0);
                (void)failed;
        }
        if (result) credential__credential_result__free_unpacked(result, NULL);
        grpc_slice_unref(whole);
        grpc_byte_buffer_reader_destroy(&reader);
}

static void call_end(load *l, flight *f)
{
        l->last_us = now_us();
        if (f->status == GRPC_STATUS_OK) {
                if (l->done < CALLS_MAX)
                        l->latencies_us[l->done++] = (uint32_t)(l->last_us - f->began_us);
                if (l->issues && f->reply) pin_open(l, f);
        } else if (l->failed++ == 0) {
                char *text = grpc_slice_to_c_string(f->details);
                fprintf(stderr, "pin_load: status %d: %s\n", (int)f->status, text);
                gpr_free(text);
        }
        if (f->reply) grpc_byte_buffer_destroy(f->reply);
        f->reply = NULL;
        f->initial.count = f->trailing.count = 0;
        grpc_slice_unref(f->details);
        grpc_call_unref(f->call);
        f->next = l->spare;
        l->spare = f;
        l->flying--;
}

static void run(load *l)
{
        int64_t until_us = now_us() + (int64_t)l->run_ms * 1000;
        for (;;) {
                bool more = l->issues ? l->sent < l->card_count : now_us() < until_us;
                while (more && l->flying < l->in_flight) {
                        call_begin(l);
                        more = !l->issues || l->sent < l->card_count;
                }
                if (l->flying == 0) return;
                grpc_event event = grpc_completion_queue_next(
                        l->queue, gpr_inf_future(GPR_CLOCK_MONOTONIC), NULL);
                if (event.type == GRPC_OP_COMPLETE) call_end(l, event.tag);
        }
}

static int compare_latency(const void *a, const void *b)
{
        uint32_t first = *(const uint32_t *)a, second = *(const uint32_t *)b;
        return first < second ? -1 : first > second;
}

static void report(load *l, int64_t began_us)
{
        double seconds = (double)(l->last_us - began_us) / 1e6;
        qsort(l->latencies_us, l->done, sizeof *l->latencies_us, compare_latency);
        printf("{\"calls_per_s\": %.0f, \"calls\": %zu, \"p50_us\": %u, \"p99_us\": %u, "
               "\"failed\": %zu}\n",
               (double)l->done / seconds, l->done, l->done ? l->latencies_us[l->done / 2] : 0,
               l->done ? l->latencies_us[l->done * 99 / 100] : 0, l->failed);
}

static bool options_read(load *l, int argc, char **argv)
{
        static const struct option names[] = {{"target", required_argument, NULL, 't'},
                                              {"database", required_argument, NULL, 'd'},
                                              {"token", required_argument, NULL, 'k'},
                                              {"printer", required_argument, NULL, 'p'},
                                              {"pins", required_argument, NULL, 'n'},
                                              {"in-flight", required_argument, NULL, 'f'},
                                              {"count", required_argument, NULL, 'c'},
                                              {"ms", required_argument, NULL, 'm'},
                                              {0}};
        l->issues = argc > 1 && strcmp(argv[1], "issue") == 0;
        for (int option; (option = getopt_long(argc - 1, argv + 1, "", names, NULL)) != -1;) {
                if (option == 't') l->target = optarg;
                if (option == 'd') l->database = optarg;
                if (option == 'k') l->token_file = optarg;
                if (option == 'p') l->printer_file = optarg;
                if (option == 'n') l->pins_file = optarg;
                if (option == 'f') l->in_flight = atoi(optarg);
                if (option == 'c') l->count = strtoul(optarg, NULL, 10);
                if (option == 'm') l->run_ms = atoi(optarg);
                if (option == '?') return false;
        }
        return l->target && l->token_file && l->pins_file && l->in_flight > 0 &&
               (!l->issues || (l->database && l->printer_file));
}

int main(int argc, char **argv)
{
        load l = {.run_ms = RUN_MS, .in_flight = ISSUE_IN_FLIGHT, .count = COUNT_MAX};
        if (!options_read(&l, argc, argv)) {
                fprintf(stderr, "usage: pin_load issue|verify --target HOST:PORT --token FILE"
                                " --pins FILE …\n");
                return 64;
        }
        l.run = (uint64_t)now_us();
        l.cards = calloc(COUNT_MAX, sizeof *l.cards);
        l.latencies_us = calloc(CALLS_MAX, sizeof *l.latencies_us);
        assert(l.cards && l.latencies_us);
        grpc_init();
        if (!token_read(&l) ||
            !(l.issues ? printer_read(&l) && cards_from_database(&l) : cards_from_file(&l))) {
                fprintf(stderr, "pin_load: no token, no key or no cards\n");
                return 1;
        }
        l.queue = grpc_completion_queue_create_for_next(NULL);
        grpc_channel_credentials *credentials = grpc_insecure_credentials_create();
        l.channel = grpc_channel_create(l.target, credentials, NULL);
        grpc_channel_credentials_release(credentials);
        l.registered = grpc_channel_register_call(
                l.channel,
                l.issues ? "/sscard.credential.v1.CredentialService/IssueCredential"
                         : "/sscard.credential.v1.CredentialService/VerifyPin",
                NULL, NULL);
        int64_t began_us = now_us();
        run(&l);
        if (l.issues && !pins_write(&l)) return 1;
        report(&l, began_us);
        return l.done > 0 ? 0 : 1;
}
