/* Sessions: what a right password opens. Nothing of them is stored: a session says whose it is, of
 * which epoch and until when, under a key of the service; it holds as long as the stored epoch is
 * its own (R23). */
#ifndef SSCARD_SERVICES_ECARD_HANDLERS_ECARD_SESSION_H
#define SSCARD_SERVICES_ECARD_HANDLERS_ECARD_SESSION_H

#include "services/ecard/handlers/ecard_app.h"

typedef struct ecard_session_content {
        ulid holder;
        int64_t epoch;
        int64_t expires_at_ms; /* wall clock */
} ecard_session_content;

/* The token, in the arena. */
const char *ecard_session_issue(arena *a, const ecard_app *app,
                                const ecard_session_content *content);
/* "" is NONE; otherwise LIVE only if we made it, for this record, of its present epoch. `expires`
 * (may be NULL) is set when LIVE. */
ecard_session ecard_session_check(const ecard_app *app, const char *token,
                                  const ecard_record *ecard, int64_t wall_ms, int64_t *expires);

#endif
