/* Where gRPC's core writes what it has to say: by default to stderr, in its own form. */
#ifndef SSCARD_COMMON_RPC_CORE_LOG_H
#define SSCARD_COMMON_RPC_CORE_LOG_H

typedef enum core_log_severity {
        CORE_LOG_DEBUG = 0,
        CORE_LOG_INFO = 1,
        CORE_LOG_ERROR = 2,
} core_log_severity;

/* Called on any thread of core. `message` is valid during the call. */
typedef void core_log_writer(void *argument, core_log_severity severity, const char *file, int line,
                             const char *message);
/* For messages of at least this severity. One for the process: set before loop_create(). */
void core_log_set(core_log_writer *write, void *argument, core_log_severity least);
/* Back to stderr, before `argument` goes and after loop_destroy(): core is silent then. */
void core_log_unset(void);

#endif
