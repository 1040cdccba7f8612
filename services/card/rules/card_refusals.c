/* The texts people hear when a rule says no, in Chinese and English, and what lifts each.
 * Steps here are candidates: card_rules.c leaves out those that would be refused themselves. */
#include "services/card/rules/card_refusals.h"

#include <assert.h>
#include <string.h>

#define COUNTERS (POLICY_C(BRANCH) | POLICY_C(BANK_BRANCH))
#define PEOPLE (POLICY_R(HOLDER) | POLICY_R(GUARDIAN))
#define PEOPLE_OR_AGENT (PEOPLE | POLICY_R(AGENT))

/* clang-format off */
const policy_step CARD_STEP_WAIT_FOR_PRODUCTION = {
        .code = "WAIT_FOR_PRODUCTION", .operation = "CompleteProduction", .lifts = true,
        .text = {"卡片制成后会通知您领取。", "You will be told where to collect the card once it is made."},
        .channels = POLICY_C(SYSTEM), .who = POLICY_R(PLATFORM),
        .contact = POLICY_CONTACT_ISSUING_12333, .rule = "R37"};
static const policy_step START_PRODUCTION = {
        .code = "START_PRODUCTION", .operation = "StartProduction", .lifts = true,
        .text = {"先登记开始制卡。", "Production must be started first."},
        .channels = POLICY_C(SYSTEM), .who = POLICY_R(PLATFORM), .rule = "R32"};
const policy_step CARD_STEP_COLLECT = {
        .code = "COLLECT_CARD", .operation = "CollectCard", .lifts = true,
        .text = {"请携带有效身份证件领取社保卡；领取地点可咨询当地12333或社保卡经办机构。",
                 "Collect the card with a valid identity document; the local 12333 or the agency tells where."},
        .channels = COUNTERS, .who = PEOPLE,
        .documents = {"ID_DOCUMENT"}, .contact = POLICY_CONTACT_LOCAL_12333, .rule = "R37"};
const policy_step CARD_STEP_ENABLE = {
        .code = "ENABLE_SOCIAL_FUNCTION", .operation = "EnableSocialFunction", .lifts = true,
        .text = {"请到社保卡服务网点，或通过线上等服务渠道启用社保功能。",
                 "Enable the social security function at an outlet, a self-service machine or online."},
        .channels = POLICY_C(BRANCH) | POLICY_C(SELF_SERVICE) | POLICY_CHANNELS_ONLINE,
        .who = PEOPLE, .contact = POLICY_CONTACT_LOCAL_12333, .rule = "R38"};
const policy_step CARD_STEP_RECOVER_TEMP = {
        .code = "RECOVER_CARD", .operation = "RecoverCard", .lifts = true,
        .text = {"找到卡片后请解除临时挂失：网点、自助机须出示卡片，线上须人脸核验。银行账户请另向银行办理。",
                 "Found it? End the temporary loss at an outlet or a self-service machine with the card, or "
                 "online with your face. The bank account is recovered at the bank."},
        .channels = POLICY_C(BRANCH) | POLICY_C(SELF_SERVICE) | POLICY_CHANNELS_ONLINE,
        .who = PEOPLE, .documents = {"CARD_PRESENTED", "ID_DOCUMENT"}, .rule = "A3"};
const policy_step CARD_STEP_RECOVER_LOST = {
        .code = "RECOVER_CARD", .operation = "RecoverCard", .lifts = true,
        .text = {"找到卡片且尚未申请补卡的，可携带卡片和身份证件到经办网点解除挂失。",
                 "Found it, and no replacement asked for? Recover it at an agency outlet with the card and "
                 "your identity document."},
        .channels = POLICY_C(BRANCH), .who = PEOPLE,
        .documents = {"CARD_PRESENTED", "ID_DOCUMENT"}, .contact = POLICY_CONTACT_AGENCY, .rule = "A2"};
