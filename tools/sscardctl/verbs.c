/* Names for people. Must never decide what a method does: that is in the descriptors. */
#include "tools/sscardctl/verbs.h"

#include <ctype.h>
#include <string.h>

typedef struct verb_row {
        const char *method; /* after the last dot of the service: "CardService/GetCard" */
        const char *group, *name, *collection;
} verb_row;

/* clang-format off */
static const verb_row rows[] = {
        {"CardService/ApplyCard",            "card",   "apply",               ""},
        {"CardService/WithdrawApplication",  "card",   "withdraw",            "cards"},
        {"CardService/StartProduction",      "card",   "start-production",    "cards"},
        {"CardService/CompleteProduction",   "card",   "complete-production", "cards"},
        {"CardService/FailProduction",       "card",   "fail-production",     "cards"},
        {"CardService/CollectCard",          "card",   "collect",             "cards"},
        {"CardService/EnableSocialFunction", "card",   "enable",              "cards"},
        {"CardService/ReportLoss",           "card",   "report-loss",         "cards"},
        {"CardService/RecoverCard",          "card",   "recover",             "cards"},
        {"CardService/ReplaceCard",          "card",   "replace",             "cards"},
        {"CardService/CancelCard",           "card",   "cancel",              "cards"},
        {"CardService/ReportLostInDelivery", "card",   "lost-in-delivery",    "cards"},
        {"CardService/ResolveCard",          "card",   "resolve",             ""},
        {"CardService/GetCard",              "card",   "get",                 "cards"},
        {"CardService/ListCards",            "card",   "list",                "holders"},
        {"CardService/ListExpiringCards",    "card",   "expiring",            ""},
        {"CardService/ListCardHistory",      "card",   "history",             "cards"},
        {"CardService/GetOperation",         "card",   "operation",           "cards"},
        {"CardService/Watch",                "card",   "watch",               ""},
        {"CardService/GetHolder",            "holder", "get",                 "holders"},
        {"CardService/FindHolder",           "holder", "find",                ""},
        {"CardService/ImportHolders",        "holder", "import",              ""},
        {"CardService/RecordDeath",          "holder", "record-death",        "holders"},
        {"CardService/SetEntitlement",       "holder", "set-entitlement",     "holders"},
        {"CredentialService/IssueCredential", "pin",   "issue",               "cards/*/credential"},
        {"CredentialService/VerifyPin",      "pin",    "verify",              "cards/*/credential"},
        {"CredentialService/ChangePin",      "pin",    "change",              "cards/*/credential"},
        {"CredentialService/UnlockPin",      "pin",    "unlock",              "cards/*/credential"},
        {"CredentialService/ResetPin",       "pin",    "reset",               "cards/*/credential"},
        {"CredentialService/GetCredential",  "pin",    "get",                 "cards/*/credential"},
        {"CredentialService/GetOperation",   "pin",    "operation",           "cards/*/credential"},
        {"CredentialService/Watch",          "pin",    "watch",               ""},
        {"ECardService/IssueECard",          "ecard",  "issue",               "holders/*/ecard"},
        {"ECardService/GetECard",            "ecard",  "get",                 "holders/*/ecard"},
        {"ECardService/BindChannel",         "ecard",  "bind",                "holders/*/ecard"},
        {"ECardService/UnbindChannel",       "ecard",  "unbind",              "holders/*/ecard"},
        {"ECardService/VerifyPassword",      "ecard",  "login",               "holders/*/ecard"},
        {"ECardService/CheckSession",        "ecard",  "check-session",       "holders/*/ecard"},
        {"ECardService/ChangePassword",      "ecard",  "change-password",     "holders/*/ecard"},
        {"ECardService/ResetPassword",       "ecard",  "reset-password",      "holders/*/ecard"},
        {"ECardService/GrantAuthorization",  "ecard",  "grant",               "holders/*/ecard"},
        {"ECardService/RevokeAuthorization", "ecard",  "revoke",              "holders/*/ecard"},
        {"ECardService/ListAuthorizations",  "ecard",  "grants",              "holders/*/ecard"},
        {"ECardService/AuthorizeService",    "ecard",  "authorize",           "holders/*/ecard"},
        {"ECardService/PresentCode",         "ecard",  "present-code",        "holders/*/ecard"},
        {"ECardService/VerifyCode",          "ecard",  "verify-code",         ""},
        {"ECardService/UpgradeECard",        "ecard",  "upgrade",             "holders/*/ecard"},
        {"ECardService/CloseECard",          "ecard",  "close",               "holders/*/ecard"},
        {"ECardService/GetOperation",        "ecard",  "operation",           "holders/*/ecard"},
        {"ECardService/Watch",               "ecard",  "watch",               ""},
        {"StatusService/GetCardStatus",      "status", "get",                 "cards"},
        {"StatusService/ListAllowedActions", "status", "actions",             "cards"},
        {"StatusService/CheckUsable",        "status", "usable",              "cards"},
        {"StatusService/GetGuidance",        "status", "guidance",            "cards"},
        {"StatusService/AdviseCards",        "status", "advise",              "holders"},
        {"StatusService/GetCase",            "status", "case",                "cards"},
        {"StatusService/VerifyNotice",       "status", "verify-notice",       "cards"},
        {"BankLinkService/LoadAccount",               "bank", "load",           "cards/*/bankLink"},
        {"BankLinkService/ActivateFinancialFunction", "bank", "activate",       "cards/*/bankLink"},
        {"BankLinkService/ConfirmBankLoss",           "bank", "confirm-loss",   "cards/*/bankLink"},
        {"BankLinkService/ClearBankLoss",             "bank", "clear-loss",     "cards/*/bankLink"},
        {"BankLinkService/RequestClosure",            "bank", "close",          "cards/*/bankLink"},
        {"BankLinkService/ConfirmClosed",             "bank", "confirm-closed", "cards/*/bankLink"},
        {"BankLinkService/ReportBankAnswer",          "bank", "report-answer",  "cards/*/bankLink"},
        {"BankLinkService/RequestPasswordService",    "bank", "password",       "cards/*/bankLink"},
        {"BankLinkService/GetBankLink",               "bank", "get",            "cards/*/bankLink"},
        {"BankLinkService/ListBankLinks",             "bank", "list",           "holders"},
        {"BankLinkService/CheckPayoutReadiness",      "bank", "payout",         "cards/*/bankLink"},
        {"BankLinkService/ListBanks",                 "bank", "banks",          ""},
        {"BankLinkService/ListOutlets",               "bank", "outlets",        ""},
        {"BankLinkService/GetOperation",              "bank", "operation",      "cards/*/bankLink"},
        {"BankLinkService/Watch",                     "bank", "watch",          ""},
        {"BankSimulatorService/SetBehaviour",         "simulator", "set-banks",  ""},
        {"BankSimulatorService/ListRequests",         "simulator", "list-banks", ""},
        {"SandboxService/GetClock",          "clock",  "get",                 ""},
        {"SandboxService/AdvanceClock",      "clock",  "advance",             ""},
        {"Health/Check",                     "health", "check",               NULL},
        {"Health/Watch",                     "health", "watch",               NULL},
};

