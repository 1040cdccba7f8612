/* A holder with cards in any state, facts about them, and events with everything in order. */
#ifndef SSCARD_TESTS_UNIT_SERVICES_CARD_RULES_CARD_FIXTURE_H
#define SSCARD_TESTS_UNIT_SERVICES_CARD_RULES_CARD_FIXTURE_H

#include "services/card/rules/card_rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* 2026-11-23 12:00 in China. */
#define FIXTURE_NOW_MS (INT64_C(1795406400000))
#define DAY_MS (INT64_C(86400000))

typedef struct world {
        card_holder holder;
        card_knobs knobs;
        policy_caller caller;
        card_facts facts;
        card_event event;
        card_verdict verdict;
        uint32_t next; /* of ids and numbers */
        char numbers[64][10];
} world;

/* A living person born in 1990 without cards; a HOLDER at BRANCH with assurance 3; all facts known.
 */
void world_init(world *w);
/* Adds a card in that state, VALID until 2030, bank 105; returns its index. */
int world_card(world *w, card_state state);
void world_as(world *w, policy_role role, policy_channel channel);
/* Somebody who may do it, where it may be done (typed by hand from 2.1.1, not from the table). */
void world_as_whoever_may(world *w, card_operation operation, card_state state);
/* w->event: the operation with all evidence, consent, photo, bank. `card` -1: none. */
card_event *world_event(world *w, card_operation operation, int card);
/* Applies w->event. The holder stays as it is. */
card_verdict *world_apply(world *w);
/* The three at once, by whoever may; then takes the change over. Fails the test on a refusal. */
void world_do(world *w, card_operation operation, int card);
void world_keep(world *w);
/* Reason of the verdict's refusal; "OK" when there is none. */
const char *world_reason(const world *w);
void world_expect(world *w, const char *reason);
ulid world_id(uint32_t number);

#endif
