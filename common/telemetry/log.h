/* The log: JSON lines on stderr, readable lines on a terminal, typed fields only.
 *
 * Redaction is by construction: there is no field that takes free text. A word is a literal, a name
 * comes from a vocabulary, an id is an id, a setting comes from the configuration; what does not
 * look like what it claims to be is printed as "[withheld]". Personal data and secrets have no
 * constructor at all, only log_withheld(), which says that something was there.
 *
 * Lines go into a buffer that is written once a turn of the loop, or at once without a loop and
 * from other threads. A reader that does not keep up never blocks the loop: lines are dropped and
 * the next line says how many. */
#ifndef SSCARD_COMMON_TELEMETRY_LOG_H
#define SSCARD_COMMON_TELEMETRY_LOG_H

#include "common/base/bytes.h"
#include "common/base/clock.h"
#include "common/base/failure.h"
#include "common/base/scoped.h"
#include "common/base/ulid.h"
#include "common/runtime/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum log_level {
        LOG_LEVEL_DEBUG = 1,
        LOG_LEVEL_INFO = 2,
        LOG_LEVEL_WARN = 3,
        LOG_LEVEL_ERROR = 4,
} log_level;
/* "debug" and so on; false: no such level. */
bool log_level_parse(const char *name, log_level *level) MUST_CHECK;
const char *log_level_name(log_level level);

typedef enum log_format {
        LOG_FORMAT_AUTO = 0, /* readable on a terminal, else JSON */
        LOG_FORMAT_JSON = 1,
        LOG_FORMAT_READABLE = 2,
} log_format;

typedef struct logger logger;

typedef struct logger_options {
        int fd;          /* usually 2; not closed */
        log_level level; /* 0: INFO */
        log_format format;
        const clock_source *clock; /* required, outlives the logger; wall time is printed */
        const char *service;       /* literal; in each line; NULL: left out */
        const char *region;        /* copied; NULL: left out */
} logger_options;

/* Never NULL. Pair: logger_destroy(), which writes what is left (waits 200 ms at most). */
logger *logger_create(const logger_options *options);
void logger_destroy(logger *l);
/* From now on lines of this thread are written at the end of the loop's turn. Pair:
 * logger_detach(), before the loop goes. */
void logger_attach(logger *l, loop *turns);
void logger_detach(logger *l);
void logger_set_level(logger *l, log_level level); /* any thread */
bool logger_has(const logger *l, log_level level);
void logger_flush(logger *l);
uint64_t logger_lines_dropped(const logger *l); /* any thread */

/* A typed field. Made by the constructors below, never by hand. Borrowed until the line is made. */
typedef enum log_field_kind {
        LOG_FIELD_NONE = 0,
        LOG_FIELD_WORD,
        LOG_FIELD_NAME,
        LOG_FIELD_RESOURCE,
        LOG_FIELD_SETTING,
        LOG_FIELD_ULID,
        LOG_FIELD_HEX,
        LOG_FIELD_NUMBER,
        LOG_FIELD_DURATION,
        LOG_FIELD_BOOLEAN,
        LOG_FIELD_FAILURE,
        LOG_FIELD_WITHHELD,
} log_field_kind;
typedef struct log_field {
        const char *key; /* literal, lower_snake */
        log_field_kind kind;
        union {
                const char *text;
                const failure *failure;
                int64_t number;
                ulid id;
                bytes run;
        } value;
} log_field;

/* A literal, and nothing but a literal: anything else does not compile. */
#define log_word(key, literal) ((log_field){"" key "", LOG_FIELD_WORD, {.text = "" literal ""}})
/* A name of a vocabulary: an enum's name, a method, a reason code, a metric, a job. Letters, digits
 * and . _ / : - only, at most 96, and no run of more than six digits. */
#define log_name(key, name) ((log_field){"" key "", LOG_FIELD_NAME, {.text = (name)}})
/* A resource name: collections of letters, regions of six digits, ULIDs. */
#define log_resource(key, name) ((log_field){"" key "", LOG_FIELD_RESOURCE, {.text = (name)}})
/* What an operator wrote into the configuration, or a peer's address: paths, targets. */
#define log_setting(key, text_) ((log_field){"" key "", LOG_FIELD_SETTING, {.text = (text_)}})
#define log_ulid(key, ulid_) ((log_field){"" key "", LOG_FIELD_ULID, {.id = (ulid_)}})
/* A digest or a trace id, at most 32 bytes; never raw data of a person. */
#define log_hex(key, bytes_) ((log_field){"" key "", LOG_FIELD_HEX, {.run = (bytes_)}})
#define log_number(key, number_) ((log_field){"" key "", LOG_FIELD_NUMBER, {.number = (number_)}})
/* Printed in milliseconds with three decimals, as "<key>_ms". */
#define log_duration_us(key, us) ((log_field){"" key "", LOG_FIELD_DURATION, {.number = (us)}})
#define log_boolean(key, yes) ((log_field){"" key "", LOG_FIELD_BOOLEAN, {.number = (yes)}})
/* Kind, reason and message of a failure; digits of long runs in its message are masked. */
#define log_failure(failure_) ((log_field){"failure", LOG_FIELD_FAILURE, {.failure = (failure_)}})
/* Something was there that the log must not know. */
#define log_withheld(key) ((log_field){"" key "", LOG_FIELD_WITHHELD, {.number = 0}})

/* One line. `event` is a literal sentence: log_info(l, "the server listens", log_number("port",
 * p)). */
#define log_write(l, level, event, ...)                                                            \
        do {                                                                                       \
                if (logger_has((l), (level))) {                                                    \
                        const log_field log_fields_[] = {{0}, ##__VA_ARGS__};                      \
                        logger_write((l), (level), "" event "", log_fields_ + 1,                   \
                                     sizeof log_fields_ / sizeof *log_fields_ - 1);                \
                }                                                                                  \
        } while (0)
#define log_debug(l, event, ...) log_write((l), LOG_LEVEL_DEBUG, event, ##__VA_ARGS__)
#define log_info(l, event, ...) log_write((l), LOG_LEVEL_INFO, event, ##__VA_ARGS__)
#define log_warn(l, event, ...) log_write((l), LOG_LEVEL_WARN, event, ##__VA_ARGS__)
#define log_error(l, event, ...) log_write((l), LOG_LEVEL_ERROR, event, ##__VA_ARGS__)
/* Any thread. Use the macros. */
void logger_write(logger *l, log_level level, const char *event, const log_field *fields,
                  size_t field_count);

/* The canonical line of a request: one a call, at its end. Names as of log_name(); NULL or "" are
 * left out. */
typedef struct log_request {
        const char *method; /* "package.v1.Service/Method" */
        int status;         /* gRPC code */
        const char *reason; /* UPPER_SNAKE; "" when OK */
        int64_t duration_us;
        const char *caller; /* subject of the credentials */
        const char *role, *channel;
        const char *resource; /* `name` of the request, as of log_resource() */
        bytes trace_id;       /* 16 bytes; empty: none */
        ulid request_id;      /* zero: none */
        bool replayed, validate_only;
        /* INTERNAL and the like: what broke. NULL: nothing. */
        const failure *failure;
} log_request;
/* INFO, or ERROR for UNKNOWN, INTERNAL, DATA_LOSS; WARN for UNAVAILABLE and DEADLINE_EXCEEDED. */
void logger_write_request(logger *l, const log_request *request);

#endif
