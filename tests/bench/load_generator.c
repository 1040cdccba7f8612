/* One load for every peer: unary calls by the C core, from one thread, either so many in flight
 * (closed loop) or so many a second (open loop), for a while after a warm-up.
 * Prints one line of JSON. CPU is counted apart: each server named by --pid, itself, and the rest
 * of the machine, so that a disturbed round can be thrown away. */
#define _GNU_SOURCE
#include <grpc/grpc.h>
#include <grpc/grpc_security.h>

#include <assert.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum {
        CHANNELS_MAX = 64,
        PIDS_MAX = 8,
        METADATA_MAX = 8,
        FLIGHT_MAX = 20000,
        SUB_BUCKETS = 32,
        BUCKETS = 40 * SUB_BUCKETS,
        STATUSES = 17,
        CONNECT_MS = 10000,
};

typedef struct flight {
        grpc_call *call;
        grpc_byte_buffer *reply;
        grpc_metadata_array initial, trailing;
        grpc_status_code status;
        grpc_slice details;
        int64_t began_ns;
        struct flight *next;
} flight;

typedef struct cpu_reading {
        int64_t at_ns, self_ns, servers_ns[PIDS_MAX], machine_ns;
} cpu_reading;

typedef struct generator {
        const char *target, *method;
        int channels, in_flight, rate, payload_bytes, warmup_ms, run_ms;
        grpc_metadata metadata[METADATA_MAX];
        size_t metadata_count;
        clockid_t clocks[PIDS_MAX];
        int pid_count;

        grpc_completion_queue *queue;
        grpc_channel *channel[CHANNELS_MAX];
        void *registered[CHANNELS_MAX];
        grpc_byte_buffer *request;
        flight *spare;
        uint64_t begun, flying;
        bool counting;
        uint64_t done, refused_here, by_status[STATUSES], latencies[BUCKETS];
} generator;