/* Method "" is any. */
static const struct { const char *method, *flag, *path; } aliases[] = {
        {"",               "note",                  "context.operator_note"},
        {"",               "approval-token",        "context.approval.token"},
        {"",               "evidence",              "context.evidence"},
        {"CancelCard",     "no-local-entitlements", "by_holder.no_local_entitlements"},
        {"CancelCard",     "reason",                "by_authority.reason"},
        {"SetEntitlement", "standing",              "entitlement.standing"},
        {"SetEntitlement", "kinds",                 "entitlement.kinds"},
        {"SetEntitlement", "as-of",                 "entitlement.as_of"},
        {"ApplyCard",      "mail-to",               "mail_address.address"},
        {"ReplaceCard",    "mail-to",               "mail_address.address"},
};

static const char *const card_columns[] = {
        "name", "state_text", "card_number", "validity", "expires_on", "delivery.state",
        "bank_name", "temp_loss_until", "superseded_by", NULL};
static const char *const history_columns[] = {
        "version", "at", "event_type", "state_before", "state_after", "role", "channel", "outlet",
        "rule", NULL};
static const char *const action_columns[] = {
        "operation", "title", "verdict", "reason", "rule", "text", NULL};
static const char *const verdict_columns[] = {
        "index", "outcome", "holder", "cards", "error.message", NULL};
