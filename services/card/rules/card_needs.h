/* What an operation asks to be shown: evidence, consent, a second person. A need is met by any
 * one of several kinds of evidence, or by how well the caller's credentials identify the holder. */
#ifndef SSCARD_SERVICES_CARD_RULES_CARD_NEEDS_H
#define SSCARD_SERVICES_CARD_RULES_CARD_NEEDS_H

#include "common/policy/evidence.h"
#include "common/policy/vocabulary.h"

/* The numbers of sscard.common.v1.EvidenceKind. */
typedef enum card_evidence {
        CARD_EVIDENCE_ID_DOCUMENT = 1,
        CARD_EVIDENCE_CARD_PRESENTED = 2,
        CARD_EVIDENCE_FACE_MATCH = 3,
        CARD_EVIDENCE_PHONE_PROOF = 4,
        CARD_EVIDENCE_IN_PERSON = 5,
        CARD_EVIDENCE_MANDATE = 6,
        CARD_EVIDENCE_AGENT_ID_DOCUMENT = 7,
        CARD_EVIDENCE_GUARDIANSHIP = 8,
        CARD_EVIDENCE_MOBILITY_GROUND = 9,
        CARD_EVIDENCE_PROCEDURE = 10,
        CARD_EVIDENCE_DELIVERY_RECEIPT = 11,
        CARD_EVIDENCE_DEATH_RECORD = 12,
        CARD_EVIDENCE_AUTHORITY_DOCUMENT = 13,
        CARD_EVIDENCE_PHOTO = 14,
        CARD_EVIDENCE_NO_LOCAL_ENTITLEMENTS = 15,
} card_evidence;
enum { CARD_EVIDENCE_COUNT = 16 };
/* Bit n: evidence of kind n was given, has a reference and, if it is a document, is still valid. */
typedef policy_evidences card_evidences;
#define CARD_E(name) ((card_evidences)1 << CARD_EVIDENCE_##name)
#define CARD_EVIDENCES_ALL ((card_evidences)((1u << CARD_EVIDENCE_COUNT) - 2))

/* One item as it was shown. */
typedef policy_evidence_item card_evidence_item;
/* Does it count? An expired document does not, nor one that cannot be found again. */
bool card_evidence_counts(const card_evidence_item *item, civil_date today);

typedef enum card_need {
        CARD_NEED_IDENTITY = 0,    /* assurance 1: knowledge or phone */
        CARD_NEED_STRONG_IDENTITY, /* assurance 2: document or face */
        CARD_NEED_FACE,            /* assurance 3 */
        CARD_NEED_ID_DOCUMENT,     /* the document itself, whatever the credentials say */
        CARD_NEED_CARD_PRESENTED,
        CARD_NEED_MANDATE,
        CARD_NEED_AGENT_ID_DOCUMENT,
        CARD_NEED_GUARDIANSHIP,
        CARD_NEED_PROCEDURE,
        CARD_NEED_DELIVERY_RECEIPT,
        CARD_NEED_DEATH_RECORD,
        CARD_NEED_AUTHORITY_DOCUMENT,
        CARD_NEED_PHOTO,
        CARD_NEED_BANK,
        CARD_NEED_NO_LOCAL_ENTITLEMENTS,
        CARD_NEED_MOBILITY_GROUND, /* MOBILITY_GROUND_REQUIRED */
        CARD_NEED_CONSENT,         /* CONSENT_REQUIRED */
        CARD_NEED_SECOND_PERSON,   /* SECOND_PERSON_REQUIRED */
        CARD_NEED_COUNT,
} card_need;
typedef uint32_t card_needs; /* bit n is the need with number n */
#define CARD_N(name) ((card_needs)1 << CARD_NEED_##name)

/* "ID_DOCUMENT": what ErrorInfo.metadata `evidence` names. */
const char *card_need_name(card_need need);
policy_text card_need_text(card_need need);
/* Any one of these meets it; 0: it is not evidence but another part of the request. */
card_evidences card_need_kinds(card_need need);
/* Credentials with at least this assurance meet it too; 0: they never do. */
uint8_t card_need_assurance(card_need need);
/* Names, ", " between them, cut to `size`. Returns `text`. */
char *card_needs_format(card_needs needs, char *text, size_t size);

/* "ID_DOCUMENT" and what people call it: NextStep.documents. "" and NULLs for unknown kinds. */
const char *card_evidence_name(card_evidence kind);
policy_text card_evidence_text(card_evidence kind);
/* By name, as policy_step.documents has it; 0 when there is none. */
card_evidence card_evidence_of(const char *name);

#endif
