/* The knobs of the electronic card: type, range, national floor. */
#include "services/ecard/rules/ecard_knobs.h"

/* clang-format off */
#define COUNT_OF(key, most, default_value, number, zh, en) \
        {.name = (key), .type = POLICY_KNOB_INTEGER, .minimum = 0, .maximum = (most), \
         .floor = POLICY_FLOOR_LOWER, .national = (default_value), .rule = (number), .text = {zh, en}}

const policy_knob ECARD_KNOBS[ECARD_KNOB_COUNT] = {
[ECARD_KNOB_WHEN_LOCKED] = {
        .name = "ecard_when_locked", .type = POLICY_KNOB_CHOICE, .floor = POLICY_FLOOR_HIGHER,
        .choices = {"OPEN", "AUTH_REQUIRED", "BLOCKED"},
        .national = ECARD_WHEN_LOCKED_AUTH_REQUIRED, .rule = "A1",
        .text = {"社保卡密码锁定时的电子社保卡", "the electronic card while the card's password is locked"}},
[ECARD_KNOB_ISSUE_REQUIRES] = {
        .name = "ecard_issue_requires", .type = POLICY_KNOB_CHOICE, .floor = POLICY_FLOOR_NONE,
        .choices = {"COLLECTED", "NORMAL"}, .national = ECARD_ISSUE_REQUIRES_NORMAL, .rule = "A8",
        .text = {"签发电子社保卡要求的卡片状态", "the state of the card that issuing asks for"}},
[ECARD_KNOB_GRANT_HOURS] = {
        .name = "ecard_grant_hours", .type = POLICY_KNOB_INTEGER, .minimum = 1, .maximum = 24,
        .floor = POLICY_FLOOR_LOWER, .national = 24, .rule = "A9",
        .text = {"挂失期间授权的最长小时数", "hours that a grant may last at most"}},
[ECARD_KNOB_PASSWORD_ERRORS] = {
        .name = "ecard_password_errors", .type = POLICY_KNOB_INTEGER, .minimum = 1, .maximum = 6,
        .floor = POLICY_FLOOR_LOWER, .national = 6, .rule = "R22",
        .text = {"电子社保卡密码连续错误次数", "wrong passwords in a row until it is locked"}},
[ECARD_KNOB_SESSION_MINUTES] = {
        .name = "ecard_session_minutes", .type = POLICY_KNOB_INTEGER, .minimum = 1, .maximum = 60,
        .floor = POLICY_FLOOR_LOWER, .national = 30, .rule = "A9",
        .text = {"登录有效分钟数", "minutes that a session lasts"}},
[ECARD_KNOB_CODE_SECONDS] = {
        .name = "ecard_code_seconds", .type = POLICY_KNOB_INTEGER, .minimum = 10, .maximum = 300,
        .floor = POLICY_FLOOR_LOWER, .national = 60, .rule = "R12",
        .text = {"二维码有效秒数", "seconds that a code is good"}},
[ECARD_KNOB_FAMILY_ELDERS] = COUNT_OF("ecard_family_elders", 20, 4, "R24", "可代管老人数", "elders that one person may look after"),
[ECARD_KNOB_FAMILY_CHILDREN] = COUNT_OF("ecard_family_children", 20, 3, "R24", "可代管子女数", "children that one person may look after"),
[ECARD_KNOB_FAMILY_SPOUSES] = COUNT_OF("ecard_family_spouses", 1, 1, "R24", "可代管配偶数", "spouses that one person may look after"),
[ECARD_KNOB_FAMILY_OTHERS] = COUNT_OF("ecard_family_others", 20, 2, "R24", "可代管其他人数", "others that one person may look after"),
};
/* clang-format on */

ecard_knobs ecard_knobs_national(void)
{
        ecard_knobs knobs;
        for (int i = 0; i < ECARD_KNOB_COUNT; i++)
                knobs.values[i] = ECARD_KNOBS[i].national;
        return knobs;
}

policy_knob_verdict ecard_knobs_set(ecard_knobs *knobs, const char *name, const char *text)
{
        int index = policy_knob_find(ECARD_KNOBS, ECARD_KNOB_COUNT, name);
        if (index < 0) return POLICY_KNOB_UNKNOWN_NAME;
        return policy_knob_parse(&ECARD_KNOBS[index], text, &knobs->values[index]);
}
