/* Access of the status query (R48, R49): the person, who speaks for the person, or staff with a
 * case reference; CheckUsable for whoever was granted the purpose. */
#include "services/status/rules/status_access.h"

#define R(name) POLICY_R(name)
#define C(name) POLICY_C(name)
#define PEOPLE (R(HOLDER) | R(GUARDIAN) | R(AGENT))
#define ASKED_AT                                                                                   \
        (POLICY_CHANNELS_ONLINE | C(PHONE_12333) | C(BRANCH) | C(BANK_BRANCH) | C(SELF_SERVICE) |  \
         C(HOME_VISIT))
#define CASE POLICY_IF_CASE_REFERENCE

/* clang-format off */
#define ABOUT_A_PERSON(method) \
        {method, PEOPLE, 0, ASKED_AT, POLICY_IF_OWN_RESOURCE, 1, "R48"}, \
        {method, R(KIOSK), 0, C(SELF_SERVICE), POLICY_IF_OWN_RESOURCE, 0, "R48"}, \
        {method, R(OPERATOR), 0, C(BRANCH) | C(HOME_VISIT) | C(PHONE_12333), CASE | POLICY_IF_OPERATOR_ID, 0, "R49"}, \
        {method, R(BANK_OPERATOR), 0, C(BANK_BRANCH) | C(HOME_VISIT), CASE | POLICY_IF_OPERATOR_ID | POLICY_IF_OWN_BANK, 0, "R49"}, \
        {method, R(HOTLINE), 0, C(PHONE_12333), CASE | POLICY_IF_OPERATOR_ID, 0, "R49"}, \
        {method, R(PLATFORM) | R(AUDITOR), 0, C(SYSTEM) | C(BRANCH), CASE, 0, "R49"}, \
        {method, R(SYSTEM), 0, 0, 0, 0, "S7"}

const policy_access_row STATUS_ACCESS[] = {
        ABOUT_A_PERSON("GetCardStatus"),
        ABOUT_A_PERSON("ListAllowedActions"),
        {"CheckUsable", PEOPLE | R(OPERATOR) | R(BANK_OPERATOR) | R(KIOSK) | R(HOTLINE) | R(PLATFORM) | R(SYSTEM),
                0, POLICY_CHANNELS_ALL, POLICY_IF_PURPOSE_GRANTED, 0, "R49"},
        ABOUT_A_PERSON("AdviseCards"),
        ABOUT_A_PERSON("GetCase"),
        ABOUT_A_PERSON("VerifyNotice"),
        {"GetGuidance", POLICY_ROLES_ALL, 0, 0, 0, 0, "R2"},
        ABOUT_A_PERSON(STATUS_GUIDANCE_ABOUT_SOMEBODY),
};
/* clang-format on */
const size_t STATUS_ACCESS_COUNT = sizeof STATUS_ACCESS / sizeof STATUS_ACCESS[0];