const policy_step CARD_STEP_REPORT_TEMP_LOSS = {
        .code = "REPORT_TEMPORARY_LOSS", .operation = "ReportLoss:TEMPORARY",
        .text = {"卡片丢失请立即挂失，可拨打12333或通过线上渠道办理。",
                 "Lost? Report it at once by telephone 12333 or online."},
        .channels = POLICY_C(PHONE_12333) | POLICY_C(BRANCH) | POLICY_C(BANK_BRANCH) |
                    POLICY_C(SELF_SERVICE) | POLICY_CHANNELS_ONLINE,
        .who = PEOPLE_OR_AGENT, .rule = "R13"};
const policy_step CARD_STEP_REPORT_FORMAL_LOSS = {
        .code = "REPORT_FORMAL_LOSS", .operation = "ReportLoss:FORMAL", .lifts = true,
        .text = {"请携带身份证件到网点办理正式挂失。",
                 "Report the loss formally at an outlet with your identity document."},
        .channels = COUNTERS, .who = PEOPLE, .documents = {"ID_DOCUMENT"},
        .contact = POLICY_CONTACT_AGENCY, .rule = "R44"};
const policy_step CARD_STEP_REPLACE_LOST = {
        .code = "REPLACE_LOST_CARD", .operation = "ReplaceCard:LOST",
        .text = {"请申请补领新卡。", "Ask for a replacement of the lost card."},
        .channels = COUNTERS | POLICY_CHANNELS_ONLINE, .who = PEOPLE_OR_AGENT, .rule = "R31"};
const policy_step CARD_STEP_REPLACE_EXPIRING = {
        .code = "RENEW_CARD", .operation = "ReplaceCard:EXPIRING",
        .text = {"可申请换发新卡；旧卡在新卡启用前可继续使用。",
                 "Ask for a renewal; the old card stays in use until the new one is enabled."},
        .channels = COUNTERS | POLICY_CHANNELS_ONLINE, .who = PEOPLE_OR_AGENT, .rule = "R32"};
static const policy_step REPLACE_CARD = {
        .code = "REPLACE_CARD", .operation = "ReplaceCard:DAMAGED",
        .text = {"您在本省已有社保卡，需要新卡请办理补换卡。",
                 "You have a card in this province; if you need a new one, replace it."},
        .channels = COUNTERS | POLICY_CHANNELS_ONLINE, .who = PEOPLE_OR_AGENT, .rule = "R42"};
const policy_step CARD_STEP_APPLY_ANEW = {
        .code = "APPLY_ANEW", .operation = "ApplyCard",
        .text = {"如需社保卡请重新申领。", "If you need a card, apply for a new one."},
        .channels = COUNTERS | POLICY_CHANNELS_ONLINE, .who = PEOPLE_OR_AGENT, .rule = "R31"};
const policy_step CARD_STEP_USE_SUCCESSOR = {
        .code = "USE_NEW_CARD",
        .text = {"请使用您的新卡。", "Use your new card."}, .rule = "R42"};
static const policy_step WITHDRAW_REPLACEMENT = {
        .code = "WITHDRAW_REPLACEMENT", .operation = "WithdrawApplication", .lifts = true,
        .text = {"新卡尚未制作的，可先撤回补换卡申请。",
                 "While the new card is not being made yet, you can take the request back."},
        .channels = COUNTERS | POLICY_CHANNELS_ONLINE, .who = PEOPLE_OR_AGENT, .rule = "R31"};
const policy_step CARD_STEP_WAIT_FOR_REPLACEMENT = {
        .code = "WAIT_FOR_NEW_CARD",
        .text = {"新卡正在办理，制成后会通知您领取。",
                 "Your new card is on its way; you will be told where to collect it."},
        .contact = POLICY_CONTACT_ISSUING_12333, .rule = "R37"};
const policy_step CARD_STEP_COLLECT_REPLACEMENT = {
        .code = "COLLECT_NEW_CARD", .operation = "CollectCard",
        .text = {"新卡已制成，请携带身份证件领取。",
                 "Your new card is ready; collect it with your identity document."},
        .channels = COUNTERS, .who = PEOPLE, .documents = {"ID_DOCUMENT"},
        .contact = POLICY_CONTACT_LOCAL_12333, .rule = "R37"};
