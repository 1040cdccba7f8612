/* What people are like, and how many of them. */
#include "tools/people/people_tables.h"

/* clang-format off */
const people_profile_row PEOPLE_PROFILES[PEOPLE_PROFILE_COUNT] = {
[PEOPLE_NORMAL]             = {"NORMAL", "正常", "in use", 642, 0},
[PEOPLE_EXPIRING]           = {"EXPIRING", "正常，60日内到期", "in use, expires within 60 days", 30, 16},
[PEOPLE_EXPIRED]            = {"EXPIRED", "正常，已过有效期", "in use, past its last day", 25, 16},
[PEOPLE_ARCHIVED_AT_OUTLET] = {"ARCHIVED_AT_OUTLET", "封存，待领取", "archived, waits at an outlet", 45, 0},
[PEOPLE_ARCHIVED_IN_MAIL]   = {"ARCHIVED_IN_MAIL", "封存，邮寄中", "archived, in the mail", 15, 0},
[PEOPLE_ARCHIVED_COLLECTED] = {"ARCHIVED_COLLECTED", "封存，已领取未启用", "archived, collected", 55, 0},
[PEOPLE_REQUESTED]          = {"REQUESTED", "已申领", "applied for", 20, 0},
[PEOPLE_PRODUCING]          = {"PRODUCING", "制卡中", "being made", 20, 0},
[PEOPLE_TEMP_LOST]          = {"TEMP_LOST", "临时挂失", "temporarily lost", 15, 0},
[PEOPLE_LOST]               = {"LOST", "挂失", "reported lost", 20, 0},
[PEOPLE_CANCELLED]          = {"CANCELLED", "注销", "cancelled", 25, 16},
[PEOPLE_REPLACED]           = {"REPLACED", "旧卡注销，新卡正常", "old card cancelled, new one in use", 43, 16},
[PEOPLE_LEGACY_DUPLICATE]   = {"LEGACY_DUPLICATE", "省内重复持卡", "two live cards of old", 20, 30},
[PEOPLE_DEAD]               = {"DEAD", "已去世，卡注销", "dead, card cancelled", 18, 60},
[PEOPLE_WITHDRAWN]          = {"WITHDRAWN", "已撤回申领", "application taken back", 7, 0},
};

/* As the census of 2020 found them, rounded. */
const people_age_row PEOPLE_AGES[PEOPLE_AGE_COUNT] = {
        {0, 5, 60},    {6, 15, 110},  {16, 29, 170}, {30, 44, 235},
        {45, 59, 235}, {60, 74, 140}, {75, 89, 45},  {90, 104, 5},
};

/* By the sizes of the eleven cities of Zhejiang. */
const people_place PEOPLE_PLACES[PEOPLE_PLACE_COUNT] = {
        {"01", 4, 185}, {"02", 3, 146}, {"03", 3, 148}, {"04", 2, 84}, {"05", 2, 52}, {"06", 2, 82},
        {"07", 2, 109}, {"08", 1, 35},  {"09", 1, 18},  {"10", 2, 102}, {"11", 1, 39},
};

const people_bank PEOPLE_BANKS[PEOPLE_BANK_COUNT] = {
        {"102", "中国工商银行", "Industrial and Commercial Bank of China", 160},
        {"103", "中国农业银行", "Agricultural Bank of China", 190},
        {"104", "中国银行", "Bank of China", 90},
        {"105", "中国建设银行", "China Construction Bank", 150},
        {"301", "交通银行", "Bank of Communications", 50},
        {"313", "城市商业银行", "city commercial bank", 50},
        {"402", "农村信用社", "rural credit cooperative", 200},
        {"403", "中国邮政储蓄银行", "Postal Savings Bank of China", 110},
};
/* clang-format on */
