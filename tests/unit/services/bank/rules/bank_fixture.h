/* A card with a link in any state, facts about them, and events with everything in order. */
#ifndef SSCARD_TESTS_UNIT_SERVICES_BANK_RULES_BANK_FIXTURE_H
#define SSCARD_TESTS_UNIT_SERVICES_BANK_RULES_BANK_FIXTURE_H

#include "services/bank/rules/bank_rules.h"
#include "tests/unit/services/card/rules/card_fixture.h"

#define R9_EVIDENCE (CARD_E(ID_DOCUMENT) | CARD_E(CARD_PRESENTED) | CARD_E(IN_PERSON))

typedef struct bank_world {
        world cards; /* its caller and its now count */
        bank_holder links;
        bank_knobs knobs;
        bank_facts facts;
        bank_event event;
        bank_verdict verdict;
        uint32_t next;
} bank_world;

/* One card in that state with a link in that state; a clerk of bank 105 at its counter. */
void bank_world_init(bank_world *w, card_state card, bank_state link);
/* A well-formed stored link. */
bank_link bank_world_link(bank_world *w, ulid card, bank_state state);
void bank_world_as(bank_world *w, policy_role role, policy_channel channel, const char *bank);
/* w->event: the operation on card 0 with all of R9's evidence. */
bank_event *bank_world_event(bank_world *w, bank_operation operation);
/* Applies w->event; the reason, or "OK". */
const char *bank_world_apply(bank_world *w);
/* The same, and takes the change over. */
void bank_world_do(bank_world *w, bank_operation operation);
/* The card changed to its present record. */
void bank_world_follow(bank_world *w, bank_event_kind kind);
/* The bank answers the request of that kind; takes the change over. The reason, or "OK". */
const char *bank_world_answer(bank_world *w, bank_request_kind kind, bank_answer_kind answer);
bank_ids bank_world_ids(bank_world *w);
/* The stored link of card 0, and card 0. */
bank_link *bank_world_stored(bank_world *w);
card_record *bank_world_card(bank_world *w);
/* Has the verdict a step with that code? */
bool bank_world_advises(const bank_world *w, const char *code);

#endif
