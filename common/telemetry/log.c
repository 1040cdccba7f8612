/* The logger: lines into a buffer, the buffer to its descriptor when the turn ends.
 * Must never block the loop for a reader that does not read, nor split a line between two writers.
 */
#define _GNU_SOURCE /* memrchr */
#include "common/telemetry/log.h"

#include "common/telemetry/log_internal.h"
#include "common/telemetry/log_line_internal.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
        BUFFER_BYTES = 65536,
        PIPE_PIECE_BYTES = 4096, /* POSIX: a writable pipe takes PIPE_BUF bytes without blocking */
        LAST_WAIT_MS = 200,
};
_Static_assert((int)LOG_LINE_BYTES_MAX <= (int)PIPE_PIECE_BYTES, "a line is written as one piece");

struct logger {
        log_turns turns; /* of log_turns.c; first member */
        int fd;
        bool readable, may_block; /* a pipe, socket or terminal: ask before writing */
        int level;                /* atomic access only */
        const clock_source *clock;
        const char *service;
        char *region;
        uint64_t dropped; /* atomic access only: all that ever were */
        pthread_mutex_t lock;
        /* Under the lock: */
        uint64_t dropped_told;
        size_t length;
        log_line line;
        char buffer[BUFFER_BYTES];
};
_Static_assert(offsetof(struct logger, turns) == 0, "log_turns.c finds the logger there");

bool log_level_parse(const char *name, log_level *level)
{
        for (int i = LOG_LEVEL_DEBUG; i <= LOG_LEVEL_ERROR; i++) {
                if (strcmp(name, log_level_name((log_level)i)) != 0) continue;
                *level = (log_level)i;
                return true;
        }
        return false;
}

const char *log_level_name(log_level level)
{
        switch (level) {
        case LOG_LEVEL_DEBUG:
                return "debug";
        case LOG_LEVEL_INFO:
                return "info";
        case LOG_LEVEL_WARN:
                return "warn";
        case LOG_LEVEL_ERROR:
                return "error";
        }
        return "unknown";
}

logger *logger_create(const logger_options *options)
{
        assert(options->clock);
        logger *l = calloc(1, sizeof *l);
        if (!l) abort();
        l->fd = options->fd;
        l->clock = options->clock;
        l->service = options->service;
        l->region = options->region ? strdup(options->region) : NULL;
        l->level = options->level ? (int)options->level : LOG_LEVEL_INFO;
        l->readable = options->format == LOG_FORMAT_READABLE ||
                      (options->format == LOG_FORMAT_AUTO && isatty(l->fd));
        struct stat status;
        l->may_block = fstat(l->fd, &status) != 0 || !S_ISREG(status.st_mode);
        pthread_mutex_init(&l->lock, NULL);
        return l;
}

static bool is_writable(const logger *l, int wait_ms)
{
        if (!l->may_block) return true;
        struct pollfd asked = {.fd = l->fd, .events = POLLOUT};
        return poll(&asked, 1, wait_ms) == 1 && (asked.revents & POLLOUT);
}

/* As many whole lines as one write may take. */
static size_t piece_length(const logger *l)
{
        if (!l->may_block || l->length <= PIPE_PIECE_BYTES) return l->length;
        const char *last = memrchr(l->buffer, '\n', PIPE_PIECE_BYTES);
        assert(last); /* a line is shorter than a piece */
        return (size_t)(last - l->buffer) + 1;
}

static void write_out(logger *l, int wait_ms)
{
        while (l->length > 0 && is_writable(l, wait_ms)) {
                ssize_t written = write(l->fd, l->buffer, piece_length(l));
                if (written < 0 && errno == EINTR) continue;
                if (written <= 0) return; /* EAGAIN: later; anything else: the next flush tries */
                l->length -= (size_t)written;
                memmove(l->buffer, l->buffer + written, l->length);
        }
}

static void append(logger *l, const log_line *line)
{
        if (l->length + line->length > sizeof l->buffer) write_out(l, 0);
        if (l->length + line->length > sizeof l->buffer) {
                __atomic_fetch_add(&l->dropped, 1, __ATOMIC_RELAXED);
                return;
        }
        memcpy(l->buffer + l->length, line->text, line->length);
        l->length += line->length;
}

