/* What every change of a card has in common: load, decide, commit, reply; again on a conflict.
 * A verb's handler fills a card_event and calls one of these. */
#ifndef SSCARD_SERVICES_CARD_HANDLERS_COMMAND_H
#define SSCARD_SERVICES_CARD_HANDLERS_COMMAND_H

#include "common/service/call.h"
#include "services/card/handlers/card_app.h"
#include "services/card/rules/card_rules.h"

/* One attempt at a change. In the call's arena, filled from top to bottom. */
typedef struct card_command {
        rpc_call *call;
        const card_app *app;
        card_event event;
        card_loaded loaded; /* as stored */
        bool holder_is_new;
        person_record person;             /* as it will be: loaded.record.person, or a new one */
        bool person_data_changed;         /* name, photo or kinds, which rules do not see */
        const char *new_name, *new_photo; /* NULL: as they are */
        const person_record *new_kinds;   /* its entitlement_kinds are taken over; NULL: none */
        bool keeps_refusals;              /* the leg of a case: a repeat gets the same refusal */
        card_facts facts;
        card_verdict verdict;
        /* For a claim that must stand before the commit; NULL: none. Answers and returns false on a
         * failure; sets event.number_is_taken or chip_is_taken otherwise. Suspends. */
        bool (*claim)(struct card_command *command);
} card_command;

/* With the evidence and consent-free parts of the context filled in. */
card_command *card_command_begin(rpc_call *call, card_operation operation);
/* `name` is a card: the rest of the way. Suspends; the call is answered afterwards. */
void card_command_run_on_card(card_command *command);
/* `name` is a holder: the person with all cards. */
void card_command_run_on_holder(card_command *command);
/* For ApplyCard: the holder of this identity hash, or a new one with `person`. */
void card_command_run_on_person(card_command *command, const person_record *person);

/* Answers with the verdict's refusal. */
void card_command_refuse(rpc_call *call, const card_verdict *verdict);
/* Answers NOT_FOUND for a card or holder that is not there, or whose part is wrong. */
void card_answer_not_found(rpc_call *call);

/* The changes of a verdict as rows, journal entries and timers. In the arena. */
void card_command_changes(const card_command *command, change_set *changes);
/* The event of the person's change, if there is one: "person.dead". Static. */
const char *card_command_person_event(const card_command *command);
/* The facts that do not come from the holder: time, caller, rule pack. */
void card_facts_fill(rpc_call *call, const card_event *event, card_facts *facts);

#endif
