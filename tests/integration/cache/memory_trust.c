/* A row in memory. Suspends like a database would, so that the world may change meanwhile. */
#include "tests/integration/cache/memory_trust.h"

#include <assert.h>
#include <string.h>

static bool answer(memory_trust *m, task *t)
{
        m->asked++;
        if (!task_sleep(t, m->slow_ms ? m->slow_ms : 1)) return false;
        m->answered++;
        if (m->away)
                return task_fail(t, FAILURE_UNAVAILABLE, "DATABASE_AWAY", "The database is away.");
        return true;
}

static bool memory_read(cache_trust_store *store, task *t, const char *instance,
                        cache_trust_row *row)
{
        memory_trust *m = (memory_trust *)store;
        assert(strcmp(instance, "r0") == 0);
        if (!answer(m, t)) return false;
        *row = m->row;
        return true;
}

static bool memory_change(cache_trust_store *store, task *t, const char *instance,
                          uint64_t old_epoch, const cache_trust_row *row, bool *changed)
{
        memory_trust *m = (memory_trust *)store;
        assert(strcmp(instance, "r0") == 0);
        assert(row->exists && row->epoch == old_epoch + 1);
        assert(row->trusted == (row->run_id[0] != 0));
        if (!answer(m, t)) return false;
        *changed = old_epoch == m->row.epoch;
        if (*changed) m->row = *row;
        return true;
}

void memory_trust_init(memory_trust *m)
{
        static const cache_trust_functions functions = {memory_read, memory_change};
        *m = (memory_trust){.base.functions = &functions};
}