const policy_step CARD_STEP_ENABLE_REPLACEMENT = {
        .code = "ENABLE_NEW_CARD", .operation = "EnableSocialFunction",
        .text = {"新卡已领取，请启用新卡的社保功能。",
                 "You have your new card; enable its social security function."},
        .channels = POLICY_C(BRANCH) | POLICY_C(SELF_SERVICE) | POLICY_CHANNELS_ONLINE,
        .who = PEOPLE, .rule = "R38"};
static const policy_step WAIT_FOR_WINDOW = {
        .code = "WAIT_FOR_RENEWAL_WINDOW", .lifts = true,
        .text = {"有效期届满前60日起可办理到期换卡；卡片损坏、丢失等不受此限。",
                 "Renewal opens 60 days before the day of expiry; damage, loss and a new photo need not wait."},
        .rule = "R32"};
static const policy_step KEEP_CARD = {
        .code = "KEEP_CARD",
        .text = {"您正在本地享受就业、社保等公共服务，请保留此卡。",
                 "You draw local public services with this card: keep it."},
        .contact = POLICY_CONTACT_AGENCY, .rule = "R46"};
static const policy_step UPDATE_ENTITLEMENT = {
        .code = "UPDATE_ENTITLEMENT", .operation = "SetEntitlement", .lifts = true,
        .text = {"如已不再享受，请先到业务经办机构办理停发，系统更新后再注销。",
                 "If you no longer draw any, have that recorded by the office that pays them, then cancel."},
        .channels = POLICY_C(SYSTEM), .who = POLICY_R(PLATFORM),
        .contact = POLICY_CONTACT_AGENCY, .rule = "R45"};
static const policy_step CANCEL_MADE_CARD = {
        .code = "CANCEL_CARD", .operation = "CancelCard:BY_HOLDER",
        .text = {"卡片已制成，不需要的请到发卡地经办网点注销。",
                 "The card is made; if you do not want it, cancel it at an agency outlet of the issuing place."},
        .channels = POLICY_C(BRANCH), .who = PEOPLE_OR_AGENT, .documents = {"ID_DOCUMENT"},
        .contact = POLICY_CONTACT_AGENCY, .rule = "R45"};
const policy_step CARD_STEP_CANCEL_DUPLICATE = {
        .code = "CANCEL_DUPLICATE", .operation = "CancelCard:BY_HOLDER",
        .text = {"您在本省有多张社保卡。确认不在本地享受公共服务的，请到经办网点注销多余的卡并销户。",
                 "You have several cards in this province. Cancel one whose place gives you no services, at "
                 "an agency outlet, and close its bank account."},
        .channels = POLICY_C(BRANCH), .who = PEOPLE_OR_AGENT, .documents = {"ID_DOCUMENT"},
        .contact = POLICY_CONTACT_AGENCY, .rule = "R45"};
static const policy_step COLLECT_BEFORE = {
        .code = "COLLECT_CARD", .operation = "CollectCard",
        .text = {"尚未领取的，请先携带有效身份证件领取。",
                 "If you do not have the card yet, collect it first with a valid identity document."},
        .channels = COUNTERS, .who = PEOPLE,
        .documents = {"ID_DOCUMENT"}, .contact = POLICY_CONTACT_LOCAL_12333, .rule = "R37"};
static const policy_step REPORT_LOST_IN_DELIVERY = {
        .code = "REPORT_LOST_IN_DELIVERY", .operation = "ReportLostInDelivery",
        .text = {"卡片在领取前丢失的，请联系经办机构登记，然后重新申领。",
                 "Lost before you had it? The agency records that; then apply again."},
        .channels = POLICY_C(BRANCH), .who = POLICY_R(OPERATOR),
        .contact = POLICY_CONTACT_ISSUING_12333, .rule = "R37"};
