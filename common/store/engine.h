/* The seam: what a store engine must do. One const table an engine, a row in engines.c.
 * Only common/store includes this. */
#ifndef SSCARD_COMMON_STORE_ENGINE_H
#define SSCARD_COMMON_STORE_ENGINE_H

#include "common/store/store.h"

/* Every function of a table runs on the loop's thread. What suspends may park the task. */
typedef struct store_engine {
        const char *name;
        store *(*open)(loop *l, const store_options *options, failure *f);
        void (*close)(store *s);
        bool (*query)(task *t, store *s, const store_statement *statement, store_rows *rows,
                      const store_value *values, size_t value_count);
        bool (*list)(task *t, store *s, const store_statement *statement, store_rows *rows,
                     const store_value *values, size_t value_count);
        store_outcome (*commit)(task *t, store *s, store_batch *batch);
        bool (*prepare)(store *s, const store_statement *statement, failure *f);
        store_counts (*count)(const store *s);
} store_engine;

/* First member of every implementation. */
struct store {
        const store_engine *engine;
};

/* NULL: no such engine. */
const store_engine *store_engine_find(const char *name);

extern const store_engine store_engine_sqlite;

#endif
