/* Requests of every mutating method of the card service, made from dice: the right way by one of
 * the rows that say who may, or any way at all. The same wish gives the same bytes. */
#ifndef SSCARD_TESTS_SIM_REGION_SIM_REQUESTS_H
#define SSCARD_TESTS_SIM_REGION_SIM_REQUESTS_H

#include "services/card/rules/card_operations.h"
#include "tests/sim/region/sim_keys.h"

#include "sscard/card/v1/card_service.pb-c.h"

typedef struct sim_world sim_world;

/* card_operation and one more; ENABLE_BY_PIN_CHANGE has no method. */
enum { SIM_OPERATION_IMPORT = CARD_OPERATION_COUNT, SIM_OPERATION_COUNT };
const char *sim_operation_name(int operation);
/* "ReportLoss" */
const char *sim_operation_method(int operation);
bool sim_operation_exists(int operation);
/* One that makes sense for a card in that state (sscard.card.v1.CardState). */
int sim_operation_for(int state, uint64_t dice);

typedef struct sim_wish {
        int operation;
        const char *card,
                *holder; /* resource names, borrowed; the one that the operation is about */
        uint64_t person; /* of the crowd: whose card it is, who applies, who is imported */
        uint32_t request;
        uint64_t dice;
        int64_t asked_ms; /* business time: what the dates in it are reckoned from */
        bool any_way;     /* any role, channel and evidence */
        policy_role role; /* by that one, there, with whatever may be asked for; 0: by dice */
        policy_channel channel;
        const char *etag; /* NULL: none */
} sim_wish;

typedef struct sim_request {
        const char *method; /* with package and service */
        ProtobufCMessage *message;
        Common__RequestContext *context; /* its own */
        const ProtobufCMessageDescriptor *answer;
        const char *token;
} sim_request;
/* All in the arena or the world's. */
void sim_request_make(sim_world *w, arena *a, const sim_wish *wish, sim_request *request);

/* Of somebody in that role who speaks for (or is) that person; the same words give the same token.
 * `request_hash`: approves that request as the second person; NULL: nothing. */
const char *sim_token(sim_world *w, policy_role role, uint64_t person, const char *request_hash);

#endif