const policy_step CARD_STEP_CLOSE_BANK_ACCOUNT = {
        .code = "CLOSE_BANK_ACCOUNT_AT_COUNTER",
        .text = {"请到合作银行网点柜台注销卡上的银行账户。",
                 "Close the card's bank account at the counter of the partner bank."},
        .channels = POLICY_C(BANK_BRANCH), .who = PEOPLE_OR_AGENT, .documents = {"ID_DOCUMENT"},
        .contact = POLICY_CONTACT_BANK, .rule = "R44"};
const policy_step CARD_STEP_TELL_BANK = {
        .code = "REPORT_TO_BANK_TOO",
        .text = {"社保功能已挂失；银行账户请同时向银行挂失。",
                 "The social security function is stopped; report the loss to the bank too."},
        .who = PEOPLE, .contact = POLICY_CONTACT_BANK, .rule = "R13"};
static const policy_step BRING_EVIDENCE = {
        .code = "BRING_EVIDENCE",
        .text = {"请补齐所缺材料后再办理。", "Come again with what is missing."}, .rule = "S10"};
static const policy_step GIVE_CONSENT = {
        .code = "GIVE_CONSENT",
        .text = {"须经本人同意后制卡。", "The holder must agree to have the card made."},
        .who = PEOPLE_OR_AGENT, .rule = "R32"};
static const policy_step ASK_SECOND_PERSON = {
        .code = "ASK_SECOND_PERSON",
        .text = {"请另一名工作人员复核。", "Have a second operator approve it."},
        .who = POLICY_R(OPERATOR), .rule = "S7"};
static const policy_step RELOAD = {
        .code = "RELOAD_AND_REPEAT",
        .text = {"信息已更新，请重新查询后再办理。", "It has changed meanwhile: read it again, then repeat."},
        .rule = "S2"};
static const policy_step CHECK_IDENTITY_NUMBER = {
        .code = "CHECK_IDENTITY_NUMBER",
        .text = {"请核对18位公民身份号码，末位字母用大写X。",
                 "Check the 18 characters of the identity number; a final letter is a capital X."},
        .rule = "R1"};
static const policy_step CHOOSE_PICKUP_OR_MAIL = {
        .code = "CHOOSE_PICKUP_OR_MAIL",
        .text = {"请选择网点领取或邮寄，或到支持即时制卡的网点办理。",
                 "Choose pick-up or mail, or go to an outlet that makes cards at once."},
        .rule = "R33"};
const policy_step CARD_STEP_CALL_ISSUING_PLACE = {
        .code = "CALL_ISSUING_12333",
        .text = {"请咨询发卡地12333。", "Ask 12333 of the issuing place."},
        .contact = POLICY_CONTACT_ISSUING_12333, .rule = "R34"};
static const policy_step TRY_AGAIN_LATER = {
        .code = "TRY_AGAIN_LATER",
        .text = {"其他地区暂时无法查询，请稍后再试。", "Other regions cannot be asked just now; try again later."},
        .rule = "S5"};
static const policy_step HOLDER_APPLIES = {
        .code = "HOLDER_APPLIES",
        .text = {"年满16周岁的，请由本人或受托人申请。",
                 "From 16 on, the holder or an agent with a mandate applies."},
        .who = POLICY_R(HOLDER) | POLICY_R(AGENT), .rule = "R1"};

#define NO FAILURE_FAILED_PRECONDITION
#define DENIED FAILURE_PERMISSION_DENIED
#define INVALID FAILURE_INVALID_ARGUMENT
#define EXISTS FAILURE_ALREADY_EXISTS
#define CODE(name) [CARD_REFUSAL_##name] = { .reason = #name

static const policy_refusal REFUSALS[CARD_REFUSAL_COUNT] = {
CODE(CARD_NOT_ISSUED), .status = NO, .rule = "R37",
        .text = {"卡片尚未制成。", "The card has not been made yet."},
        .steps = {&CARD_STEP_WAIT_FOR_PRODUCTION}},
