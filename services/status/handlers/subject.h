/* Who and what a status question is about: a card by number or name, or a person. Finds the holder,
 * reads the holder's records, settles them to now, and checks that the caller may know. */
#ifndef SSCARD_SERVICES_STATUS_HANDLERS_SUBJECT_H
#define SSCARD_SERVICES_STATUS_HANDLERS_SUBJECT_H

#include "common/service/call.h"
#include "services/card/record/holder_record.h"
#include "services/status/handlers/subject_account.h"
#include "services/status/handlers/subject_ecard.h"
#include "services/status/handlers/subject_pin.h"

/* The oneof `subject` of a request; the unused ones are NULL. */
typedef struct subject_question {
        const char *name, *card_number, *identity_number;
        bool card_only; /* a holder's name is none */
} subject_question;

/* The answer. In the call's arena. */
typedef struct subject {
        const holder_record *record; /* settled to the call's time */
        int card;                    /* index of the card meant; -1: the person has none */
        int64_t as_of_ms;            /* business time for which it is true */
        record_look account_look, pin_look;
        subject_account account; /* of the card meant */
        subject_pin pin;         /* of the card meant */
        subject_ecard ecard;     /* of the person */
} subject;

/* Suspends. False: answered (INVALID_ARGUMENT, NOT_FOUND, PERMISSION_DENIED, UNAVAILABLE), or the
 * task failed. */
bool subject_find(rpc_call *call, const subject_question *question, subject *s) MUST_CHECK;
/* Another card of the same person, with its parts; -1: none. False: a record cannot be read. */
bool subject_turn_to(rpc_call *call, subject *s, int card) MUST_CHECK;

#endif
