/* The classes of services. Must never leave one unclassified: that is PERSONAL. */
#include "services/ecard/rules/ecard_services.h"

#include "common/base/scoped.h"

#include <string.h>

/* clang-format off */
#define PERSONAL(service, zh, en) {.code = (service), .class = ECARD_SERVICE_PERSONAL, .text = {zh, en}}
#define WHILE_ARCHIVED(service, zh, en) {.code = (service), .class = ECARD_SERVICE_PERSONAL, .while_archived = true, .text = {zh, en}}
#define PAYS(service, zh, en) {.code = (service), .class = ECARD_SERVICE_PERSONAL, .needs_l2 = true, .text = {zh, en}}
#define PUBLIC(service, zh, en) {.code = (service), .class = ECARD_SERVICE_PUBLIC, .text = {zh, en}}

static const ecard_service SERVICES[] = {
        WHILE_ARCHIVED("card.status", "查询本人社保卡状态", "one's own card's status"),
        WHILE_ARCHIVED("card.enable", "启用社保功能", "enabling the social security function"),
        PERSONAL("ecard.code",           "出示电子社保卡二维码", "showing a one-time code"),
        PERSONAL("medical.registration", "预约挂号",           "registering with a hospital"),
        PERSONAL("medical.settlement",   "医保结算",           "settling medical bills"),
        PERSONAL("pension.query",        "养老待遇查询",       "looking up a pension"),
        PERSONAL("pension.qualification","待遇资格认证",       "proving the right to a pension"),
        PERSONAL("employment.subsidy",   "就业补贴申领",       "applying for employment subsidies"),
        PERSONAL("benefit.query",        "社保权益查询",       "looking up contributions and benefits"),
        PERSONAL("certificate.issue",    "参保证明打印",       "certificates of insurance"),
        PERSONAL("transit.ride",         "乘车码",             "riding bus and metro"),
        PERSONAL("culture.entry",        "图书馆、博物馆入馆", "libraries and museums"),
        PAYS("bank.payment",             "移动支付",           "paying from the linked account"),
        PUBLIC("policy.lookup",          "政策查询",           "looking up policies"),
        PUBLIC("outlet.finder",          "网点查询",           "finding an outlet"),
        PUBLIC("guidance",               "办事指南",           "guidance"),
        PUBLIC("news",                   "资讯",               "news"),
};
/* clang-format on */

static const ecard_service UNCLASSIFIED = {
        .code = "", .class = ECARD_SERVICE_PERSONAL, .text = {"其他服务", "another service"}};

const ecard_service *ecard_service_of(const char *code)
{
        for (size_t i = 0; i < ARRAY_LENGTH(SERVICES); i++)
                if (strcmp(SERVICES[i].code, code) == 0) return &SERVICES[i];
        return &UNCLASSIFIED;
}

const ecard_service *ecard_services_all(size_t *count)
{
        *count = ARRAY_LENGTH(SERVICES);
        return SERVICES;
}
