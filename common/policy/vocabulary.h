/* Who speaks and where: roles and channels, with the numbers of sscard.common.v1.Role and Channel.
 * Sets of them are bit masks. Must never know what a rule is about. */
#ifndef SSCARD_COMMON_POLICY_VOCABULARY_H
#define SSCARD_COMMON_POLICY_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum policy_role {
        POLICY_ROLE_UNSPECIFIED = 0,
        POLICY_ROLE_HOLDER = 1,
        POLICY_ROLE_GUARDIAN = 2,
        POLICY_ROLE_AGENT = 3,
        POLICY_ROLE_OPERATOR = 4,
        POLICY_ROLE_BANK_OPERATOR = 5,
        POLICY_ROLE_KIOSK = 6,
        POLICY_ROLE_HOTLINE = 7,
        POLICY_ROLE_PLATFORM = 8,
        POLICY_ROLE_REGION = 9,
        POLICY_ROLE_AUDITOR = 10,
        POLICY_ROLE_SYSTEM = 11,
} policy_role;
enum { POLICY_ROLE_COUNT = 12 };

typedef enum policy_channel {
        POLICY_CHANNEL_UNSPECIFIED = 0,
        POLICY_CHANNEL_BRANCH = 1,
        POLICY_CHANNEL_BANK_BRANCH = 2,
        POLICY_CHANNEL_SELF_SERVICE = 3,
        POLICY_CHANNEL_ECARD = 4,
        POLICY_CHANNEL_NATIONAL_SI = 5,
        POLICY_CHANNEL_NATIONAL_HRSS = 6,
        POLICY_CHANNEL_NATIONAL_GOV = 7,
        POLICY_CHANNEL_LOCAL_ONLINE = 8,
        POLICY_CHANNEL_POCKET_12333 = 9,
        POLICY_CHANNEL_PHONE_12333 = 10,
        POLICY_CHANNEL_HOME_VISIT = 11,
        POLICY_CHANNEL_MEDICAL_POS = 12,
        POLICY_CHANNEL_SYSTEM = 13,
} policy_channel;
enum { POLICY_CHANNEL_COUNT = 14 };

/* Sets: bit n is the role or channel with number n. */
typedef uint32_t policy_roles;
typedef uint32_t policy_channels;
#define POLICY_ROLE_BIT(role) ((policy_roles)1 << (role))
#define POLICY_CHANNEL_BIT(channel) ((policy_channels)1 << (channel))
/* For tables that read like the paper: POLICY_R(HOLDER) | POLICY_R(AGENT). */
#define POLICY_R(name) POLICY_ROLE_BIT(POLICY_ROLE_##name)
#define POLICY_C(name) POLICY_CHANNEL_BIT(POLICY_CHANNEL_##name)

#define POLICY_ROLES_ALL ((policy_roles)((1u << POLICY_ROLE_COUNT) - 2))
#define POLICY_CHANNELS_ALL ((policy_channels)((1u << POLICY_CHANNEL_COUNT) - 2))
/* ONLINE of the requirements: everything that is used from a screen at home. */
#define POLICY_CHANNELS_ONLINE                                                                     \
        (POLICY_C(ECARD) | POLICY_C(NATIONAL_SI) | POLICY_C(NATIONAL_HRSS) |                       \
         POLICY_C(NATIONAL_GOV) | POLICY_C(LOCAL_ONLINE) | POLICY_C(POCKET_12333))

static inline bool policy_roles_have(policy_roles roles, policy_role role)
{
        return (roles >> role) & 1;
}
static inline bool policy_channels_have(policy_channels channels, policy_channel channel)
{
        return (channels >> channel) & 1;
}

/* Three-valued knowledge. Zero is "not known". */
typedef enum policy_ternary {
        POLICY_UNKNOWN = 0,
        POLICY_YES = 1,
        POLICY_NO = 2,
} policy_ternary;
static inline policy_ternary policy_ternary_of(bool value)
{
        return value ? POLICY_YES : POLICY_NO;
}

/* A text in both languages. Static storage; both or neither are NULL. */
typedef struct policy_text {
        const char *zh, *en;
} policy_text;
/* "en" and "en-…" choose English, everything else (NULL too) Chinese. */
const char *policy_text_in(policy_text text, const char *language);

/* "BANK_BRANCH". "UNSPECIFIED" for zero and for numbers that do not exist. */
const char *policy_role_name(policy_role role);
const char *policy_channel_name(policy_channel channel);
/* What people call it. */
policy_text policy_role_text(policy_role role);
policy_text policy_channel_text(policy_channel channel);
/* UNSPECIFIED when no role or channel has that name. */
policy_role policy_role_of(const char *name);
policy_channel policy_channel_of(const char *name);
/* Names in the order of their numbers, separated by ", "; always ends in a NUL, cut when `size` is
 * too small. Returns `text`. */
char *policy_roles_format(policy_roles roles, char *text, size_t size);
char *policy_channels_format(policy_channels channels, char *text, size_t size);
/* The lowest one; UNSPECIFIED of an empty set. */
policy_role policy_roles_first(policy_roles roles);
policy_channel policy_channels_first(policy_channels channels);

#endif
