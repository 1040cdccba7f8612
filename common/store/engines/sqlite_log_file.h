/* Write-ahead logs that are written in long pieces: SQLite writes each page of a group with two
 * system calls; here they gather in memory and go out before the sync that makes them count.
 *
 * Only for a connection with synchronous=FULL: there every commit syncs the log before others
 * learn of its pages, so nobody can look for a page that is still in memory. */
#ifndef SSCARD_COMMON_STORE_ENGINES_SQLITE_LOG_FILE_H
#define SSCARD_COMMON_STORE_ENGINES_SQLITE_LOG_FILE_H

#include <sqlite3.h>

/* The most that the default file system takes at a time: of a longer piece it writes a part. */
enum { SQLITE_LOG_BUFFER_BYTES = 0x1ffff };

/* A file system of SQLite's kind that differs from the default one in its logs alone. */
typedef struct sqlite_log_files {
        sqlite3_vfs base; /* first */
        sqlite3_vfs *real;
        char name[32];
} sqlite_log_files;

/* Registers it under a name of its own, for `file:…?vfs=<name>`. It must stay where it is until
 * every connection that uses it is closed and sqlite_log_files_close() was called. */
void sqlite_log_files_open(sqlite_log_files *files);
void sqlite_log_files_close(sqlite_log_files *files);

#endif