CODE(NOT_COLLECTED), .status = NO, .rule = "R37",
        .text = {"卡片尚未领取。", "The card has not been collected yet."},
        .steps = {&CARD_STEP_COLLECT, &REPORT_LOST_IN_DELIVERY}},
CODE(SOCIAL_NOT_ENABLED), .status = NO, .rule = "R4",
        .text = {"卡片为封存状态，社保功能尚未启用。", "The card is archived: its social security function has not been enabled."},
        .steps = {&COLLECT_BEFORE, &CARD_STEP_ENABLE}},
CODE(CARD_TEMP_LOST), .status = NO, .rule = "R13",
        .text = {"卡片已临时挂失。", "The card is reported temporarily lost."},
        .steps = {&CARD_STEP_RECOVER_TEMP}},
CODE(CARD_LOST), .status = NO, .rule = "R13",
        .text = {"卡片已挂失。", "The card is reported lost."},
        .steps = {&CARD_STEP_RECOVER_LOST, &CARD_STEP_REPLACE_LOST, &CARD_STEP_WAIT_FOR_REPLACEMENT,
                  &CARD_STEP_COLLECT_REPLACEMENT, &CARD_STEP_ENABLE_REPLACEMENT}},
CODE(CARD_CANCELLED), .status = NO, .rule = "R14",
        .text = {"卡片已注销。", "The card is cancelled."},
        .steps = {&CARD_STEP_APPLY_ANEW, &CARD_STEP_CLOSE_BANK_ACCOUNT}},
CODE(APPLICATION_ENDED), .status = NO, .rule = "R30",
        .text = {"该申请已撤回。", "This application was taken back."},
        .steps = {&CARD_STEP_APPLY_ANEW}},
CODE(NOT_LOST), .status = NO, .rule = "R13",
        .text = {"卡片未挂失，无需解除。", "The card is not reported lost; there is nothing to recover."}},
CODE(FORMAL_LOSS_REQUIRED), .status = NO, .rule = "R44",
        .text = {"补领新卡须先正式挂失。", "A replacement for loss needs a formal loss report first."},
        .steps = {&CARD_STEP_REPORT_FORMAL_LOSS}},
CODE(FORMAL_LOSS_IRREVOCABLE), .status = NO, .rule = "A2",
        .text = {"本地区正式挂失后不能解除，请补领新卡。", "In this region a formal loss cannot be undone; replace the card."},
        .steps = {&CARD_STEP_REPLACE_LOST, &CARD_STEP_WAIT_FOR_REPLACEMENT,
                  &CARD_STEP_COLLECT_REPLACEMENT, &CARD_STEP_ENABLE_REPLACEMENT}},
CODE(REPLACEMENT_ALREADY_REQUESTED), .status = NO, .rule = "R42",
        .text = {"已申请补换新卡。", "A replacement has been asked for already."},
        .steps = {&WITHDRAW_REPLACEMENT, &CARD_STEP_WAIT_FOR_REPLACEMENT,
                  &CARD_STEP_COLLECT_REPLACEMENT, &CARD_STEP_ENABLE_REPLACEMENT}},
CODE(RENEWAL_WINDOW_NOT_OPEN), .status = NO, .rule = "R32",
        .text = {"未到换卡时间：有效期届满前60日起可办理。请勿点击短信中的“社保卡到期”链接。",
                 "Too early: renewal opens 60 days before the day of expiry. Never follow a link in a message about card expiry."},
        .steps = {&WAIT_FOR_WINDOW}},
CODE(CONSENT_REQUIRED), .status = NO, .rule = "R32",
        .text = {"未取得本人同意，不能制卡。", "Without the holder's consent no card is made."},
        .steps = {&GIVE_CONSENT}},
CODE(ALREADY_HAS_CARD), .status = EXISTS, .rule = "R42",
        .text = {"您在本省已有社保卡，一人一卡。", "You have a card in this province: one card a person."},
        .steps = {&CARD_STEP_WAIT_FOR_REPLACEMENT, &CARD_STEP_COLLECT_REPLACEMENT, &REPLACE_CARD,
                  &CARD_STEP_REPLACE_LOST}},
