/* A write of the suite's own: by a timer, or because the card changed. */
#ifndef SSCARD_SERVICES_BANK_JOBS_BANK_WRITE_H
#define SSCARD_SERVICES_BANK_JOBS_BANK_WRITE_H

#include "services/bank/handlers/bank_app.h"
#include "services/bank/rules/bank_rules.h"

typedef struct bank_write {
        bank_app *app;
        ulid holder;
        const bank_loaded *loaded;
        const bank_verdict *verdict; /* changed */
        const char *method, *request_id;
        const commit_consumes *consumes; /* NULL: none */
} bank_write;

/* Suspends. COMMITTED, CONFLICT or UNAVAILABLE. */
commit_outcome bank_write_commit(task *t, const bank_write *write) MUST_CHECK;

#endif
