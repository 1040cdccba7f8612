/* Access of the credential service. These rows say who may knock; which channel suits which
 * operation is the rules' to say, so that a refusal names the rule and where to go. */
#include "services/credential/rules/credential_access.h"

#define R(name) POLICY_R(name)
#define ANYWHERE POLICY_CHANNELS_ALL
#define OWN POLICY_IF_OWN_RESOURCE
#define OWN_BANK POLICY_IF_OWN_BANK
#define CASE POLICY_IF_CASE_REFERENCE
#define OPERATOR_ID POLICY_IF_OPERATOR_ID

/* clang-format off */
/* Who proves the card: the holder's own session, a kiosk, a counter, a platform's terminal. */
#define AT_A_PAD(method, rule) \
        {method, R(HOLDER), 0, ANYWHERE, OWN, 0, rule}, \
        {method, R(KIOSK), 0, POLICY_C(SELF_SERVICE), OWN, 0, rule}, \
        {method, R(OPERATOR), 0, ANYWHERE, OPERATOR_ID, 0, rule}, \
        {method, R(BANK_OPERATOR), 0, ANYWHERE, OPERATOR_ID | OWN_BANK, 0, rule}, \
        {method, R(PLATFORM), 0, ANYWHERE, 0, 0, rule}
/* Who else asks for it is told by the rules where to go (R20). */
#define AT_THE_COUNTER(method) \
        {method, R(OPERATOR), 0, ANYWHERE, OPERATOR_ID, 0, "R20"}, \
        {method, R(HOLDER) | R(GUARDIAN) | R(AGENT), 0, ANYWHERE, OWN, 0, "R20"}, \
        {method, R(KIOSK), 0, POLICY_C(SELF_SERVICE), OWN, 0, "R20"}, \
        {method, R(BANK_OPERATOR), 0, ANYWHERE, OPERATOR_ID | OWN_BANK, 0, "R20"}, \
        {method, R(HOTLINE), 0, ANYWHERE, OPERATOR_ID, 0, "R20"}

const policy_access_row CREDENTIAL_ACCESS[] = {
        {"IssueCredential", R(PLATFORM) | R(SYSTEM), 0, ANYWHERE, 0, 0, "R17"},
        AT_A_PAD("VerifyPin", "R19"),
        AT_A_PAD("ChangePin", "R18"),
        AT_THE_COUNTER("UnlockPin"),
        AT_THE_COUNTER("ResetPin"),
        {"GetCredential", R(HOLDER) | R(GUARDIAN) | R(AGENT), 0, ANYWHERE, OWN, 0, "R49"},
        {"GetCredential", R(KIOSK), 0, POLICY_C(SELF_SERVICE), OWN, 0, "R49"},
        {"GetCredential", R(OPERATOR) | R(HOTLINE) | R(AUDITOR) | R(PLATFORM), 0, ANYWHERE, CASE, 0, "R49"},
        {"GetCredential", R(BANK_OPERATOR), 0, ANYWHERE, CASE | OWN_BANK, 0, "R49"},
        {"GetCredential", R(SYSTEM), 0, 0, 0, 0, "S7"},
        /* The key of an operation holds its caller: everyone finds only what they asked for. */
        {"GetOperation", POLICY_ROLES_ALL, 0, 0, 0, 0, "S1"},
        {"Watch", R(SYSTEM) | R(REGION) | R(AUDITOR), 0, 0, 0, 0, "S8"},
};
/* clang-format on */
const size_t CREDENTIAL_ACCESS_COUNT = sizeof CREDENTIAL_ACCESS / sizeof CREDENTIAL_ACCESS[0];
