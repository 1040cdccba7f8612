/* What the rules know of a card, a person and a holder: plain values, no behaviour.
 * The holder with all cards is the unit, because chains of successors live in it. */
#ifndef SSCARD_SERVICES_CARD_RULES_CARD_TYPES_H
#define SSCARD_SERVICES_CARD_RULES_CARD_TYPES_H

#include "common/base/civil_date.h"
#include "common/base/ulid.h"
#include "common/policy/vocabulary.h"

/* The numbers of all enums here are stored: never renumber. Those with a namesake in
 * sscard.card.v1 have its numbers, but for the state: ARCHIVED is two columns of the table. */
typedef enum card_state {
        CARD_STATE_NONE = 0,
        CARD_REQUESTED = 1,
        CARD_PRODUCING = 2,
        CARD_ARCHIVED_UNCOLLECTED = 3, /* ARCHIVED/o: made, at an outlet or in the mail */
        CARD_ARCHIVED_COLLECTED = 4,   /* ARCHIVED/c: in the holder's hands, not enabled */
        CARD_NORMAL = 5,
        CARD_TEMP_LOST = 6,
        CARD_LOST = 7,
        CARD_CANCELLED = 8, /* terminal */
        CARD_WITHDRAWN = 9, /* terminal: no card came to exist */
} card_state;
enum { CARD_STATE_COUNT = 10 };

typedef enum card_cancel_reason {
        CARD_CANCEL_NONE = 0,
        CARD_CANCEL_HOLDER = 1,
        CARD_CANCEL_REPLACED = 2,
        CARD_CANCEL_REPLACED_AFTER_LOSS = 3,
        CARD_CANCEL_DEATH = 4,
        CARD_CANCEL_EMIGRATION = 5,
        CARD_CANCEL_TRANSFER_OUT = 6,
        CARD_CANCEL_UNCLAIMED = 7,
        CARD_CANCEL_DUPLICATE = 8,
        CARD_CANCEL_LOST_IN_DELIVERY = 9,
        CARD_CANCEL_ERROR = 10,
} card_cancel_reason;
enum { CARD_CANCEL_REASON_COUNT = 11 };

typedef enum card_fulfilment {
        CARD_FULFILMENT_NONE = 0,
        CARD_FULFILMENT_INSTANT = 1,
        CARD_FULFILMENT_PICKUP = 2,
        CARD_FULFILMENT_MAIL = 3,
} card_fulfilment;

typedef enum card_apply_reason {
        CARD_APPLY_NONE = 0, /* it replaces another card */
        CARD_APPLY_FIRST = 1,
        CARD_APPLY_TRANSFER_IN = 2,
} card_apply_reason;

typedef enum card_replace_reason {
        CARD_REPLACE_NONE = 0, /* it replaces none */
        CARD_REPLACE_LOST = 1,
        CARD_REPLACE_DAMAGED = 2,
        CARD_REPLACE_EXPIRING = 3,
        CARD_REPLACE_PHOTO_OUTDATED = 4,
        CARD_REPLACE_DATA_CHANGED = 5,
        CARD_REPLACE_BANK_CHANGE = 6,
} card_replace_reason;

typedef enum card_temp_loss_outcome {
        CARD_TEMP_LOSS_NONE = 0,
        CARD_TEMP_LOSS_RESTORE = 1,
        CARD_TEMP_LOSS_HOLD = 2,
        CARD_TEMP_LOSS_CANCEL = 3,
} card_temp_loss_outcome;

/* Where the physical card is (R37). Derived: card_delivery_of(). */
typedef enum card_delivery {
        CARD_DELIVERY_NONE = 0,
        CARD_DELIVERY_IN_PRODUCTION = 1,
        CARD_DELIVERY_AT_OUTLET = 2,
        CARD_DELIVERY_IN_MAIL = 3,
        CARD_DELIVERY_COLLECTED = 4,
        CARD_DELIVERY_LOST = 5, /* lost before the holder had it */
} card_delivery;

/* How far the date of expiry is. Derived: card_validity_of(). */
typedef enum card_validity {
        CARD_VALIDITY_NONE = 0, /* no date */
        CARD_VALIDITY_VALID = 1,
        CARD_VALIDITY_EXPIRING = 2, /* at most 60 days are left, the day of expiry counted in */
        CARD_VALIDITY_EXPIRED = 3,
} card_validity;