/* When there is room again, the log says what is missing from it. */
static void tell_dropped(logger *l, int64_t wall_ms)
{
        uint64_t dropped = __atomic_load_n(&l->dropped, __ATOMIC_RELAXED);
        if (dropped == l->dropped_told || l->length > sizeof l->buffer / 2) return;
        log_line_begin(&l->line, l->readable, wall_ms, LOG_LEVEL_WARN, "lines of the log were lost",
                       l->service, l->region);
        log_line_add(&l->line, &log_number("lines", (int64_t)(dropped - l->dropped_told)));
        log_line_end(&l->line);
        l->dropped_told = dropped;
        append(l, &l->line);
}

static void settle(logger *l, log_level level)
{
        bool at_once = !log_turns_mark(&l->turns);
        if (at_once || level == LOG_LEVEL_ERROR) write_out(l, 0);
}

void logger_write(logger *l, log_level level, const char *event, const log_field *fields,
                  size_t field_count)
{
        int64_t wall_ms = clock_wall_ms(l->clock);
        pthread_mutex_lock(&l->lock);
        tell_dropped(l, wall_ms);
        log_line_begin(&l->line, l->readable, wall_ms, level, event, l->service, l->region);
        for (size_t i = 0; i < field_count; i++)
                log_line_add(&l->line, &fields[i]);
        log_line_end(&l->line);
        append(l, &l->line);
        settle(l, level);
        pthread_mutex_unlock(&l->lock);
}

static log_level level_of_status(int status)
{
        switch (status) {
        case FAILURE_UNKNOWN:
        case FAILURE_INTERNAL:
        case FAILURE_DATA_LOSS:
                return LOG_LEVEL_ERROR;
        case FAILURE_UNAVAILABLE:
        case FAILURE_DEADLINE_EXCEEDED:
                return LOG_LEVEL_WARN;
        default:
                return LOG_LEVEL_INFO;
        }
}

static void add_name(log_line *line, log_field field)
{
        if (field.value.text && *field.value.text) log_line_add(line, &field);
}

void logger_write_request(logger *l, const log_request *request)
{
        log_level level = level_of_status(request->status);
        if (!logger_has(l, level)) return;
        int64_t wall_ms = clock_wall_ms(l->clock);
        pthread_mutex_lock(&l->lock);
        tell_dropped(l, wall_ms);
        log_line *line = &l->line;
        log_line_begin(line, l->readable, wall_ms, level, "request", l->service, l->region);
        add_name(line, log_name("method", request->method));
        add_name(line, log_name("status", failure_kind_name((failure_kind)request->status)));
        add_name(line, log_name("reason", request->reason));
        log_line_add(line, &log_duration_us("duration", request->duration_us));
        add_name(line, log_name("caller", request->caller));
        add_name(line, log_name("role", request->role));
        add_name(line, log_name("channel", request->channel));
        add_name(line, log_resource("resource", request->resource));
        if (!ulid_is_zero(request->request_id))
                log_line_add(line, &log_ulid("request_id", request->request_id));
        if (request->trace_id.length) log_line_add(line, &log_hex("trace_id", request->trace_id));
        if (request->replayed) log_line_add(line, &log_boolean("replayed", true));
        if (request->validate_only) log_line_add(line, &log_boolean("validate_only", true));
        if (request->failure && request->failure->kind != FAILURE_NONE)
                log_line_add(line, &log_failure(request->failure));
        log_line_end(line);
        append(l, line);
        settle(l, level);
        pthread_mutex_unlock(&l->lock);
}

void logger_flush(logger *l)
{
        pthread_mutex_lock(&l->lock);
        tell_dropped(l, clock_wall_ms(l->clock));
        write_out(l, 0);
        pthread_mutex_unlock(&l->lock);
}

void logger_set_level(logger *l, log_level level)
{
        __atomic_store_n(&l->level, (int)level, __ATOMIC_RELAXED);
}

bool logger_has(const logger *l, log_level level)
{
        return (int)level >= __atomic_load_n(&l->level, __ATOMIC_RELAXED);
}

uint64_t logger_lines_dropped(const logger *l)
{
        return __atomic_load_n(&l->dropped, __ATOMIC_RELAXED);
}

void logger_destroy(logger *l)
{
        if (!l) return;
        assert(!l->turns.loop); /* logger_detach() comes first */
        tell_dropped(l, clock_wall_ms(l->clock));
        write_out(l, LAST_WAIT_MS);
        pthread_mutex_destroy(&l->lock);
        free(l->region);
        free(l);
}