static const char *const link_columns[] = {
        "name", "state_text", "bank_name", "loss", "benefit_payout_ready", "closure.age_seconds", NULL};
static const char *const bank_columns[] = {"code", "display_name", "phone", NULL};
static const char *const outlet_columns[] = {"code", "name", "phone", "address", NULL};
static const char *const event_columns[] = {
        "at", "event_type", "name", "version", "request_id", NULL};
static const char *const other_card_columns[] = {
        "name", "display_text", "duplicate_in_province", NULL};

static const struct { const char *message; const char *const *columns; } tables[] = {
        {"sscard.card.v1.Card",             card_columns},
        {"sscard.card.v1.CardHistoryEntry", history_columns},
        {"sscard.card.v1.ImportVerdict",    verdict_columns},
        {"sscard.bank.v1.BankLink",         link_columns},
        {"sscard.bank.v1.Bank",             bank_columns},
        {"sscard.common.v1.Outlet",         outlet_columns},
        {"sscard.status.v1.AllowedAction",  action_columns},
        {"sscard.status.v1.OtherCard",      other_card_columns},
        {"sscard.common.v1.WatchEvent",     event_columns},
};
/* clang-format on */

const char *verb_kebab(arena *a, const char *name)
{
        char *text = arena_alloc(a, 2 * strlen(name) + 1), *out = text;
        for (const char *in = name; *in; in++) {
                bool upper = isupper((unsigned char)*in);
                bool after_lower = in > name && islower((unsigned char)in[-1]);
                if (upper && after_lower) *out++ = '-';
                *out++ = *in == '_' ? '-' : (char)tolower((unsigned char)*in);
        }
        *out = '\0';
        return text;
}

const char *verb_snake(arena *a, const char *name)
{
        char *text = arena_strdup(a, name);
        for (char *at = text; *at; at++)
                if (*at == '-') *at = '_';
        return text;
}

verb verb_of(arena *a, const catalog_method *method)
{
        const char *short_name = strrchr(method->path, '.') + 1;
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
                if (strcmp(rows[i].method, short_name) == 0)
                        return (verb){method, rows[i].group, rows[i].name, rows[i].collection};
        return (verb){method, method->endpoint, verb_kebab(a, method->name), NULL};
}

verb verb_find(arena *a, const catalog *c, const char *group, const char *name)
{
        for (size_t i = 0; i < catalog_method_count(c); i++) {
                const catalog_method *method = catalog_method_at(c, i);
                verb v = verb_of(a, method);
                if (strcmp(v.group, group) != 0) continue;
                if (strcmp(v.name, name) == 0 || strcmp(verb_kebab(a, method->name), name) == 0)
                        return v;
        }
        return (verb){0};
}

const char *verb_flag_alias(const catalog_method *method, const char *flag)
{
        for (size_t i = 0; i < ARRAY_LENGTH(aliases); i++)
                if (strcmp(aliases[i].flag, flag) == 0 &&
                    (*aliases[i].method == '\0' || strcmp(aliases[i].method, method->name) == 0))
                        return aliases[i].path;
        return NULL;
}

const char *verb_flag_short(const catalog_method *method, const char *path)
{
        for (size_t i = 0; i < ARRAY_LENGTH(aliases); i++)
                if (strcmp(aliases[i].path, path) == 0 &&
                    (*aliases[i].method == '\0' || strcmp(aliases[i].method, method->name) == 0))
                        return aliases[i].flag;
        return NULL;
}

const char *const *verb_columns(const char *message_name)
{
        for (size_t i = 0; i < ARRAY_LENGTH(tables); i++)
                if (strcmp(tables[i].message, message_name) == 0) return tables[i].columns;
        return NULL;
}
