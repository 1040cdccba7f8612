/* Access of the electronic card: it is the holder's; whoever serves the holder may ask the gate. */
#include "services/ecard/rules/ecard_access.h"

#define R(name) POLICY_R(name)
#define C(name) POLICY_C(name)
#define ONLINE POLICY_CHANNELS_ONLINE
#define ANYWHERE POLICY_CHANNELS_ALL
#define OWN POLICY_IF_OWN_RESOURCE
#define CASE POLICY_IF_CASE_REFERENCE

/* clang-format off */
#define HOLDER_ONLY(method, number) {method, R(HOLDER), 0, ONLINE, OWN, 1, number}
/* The family's guardian too. */
#define FAMILY(method, number) {method, R(HOLDER) | R(GUARDIAN), 0, ONLINE, OWN, 1, number}
/* R49: staff reads with a case reference. */
#define READS(method) \
        {method, R(HOLDER) | R(GUARDIAN), 0, ANYWHERE, OWN, 1, "R49"}, \
        {method, R(OPERATOR) | R(HOTLINE) | R(AUDITOR), 0, ANYWHERE, CASE, 0, "R49"}, \
        {method, R(SYSTEM), 0, 0, 0, 0, "S7"}
/* A terminal or platform that serves the holder; what it learns is yes or no. */
#define SERVES(method, number) \
        {method, R(PLATFORM) | R(KIOSK), 0, ANYWHERE, 0, 0, number}, \
        {method, R(OPERATOR) | R(BANK_OPERATOR), 0, C(BRANCH) | C(BANK_BRANCH) | C(HOME_VISIT), POLICY_IF_OPERATOR_ID, 0, number}

const policy_access_row ECARD_ACCESS[] = {
        FAMILY("IssueECard", "R24"),
        READS("GetECard"),
        HOLDER_ONLY("BindChannel", "R12"),
        HOLDER_ONLY("UnbindChannel", "R12"),
        HOLDER_ONLY("VerifyPassword", "R22"),
        HOLDER_ONLY("CheckSession", "R23"), {"CheckSession", R(PLATFORM) | R(SYSTEM), 0, ANYWHERE, 0, 0, "R23"},
        HOLDER_ONLY("ChangePassword", "R22"),
        HOLDER_ONLY("ResetPassword", "R22"),
        HOLDER_ONLY("GrantAuthorization", "R13"),
        HOLDER_ONLY("RevokeAuthorization", "R13"),
        READS("ListAuthorizations"),
        {"AuthorizeService", R(HOLDER) | R(GUARDIAN), 0, ANYWHERE, OWN, 1, "R14"},
                SERVES("AuthorizeService", "R14"), {"AuthorizeService", R(SYSTEM), 0, ANYWHERE, 0, 0, "R14"},
        HOLDER_ONLY("PresentCode", "R12"),
        SERVES("VerifyCode", "R12"),
        HOLDER_ONLY("UpgradeECard", "R5"),
        FAMILY("CloseECard", "R12"),
        /* The key of an operation holds its caller: everyone finds only what they asked for. */
        {"GetOperation", POLICY_ROLES_ALL, 0, 0, 0, 0, "S1"},
        {"Watch", R(SYSTEM) | R(REGION) | R(AUDITOR), 0, 0, 0, 0, "S8"},
};
/* clang-format on */
const size_t ECARD_ACCESS_COUNT = sizeof ECARD_ACCESS / sizeof ECARD_ACCESS[0];
