/* From records to the messages of the API. */
#ifndef SSCARD_SERVICES_ECARD_HANDLERS_ECARD_MESSAGE_H
#define SSCARD_SERVICES_ECARD_HANDLERS_ECARD_MESSAGE_H

#include "services/ecard/handlers/ecard_command.h"

#include "sscard/ecard/v1/ecard_service.pb-c.h"

/* "regions/330000/holders/{ulid}/ecard". In the arena. */
const char *ecard_name(rpc_call *call, ulid holder);
const char *ecard_grant_name(rpc_call *call, ulid holder, ulid grant);

/* The electronic card as `record` says it, with the facts of the command. */
Ecard__ElectronicCard *ecard_message(const ecard_command *command, const ecard_record *record);
Ecard__Grant *ecard_grant_message(const ecard_command *command, const ecard_grant *grant,
                                  const ecard_view *view);
/* With validate_only: everything that would change; else NULL. */
Common__ChangeSet *ecard_preview_message(const ecard_command *command);
/* ECardResult of command->verdict. */
ecard_reply ecard_result_message;

#endif
