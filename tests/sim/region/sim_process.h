/* One process of a service: seams, server and instance, as service_run() puts them together; only
 * that it can die at any moment and come back with what its database holds. */
#ifndef SSCARD_TESTS_SIM_REGION_SIM_PROCESS_H
#define SSCARD_TESTS_SIM_REGION_SIM_PROCESS_H

#include "common/rpc/client.h"
#include "common/rpc/server.h"
#include "common/service/credentials.h"
#include "common/service/instance.h"
#include "tests/sim/redis/sim_connection.h"
#include "tests/sim/region/sim_keys.h"

enum { SIM_PEERS_MAX = SERVICE_PEERS_MAX };

typedef struct sim_process sim_process;

/* What every process of a region shares. */
typedef struct sim_surroundings {
        loop *loop;
        sim_wire *wire;
        const sim_keys *keys;
        logger *log;
        uint32_t delay_ms_max;   /* of a call, each way */
        uint32_t lost_per_mille; /* answers that do not arrive */
        random_source *random;
} sim_surroundings;

struct sim_process {
        sim_surroundings *around;
        service_definition definition;
        rpc_service rpc;
        sim_process *peers[SIM_PEERS_MAX]; /* as definition.peers */

        bool is_up;
        uint64_t incarnation; /* grows with each death: answers of an older one are lost */
        store *guard;         /* keeps the database while no process has it */
        store *store;
        read_audit *reads;
        cache_connection *cache;
        token_verifier *tokens;
        service_credentials *credentials;
        rpc_server *server;
        rpc_peer *local;
        rpc_peer *to_peers[SIM_PEERS_MAX];
        service_instance *instance;
        void (*gone)(sim_process *process);
};

/* `peers` are there, perhaps down. Starts it. */
void sim_process_init(sim_process *process, sim_surroundings *around,
                      const service_definition *definition, sim_process *const *peers);
/* Dies: from now on nobody hears of it. `gone` is called when the last of it has left; then it can
 * be started again. Must be up. */
void sim_process_die(sim_process *process, void (*gone)(sim_process *process));
void sim_process_start(sim_process *process);
/* After it is gone. */
void sim_process_release(sim_process *process);

/* The way to a process, over a network that takes its time and loses answers. Pair:
 * rpc_peer_destroy(). */
rpc_peer *sim_peer_create(sim_process *to);

#endif
