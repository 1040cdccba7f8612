/* Access of the bank service. These rows say who may knock; which channel suits which operation is
 * the rules' to say, so that a person who asks online is told to come in person (R8), and one at
 * another bank's counter is told the right one (R10). */
#include "services/bank/rules/bank_access.h"

#define R(name) POLICY_R(name)
#define PEOPLE (R(HOLDER) | R(GUARDIAN) | R(AGENT))
#define ANYWHERE POLICY_CHANNELS_ALL
#define OWN POLICY_IF_OWN_RESOURCE
#define CASE POLICY_IF_CASE_REFERENCE
#define STAFF_ID POLICY_IF_OPERATOR_ID

/* clang-format off */
#define ANYBODY(method, number) \
        {method, PEOPLE, 0, ANYWHERE, OWN, 0, number}, \
        {method, R(KIOSK), 0, POLICY_C(SELF_SERVICE), OWN, 0, number}, \
        {method, R(OPERATOR) | R(BANK_OPERATOR) | R(HOTLINE), 0, ANYWHERE, STAFF_ID, 0, number}
#define BANK_SAYS(method, number) \
        {method, R(PLATFORM) | R(SYSTEM), 0, ANYWHERE, 0, 0, number}, \
        {method, R(BANK_OPERATOR), 0, ANYWHERE, STAFF_ID, 0, number}
#define READS(method, number) \
        {method, PEOPLE, 0, ANYWHERE, OWN, 0, number}, \
        {method, R(KIOSK), 0, POLICY_C(SELF_SERVICE), OWN, 0, number}, \
        {method, R(OPERATOR) | R(HOTLINE) | R(AUDITOR) | R(PLATFORM), 0, ANYWHERE, CASE, 0, number}, \
        {method, R(BANK_OPERATOR), 0, ANYWHERE, CASE | POLICY_IF_OWN_BANK, 0, number}, \
        {method, R(SYSTEM), 0, 0, 0, 0, "S7"}

const policy_access_row BANK_ACCESS[] = {
        {"LoadAccount", R(PLATFORM) | R(SYSTEM), 0, ANYWHERE, 0, 0, "R3"},
        ANYBODY("ActivateFinancialFunction", "R8"),
        BANK_SAYS("ConfirmBankLoss", "R13"),
        BANK_SAYS("ClearBankLoss", "R13"),
        ANYBODY("RequestClosure", "R44"),
        BANK_SAYS("ConfirmClosed", "R44"),
        {"ReportBankAnswer", R(PLATFORM) | R(SYSTEM), 0, ANYWHERE, 0, 0, "S1"},
        READS("RequestPasswordService", "R21"),
        READS("GetBankLink", "R49"),
        READS("ListBankLinks", "R44"),
        READS("CheckPayoutReadiness", "R5"),
        {"ListBanks", POLICY_ROLES_ALL, 0, 0, 0, 0, "R10"},
        {"ListOutlets", POLICY_ROLES_ALL, 0, 0, 0, 0, "R10"},
        /* The key of an operation holds its caller: everyone finds only what they asked for. */
        {"GetOperation", POLICY_ROLES_ALL, 0, 0, 0, 0, "S1"},
        {"Watch", R(SYSTEM) | R(REGION) | R(AUDITOR), 0, 0, 0, 0, "S8"},
};
/* clang-format on */
const size_t BANK_ACCESS_COUNT = sizeof BANK_ACCESS / sizeof BANK_ACCESS[0];
