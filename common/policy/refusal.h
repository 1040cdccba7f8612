/* A refusal: a rule says no. A value, expected and shown to people, with the next steps that it
 * names. Failures (the world broke) are common/base/failure.h. */
#ifndef SSCARD_COMMON_POLICY_REFUSAL_H
#define SSCARD_COMMON_POLICY_REFUSAL_H

#include "common/base/failure.h"
#include "common/policy/vocabulary.h"

/* Whom to ask; the answer's writer turns the kind into a name and a number from region data. */
typedef enum policy_contact {
        POLICY_CONTACT_NONE = 0,
        POLICY_CONTACT_ISSUING_12333 = 1, /* the hotline of the issuing place */
        POLICY_CONTACT_LOCAL_12333 = 2,
        POLICY_CONTACT_AGENCY = 3, /* the agency outlet of the issuing place */
        POLICY_CONTACT_OUTLET = 4, /* the outlet that holds the thing */
        POLICY_CONTACT_BANK = 5,
        POLICY_CONTACT_CARRIER = 6,
} policy_contact;
enum { POLICY_CONTACT_COUNT = 7 };
const char *policy_contact_name(policy_contact contact);

enum { POLICY_STEP_DOCUMENTS_MAX = 4, POLICY_REFUSAL_STEPS_MAX = 8 };

/* What a person can do next. Static storage. */
typedef struct policy_step {
        const char *code; /* UPPER_SNAKE, stable */
        const char
                *operation; /* the operation that does it; NULL: outside of the suite, or advice */
        bool lifts;         /* doing `operation` lifts the block (else: what to do instead) */
        policy_text text;
        policy_channels channels;                         /* where; 0: everywhere */
        policy_roles who;                                 /* 0: everyone */
        const char *documents[POLICY_STEP_DOCUMENTS_MAX]; /* kinds of evidence; NULL ends */
        policy_contact contact;
        const char *rule; /* "S2" */
} policy_step;

/* Zero is "no refusal". May be copied; everything in it points to static storage. */
typedef struct policy_refusal {
        const char *reason; /* UPPER_SNAKE, stable: ErrorInfo.reason */
        int status;         /* gRPC status number (failure_kind has the same numbers) */
        const char *rule;   /* "S2" */
        policy_text text;
        const policy_step *steps[POLICY_REFUSAL_STEPS_MAX];   /* NULL ends */
        const char *precondition_type, *precondition_subject; /* PreconditionFailure; NULL: none */
        const char *field; /* INVALID_ARGUMENT: path of the field; else NULL */
} policy_refusal;

size_t policy_refusal_step_count(const policy_refusal *refusal);
/* Does one of its steps name that operation as lifting it? */
bool policy_refusal_is_lifted_by(const policy_refusal *refusal, const char *operation);

/* What a program needs to know (ErrorInfo.metadata). Borrowed. */
typedef struct policy_detail {
        const char *key;
        const char *value;
} policy_detail;

/* Details that a rule makes without allocating. May be copied. */
enum { POLICY_DETAILS_MAX = 8, POLICY_DETAIL_VALUE_BYTES = 160 };
typedef struct policy_details {
        size_t count;
        struct {
                const char *key; /* static */
                char value[POLICY_DETAIL_VALUE_BYTES];
        } items[POLICY_DETAILS_MAX];
} policy_details;
/* Cuts what does not fit. Nothing where nobody wants details (NULL). More than POLICY_DETAILS_MAX
 * is a bug. */
void policy_details_add(policy_details *details, const char *key, const char *format, ...)
        FORMAT_CHECK(3, 4);
/* NULL when there is none. */
const char *policy_details_get(const policy_details *details, const char *key);
/* Borrows `details`; returns how many were written (at most `max`). */
size_t policy_details_view(const policy_details *details, policy_detail *view, size_t max);

#endif
