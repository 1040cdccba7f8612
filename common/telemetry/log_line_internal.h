/* One line of the log while it is made: a fixed buffer and its two forms. */
#ifndef SSCARD_COMMON_TELEMETRY_LOG_LINE_INTERNAL_H
#define SSCARD_COMMON_TELEMETRY_LOG_LINE_INTERNAL_H

#include "common/telemetry/log.h"

enum { LOG_LINE_BYTES_MAX = 2048 };

typedef struct log_line {
        bool readable;
        bool cut; /* something did not fit: the line says so */
        size_t length;
        char text[LOG_LINE_BYTES_MAX];
} log_line;

/* `wall_ms` as time, level, event; service and region may be NULL. */
void log_line_begin(log_line *line, bool readable, int64_t wall_ms, log_level level,
                    const char *event, const char *service, const char *region);
void log_line_add(log_line *line, const log_field *field);
/* With the newline. */
void log_line_end(log_line *line);

#endif
