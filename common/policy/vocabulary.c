/* Names of roles and channels. The arrays are indexed by the number on the wire. */
#include "common/policy/vocabulary.h"

#include "common/base/scoped.h"

#include <assert.h>
#include <string.h>

typedef struct term {
        const char *name;
        policy_text text;
} term;

static const term ROLES[] = {
        [POLICY_ROLE_UNSPECIFIED] = {"UNSPECIFIED", {"未指定", "unspecified"}},
        [POLICY_ROLE_HOLDER] = {"HOLDER", {"持卡人本人", "the holder"}},
        [POLICY_ROLE_GUARDIAN] = {"GUARDIAN", {"监护人", "the guardian"}},
        [POLICY_ROLE_AGENT] = {"AGENT", {"代办人", "an agent"}},
        [POLICY_ROLE_OPERATOR] = {"OPERATOR", {"经办机构工作人员", "agency staff"}},
        [POLICY_ROLE_BANK_OPERATOR] = {"BANK_OPERATOR", {"银行工作人员", "bank staff"}},
        [POLICY_ROLE_KIOSK] = {"KIOSK", {"自助机", "a self-service machine"}},
        [POLICY_ROLE_HOTLINE] = {"HOTLINE", {"12333话务员", "the 12333 hotline"}},
        [POLICY_ROLE_PLATFORM] = {"PLATFORM", {"业务系统", "a connected system"}},
        [POLICY_ROLE_REGION] = {"REGION", {"其他地区", "another region"}},
        [POLICY_ROLE_AUDITOR] = {"AUDITOR", {"审计人员", "an auditor"}},
        [POLICY_ROLE_SYSTEM] = {"SYSTEM", {"系统", "the system"}},
};
_Static_assert(ARRAY_LENGTH(ROLES) == POLICY_ROLE_COUNT, "a name for every role");

static const term CHANNELS[] = {
        [POLICY_CHANNEL_UNSPECIFIED] = {"UNSPECIFIED", {"未指定", "unspecified"}},
        [POLICY_CHANNEL_BRANCH] = {"BRANCH", {"社保经办网点", "agency outlet"}},
        [POLICY_CHANNEL_BANK_BRANCH] = {"BANK_BRANCH", {"合作银行网点", "partner bank outlet"}},
        [POLICY_CHANNEL_SELF_SERVICE] = {"SELF_SERVICE", {"自助服务机", "self-service machine"}},
        [POLICY_CHANNEL_ECARD] = {"ECARD", {"电子社保卡", "electronic card app"}},
        [POLICY_CHANNEL_NATIONAL_SI] = {"NATIONAL_SI",
                                        {"国家社会保险公共服务平台",
                                         "national social insurance platform"}},
        [POLICY_CHANNEL_NATIONAL_HRSS] = {"NATIONAL_HRSS",
                                          {"全国人社政务服务平台",
                                           "national HRSS government service platform"}},
        [POLICY_CHANNEL_NATIONAL_GOV] = {"NATIONAL_GOV",
                                         {"国家政务服务平台",
                                          "national government service platform"}},
        [POLICY_CHANNEL_LOCAL_ONLINE] = {"LOCAL_ONLINE",
                                         {"地方网上服务平台", "local online service platform"}},
        [POLICY_CHANNEL_POCKET_12333] = {"POCKET_12333", {"掌上12333", "Pocket 12333 app"}},
        [POLICY_CHANNEL_PHONE_12333] = {"PHONE_12333", {"12333电话", "12333 telephone"}},
        [POLICY_CHANNEL_HOME_VISIT] = {"HOME_VISIT", {"上门服务", "home visit"}},
        [POLICY_CHANNEL_MEDICAL_POS] = {"MEDICAL_POS",
                                        {"定点医药机构", "pharmacy or clinic terminal"}},
        [POLICY_CHANNEL_SYSTEM] = {"SYSTEM", {"系统对接", "system interface"}},
};
_Static_assert(ARRAY_LENGTH(CHANNELS) == POLICY_CHANNEL_COUNT, "a name for every channel");

const char *policy_text_in(policy_text text, const char *language)
{
        bool english = language != NULL && (language[0] | 0x20) == 'e' &&
                       (language[1] | 0x20) == 'n' && (language[2] == '\0' || language[2] == '-');
        return english ? text.en : text.zh;
}

static const term *role_term(policy_role role)
{
        return &ROLES[(unsigned)role < POLICY_ROLE_COUNT ? role : POLICY_ROLE_UNSPECIFIED];
}

static const term *channel_term(policy_channel channel)
{
        return &CHANNELS[(unsigned)channel < POLICY_CHANNEL_COUNT ? channel
                                                                  : POLICY_CHANNEL_UNSPECIFIED];
}

const char *policy_role_name(policy_role role)
{
        return role_term(role)->name;
}

const char *policy_channel_name(policy_channel channel)
{
        return channel_term(channel)->name;
}

policy_text policy_role_text(policy_role role)
{
        return role_term(role)->text;
}

policy_text policy_channel_text(policy_channel channel)
{
        return channel_term(channel)->text;
}

static int term_find(const term *terms, size_t count, const char *name)
{
        for (size_t i = 1; i < count; i++)
                if (strcmp(terms[i].name, name) == 0) return (int)i;
        return 0;
}

policy_role policy_role_of(const char *name)
{
        return (policy_role)term_find(ROLES, POLICY_ROLE_COUNT, name);
}

policy_channel policy_channel_of(const char *name)
{
        return (policy_channel)term_find(CHANNELS, POLICY_CHANNEL_COUNT, name);
}

static char *set_format(const term *terms, size_t count, uint32_t set, char *text, size_t size)
{
        assert(size > 0);
        size_t length = 0;
        text[0] = '\0';
        for (size_t i = 1; i < count; i++) {
                if (!((set >> i) & 1)) continue;
                size_t name = strlen(terms[i].name), separator = length > 0 ? 2 : 0;
                if (length + separator + name >= size) break; /* whole names only */
                if (separator > 0) memcpy(text + length, ", ", 2);
                memcpy(text + length + separator, terms[i].name, name + 1);
                length += separator + name;
        }
        return text;
}

char *policy_roles_format(policy_roles roles, char *text, size_t size)
{
        return set_format(ROLES, POLICY_ROLE_COUNT, roles, text, size);
}

char *policy_channels_format(policy_channels channels, char *text, size_t size)
{
        return set_format(CHANNELS, POLICY_CHANNEL_COUNT, channels, text, size);
}

policy_role policy_roles_first(policy_roles roles)
{
        return (policy_role)((roles & POLICY_ROLES_ALL) != 0
                                     ? __builtin_ctz(roles & POLICY_ROLES_ALL)
                                     : 0);
}

policy_channel policy_channels_first(policy_channels channels)
{
        return (policy_channel)((channels & POLICY_CHANNELS_ALL) != 0
                                        ? __builtin_ctz(channels & POLICY_CHANNELS_ALL)
                                        : 0);
}
