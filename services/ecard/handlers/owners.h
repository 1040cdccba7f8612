/* What the records of the other owners say for the gate: plain values, derived at this read. */
#ifndef SSCARD_SERVICES_ECARD_HANDLERS_OWNERS_H
#define SSCARD_SERVICES_ECARD_HANDLERS_OWNERS_H

#include "common/service/record_service.h"
#include "services/ecard/rules/ecard_gate.h"

/* Index of definition->peers. */
enum { OWNER_CARD = 0, OWNER_CREDENTIAL = 1, OWNER_BANK = 2 };

/* Is that card's password locked (A1), and by which lock? As below where nothing is known. */
bool owners_lock(task *t, const record_look *look, const card_record *card,
                 ecard_lock *lock) MUST_CHECK;
/* Is that card's bank link ACTIVE? NO where no bank service runs; UNKNOWN when its owner could not
 * be asked. `*active` only when true is returned; false: the record cannot be read. */
bool owners_bank_active(task *t, const record_look *look, const card_record *card,
                        policy_ternary *active) MUST_CHECK;

#endif