/* Which expiry notices have gone out: the flag that ExpiryTick sets, so that each goes out once. */
typedef enum card_expiry_flag {
        CARD_EXPIRY_FLAG_NONE = 0,
        CARD_EXPIRY_FLAG_EXPIRING = 1,
        CARD_EXPIRY_FLAG_EXPIRED = 2,
} card_expiry_flag;

/* The holder's recorded consent to have a card made (R32). at_ms 0: none. */
typedef struct card_consent {
        int64_t at_ms;
        policy_role given_by;
        policy_channel channel;
        const char *statement; /* reference of the text agreed to; "" */
} card_consent;

/* One card. Instants are business time in Unix milliseconds, 0 is "none". Strings are borrowed,
 * never NULL in a record that passed card_record_tidy(), "" is "none". Zero ids are "none". */
typedef struct card_record {
        ulid id;
        uint64_t version; /* 1 when made, +1 a change (I3) */
        card_state state;
        card_state prior;       /* TEMP_LOST and LOST only: NORMAL or ARCHIVED_COLLECTED */
        uint64_t state_version; /* the version that entered this state; 0: it was made in it. Tells
                                   two losses within one millisecond apart (I6) */

        int64_t temp_loss_until_ms;               /* TEMP_LOST only (I5) */
        card_temp_loss_outcome temp_loss_outcome; /* fixed when the loss was reported */
        bool temp_loss_warned;                    /* the warning of its last day went out */
        int64_t unclaimed_until_ms; /* ARCHIVED_UNCOLLECTED only, fixed when made; 0: no limit */

        card_cancel_reason cancel_reason; /* CANCELLED only */
        ulid supersedes, superseded_by;
        card_replace_reason replace_reason;
        card_apply_reason apply_reason;
        bool legacy_duplicate; /* older than the rule of one card a person (R42) */
        bool ever_normal;      /* was NORMAL at least once (I4) */

        civil_date issued_on, expires_on;
        card_expiry_flag expiry_flag;
        card_fulfilment fulfilment;
        card_consent consent;
        int64_t requested_at_ms, made_at_ms, collected_at_ms, state_since_ms;

        const char *number; /* AAZ500, nine characters */
        const char *chip_id, *chip_model, *chip_key_batch;
        int chip_key_origin; /* sscard.card.v1.KeyOrigin */
        const char *bank;    /* AAE008 */
        const char *outlet;  /* where it waits, or was handed over */
        const char *mail_reference;
        const char *mail_address; /* where to, as lines of text; personal data; "" */
        const char *photo;        /* reference */
        const char *scope;        /* pooling region (R41) */
} card_record;

typedef enum card_entitlement {
        CARD_ENTITLEMENT_UNKNOWN = 0,
        CARD_ENTITLEMENT_DRAWN = 1,
        CARD_ENTITLEMENT_NONE = 2,
} card_entitlement;

/* The person as rules see them; name, identity number and phone never reach the rules' records. */
typedef struct card_person {
        uint64_t version;
        civil_date born_on;
        civil_date died_on; /* zero: living */
        card_entitlement entitlement;
        int64_t entitlement_as_of_ms;
} card_person;

/* In a holder's record. When a further card is made, the one that ended longest ago leaves the
 * record and stays in the table alone; TOO_MANY_CARDS where none can. */
enum { CARD_CARDS_MAX = 16 };

/* A person with the cards of this region that are in the record, ended ones too, the oldest first.
 */
typedef struct card_holder {
        ulid id;
        bool exists; /* false: about to be made by ApplyCard or an import */
        card_person person;
        uint8_t card_count;
        card_record cards[CARD_CARDS_MAX];
} card_holder;

/* Not CANCELLED and not WITHDRAWN. */
static inline bool card_state_is_live(card_state state)
{
        return state >= CARD_REQUESTED && state <= CARD_LOST;
}
/* Made and not ended: there is a physical card. */
static inline bool card_state_is_made(card_state state)
{
        return state >= CARD_ARCHIVED_UNCOLLECTED && state <= CARD_LOST;
}
/* In the holder's hands, or lost out of them. */
static inline bool card_state_is_collected(card_state state)
{
        return state >= CARD_ARCHIVED_COLLECTED && state <= CARD_LOST;
}

#endif
