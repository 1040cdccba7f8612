/* Gathers what SQLite writes to a log, in its order. Must never let anything else happen to the
 * file, or a sync return, before what was gathered has been written. */
#include "common/store/engines/sqlite_log_file.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct log_file {
        sqlite3_file base; /* first */
        uint8_t *gathered; /* NULL until the first write */
        int length;
        sqlite3_int64 offset; /* where in the file `gathered` belongs */
        sqlite3_file *real;   /* behind this struct, in SQLite's memory */
} log_file;

static log_file *log_of(sqlite3_file *file)
{
        return (log_file *)file;
}

/* What could not be written is forgotten: SQLite rolls back, and writes there again. */
static int gathered_write(log_file *log)
{
        if (log->length == 0) return SQLITE_OK;
        int length = log->length;
        log->length = 0;
        return log->real->pMethods->xWrite(log->real, log->gathered, length, log->offset);
}

static int log_close(sqlite3_file *file)
{
        log_file *log = log_of(file);
        free(log->gathered); /* a transaction that was not committed, if anything */
        log->gathered = NULL;
        return log->real->pMethods->xClose(log->real);
}

static int log_read(sqlite3_file *file, void *data, int length, sqlite3_int64 offset)
{
        log_file *log = log_of(file);
        int code = gathered_write(log);
        if (code != SQLITE_OK) return code;
        return log->real->pMethods->xRead(log->real, data, length, offset);
}

static int log_write(sqlite3_file *file, const void *data, int length, sqlite3_int64 offset)
{
        log_file *log = log_of(file);
        bool follows = log->length > 0 && offset == log->offset + log->length;
        if (!follows || log->length + length > SQLITE_LOG_BUFFER_BYTES) {
                int code = gathered_write(log);
                if (code != SQLITE_OK) return code;
                log->offset = offset;
        }
        if (!log->gathered) log->gathered = malloc(SQLITE_LOG_BUFFER_BYTES);
        if (!log->gathered || length > SQLITE_LOG_BUFFER_BYTES)
                return log->real->pMethods->xWrite(log->real, data, length, offset);
        memcpy(log->gathered + log->length, data, (size_t)length);
        log->length += length;
        return SQLITE_OK;
}

static int log_truncate(sqlite3_file *file, sqlite3_int64 bytes)
{
        log_file *log = log_of(file);
        int code = gathered_write(log);
        if (code != SQLITE_OK) return code;
        return log->real->pMethods->xTruncate(log->real, bytes);
}

static int log_sync(sqlite3_file *file, int flags)
{
        log_file *log = log_of(file);
        int code = gathered_write(log);
        if (code != SQLITE_OK) return code;
        return log->real->pMethods->xSync(log->real, flags);
}

static int log_size(sqlite3_file *file, sqlite3_int64 *bytes)
{
        log_file *log = log_of(file);
        int code = gathered_write(log);
        if (code != SQLITE_OK) return code;
        return log->real->pMethods->xFileSize(log->real, bytes);
}

static int log_control(sqlite3_file *file, int operation, void *argument)
{
        log_file *log = log_of(file);
        return log->real->pMethods->xFileControl(log->real, operation, argument);
}

static int log_sector(sqlite3_file *file)
{
        log_file *log = log_of(file);
        return log->real->pMethods->xSectorSize(log->real);
}

static int log_device(sqlite3_file *file)
{
        log_file *log = log_of(file);
        return log->real->pMethods->xDeviceCharacteristics(log->real);
}

/* Version 1: a log is neither mapped nor locked nor has it shared memory; its database has. */
static const sqlite3_io_methods log_methods = {
        .iVersion = 1,
        .xClose = log_close,
        .xRead = log_read,
        .xWrite = log_write,
        .xTruncate = log_truncate,
        .xSync = log_sync,
        .xFileSize = log_size,
        .xFileControl = log_control,
        .xSectorSize = log_sector,
        .xDeviceCharacteristics = log_device,
};

static int files_open_one(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags,
                          int *flags_out)
{
        sqlite3_vfs *real = ((sqlite_log_files *)vfs)->real;
        if (!(flags & SQLITE_OPEN_WAL)) return real->xOpen(real, name, file, flags, flags_out);
        log_file *log = log_of(file);
        *log = (log_file){.real = (sqlite3_file *)(log + 1)};
        int code = real->xOpen(real, name, log->real, flags, flags_out);
        if (code == SQLITE_OK) log->base.pMethods = &log_methods;
        return code;
}

void sqlite_log_files_open(sqlite_log_files *files)
{
        sqlite3_vfs *real = sqlite3_vfs_find(NULL);
        assert(real);
        files->base = *real;
        files->real = real;
        snprintf(files->name, sizeof files->name, "log-%p", (void *)files);
        files->base.zName = files->name;
        files->base.pNext = NULL;
        files->base.szOsFile = (int)sizeof(log_file) + real->szOsFile;
        files->base.xOpen = files_open_one;
        int code = sqlite3_vfs_register(&files->base, 0);
        assert(code == SQLITE_OK);
}

void sqlite_log_files_close(sqlite_log_files *files)
{
        if (!files->real) return;
        sqlite3_vfs_unregister(&files->base);
        *files = (sqlite_log_files){0};
}
