/* Notices to holders: which changes have one, what its text may name, and the text itself, the same
 * for the preview of a change (S3) and for what is sent. Texts stand in the rule packs, section
 * `notices`; no text holds a link (R35). */
#ifndef SSCARD_SERVICES_REGION_REGION_NOTICE_H
#define SSCARD_SERVICES_REGION_REGION_NOTICE_H

#include "common/base/arena.h"
#include "common/pack/pack.h"
#include "services/card/rules/card_types.h"

/* For the schema. */
enum { REGION_NOTICE_KIND_COUNT = 9, REGION_NOTICE_FIELD_COUNT = 8 };
extern const pack_notice_kind REGION_NOTICE_KINDS[REGION_NOTICE_KIND_COUNT];
extern const notice_field REGION_NOTICE_FIELDS[REGION_NOTICE_FIELD_COUNT];

/* What a notice about a card is filled in with. */
typedef struct region_notice_about {
        const char *event;       /* "card.ready" */
        const card_record *card; /* after the change */
        const char *person;      /* name of the holder, masked here; NULL or "": not named */
        language language;
} region_notice_about;

/* In the arena. NULL: this change has no notice, or the pack has no text for it. A name that does
 * not belong into a notice is written as a general word. */
const char *region_notice_text(arena *a, const rule_pack *region, const region_notice_about *about);

#endif