CODE(LOCAL_ENTITLEMENTS_IN_USE), .status = NO, .rule = "R46",
        .text = {"您正在本地享受公共服务，不能注销此卡。", "You draw local public services: the card must be kept."},
        .steps = {&KEEP_CARD, &UPDATE_ENTITLEMENT}},
CODE(RESOLVE_LOSS_FIRST), .status = NO, .rule = "R45",
        .text = {"卡片处于临时挂失，请先解除或转为正式挂失。", "The card is temporarily lost: recover it or report the loss formally first."},
        .steps = {&CARD_STEP_RECOVER_TEMP, &CARD_STEP_REPORT_FORMAL_LOSS}},
CODE(COLLECT_FIRST), .status = NO, .rule = "R37",
        .text = {"卡片尚未领取，请先领取。", "The card has not been collected; collect it first."},
        .steps = {&CARD_STEP_COLLECT}},
CODE(ALREADY_IN_PRODUCTION), .status = NO, .rule = "R32",
        .text = {"卡片已开始制作或已制成，不能撤回申请。", "The card is being made or made; the application cannot be taken back."},
        .steps = {&CANCEL_MADE_CARD}},
CODE(CHANNEL_NOT_ALLOWED), .status = DENIED, .rule = "R31",
        .text = {"此渠道不能办理该业务。", "This cannot be done on this channel."}},
CODE(MISSING_EVIDENCE), .status = NO, .rule = "R9",
        .text = {"缺少办理所需材料。", "Evidence is missing."},
        .steps = {&BRING_EVIDENCE}},
CODE(ID_CHECKSUM), .status = INVALID, .rule = "R1", .field = "identity_number",
        .text = {"公民身份号码校验位不正确。", "The check character of the identity number is wrong."},
        .steps = {&CHECK_IDENTITY_NUMBER}},
CODE(VERSION_CONFLICT), .status = FAILURE_ABORTED, .rule = "S2",
        .text = {"信息已被更新，请重新查询。", "It has changed since you read it."},
        .steps = {&RELOAD}},
CODE(PERSON_DEAD), .status = NO, .rule = "R1",
        .text = {"该人员已登记死亡，不能办理。", "The person is recorded as dead."},
        .steps = {&CARD_STEP_CALL_ISSUING_PLACE}},
CODE(CARD_NUMBER_IN_USE), .status = EXISTS, .rule = "R1", .field = "card_number",
        .text = {"卡号已被使用。", "Another card carries this number."}},
CODE(SECOND_PERSON_REQUIRED), .status = NO, .rule = "S7",
        .text = {"须由第二名工作人员复核。", "A second operator must approve this."},
        .steps = {&ASK_SECOND_PERSON}},
CODE(NOT_IN_PRODUCTION), .status = NO, .rule = "R32",
        .text = {"卡片尚未开始制作。", "Production has not started."},
        .steps = {&START_PRODUCTION}},
CODE(ALREADY_PRODUCED), .status = NO, .rule = "R32",
        .text = {"卡片已制成。", "The card is made already."}},
CODE(ALREADY_COLLECTED), .status = NO, .rule = "R37",
        .text = {"卡片已领取；丢失请办理挂失。", "The card was collected; if it is lost now, report a loss."},
        .steps = {&CARD_STEP_REPORT_TEMP_LOSS}},

CODE(ROLE_NOT_ALLOWED), .status = DENIED, .rule = "S7",
        .text = {"您的身份不能办理此业务。", "Your role may not do this."}},
CODE(CARD_NOT_FOUND), .status = FAILURE_NOT_FOUND, .rule = "R1",
        .text = {"没有找到该卡。", "There is no such card."}},
CODE(TOO_MANY_CARDS), .status = NO, .rule = "R42",
        .text = {"该人员的卡片记录已满，请联系发卡地经办机构。", "This person's record of cards is full; ask the agency of the issuing place."},
        .steps = {&CARD_STEP_CALL_ISSUING_PLACE}},
