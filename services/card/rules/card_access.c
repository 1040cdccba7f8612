/* Access of the card service. These rows say who may knock; which channel suits which operation is
 * the rules' to say (card_operations.c), so that a refusal names state, rule and next steps. */
#include "services/card/rules/card_access.h"

#define R(name) POLICY_R(name)
#define PEOPLE (R(HOLDER) | R(GUARDIAN) | R(AGENT))
#define ANYWHERE POLICY_CHANNELS_ALL
#define OWN POLICY_IF_OWN_RESOURCE
#define OWN_BANK POLICY_IF_OWN_BANK
#define CASE POLICY_IF_CASE_REFERENCE

/* clang-format off */
/* The holder, or who speaks for the holder; a kiosk speaks for the one who stands before it. */
#define CITIZENS(method, number) {method, PEOPLE, 0, ANYWHERE, OWN, 0, number}
#define AT_A_KIOSK(method, number) {method, R(KIOSK), 0, POLICY_C(SELF_SERVICE), OWN, 0, number}
#define STAFF(method, number) {method, R(OPERATOR), 0, ANYWHERE, POLICY_IF_OPERATOR_ID, 0, number}
#define BANK_STAFF(method, number) {method, R(BANK_OPERATOR), 0, ANYWHERE, POLICY_IF_OPERATOR_ID | OWN_BANK, 0, number}
#define SYSTEMS(method, number) {method, R(PLATFORM) | R(SYSTEM), 0, ANYWHERE, 0, 0, number}
/* R49: staff reads with a case reference. */
#define STAFF_READS(method) {method, R(OPERATOR) | R(HOTLINE) | R(AUDITOR) | R(PLATFORM), 0, ANYWHERE, CASE, 0, "R49"}
#define BANK_READS(method) {method, R(BANK_OPERATOR), 0, ANYWHERE, CASE | OWN_BANK, 0, "R49"}
#define SYSTEM_READS(method) {method, R(SYSTEM), 0, 0, 0, 0, "S7"}

const policy_access_row CARD_ACCESS[] = {
        CITIZENS("ApplyCard", "R31"), STAFF("ApplyCard", "R31"),
                {"ApplyCard", R(BANK_OPERATOR), 0, ANYWHERE, POLICY_IF_OPERATOR_ID, 0, "R31"},
        CITIZENS("WithdrawApplication", "R31"), STAFF("WithdrawApplication", "R31"),
                BANK_STAFF("WithdrawApplication", "R31"),
        SYSTEMS("StartProduction", "R32"), STAFF("StartProduction", "R33"),
                BANK_STAFF("StartProduction", "R33"),
        SYSTEMS("CompleteProduction", "R32"), STAFF("CompleteProduction", "R33"),
                BANK_STAFF("CompleteProduction", "R33"),
        SYSTEMS("FailProduction", "R32"), STAFF("FailProduction", "R33"),
                BANK_STAFF("FailProduction", "R33"),
        CITIZENS("CollectCard", "R37"), STAFF("CollectCard", "R6"), BANK_STAFF("CollectCard", "R6"),
                {"CollectCard", R(PLATFORM), 0, ANYWHERE, 0, 0, "R33"},
        CITIZENS("EnableSocialFunction", "R38"), AT_A_KIOSK("EnableSocialFunction", "R38"),
                STAFF("EnableSocialFunction", "R38"), BANK_STAFF("EnableSocialFunction", "R38"),
                {"EnableSocialFunction", R(HOTLINE), 0, ANYWHERE, POLICY_IF_OPERATOR_ID, 0, "R38"},
        {"EnableByPinChange", R(SYSTEM), 0, POLICY_C(SYSTEM), 0, 0, "R7"},
        CITIZENS("ReportLoss", "R13"), AT_A_KIOSK("ReportLoss", "R13"),
                STAFF("ReportLoss", "R13"), BANK_STAFF("ReportLoss", "R13"),
                {"ReportLoss", R(HOTLINE), 0, ANYWHERE, POLICY_IF_OPERATOR_ID, 0, "R13"},
        CITIZENS("RecoverCard", "A2"), AT_A_KIOSK("RecoverCard", "A2"), STAFF("RecoverCard", "A2"),
        CITIZENS("ReplaceCard", "R31"), STAFF("ReplaceCard", "R31"), BANK_STAFF("ReplaceCard", "R31"),
        CITIZENS("CancelCard", "R45"), STAFF("CancelCard", "R45"),
                {"CancelCard", R(PLATFORM), 0, ANYWHERE, 0, 0, "R45"},
        STAFF("ReportLostInDelivery", "R37"),
                {"ReportLostInDelivery", R(PLATFORM), 0, ANYWHERE, 0, 0, "R37"},
        {"ImportHolders", R(PLATFORM), 0, POLICY_C(SYSTEM), 0, 0, "R42"},
        STAFF("RecordDeath", "R1"), {"RecordDeath", R(PLATFORM), 0, ANYWHERE, 0, 0, "R1"},
        {"SetEntitlement", R(PLATFORM), 0, ANYWHERE, 0, 0, "R45"},

        CITIZENS("GetHolder", "R49"), AT_A_KIOSK("GetHolder", "R49"), STAFF_READS("GetHolder"),
                {"GetHolder", R(BANK_OPERATOR), 0, ANYWHERE, CASE, 0, "R49"}, SYSTEM_READS("GetHolder"),
        CITIZENS("FindHolder", "R49"), AT_A_KIOSK("FindHolder", "R49"), STAFF_READS("FindHolder"),
                {"FindHolder", R(BANK_OPERATOR), 0, ANYWHERE, CASE, 0, "R49"}, SYSTEM_READS("FindHolder"),
        CITIZENS("ResolveCard", "R49"), AT_A_KIOSK("ResolveCard", "R49"), STAFF_READS("ResolveCard"),
                BANK_READS("ResolveCard"), SYSTEM_READS("ResolveCard"),
        CITIZENS("GetCard", "R49"), AT_A_KIOSK("GetCard", "R49"), STAFF_READS("GetCard"),
                BANK_READS("GetCard"), SYSTEM_READS("GetCard"),
        CITIZENS("ListCards", "R43"), AT_A_KIOSK("ListCards", "R43"), STAFF_READS("ListCards"),
                {"ListCards", R(BANK_OPERATOR), 0, ANYWHERE, CASE, 0, "R49"}, SYSTEM_READS("ListCards"),
        {"ListExpiringCards", R(OPERATOR) | R(PLATFORM) | R(AUDITOR), 0, ANYWHERE, CASE, 0, "R32"},
                SYSTEM_READS("ListExpiringCards"),
        CITIZENS("ListCardHistory", "S7"), STAFF_READS("ListCardHistory"), BANK_READS("ListCardHistory"),
                SYSTEM_READS("ListCardHistory"),
        /* The key of an operation holds its caller: everyone finds only what they asked for. */
        {"GetOperation", POLICY_ROLES_ALL, 0, 0, 0, 0, "S1"},
        {"Watch", R(SYSTEM) | R(REGION) | R(AUDITOR), 0, 0, 0, 0, "S8"},
};
/* clang-format on */
const size_t CARD_ACCESS_COUNT = sizeof CARD_ACCESS / sizeof CARD_ACCESS[0];