static int64_t now_ns(clockid_t clock)
{
        struct timespec t;
        if (clock_gettime(clock, &t) < 0) return 0;
        return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int bucket_of(int64_t ns)
{
        uint64_t us = ns > 0 ? (uint64_t)ns / 1000 : 0;
        if (us < SUB_BUCKETS) return (int)us;
        int power = 63 - __builtin_clzll(us);
        int bucket = (power - 4) * SUB_BUCKETS + (int)((us >> (power - 5)) - SUB_BUCKETS);
        return bucket < BUCKETS ? bucket : BUCKETS - 1;
}

static uint64_t bucket_us(int bucket)
{
        if (bucket < SUB_BUCKETS) return (uint64_t)bucket;
        int power = bucket / SUB_BUCKETS + 4;
        return (uint64_t)(SUB_BUCKETS + bucket % SUB_BUCKETS) << (power - 5);
}

static uint64_t percentile_us(const generator *g, double share)
{
        uint64_t wanted = (uint64_t)((double)g->done * share), seen = 0;
        for (int i = 0; i < BUCKETS; i++) {
                seen += g->latencies[i];
                if (seen > wanted) return bucket_us(i);
        }
        return 0;
}

/* All but idle time of all processors. Soft interrupts count: a process that sends over the
 * loopback is charged for them by its own clock too. */
static int64_t machine_busy_ns(void)
{
        unsigned long long user, nice, system, idle, wait, irq, soft, steal;
        FILE *file = fopen("/proc/stat", "re");
        int n = file ? fscanf(file, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &user, &nice,
                              &system, &idle, &wait, &irq, &soft, &steal)
                     : 0;
        if (file) fclose(file);
        if (n != 8) return 0;
        unsigned long long busy = user + nice + system + irq + soft + steal;
        return (int64_t)busy * (1000000000 / sysconf(_SC_CLK_TCK));
}

static cpu_reading cpu_read(const generator *g)
{
        cpu_reading reading = {.at_ns = now_ns(CLOCK_MONOTONIC),
                               .self_ns = now_ns(CLOCK_PROCESS_CPUTIME_ID),
                               .machine_ns = machine_busy_ns()};
        for (int i = 0; i < g->pid_count; i++)
                reading.servers_ns[i] = now_ns(g->clocks[i]);
        return reading;
}

static void call_begin(generator *g, int64_t began_ns)
{
        flight *f = g->spare;
        if (f) {
                g->spare = f->next;
        } else {
                f = calloc(1, sizeof *f);
                if (!f) abort();
                grpc_metadata_array_init(&f->initial);
                grpc_metadata_array_init(&f->trailing);
        }
        int channel = (int)(g->begun++ % (uint64_t)g->channels);
        g->flying++;
        f->began_ns = began_ns;
        f->call = grpc_channel_create_registered_call(
                g->channel[channel], NULL, GRPC_PROPAGATE_DEFAULTS, g->queue,
                g->registered[channel], gpr_inf_future(GPR_CLOCK_MONOTONIC), NULL);
        grpc_op ops[6];
        memset(ops, 0, sizeof ops);
        ops[0].op = GRPC_OP_SEND_INITIAL_METADATA;
        ops[0].data.send_initial_metadata.count = g->metadata_count;
        ops[0].data.send_initial_metadata.metadata = g->metadata;
        ops[1].op = GRPC_OP_SEND_MESSAGE;
        /* Core takes the slices of what it sends: each call sends its own reference. */
        grpc_byte_buffer *request = grpc_byte_buffer_copy(g->request);
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

static void call_end(generator *g, flight *f, int64_t at_ns)
{
        if (g->counting) {
                g->done++;
                g->by_status[(int)f->status < STATUSES ? (int)f->status : GRPC_STATUS_UNKNOWN]++;
                g->latencies[bucket_of(at_ns - f->began_ns)]++;
        }
        if (f->reply) grpc_byte_buffer_destroy(f->reply);
        f->reply = NULL;
        f->initial.count = f->trailing.count = 0;
        grpc_slice_unref(f->details);
        grpc_call_unref(f->call);
        f->next = g->spare;
        g->spare = f;
        g->flying--;
}

/* Takes what has come until `until_ns`; with `again` each end begins the next call. */
static void events_take(generator *g, int64_t until_ns, bool again)
{
        gpr_timespec until = {until_ns / 1000000000, (int32_t)(until_ns % 1000000000),
                              GPR_CLOCK_MONOTONIC};
        for (;;) {
                grpc_event event = grpc_completion_queue_next(g->queue, until, NULL);
                if (event.type != GRPC_OP_COMPLETE) return;
                int64_t at_ns = now_ns(CLOCK_MONOTONIC);
                call_end(g, event.tag, at_ns);
                if (again) call_begin(g, at_ns);
                if (at_ns >= until_ns) return;
        }
}

static void run_closed(generator *g, int64_t until_ns)
{
        while (g->flying < (uint64_t)g->in_flight)
                call_begin(g, now_ns(CLOCK_MONOTONIC));
        events_take(g, until_ns, true);
}

static void run_open(generator *g, int64_t until_ns)
{
        int64_t began_ns = now_ns(CLOCK_MONOTONIC), sent = 0;
        for (;;) {
                int64_t at_ns = now_ns(CLOCK_MONOTONIC);
                if (at_ns >= until_ns) return;
                int64_t due = (at_ns - began_ns) * g->rate / 1000000000 + 1;
                for (; sent < due; sent++) { /* late ones count from when they were due */
                        if (g->flying >= FLIGHT_MAX)
                                g->refused_here++;
                        else
                                call_begin(g, began_ns + sent * 1000000000 / g->rate);
                }
                int64_t next_ns = began_ns + sent * 1000000000 / g->rate;
                events_take(g, next_ns < until_ns ? next_ns : until_ns, false);
        }
}

/* The first call of each channel, one by one: what is measured is not connecting. */
static void first_calls(generator *g)
{
        int64_t until_ns = now_ns(CLOCK_MONOTONIC) + (int64_t)CONNECT_MS * 1000000;
        for (int i = 0; i < g->channels; i++) {
                call_begin(g, now_ns(CLOCK_MONOTONIC));
                while (g->flying && now_ns(CLOCK_MONOTONIC) < until_ns)
                        events_take(g, now_ns(CLOCK_MONOTONIC) + 1000000, false);
        }
}

static void run_for(generator *g, int ms)
{
        int64_t until_ns = now_ns(CLOCK_MONOTONIC) + (int64_t)ms * 1000000;
        if (g->rate)
                run_open(g, until_ns);
        else
                run_closed(g, until_ns);
}

static void connect_all(generator *g)
{
        g->queue = grpc_completion_queue_create_for_next(NULL);
        grpc_channel_credentials *credentials = grpc_insecure_credentials_create();
        for (int i = 0; i < g->channels; i++) {
                const grpc_arg args[] = {
                        /* one connection each */
                        {.type = GRPC_ARG_INTEGER,
                         .key = (char *)GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL,
                         .value.integer = 1},
                        {.type = GRPC_ARG_INTEGER,
                         .key = (char *)GRPC_ARG_ENABLE_RETRIES,
                         .value.integer = 0},
                };
                const grpc_channel_args channel_args = {2, (grpc_arg *)args};
                g->channel[i] = grpc_channel_create(g->target, credentials, &channel_args);
                g->registered[i] = grpc_channel_register_call(g->channel[i], g->method, NULL, NULL);
        }
        grpc_channel_credentials_release(credentials);
}

static void request_make(generator *g)
{
        /* sscard.test.v1.EchoRequest with a payload (field 2) when there is room for its header. */
        grpc_slice slice = grpc_slice_malloc((size_t)g->payload_bytes);
        uint8_t *bytes = GRPC_SLICE_START_PTR(slice);
        memset(bytes, 'x', (size_t)g->payload_bytes);
        if (g->payload_bytes >= 2 && g->payload_bytes < 130) {
                bytes[0] = 2 << 3 | 2;
                bytes[1] = (uint8_t)(g->payload_bytes - 2);
        }
        g->request = grpc_raw_byte_buffer_create(&slice, 1);
        grpc_slice_unref(slice);
}

static void request_read(generator *g, const char *path)
{
        FILE *file = fopen(path, "re");
        static char bytes[64 << 10];
        size_t length = file ? fread(bytes, 1, sizeof bytes, file) : 0;
        if (!file || ferror(file)) {
                fprintf(stderr, "cannot read %s\n", path);
                exit(2);
        }
        fclose(file);
        grpc_slice slice = grpc_slice_from_copied_buffer(bytes, length);
        g->request = grpc_raw_byte_buffer_create(&slice, 1);
        grpc_slice_unref(slice);
}

static void metadata_add(generator *g, char *text)
{
        char *value = strchr(text, '=');
        if (!value || g->metadata_count == METADATA_MAX) {
                fprintf(stderr, "--metadata KEY=VALUE, at most %d\n", METADATA_MAX);
                exit(2);
        }
        *value++ = '\0';
        g->metadata[g->metadata_count].key = grpc_slice_from_static_string(text);
        g->metadata[g->metadata_count++].value = grpc_slice_from_static_string(value);
}

static int usage(const char *name)
{
        fprintf(stderr,
                "usage: %s --target HOST:PORT --method /PKG.SERVICE/METHOD (--in-flight N | --rate "
                "N)\n"
                "          [--channels N] [--payload-bytes N | --request FILE] [--metadata "
                "KEY=VALUE]…\n"
                "          [--warmup-ms N] [--ms N] [--pid PID]…\n",
                name);
        return 2;
}

static bool options_read(generator *g, int argc, char **argv)
{
        static const struct option names[] = {
                {"target", required_argument, NULL, 't'},
                {"method", required_argument, NULL, 'm'},
                {"in-flight", required_argument, NULL, 'f'},
                {"rate", required_argument, NULL, 'r'},
                {"channels", required_argument, NULL, 'c'},
                {"payload-bytes", required_argument, NULL, 'b'},
                {"request", required_argument, NULL, 'q'},
                {"metadata", required_argument, NULL, 'M'},
                {"warmup-ms", required_argument, NULL, 'w'},
                {"ms", required_argument, NULL, 'n'},
                {"pid", required_argument, NULL, 'p'},
                {0},
        };
        for (int option; (option = getopt_long(argc, argv, "", names, NULL)) != -1;) {
                if (option == '?') return false;
                int number = atoi(optarg);
                if (option == 't') g->target = optarg;
                if (option == 'm') g->method = optarg;
                if (option == 'f') g->in_flight = number;
                if (option == 'r') g->rate = number;
                if (option == 'c') g->channels = number;
                if (option == 'b') g->payload_bytes = number;
                if (option == 'q') request_read(g, optarg);
                if (option == 'M') metadata_add(g, optarg);
                if (option == 'w') g->warmup_ms = number;
                if (option == 'n') g->run_ms = number;
                if (option == 'p' && g->pid_count < PIDS_MAX &&
                    clock_getcpuclockid(number, &g->clocks[g->pid_count]) == 0)
                        g->pid_count++;
        }
        bool one_load = !g->in_flight != !g->rate;
        return g->target && g->method && one_load && g->channels > 0 &&
               g->channels <= CHANNELS_MAX && g->run_ms > 0;
}

static void report(const generator *g, const cpu_reading *a, const cpu_reading *b)
{
        int64_t elapsed_ns = b->at_ns - a->at_ns, self_ns = b->self_ns - a->self_ns;
        int64_t other_ns = b->machine_ns - a->machine_ns - self_ns;
        printf("{\"calls\":%" PRIu64 ",\"ok\":%" PRIu64 ",\"refused_here\":%" PRIu64
               ",\"elapsed_s\":%.6f,\"self_cpu_s\":%.6f,\"server_cpu_s\":[",
               g->done, g->by_status[0], g->refused_here, (double)elapsed_ns / 1e9,
               (double)self_ns / 1e9);
        for (int i = 0; i < g->pid_count; i++) {
                int64_t server_ns = b->servers_ns[i] - a->servers_ns[i];
                other_ns -= server_ns;
                printf("%s%.6f", i ? "," : "", (double)server_ns / 1e9);
        }
        printf("],\"other_cpu_s\":%.6f,\"p50_us\":%" PRIu64 ",\"p99_us\":%" PRIu64
               ",\"p999_us\":%" PRIu64 ",\"status\":{",
               (double)other_ns / 1e9, percentile_us(g, 0.5), percentile_us(g, 0.99),
               percentile_us(g, 0.999));
        const char *comma = "";
        for (int i = 0; i < STATUSES; i++) {
                if (!g->by_status[i]) continue;
                printf("%s\"%d\":%" PRIu64, comma, i, g->by_status[i]);
                comma = ",";
        }
        puts("}}");
}

int main(int argc, char **argv)
{
        prctl(PR_SET_TIMERSLACK, 1UL);
        grpc_init();
        generator g = {.channels = 1, .payload_bytes = 64, .warmup_ms = 300, .run_ms = 2000};
        if (!options_read(&g, argc, argv)) return usage(argv[0]);
        if (!g.request) request_make(&g);
        connect_all(&g);
        first_calls(&g);
        run_for(&g, g.warmup_ms);
        cpu_reading before = cpu_read(&g);
        g.counting = true;
        run_for(&g, g.run_ms);
        cpu_reading after = cpu_read(&g);
        g.counting = false;
        report(&g, &before, &after);
        fflush(stdout);
        _exit(0); /* what is under way is not counted, and nobody waits for it */
}
