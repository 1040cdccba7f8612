/* Masking as tables: role × channel, and roles. What no row names sees nothing. */
#include "services/card/rules/card_masking.h"

#include "common/base/scoped.h"

#include <assert.h>

#define R(name) POLICY_R(name)
#define PEOPLE (R(HOLDER) | R(GUARDIAN) | R(AGENT))
#define STAFF (R(OPERATOR) | R(BANK_OPERATOR))
#define ON_SCREENS                                                                                 \
        (POLICY_CHANNELS_ONLINE | POLICY_C(BRANCH) | POLICY_C(BANK_BRANCH) | POLICY_C(HOME_VISIT))
/* Others stand near, or hear it. */
#define IN_PUBLIC (POLICY_C(SELF_SERVICE) | POLICY_C(PHONE_12333) | POLICY_C(MEDICAL_POS))

typedef struct mask_row {
        policy_roles roles;
        policy_channels channels;
        card_mask masks[CARD_SECRET_COUNT];
} mask_row;

/* clang-format off */
static const mask_row ROWS[] = {
        /*                                              number   name    identity  phone   chip */
        {PEOPLE,                    ON_SCREENS,         {{1, 3}, {1, 0}, {0, 4},   {0, 4}, {0, 0}}},
        {STAFF,                     POLICY_CHANNELS_ALL & ~IN_PUBLIC,
                                                        {{1, 4}, {1, 0}, {4, 4},   {3, 4}, {2, 4}}},
        {PEOPLE | STAFF | R(KIOSK) | R(HOTLINE), IN_PUBLIC,
                                                        {{0, 3}, {1, 0}, {0, 4},   {0, 4}, {0, 0}}},
        {R(PLATFORM),               POLICY_C(SYSTEM) | POLICY_C(BRANCH),
                                                        {{1, 4}, {1, 0}, {4, 4},   {3, 4}, {2, 4}}},
        {R(AUDITOR),                POLICY_CHANNELS_ALL, {{0, 3}, {1, 0}, {0, 4},  {0, 4}, {0, 0}}},
};

static const policy_roles SHOWN[CARD_PRIVATE_COUNT] = {
        [CARD_PRIVATE_CHIP]               = R(OPERATOR) | R(PLATFORM),
        [CARD_PRIVATE_MAIL_REFERENCE]     = PEOPLE | STAFF | R(HOTLINE) | R(PLATFORM),
        [CARD_PRIVATE_BORN_ON]            = R(HOLDER) | R(GUARDIAN) | STAFF | R(HOTLINE),
        [CARD_PRIVATE_ENTITLEMENT]        = R(OPERATOR) | R(PLATFORM),
        [CARD_PRIVATE_PHOTO]              = R(OPERATOR) | R(PLATFORM),
        [CARD_PRIVATE_REQUEST_ID]         = R(OPERATOR) | R(AUDITOR) | R(SYSTEM),
        [CARD_PRIVATE_EVIDENCE_REFERENCE] = R(OPERATOR) | R(AUDITOR) | R(SYSTEM),
};
/* clang-format on */

card_mask card_mask_of(card_secret secret, policy_role role, policy_channel channel)
{
        assert((unsigned)secret < CARD_SECRET_COUNT);
        for (size_t i = 0; i < ARRAY_LENGTH(ROWS); i++)
                if (policy_roles_have(ROWS[i].roles, role) &&
                    policy_channels_have(ROWS[i].channels, channel))
                        return ROWS[i].masks[secret];
        return (card_mask){0, 0};
}

bool card_is_shown(card_private what, policy_role role)
{
        assert((unsigned)what < CARD_PRIVATE_COUNT);
        return policy_roles_have(SHOWN[what], role);
}
