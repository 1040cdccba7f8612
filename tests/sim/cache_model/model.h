/* The cache protocol as a small state machine: one key, one database, two Redis servers, and all
 * who touch them. search.h walks through it; cache_model_test.c says what must hold.
 *
 *   X  the server that is trusted at first      Y  its replica, may be promoted
 *   granters put leases · writers fence, commit, publish, answer OK · readers miss, load, install
 *
 * Time is a small number of ticks; a lease lives for LEASE_LIFE of them. Whatever is left to chance
 * (who moves next, what is lost, who dies) is a choice of the search. */
#ifndef SSCARD_TESTS_SIM_CACHE_MODEL_MODEL_H
#define SSCARD_TESTS_SIM_CACHE_MODEL_MODEL_H

#include <stdbool.h>
#include <stdint.h>

enum { SERVER_X, SERVER_Y, SERVERS, NO_SERVER = SERVERS };
enum { WRITERS_MAX = 2, READERS_MAX = 2, GRANTERS_MAX = 2, LEASE_LIFE = 2, TOKENS_MAX = 3 };

/* What a server holds under the one key and under the lease's. Zero is "nothing". */
typedef struct model_server {
        int8_t value, value_epoch;             /* V */
        int8_t token;                          /* T */
        int8_t fence, fence_base, fence_epoch; /* F: writer + 1, and what it had read */
        int8_t lease_epoch, lease_run, lease_until;
} model_server;

typedef enum writer_place {
        WRITER_IDLE,
        WRITER_COMMITS,   /* it has read, and perhaps fenced */
        WRITER_PUBLISHES, /* committed */
        WRITER_ASKS_ROW,  /* it could not publish */
        WRITER_WAITS,     /* until no lease lives */
        WRITER_ANSWERS,   /* OK is the next thing it says */
        WRITER_OVER,
} writer_place;

typedef struct model_writer {
        int8_t place, version, server, wait_until;
} model_writer;

typedef enum reader_place { READER_IDLE, READER_LOADS, READER_INSTALLS, READER_OVER } reader_place;

typedef struct model_reader {
        int8_t place, token, epoch, read, server;
} model_reader;

typedef enum granter_place { GRANTER_IDLE, GRANTER_ASKS_ROW, GRANTER_PUTS_LEASE } granter_place;

typedef struct model_granter {
        int8_t place, time, epoch, server, run;
} model_granter;

/* What readers remember of the lease on a server. */
typedef struct model_belief {
        int8_t epoch, run, until;
} model_belief;

/* Bytes only, no padding: states are compared by a hash of their memory. */
typedef struct model_state {
        int8_t clock;
        int8_t version;                                    /* the database */
        int8_t row_epoch, row_trusted, row_run, row_since; /* cache_trust */
        int8_t floor; /* the highest version that OK was said for */
        int8_t seen;  /* the highest version that anybody saw */
        int8_t tokens, faults;
        int8_t promoted, x_lives;
        int8_t run[SERVERS]; /* the run id of each server */
        model_server server[SERVERS];
        model_server snapshot; /* X's, on disk */
        model_writer writer[WRITERS_MAX];
        model_reader reader[READERS_MAX];
        model_granter granter[GRANTERS_MAX];
        model_belief belief[SERVERS];
} model_state;

/* What a model leaves out of the protocol, to prove that it is needed. */
typedef enum model_mutation {
        WITHOUT_FENCE = 1 << 0,
        WITHOUT_TOKEN = 1 << 1,
        WITHOUT_COMPARE_AT_PUBLISH = 1 << 2,
        WITHOUT_LEASE = 1 << 3,
        WITHOUT_RUN_ID = 1 << 4,
        WITHOUT_PUBLISH_BEFORE_OK = 1 << 5,
        WITH_RELATIVE_LIFE = 1 << 6, /* the lease lives from when it arrives */
        WITHOUT_WAIT = 1 << 7,
        WITHOUT_ROW_AFTER_COMMIT = 1 << 8,
        WITH_HIDING_FENCE = 1 << 9, /* the old value comes back when the fence runs out */
        WITH_EVERY_FENCE_LEFT = 1 << 10,
        WITH_PUBLISH_ONTO_ANYTHING_OLDER = 1 << 11, /* onto an absent key too */
        WITHOUT_EPOCH_IN_FENCE = 1 << 12,
} model_mutation;

typedef struct model_options {
        int writers, readers, granters;
        int clock_max, faults_max, epoch_max;
        uint32_t mutations;       /* of model_mutation; 0: the protocol */
        bool fences_succeed;      /* and Redis keeps them while their writer lives */
        bool only_writers_die;    /* no other fault */
        bool reads_never_go_back; /* check that too, beside S6 */
        bool repeat;              /* writers and readers begin again; for walks */
} model_options;

/* A step and who took it. */
typedef enum model_step {
        STEP_TICK,
        STEP_REPLICATE,
        STEP_SNAPSHOT,
        STEP_PROMOTE_BESIDE,
        STEP_PROMOTE_AFTER_DEATH,
        STEP_RESTART_EMPTY,
        STEP_RESTART_OLD,
        STEP_FLUSH,
        STEP_EVICT_KEY,
        STEP_EVICT_LEASE,
        STEP_WRITER_DIES,
        STEP_FENCE_ENDS,
        STEP_BELIEVE,
        STEP_GRANTER_TIME,
        STEP_GRANTER_SEES_TRUSTED,
        STEP_GRANTER_SETS_DOWN,
        STEP_GRANTER_SETS_TRUSTED,
        STEP_GRANTER_GIVES_UP,
        STEP_GRANTER_PUTS_LEASE,
        STEP_GRANTER_COMMAND_LOST,
        STEP_WRITER_FENCES,
        STEP_WRITER_COMMITS,
        STEP_WRITER_CONFLICT,
        STEP_WRITER_PUBLISHES,
        STEP_WRITER_CANNOT_PUBLISH,
        STEP_WRITER_SKIPS_ROW,
        STEP_WRITER_SEES_DOWN,
        STEP_WRITER_SETS_DOWN,
        STEP_WRITER_WAITED,
        STEP_WRITER_OK,
        STEP_WRITER_AGAIN,
        STEP_READER_HIT,
        STEP_READER_MISS,
        STEP_READER_LOADS,
        STEP_READER_INSTALLS,
        STEPS,
} model_step;
const char *model_step_text(model_step step);

/* Whoever wants the successors of a state. */
typedef struct model_visitor {
        void (*visit)(struct model_visitor *visitor, const model_state *to, model_step step,
                      int actor);
} model_visitor;

typedef enum model_verdict {
        MODEL_HOLDS,
        MODEL_STALE_AFTER_OK, /* S6: a strong read that hits now shows less than the floor */
        MODEL_WENT_BACK,      /* … less than somebody has seen before */
} model_verdict;

model_state model_start(void);
/* Would a strong read in this state be wrong? */
model_verdict model_probe(const model_options *options, const model_state *state);
/* Hands every successor to the visitor. */
void model_successors(const model_options *options, const model_state *state,
                      model_visitor *visitor);

#endif
