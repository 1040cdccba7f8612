/* Masking as a table: role × channel. What no row names sees nothing. */
#include "services/status/rules/status_masking.h"

#include "common/base/scoped.h"

#define PEOPLE (POLICY_R(HOLDER) | POLICY_R(GUARDIAN) | POLICY_R(AGENT))
#define STAFF (POLICY_R(OPERATOR) | POLICY_R(BANK_OPERATOR))
#define ON_SCREENS                                                                                 \
        (POLICY_CHANNELS_ONLINE | POLICY_C(BRANCH) | POLICY_C(BANK_BRANCH) | POLICY_C(HOME_VISIT))
/* Others stand near, or hear it. */
#define IN_PUBLIC (POLICY_C(SELF_SERVICE) | POLICY_C(PHONE_12333) | POLICY_C(MEDICAL_POS))

typedef struct mask_row {
        policy_roles roles;
        policy_channels channels;
        status_mask masks[STATUS_SECRET_COUNT];
} mask_row;

static const mask_row ROWS[] = {
        /*                                                          number   name */
        {PEOPLE, ON_SCREENS, {{1, 3}, {1, 0}}},
        {STAFF, ON_SCREENS, {{1, 4}, {1, 0}}},
        {PEOPLE | POLICY_R(KIOSK) | POLICY_R(HOTLINE), IN_PUBLIC, {{0, 3}, {1, 0}}},
        {POLICY_R(AUDITOR), POLICY_CHANNELS_ALL, {{0, 3}, {1, 0}}},
};

status_mask status_mask_of(status_secret secret, policy_role role, policy_channel channel)
{
        for (size_t i = 0; i < ARRAY_LENGTH(ROWS); i++)
                if (policy_roles_have(ROWS[i].roles, role) &&
                    policy_channels_have(ROWS[i].channels, channel))
                        return ROWS[i].masks[secret];
        return (status_mask){0, 0};
}