CODE(GUARDIAN_AGE_LIMIT), .status = NO, .rule = "R1",
        .text = {"监护人只能为未满16周岁的人申请。", "A guardian applies for a person under 16 only."},
        .steps = {&HOLDER_APPLIES}},
CODE(MOBILITY_GROUND_REQUIRED), .status = NO, .rule = "R11",
        .text = {"上门服务须有高龄、重病、残疾等行动不便的事由。", "A home visit needs a ground: age, serious illness, disability or another that is told."},
        .steps = {&BRING_EVIDENCE}},
CODE(OUTLET_NOT_AUTHORISED), .status = DENIED, .rule = "R38",
        .text = {"该银行网点未获授权办理此业务。", "This bank outlet is not authorised for this."}},
CODE(ISSUING_PLACE_REQUIRED), .status = NO, .rule = "R45",
        .text = {"须到发卡地经办网点办理。", "This is done at an agency outlet of the issuing place."},
        .steps = {&CARD_STEP_CALL_ISSUING_PLACE}},
CODE(INSTANT_NOT_AVAILABLE), .status = NO, .rule = "R33",
        .text = {"此处不能即时制卡。", "Cards are not made at once here."},
        .steps = {&CHOOSE_PICKUP_OR_MAIL}},
CODE(OTHER_REGIONS_UNKNOWN), .status = FAILURE_UNAVAILABLE, .rule = "R47",
        .text = {"尚不能确认其他地区的卡片情况。", "Whether other regions have cards of this person is not known now."},
        .steps = {&TRY_AGAIN_LATER}},
CODE(ENTITLEMENT_OUTDATED), .status = NO, .rule = "R45",
        .text = {"已有更新的待遇信息。", "What is stored is newer."}},
CODE(CARD_EXPIRED), .status = NO, .rule = "A10",
        .text = {"卡片已过有效期，请换发新卡。请勿点击短信中的“社保卡到期”链接。",
                 "The card has expired; renew it. Never follow a link in a message about card expiry."},
        .steps = {&CARD_STEP_REPLACE_EXPIRING, &CARD_STEP_WAIT_FOR_REPLACEMENT,
                  &CARD_STEP_COLLECT_REPLACEMENT, &CARD_STEP_ENABLE_REPLACEMENT}},
CODE(CHIP_IN_USE), .status = EXISTS, .rule = "R1", .field = "chip.chip_id",
        .text = {"芯片编号已被使用。", "Another card has this chip."}},
CODE(CARD_NUMBER_MALFORMED), .status = INVALID, .rule = "R1", .field = "card_number",
        .text = {"卡号应为9位大写字母或数字。", "A card number has nine capital letters or digits."}},
CODE(FULFILMENT_REQUIRED), .status = INVALID, .rule = "R33", .field = "fulfilment",
        .text = {"请选择领卡方式。", "Choose how to get the card."}},
CODE(CANCEL_REASON_REQUIRED), .status = INVALID, .rule = "R45", .field = "by_authority.reason",
        .text = {"请选择依职权注销的事由。", "Give a reason that the authority may cancel for."}},
CODE(BANK_UNCHANGED), .status = INVALID, .rule = "R30", .field = "bank_code",
        .text = {"换行须选择另一家银行。", "A change of bank needs another bank."}},
CODE(PHOTO_UNCHANGED), .status = INVALID, .rule = "R28", .field = "photo_reference",
        .text = {"须提交新的近照。", "A new photo is needed, not the one on record."}},
CODE(DATE_IMPOSSIBLE), .status = INVALID, .rule = "R32", .field = "date",
        .text = {"日期不可能。", "The date is impossible."}},
CODE(IMPORT_INCONSISTENT), .status = INVALID, .rule = "R42", .field = "cards",
        .text = {"导入的卡片信息自相矛盾。", "The imported cards contradict themselves."}},
