/* Where gRPC's core writes what it has to say: by default to stderr, in its own form. */
#ifndef SSCARD_COMMON_RPC_CORE_LOG_H
#define SSCARD_COMMON_RPC_CORE_LOG_H

typedef enum core_log_severity {
        CORE_LOG_DEBUG = 0,
        CORE_LOG_INFO = 1,
        CORE_LOG_ERROR = 2,
} core_log_severity;

/* `write` is called on any thread of core, for messages of at least this severity; one for the
 * process, set before loop_create(). `message` is valid during the call. */
void core_log_set(void (*write)(core_log_severity severity, const char *file, int line,
                                const char *message),
                  core_log_severity least);

#endif
