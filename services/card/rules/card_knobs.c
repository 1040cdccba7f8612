/* The knobs of the card: type, range, national floor. */
#include "services/card/rules/card_knobs.h"

/* clang-format off */
const policy_knob CARD_KNOBS[CARD_KNOB_COUNT] = {
[CARD_KNOB_RECOVER_AFTER_FORMAL_LOSS] = {
        .name = "recover_after_formal_loss", .type = POLICY_KNOB_CHOICE, .floor = POLICY_FLOOR_HIGHER,
        .choices = {"UNTIL_REPLACEMENT_REQUESTED", "NEVER"},
        .national = CARD_RECOVER_UNTIL_REPLACEMENT_REQUESTED, .rule = "A2",
        .text = {"书面挂失后能否解挂", "whether a formally lost card can be recovered"}},
[CARD_KNOB_TEMP_LOSS_DAYS] = {
        .name = "temp_loss_days", .type = POLICY_KNOB_INTEGER, .minimum = 1, .maximum = 30,
        .floor = POLICY_FLOOR_NONE, .national = 10, .rule = "A3",
        .text = {"临时挂失天数", "days that a temporary loss lasts"}},
[CARD_KNOB_TEMP_LOSS_ON_EXPIRY] = {
        .name = "temp_loss_on_expiry", .type = POLICY_KNOB_CHOICE, .floor = POLICY_FLOOR_HIGHER,
        .choices = {"RESTORE", "HOLD", "CANCEL"}, .national = 0, .rule = "A3",
        .text = {"临时挂失到期后的处理", "what happens when a temporary loss ends by itself"}},
[CARD_KNOB_UNCLAIMED_DAYS] = {
        .name = "unclaimed_days", .type = POLICY_KNOB_INTEGER, .minimum = 0, .maximum = 3650,
        .floor = POLICY_FLOOR_NONE, .national = 0, .rule = "A5",
        .text = {"未领取清理天数（0为不清理）", "days after which an uncollected card ends; 0: never"}},
[CARD_KNOB_COLLECT_BY_HOME_VISIT] = {
        .name = "collect_by_home_visit", .type = POLICY_KNOB_BOOLEAN, .floor = POLICY_FLOOR_LOWER,
        .national = 1, .rule = "A6",
        .text = {"能否上门发卡", "whether a card may be handed over at the door"}},
[CARD_KNOB_COLLECT_BY_AGENT] = {
        .name = "collect_by_agent", .type = POLICY_KNOB_BOOLEAN, .floor = POLICY_FLOOR_LOWER,
        .national = 1, .rule = "A6",
        .text = {"能否代领", "whether an agent may collect a card"}},
[CARD_KNOB_OLD_CARD_UNTIL] = {
        .name = "old_card_until", .type = POLICY_KNOB_CHOICE, .floor = POLICY_FLOOR_HIGHER,
        .choices = {"SUCCESSOR_ENABLED", "SUCCESSOR_COLLECTED"},
        .national = CARD_OLD_UNTIL_SUCCESSOR_ENABLED, .rule = "A7",
        .text = {"旧卡使用到何时", "how long the old card is in use"}},
[CARD_KNOB_EXPIRY_BLOCKS_SOCIAL] = {
        .name = "expiry_blocks_social", .type = POLICY_KNOB_BOOLEAN, .floor = POLICY_FLOOR_HIGHER,
        .national = 0, .rule = "A10",
        .text = {"到期后是否停用社保功能", "whether expiry closes the social security function"}},
[CARD_KNOB_FORMAL_LOSS_ONLINE] = {
        .name = "formal_loss_online", .type = POLICY_KNOB_BOOLEAN, .floor = POLICY_FLOOR_NONE,
        .national = 0, .rule = "R44",
        .text = {"能否网上书面挂失", "whether a formal loss may be reported online"}},
[CARD_KNOB_ENABLE_BY_PHONE] = {
        .name = "enable_by_phone", .type = POLICY_KNOB_BOOLEAN, .floor = POLICY_FLOOR_NONE,
        .national = 0, .rule = "R38",
        .text = {"能否电话启用社保功能", "whether the function may be enabled by telephone"}},
[CARD_KNOB_VALIDITY_YEARS] = {
        .name = "validity_years", .type = POLICY_KNOB_INTEGER, .minimum = 5, .maximum = 20,
        .floor = POLICY_FLOOR_NONE, .national = 10, .rule = "R29",
        .text = {"卡片有效年数", "years that a new card is valid"}},
};
/* clang-format on */

card_knobs card_knobs_national(void)
{
        card_knobs knobs;
        for (int i = 0; i < CARD_KNOB_COUNT; i++)
                knobs.values[i] = CARD_KNOBS[i].national;
        return knobs;
}