CODE(DUPLICATE_NOT_DECLARED), .status = INVALID, .rule = "R42", .field = "cards",
        .text = {"同省多张有效卡须标明为历史重复卡。", "A second live card must be declared a legacy duplicate."}},
};

static const policy_refusal IDENTITY[] = {
[IDENTITY_FIFTEEN_DIGITS] = {.reason = "ID_CHECKSUM", .status = INVALID, .rule = "R1", .field = "identity_number",
        .text = {"15位旧号码请换为18位公民身份号码。", "This is the old form of 15 digits; 18 characters are needed."},
        .steps = {&CHECK_IDENTITY_NUMBER}},
[IDENTITY_FULL_WIDTH] = {.reason = "ID_CHECKSUM", .status = INVALID, .rule = "R1", .field = "identity_number",
        .text = {"请使用半角数字和字母。", "Full-width characters are not accepted; use plain digits."},
        .steps = {&CHECK_IDENTITY_NUMBER}},
[IDENTITY_LOWER_CASE_X] = {.reason = "ID_CHECKSUM", .status = INVALID, .rule = "R1", .field = "identity_number",
        .text = {"末位字母请用大写X。", "The final letter must be a capital X."},
        .steps = {&CHECK_IDENTITY_NUMBER}},
[IDENTITY_LENGTH] = {.reason = "ID_CHECKSUM", .status = INVALID, .rule = "R1", .field = "identity_number",
        .text = {"公民身份号码应为18位。", "An identity number has 18 characters."},
        .steps = {&CHECK_IDENTITY_NUMBER}},
[IDENTITY_CHARACTERS] = {.reason = "ID_CHECKSUM", .status = INVALID, .rule = "R1", .field = "identity_number",
        .text = {"公民身份号码前17位应为数字，末位为数字或X。", "The first 17 characters are digits, the last a digit or X."},
        .steps = {&CHECK_IDENTITY_NUMBER}},
[IDENTITY_BIRTH_DATE] = {.reason = "ID_CHECKSUM", .status = INVALID, .rule = "R1", .field = "identity_number",
        .text = {"公民身份号码中的出生日期不存在。", "The date of birth in the identity number is impossible."},
        .steps = {&CHECK_IDENTITY_NUMBER}},
};
/* clang-format on */

const policy_refusal *card_refusal_of(card_refusal refusal)
{
        assert(refusal < CARD_REFUSAL_COUNT);
        return refusal == CARD_REFUSAL_NONE ? NULL : &REFUSALS[refusal];
}

const policy_refusal *card_refusal_find(const char *reason)
{
        for (int i = 1; i < CARD_REFUSAL_COUNT; i++)
                if (strcmp(REFUSALS[i].reason, reason) == 0) return &REFUSALS[i];
        return NULL;
}

const policy_refusal *card_refusal_of_identity(identity_fault fault)
{
        if (fault == IDENTITY_VALID) return NULL;
        if (fault == IDENTITY_CHECKSUM) return &REFUSALS[CARD_REFUSAL_ID_CHECKSUM];
        assert(fault < IDENTITY_CHECKSUM);
        return &IDENTITY[fault];
}

const char *identity_fault_name(identity_fault fault)
{
        static const char *const names[] = {"VALID",        "FIFTEEN_DIGITS", "FULL_WIDTH",
                                            "LOWER_CASE_X", "LENGTH",         "CHARACTERS",
                                            "BIRTH_DATE",   "CHECKSUM"};
        _Static_assert(ARRAY_LENGTH(names) == IDENTITY_CHECKSUM + 1, "a name for every fault");
        assert(fault <= IDENTITY_CHECKSUM);
        return names[fault];
}

bool card_step_is_about_successor(const policy_step *step)
{
        return step == &WITHDRAW_REPLACEMENT || step == &CARD_STEP_WAIT_FOR_REPLACEMENT ||
               step == &CARD_STEP_COLLECT_REPLACEMENT || step == &CARD_STEP_ENABLE_REPLACEMENT;
}
