/* The real name of the account in which the electronic card is shown (R27). */
#ifndef SSCARD_SERVICES_ECARD_HANDLERS_REAL_NAME_H
#define SSCARD_SERVICES_ECARD_HANDLERS_REAL_NAME_H

#include "services/ecard/handlers/ecard_command.h"

#include "sscard/ecard/v1/ecard_service.pb-c.h"

/* Answers INVALID_ARGUMENT when it is missing or no identity number. */
bool real_name_check(rpc_call *call, const Ecard__RealName *real_name) MUST_CHECK;
/* Is it that person's number? `identity_hash` as in their record. */
policy_ternary real_name_is(const ecard_command *command, const Ecard__RealName *real_name,
                            bytes identity_hash);
/* A person's record, of another holder than the command's. Suspends. False: answered, or failed. */
bool real_name_person(ecard_command *command, ulid holder, person_record *person) MUST_CHECK;

#endif
