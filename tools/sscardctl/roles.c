/* Who one can be in a development region. Must never be read by a service. */
#include "tools/sscardctl/roles.h"

#include <string.h>
#include <strings.h>

#define R(name) POLICY_R(name)
#define C(name) POLICY_C(name)

enum { PURPOSES_MAX = 6 };

typedef struct role_row {
        const char *name;
        policy_roles roles;
        policy_channels channels;
        policy_channel channel; /* the one that is chosen */
        policy_actor actor;
        uint8_t assurance;
        bool staff; /* has an operator id, an outlet, a case */
        const char *bank, *platform;
        const char *purposes[PURPOSES_MAX];
} role_row;

#define HOME                                                                                       \
        (POLICY_CHANNELS_ONLINE | C(SELF_SERVICE) | C(PHONE_12333) | C(BRANCH) | C(BANK_BRANCH))

/* clang-format off */
static const role_row rows[] = {
        {"HOLDER", R(HOLDER), HOME, POLICY_CHANNEL_ECARD, POLICY_ACTOR_SELF, 3, false, NULL, NULL, {"OWN_INQUIRY"}},
        {"GUARDIAN", R(GUARDIAN), HOME, POLICY_CHANNEL_ECARD, POLICY_ACTOR_WARD, 3, false, NULL, NULL, {"OWN_INQUIRY"}},
        {"AGENT", R(AGENT), HOME, POLICY_CHANNEL_BRANCH, POLICY_ACTOR_PRINCIPAL, 3, false, NULL, NULL, {"OWN_INQUIRY"}},
        {"OPERATOR", R(OPERATOR), C(BRANCH) | C(HOME_VISIT), POLICY_CHANNEL_BRANCH, POLICY_ACTOR_NONE, 3, true, NULL, NULL,
         {"CASE_WORK", "OWN_INQUIRY"}},
        {"OPERATOR_2", R(OPERATOR), C(BRANCH) | C(HOME_VISIT), POLICY_CHANNEL_BRANCH, POLICY_ACTOR_NONE, 3, true, NULL, NULL,
         {"CASE_WORK", "OWN_INQUIRY"}},
        {"BANK_OPERATOR", R(BANK_OPERATOR), C(BANK_BRANCH), POLICY_CHANNEL_BANK_BRANCH, POLICY_ACTOR_NONE, 3, true, "102", NULL,
         {"CASE_WORK", "OWN_INQUIRY"}},
        {"KIOSK", R(KIOSK), C(SELF_SERVICE), POLICY_CHANNEL_SELF_SERVICE, POLICY_ACTOR_NONE, 3, false, NULL, NULL, {"OWN_INQUIRY"}},
        {"HOTLINE", R(HOTLINE), C(PHONE_12333), POLICY_CHANNEL_PHONE_12333, POLICY_ACTOR_NONE, 1, true, NULL, NULL,
         {"CASE_WORK", "OWN_INQUIRY"}},
        {"PLATFORM", R(PLATFORM), C(SYSTEM), POLICY_CHANNEL_SYSTEM, POLICY_ACTOR_NONE, 0, false, NULL, "development",
         {"MEDICAL", "EMPLOYMENT", "BENEFIT_PAYMENT", "TRANSIT", "CULTURE"}},
        {"AUDITOR", R(AUDITOR), C(SYSTEM), POLICY_CHANNEL_SYSTEM, POLICY_ACTOR_NONE, 0, true, NULL, NULL, {"AUDIT"}},
        {"SYSTEM", R(SYSTEM), C(SYSTEM), POLICY_CHANNEL_SYSTEM, POLICY_ACTOR_NONE, 0, false, NULL, "development", {NULL}},
};
/* clang-format on */

static const char *const *one(arena *a, const char *text)
{
        const char **list = arena_zalloc(a, sizeof *list);
        *list = text;
        return list;
}

bool role_claims(const char *name, const char *region, arena *a, token_claims *claims,
                 const char **channel)
{
        const role_row *row = NULL;
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
                if (strcasecmp(rows[i].name, name) == 0) row = &rows[i];
        if (!row) return false;
        *channel = policy_channel_name(row->channel);
        *claims = (token_claims){
                .subject = arena_format(a, "sscardctl-%s", row->name),
                .roles = row->roles,
                .channels = row->channels,
                .region = region,
                .assurance = row->assurance,
                .actor = row->actor,
                .platform = row->platform,
                .purposes = row->purposes,
        };
        while (claims->purpose_count < PURPOSES_MAX && row->purposes[claims->purpose_count])
                claims->purpose_count++;
        /* The first outlet of the province's capital;  */
        const char *outlet = arena_format(a, "%.2s0100-0001", region);
        claims->outlets = one(a, outlet);
        claims->outlet_count = 1;
        if (row->bank) {
                claims->banks = one(a, row->bank);
                claims->bank_count = 1;
        }
        if (row->staff) {
                claims->operator_id = arena_format(a, "op-%s", row->name);
                claims->case_reference = "SSCARDCTL";
        }
        return true;
}

const char *role_names(arena *a)
{
        const char *names = "";
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
                names = arena_format(a, "%s%s%s", names, *names ? ", " : "", rows[i].name);
        return names;
}
