/* Who acts in the journey, with the claims of their tokens. */
#ifndef SSCARD_TOOLS_JOURNEY_ACTORS_H
#define SSCARD_TOOLS_JOURNEY_ACTORS_H

#include "common/base/arena.h"
#include "common/identity/token_issue.h"
#include "common/policy/vocabulary.h"
#include "tools/people/people.h"

#define JOURNEY_CASE "CASE-JOURNEY-1"

typedef struct actor {
        policy_text name;
        token_claims claims;
        const char *outlet; /* where they stand; "" */
        bool is_staff;      /* reads with a case reference (R49) */
} actor;

typedef struct actors {
        actor holder, clerk, teller, hotline, factory, pharmacy;
} actors;

/* Texts in the arena. `apart` makes subjects differ between journeys. */
void actors_cast(actors *cast, const person *who, uint64_t apart, arena *a);

#endif
