/* The credential as the API shows it, and previews of changes. */
#ifndef SSCARD_SERVICES_CREDENTIAL_HANDLERS_CREDENTIAL_MESSAGE_H
#define SSCARD_SERVICES_CREDENTIAL_HANDLERS_CREDENTIAL_MESSAGE_H

#include "services/credential/handlers/command.h"

/* For whom and when a message is written. */
typedef struct credential_view {
        arena *arena; /* where everything goes */
        const char *language, *region;
        const credential_knobs *knobs;
        card_state card; /* CARD_STATE_NONE: not known */
        int64_t now_ms;
} credential_view;
credential_view credential_view_of(const credential_command *command);

Credential__Credential *credential_message(const credential_view *view,
                                           const credential_record *record);
/* CredentialResult of the record after a change; `event` NULL: it was so already. With the preview
 * when the call is one. */
Credential__CredentialResult *credential_result(const credential_command *command,
                                                const credential_record *after, const char *event);
/* What would change, for validate_only (S3). */
Common__ChangeSet *credential_preview(const credential_command *command,
                                      const credential_record *after, const char *event);

#endif
