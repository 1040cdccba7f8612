/* The journey of one card: the person it happens to, what is known so far, and calls that tell
 * themselves. Steps are in steps_*.c, one act a file. */
#ifndef SSCARD_TOOLS_JOURNEY_JOURNEY_H
#define SSCARD_TOOLS_JOURNEY_JOURNEY_H

#include "sscard/bank/v1/bank_service.pb-c.h"
#include "sscard/card/v1/card_service.pb-c.h"
#include "sscard/credential/v1/credential_service.pb-c.h"
#include "sscard/ecard/v1/ecard_service.pb-c.h"
#include "sscard/status/v1/status_service.pb-c.h"
#include "tools/client/region.h"
#include "tools/journey/actors.h"
#include "tools/journey/story.h"
#include "tools/people/people.h"

/* What is known of one of the two cards. */
typedef struct journey_card {
        const char *name;          /* resource name; "" before it is applied for */
        const char *number;        /* "" before it is made */
        const char *etag;          /* of the last answer */
        const char *outdated_etag; /* of the one before */
        int64_t version;
        Card__CardState state;
} journey_card;

/* Embedded. */
typedef struct journey {
        region *to;
        story *story;
        const char *language; /* of answers */
        arena a;              /* as long as the journey */
        int64_t patience_ms;  /* left for waiting until the region is ready, in all */
        people crowd;
        person who;
        const char *holder; /* resource name; "" at first */
        journey_card old_card, new_card;
        actors cast;
        /* The hand-over of the new card, for the step that repeats it. */
        Card__CollectCardRequest *repeatable;
        const Card__CardResult *repeatable_answer;
} journey;

/* Pair: journey_release(). `seed` chooses the person. */
void journey_init(journey *j, region *to, story *s, uint64_t seed);
void journey_release(journey *j);
/* From the first step to the last. False: it broke off; what differed is in the story. */
bool journey_run(journey *j);

/* The parts that steps are made of. */

/* Begins a step that needs that service; told as skipped where the region has none. */
bool journey_has(journey *j, region_service service, policy_text title);
/* A pause out of the patience. False: it is used up, or somebody interrupts. */
bool journey_wait(journey *j);

/* It happens to the next grown-up from that index on. */
void journey_choose_person(journey *j, uint64_t from);

/* A call by `who` on `channel`, with waits while the region is not ready; tells itself. */
const region_answer *journey_call(journey *j, const actor *who, policy_channel channel,
                                  region_service service, const char *method,
                                  const ProtobufCMessage *request,
                                  const ProtobufCMessageDescriptor *answer);
/* With a fresh request id. In the arena. */
Common__RequestContext *journey_context(journey *j, const actor *who, policy_channel channel);
void journey_evidence(journey *j, Common__RequestContext *context, Common__EvidenceKind kind,
                      const char *reference);
Common__ReadOptions *journey_read_options(journey *j, const actor *who, policy_channel channel);

/* OK and of the right type: the body. Otherwise NULL, and the difference is told. */
const void *journey_body(journey *j, const region_answer *answer);
/* The card of a change, kept in `card` and told: state, next steps. False: there is none. */
bool journey_take_result(journey *j, const region_answer *answer, journey_card *card,
                         Card__CardState wanted);
/* It must be refused with that reason; told with rule and next steps. */
void journey_expect_refusal(journey *j, const region_answer *answer, int code, const char *reason);
/* What was just refused must be listed so, where there is a status service (S11). */
void journey_expect_foretold(journey *j, const char *operation, const char *reason);
/* What the holder is told of a card on her phone. NULL: there is no status service, or it refused
 * and that is told. */
const Status__CardStatus *journey_status(journey *j, const journey_card *card);
void journey_expect(journey *j, bool holds, const char *format, ...) FORMAT_CHECK(3, 4);
void journey_tell_steps(journey *j, Common__NextStep *const *steps, size_t count);
policy_text journey_state_text(Card__CardState state);

/* The acts, in order. False: the story cannot go on. */
bool journey_step_apply(journey *j);
bool journey_step_produce(journey *j);
bool journey_step_status_waiting(journey *j);
bool journey_step_collect(journey *j);
bool journey_step_status_normal(journey *j);
bool journey_step_allowed(journey *j);
bool journey_step_pin_first(journey *j);
bool journey_step_pin_locked(journey *j);
bool journey_step_pin_unlocked(journey *j);
bool journey_step_temp_loss(journey *j);
bool journey_step_status_temp_lost(journey *j);
bool journey_step_refused(journey *j);
bool journey_step_recover(journey *j);
bool journey_step_status_recovered(journey *j);
bool journey_step_formal_loss(journey *j);
bool journey_step_replace(journey *j);
bool journey_step_too_late(journey *j);
bool journey_step_both_cards(journey *j);
bool journey_step_produce_new(journey *j);
bool journey_step_collect_new(journey *j);
bool journey_step_status_both(journey *j);
bool journey_step_bank_loaded(journey *j);
bool journey_step_bank_activated(journey *j);
bool journey_step_ecard_issued(journey *j);
bool journey_step_ecard_loss(journey *j);
bool journey_step_ecard_recovered(journey *j);
bool journey_step_case(journey *j);
bool journey_step_history(journey *j);
bool journey_step_repeat(journey *j);
bool journey_step_reuse(journey *j);
bool journey_step_wrong_etag(journey *j);

#endif
