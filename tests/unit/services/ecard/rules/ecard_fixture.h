/* A person with cards and an electronic card, for tests of the rules. */
#ifndef SSCARD_TESTS_UNIT_SERVICES_ECARD_RULES_ECARD_FIXTURE_H
#define SSCARD_TESTS_UNIT_SERVICES_ECARD_RULES_ECARD_FIXTURE_H

#include "services/ecard/rules/ecard_rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* 2026-11-23 10:00 in China. */
#define FIXTURE_NOW_MS INT64_C(1795399200000)

typedef struct world {
        card_holder holder;
        ecard_record ecard;
        ecard_knobs knobs;
        card_knobs card_knobs;
        policy_caller caller;
        ecard_facts facts;
        ecard_event event;
        ecard_verdict verdict;
} world;

/* A holder born in 1980, caller HOLDER on ECARD with assurance 2, without card and e-card. */
void ecard_world_reset(world *w);
ulid ecard_world_id(uint8_t number);
/* Adds a card in that state; its id is ecard_world_id(index + 1). Returns its index. */
int ecard_world_card(world *w, card_state state);
/* Puts the card into a state, as the rules of the card do: version and state version rise. */
void ecard_world_enter(world *w, int card, card_state state);
/* An L1 electronic card, bound on ECARD/APP, of the card with that index. */
void ecard_world_issue(world *w, int card);
/* An event of its own, otherwise empty, with everything in order that Issue and Bind ask for. */
ecard_event *ecard_world_event(world *w, ecard_operation operation);
/* Applies the event; reason of the refusal, or "". Takes the result over when it is accepted. */
const char *ecard_world_apply(world *w);
/* Reason of the refusal of a service, or "". */
const char *ecard_world_authorize(world *w, const char *service, policy_channel channel);
/* Grants "medical_payment" on ECARD for a session; asserts that it is accepted. */
void ecard_world_grant(world *w, uint8_t id);

#endif
