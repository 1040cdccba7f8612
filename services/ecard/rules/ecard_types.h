/* What the rules know of an electronic card: plain values, no behaviour. One a person. */
#ifndef SSCARD_SERVICES_ECARD_RULES_ECARD_TYPES_H
#define SSCARD_SERVICES_ECARD_RULES_ECARD_TYPES_H

#include "common/base/ulid.h"
#include "common/policy/vocabulary.h"

/* The numbers of all enums here are stored, and are those of sscard.ecard.v1: never renumber. */
typedef enum ecard_level {
        ECARD_LEVEL_ZERO = 0,
        ECARD_NONE = 1,
        ECARD_L1 = 2,
        ECARD_L2 = 3,
        ECARD_CLOSED = 4,
} ecard_level;
enum { ECARD_LEVEL_COUNT = 5 };

typedef enum ecard_gate {
        ECARD_GATE_UNKNOWN = 0, /* a fact is missing: nothing personal */
        ECARD_GATE_OPEN = 1,
        ECARD_GATE_AUTH_REQUIRED = 2,
        ECARD_GATE_PERSONAL_BLOCKED = 3,
        ECARD_GATE_NOT_ISSUED = 4,
        ECARD_GATE_LIMITED = 5, /* ARCHIVED: own status and enabling only */
} ecard_gate;
enum { ECARD_GATE_COUNT = 6 };

typedef enum ecard_host {
        ECARD_HOST_NONE = 0,
        ECARD_HOST_APP = 1,
        ECARD_HOST_WECHAT = 2,
        ECARD_HOST_ALIPAY = 3,
        ECARD_HOST_UNIONPAY = 4,
        ECARD_HOST_BANK_APP = 5,
        ECARD_HOST_GOVERNMENT = 6,
} ecard_host;
enum { ECARD_HOST_COUNT = 7 };

typedef enum ecard_relation {
        ECARD_RELATION_NONE = 0,
        ECARD_RELATION_ELDER = 1,
        ECARD_RELATION_CHILD = 2,
        ECARD_RELATION_SPOUSE = 3,
        ECARD_RELATION_OTHER = 4,
} ecard_relation;
enum { ECARD_RELATION_COUNT = 5 };

/* A span in which the reason for the gate did not change. What was granted or shown in one period
 * counts in no other (I6). */
typedef struct ecard_period {
        ulid card;
        uint64_t card_state_version; /* card_record.state_version */
        uint64_t lock_version;       /* of the credential's lock; 0: not locked */
} ecard_period;

enum {
        ECARD_GRANT_SERVICES_MAX = 16,
        ECARD_GRANTS_MAX = 16,
        ECARD_BINDINGS_MAX = 16,
        ECARD_SERVICE_CODE_MAX = 64,
        ECARD_NONCE_BYTES = 12,
        ECARD_ATTEMPT_BYTES = 16,
};

/* Instants of grants are business time, Unix milliseconds. Strings are borrowed. */
typedef struct ecard_grant {
        ulid id;
        uint8_t service_count;
        const char *services[ECARD_GRANT_SERVICES_MAX];
        policy_channels channels;
        int64_t granted_at_ms, expires_at_ms;
        ecard_period period;
        bool revoked;
} ecard_grant;

typedef struct ecard_binding {
        policy_channel channel;
        ecard_host host;
        int64_t bound_at_ms;
} ecard_binding;

/* The password's public side; its hash never reaches the rules. */
typedef struct ecard_password {
        int64_t epoch;  /* 0: unset; never falls */
        uint8_t errors; /* consecutive ones, the attempt under way counted in */
        bool in_flight; /* an attempt was counted and has not been resolved */
        uint8_t attempt[ECARD_ATTEMPT_BYTES]; /* whose, while in flight */
} ecard_password;

/* The code that was shown last. Wall clock. */
typedef struct ecard_code {
        uint8_t nonce[ECARD_NONCE_BYTES]; /* all zero: none was ever shown */
        int64_t expires_at_ms;
        bool used;
} ecard_code;

/* One person's electronic card. Level NONE: never issued, all else zero. */
typedef struct ecard_record {
        ulid holder, serial;
        uint64_t version; /* 1 when issued, +1 a change */
        ecard_level level;
        ulid card; /* the physical card it was issued for or has moved to */
        uint8_t binding_count;
        ecard_binding bindings[ECARD_BINDINGS_MAX];
        ecard_password password;
        uint8_t grant_count;
        ecard_grant grants[ECARD_GRANTS_MAX];
        ecard_code code;
        ulid delegate; /* holder who looks after it; zero: nobody */
        ecard_relation relation;
        int64_t issued_at_ms, closed_at_ms;
} ecard_record;

static inline bool ecard_is_issued(const ecard_record *ecard)
{
        return ecard->level == ECARD_L1 || ecard->level == ECARD_L2;
}

#endif
