/* The answer of a change: the card, what else changed, what to do next, and the preview. */
#ifndef SSCARD_SERVICES_CARD_HANDLERS_CARD_RESULT_H
#define SSCARD_SERVICES_CARD_HANDLERS_CARD_RESULT_H

#include "services/card/handlers/command.h"

#include "sscard/card/v1/card_service.pb-c.h"

/* CardResult or HolderResult, by the operation. In the call's arena. */
const ProtobufCMessage *card_result_message(const card_command *command);

/* What would change, for validate_only (S3). */
Common__ChangeSet *card_preview_message(const card_command *command);

#endif
