/* Packed bytes to another process: late, and sometimes without an answer. */
#include "tests/sim/region/sim_process.h"

#include <stdlib.h>

enum { STATUS_UNAVAILABLE = 14 };

typedef struct sim_peer {
        rpc_peer base;
        sim_process *to;
} sim_peer;

static bool travel(task *t, const sim_surroundings *around)
{
        return task_sleep(t, (int64_t)(random_u64(around->random) % (around->delay_ms_max + 1)));
}

static bool sim_peer_call(rpc_peer *base, task *t, const char *full_method, bytes request,
                          const rpc_metadata *metadata, size_t metadata_count, rpc_answer *answer)
{
        TASK_MAY_SUSPEND(t);
        sim_process *to = ((sim_peer *)base)->to;
        const sim_surroundings *around = to->around;
        if (!travel(t, around)) return false;
        uint64_t incarnation = to->incarnation;
        if (to->is_up) {
                if (!rpc_peer_call(to->local, t, full_method, request, metadata, metadata_count,
                                   answer))
                        return false;
                if (!travel(t, around)) return false;
        }
        bool lost = random_u64(around->random) % 1000 < around->lost_per_mille;
        if (!to->is_up || to->incarnation != incarnation || lost)
                *answer = (rpc_answer){.status = STATUS_UNAVAILABLE, .message = "no answer"};
        return true;
}

static void sim_peer_destroy(rpc_peer *base)
{
        free(base);
}

rpc_peer *sim_peer_create(sim_process *to)
{
        static const rpc_peer_functions functions = {sim_peer_call, sim_peer_destroy};
        sim_peer *peer = calloc(1, sizeof *peer);
        if (!peer) abort();
        peer->base.functions = &functions;
        peer->to = to;
        return &peer->base;
}
