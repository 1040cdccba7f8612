/* Where an SQLite database lies, and who holds it. */
#ifndef SSCARD_COMMON_STORE_ENGINES_SQLITE_FILES_H
#define SSCARD_COMMON_STORE_ENGINES_SQLITE_FILES_H

#include "common/base/failure.h"

#include <stdbool.h>

/* "file:…?…" for a file or, with `memory`, a piece of this process's memory. To be freed. */
char *sqlite_files_uri(const char *folder, const char *name, bool memory);

/* Makes the folder (not its parents) and takes <folder>/<name>.lock for this process, until the
 * descriptor is closed. -1 and `f` set: FAILED_PRECONDITION/STORE_LOCKED names the holder. */
int sqlite_files_lock(const char *folder, const char *name, failure *f);

#endif
