/* The knobs of the bank link: type, range, national floor. */
#include "services/bank/rules/bank_knobs.h"

/* clang-format off */
const policy_knob BANK_KNOBS[BANK_KNOB_COUNT] = {
[BANK_KNOB_ACTIVATE_BY_HOME_VISIT] = {
        .name = "activate_by_home_visit", .type = POLICY_KNOB_BOOLEAN, .floor = POLICY_FLOOR_LOWER,
        .national = 1, .rule = "A6",
        .text = {"能否上门激活金融功能", "whether the financial function may be activated at the door"}},
[BANK_KNOB_ACTIVATE_BY_AGENT] = {
        .name = "activate_by_agent", .type = POLICY_KNOB_BOOLEAN, .floor = POLICY_FLOOR_LOWER,
        .national = 1, .rule = "A6",
        .text = {"能否代办激活金融功能", "whether an agent may activate the financial function"}},
[BANK_KNOB_CLOSE_BY_AGENT] = {
        .name = "close_by_agent", .type = POLICY_KNOB_BOOLEAN, .floor = POLICY_FLOOR_NONE,
        .national = 0, .rule = "A6",
        .text = {"能否代办注销银行账户", "whether an agent may close the account"}},
};
/* clang-format on */

bank_knobs bank_knobs_national(void)
{
        bank_knobs knobs;
        for (int i = 0; i < BANK_KNOB_COUNT; i++)
                knobs.values[i] = BANK_KNOBS[i].national;
        return knobs;
}

policy_knob_verdict bank_knobs_set(bank_knobs *knobs, const char *name, const char *text)
{
        int index = policy_knob_find(BANK_KNOBS, BANK_KNOB_COUNT, name);
        if (index < 0) return POLICY_KNOB_UNKNOWN_NAME;
        return policy_knob_parse(&BANK_KNOBS[index], text, &knobs->values[index]);
}
