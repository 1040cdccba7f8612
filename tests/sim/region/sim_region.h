/* A whole region in one thread, on a virtual clock: Redis, services, clients, faults, history.
 * The same seed gives the same run. */
#ifndef SSCARD_TESTS_SIM_REGION_SIM_REGION_H
#define SSCARD_TESTS_SIM_REGION_SIM_REGION_H

#include "tests/sim/checker/checker.h"
#include "tests/sim/region/sim_process.h"

enum {
        SIM_CARDS_MAX = 16,
        SIM_CLIENTS_MAX = 8,
        SIM_NAME_BYTES = 80,
        SIM_OPERATIONS_MAX = 4096,
        SIM_METHODS_MAX = 32,
};

typedef enum sim_fault {
        SIM_FAULT_CARD_DIES,
        SIM_FAULT_CARD_DIES_BEFORE_SCRIPT, /* on its way: fence, publication, lease */
        SIM_FAULT_CARD_DIES_AFTER_SCRIPT,
        SIM_FAULT_STATUS_DIES,
        SIM_FAULT_REDIS_RESTARTS_EMPTY,
        SIM_FAULT_REDIS_RESTARTS_OLD,
        SIM_FAULT_REDIS_FLUSHED,
        SIM_FAULT_REDIS_EVICTS,
        SIM_FAULT_REDIS_STALLS,
        SIM_FAULT_REDIS_AWAY,
        SIM_FAULT_LINE_CUT,
        SIM_FAULT_SCRIPTS_FORGOTTEN,
        SIM_FAULTS,
} sim_fault;
const char *sim_fault_name(sim_fault fault);

/* A bug that is put in on purpose, for the simulator to find. */
typedef enum sim_planted {
        SIM_PLANTED_NOTHING,
        SIM_PLANTED_OK_BEFORE_PUBLISH, /* neither fence nor record gets into the cache before OK */
        SIM_PLANTED_FILL_AFTER_FENCE,  /* a load installs what it read, token or not */
        SIM_PLANTED_REPLY_WITHOUT_COMMIT, /* some replies leave, their commits never happen */
        SIM_PLANTED_WATCH_FORGETS,        /* whoever comes back with a cursor starts at the end */
        SIM_PLANTED_TIMER_FORGOTTEN,      /* some timers are ticked off, nothing is done */
} sim_planted;

typedef struct sim_options {
        uint64_t seed;
        uint32_t holders, clients;
        bool narrow;             /* nothing but losses and recoveries of a few cards */
        int64_t run_ms;          /* virtual; then faults end, and all must heal */
        uint32_t faults;         /* a bit each sim_fault */
        uint32_t fault_pause_ms; /* between two, at most */
        uint32_t lost_per_mille;
        int64_t leap_ms_max; /* of business time, every few seconds */
        sim_planted planted;
} sim_options;
/* What a seed stands for: numbers and kinds of faults vary with it. */
sim_options sim_options_of_seed(uint64_t seed);
void sim_options_print(const sim_options *options);

typedef struct sim_summary {
        checker_verdict verdict;
        bool healed; /* every card could be read and written after the faults */
        bool chain_whole;
        uint32_t oks, refused, unknown, strong_reads, stale_reads, repeats;
        uint32_t operation_oks[SIM_METHODS_MAX]; /* by sim_operation */
        uint32_t probes, promises_kept;          /* asked what is allowed, and did it */
        uint32_t events, resumptions;            /* of the feed, read by its watcher */
        uint32_t days;                           /* that the clock leapt over */
        uint32_t timers;                         /* that left a row in the trail */
        uint32_t fault_counts[SIM_FAULTS];
        size_t rows;
        digest history;  /* the same run has the same */
        char story[400]; /* about the verdict, when it is bad */
        char lie[200]; /* what was said to be allowed and refused; what the feed or a timer owes */
} sim_summary;

void sim_run(const sim_options *options, const sim_keys *keys, sim_summary *summary);

#endif
