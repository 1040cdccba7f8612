/* The commit engine's life and its listeners. */
#include "common/commit/engine.h"

#include <stdlib.h>
#include <utlist.h>

commit_engine *commit_engine_open(const commit_options *options, failure *f)
{
        assert(options->loop && options->store && options->keyring);
        assert(!options->cache || options->load_record);
        keyed_hash *hash =
                keyed_hash_create(bytes_of(options->request_key, sizeof options->request_key), f);
        if (!hash) return NULL;
        commit_engine *engine = calloc(1, sizeof *engine);
        assert(engine);
        *engine = (commit_engine){
                .loop = options->loop,
                .store = options->store,
                .keyring = options->keyring,
                .hash = hash,
                .region = options->region ? options->region : "",
                .cache = options->cache,
                .load_record = options->load_record,
                .service = options->service,
        };
        return engine;
}

void commit_engine_close(commit_engine *engine)
{
        if (!engine) return;
        assert(!engine->attempts && !engine->listeners);
        keyed_hash_destroy(engine->hash);
        free(engine);
}

store *commit_engine_store(const commit_engine *engine)
{
        return engine->store;
}

loop *commit_engine_loop(const commit_engine *engine)
{
        return engine->loop;
}

const keyring *commit_engine_keyring(const commit_engine *engine)
{
        return engine->keyring;
}

keyed_hash *commit_engine_hash(const commit_engine *engine)
{
        return engine->hash;
}

void commit_engine_listen(commit_engine *engine, commit_listener *listener)
{
        LL_PREPEND(engine->listeners, listener);
}

void commit_engine_unlisten(commit_engine *engine, commit_listener *listener)
{
        LL_DELETE(engine->listeners, listener);
}
