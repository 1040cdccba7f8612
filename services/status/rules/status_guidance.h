/* The public questions and answers by topic: about nobody, the same for everyone (R2). */
#ifndef SSCARD_SERVICES_STATUS_RULES_STATUS_GUIDANCE_H
#define SSCARD_SERVICES_STATUS_RULES_STATUS_GUIDANCE_H

#include "common/policy/refusal.h"

/* The numbers of sscard.status.v1.GuidanceTopic. */
typedef enum status_topic {
        STATUS_TOPIC_UNSPECIFIED = 0,
        STATUS_TOPIC_ENABLE_AND_ACTIVATE = 1,
        STATUS_TOPIC_ECARD_AFTER_LOSS = 2,
        STATUS_TOPIC_CARD_PASSWORD = 3,
        STATUS_TOPIC_ECARD_PASSWORD = 4,
        STATUS_TOPIC_FACE_MISMATCH = 5,
        STATUS_TOPIC_EXPIRY = 6,
        STATUS_TOPIC_ARCHIVED = 7,
        STATUS_TOPIC_SEVERAL_CARDS = 8,
        STATUS_TOPIC_WHERE_TO_ASK = 9,
        STATUS_TOPIC_LOSS = 10,
} status_topic;
enum { STATUS_TOPIC_COUNT = 11, STATUS_GUIDANCE_PARTS_MAX = 6 };

typedef struct status_guidance {
        policy_text title, text;
        const policy_step *steps[STATUS_GUIDANCE_PARTS_MAX];    /* NULL ends */
        const policy_step *warnings[STATUS_GUIDANCE_PARTS_MAX]; /* NULL ends */
        const char *rules[STATUS_GUIDANCE_PARTS_MAX];           /* NULL ends */
} status_guidance;

/* NULL for UNSPECIFIED and for topics that do not exist. Static. */
const status_guidance *status_guidance_of(status_topic topic);

#endif
