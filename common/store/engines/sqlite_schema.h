/* Brings a database to the schemas of this build, or says why it is not ours. */
#ifndef SSCARD_COMMON_STORE_ENGINES_SQLITE_SCHEMA_H
#define SSCARD_COMMON_STORE_ENGINES_SQLITE_SCHEMA_H

#include "common/store/engines/sqlite_connection.h"

/* One transaction. `schemas` is NULL-ended. */
bool sqlite_schema_migrate(sqlite_connection *c, const store_schema *const *schemas,
                           failure *f) MUST_CHECK;
/* Changes nothing: every schema named must stand there in a version that is known; others may. */
bool sqlite_schema_check(sqlite_connection *c, const store_schema *const *schemas,
                         failure *f) MUST_CHECK;

#endif
