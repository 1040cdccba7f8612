/* The knobs of the PIN: type, range, national floor. */
#include "services/credential/rules/credential_knobs.h"

/* clang-format off */
const policy_knob CREDENTIAL_KNOBS[CREDENTIAL_KNOB_COUNT] = {
[CREDENTIAL_KNOB_MAX_ERRORS] = {
        .name = "pin_max_errors", .type = POLICY_KNOB_INTEGER, .minimum = 1, .maximum = 6,
        .floor = POLICY_FLOOR_LOWER, .national = 6, .rule = "A4",
        .text = {"连续错误几次锁定密码", "how many errors in a row lock the password"}},
[CREDENTIAL_KNOB_LIFETIME_UNLOCKS] = {
        .name = "pin_lifetime_unlocks", .type = POLICY_KNOB_INTEGER, .minimum = 0, .maximum = 100,
        .floor = POLICY_FLOOR_NONE, .national = 0, .rule = "A4",
        .text = {"可解锁次数（0为不限）", "how often a password may be unlocked; 0: without limit"}},
};
/* clang-format on */

credential_knobs credential_knobs_national(void)
{
        credential_knobs knobs;
        for (int i = 0; i < CREDENTIAL_KNOB_COUNT; i++)
                knobs.values[i] = CREDENTIAL_KNOBS[i].national;
        return knobs;
}

policy_knob_verdict credential_knobs_set(credential_knobs *knobs, const char *name,
                                         const char *text)
{
        int index = policy_knob_find(CREDENTIAL_KNOBS, CREDENTIAL_KNOB_COUNT, name);
        if (index < 0) return POLICY_KNOB_UNKNOWN_NAME;
        return policy_knob_parse(&CREDENTIAL_KNOBS[index], text, &knobs->values[index]);
}
