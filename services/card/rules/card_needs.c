/* Needs and kinds of evidence, with their names and texts. */
#include "services/card/rules/card_needs.h"

#include "common/base/scoped.h"

#include <assert.h>
#include <string.h>

typedef struct need_row {
        const char *name;
        card_evidences kinds;
        uint8_t assurance;
        policy_text text;
} need_row;

/* clang-format off */
static const need_row NEEDS[] = {
[CARD_NEED_IDENTITY] = {"PHONE_PROOF", CARD_E(PHONE_PROOF) | CARD_E(ID_DOCUMENT) | CARD_E(FACE_MATCH) | CARD_E(IN_PERSON), 1,
        {"核验持卡人身份（问答或预留手机）", "proof of the holder's identity, by questions or the phone on record"}},
[CARD_NEED_STRONG_IDENTITY] = {"ID_DOCUMENT", CARD_E(ID_DOCUMENT) | CARD_E(FACE_MATCH), 2,
        {"持卡人身份证件或人脸核验", "the holder's identity document, or a face check"}},
[CARD_NEED_FACE] = {"FACE_MATCH", CARD_E(FACE_MATCH), 3,
        {"持卡人人脸核验", "a check of the holder's face"}},
[CARD_NEED_ID_DOCUMENT] = {"ID_DOCUMENT", CARD_E(ID_DOCUMENT), 0,
        {"持卡人有效身份证件", "the holder's valid identity document"}},
[CARD_NEED_CARD_PRESENTED] = {"CARD_PRESENTED", CARD_E(CARD_PRESENTED), 0,
        {"出示社保卡", "the card itself"}},
[CARD_NEED_MANDATE] = {"MANDATE", CARD_E(MANDATE), 0,
        {"委托书", "a mandate of the holder"}},
[CARD_NEED_AGENT_ID_DOCUMENT] = {"AGENT_ID_DOCUMENT", CARD_E(AGENT_ID_DOCUMENT), 0,
        {"代办人身份证件", "the agent's identity document"}},
[CARD_NEED_GUARDIANSHIP] = {"GUARDIANSHIP", CARD_E(GUARDIANSHIP), 0,
        {"监护关系证明", "proof of guardianship"}},
[CARD_NEED_PROCEDURE] = {"PROCEDURE", CARD_E(PROCEDURE), 0,
        {"上门服务流程编号", "the reference of the procedure"}},
[CARD_NEED_DELIVERY_RECEIPT] = {"DELIVERY_RECEIPT", CARD_E(DELIVERY_RECEIPT), 0,
        {"签收凭证", "the signed receipt of delivery"}},
[CARD_NEED_DEATH_RECORD] = {"DEATH_RECORD", CARD_E(DEATH_RECORD), 0,
        {"死亡证明或登记编号", "the document or registry entry of the death"}},
[CARD_NEED_AUTHORITY_DOCUMENT] = {"AUTHORITY_DOCUMENT", CARD_E(AUTHORITY_DOCUMENT), 0,
        {"依职权办理的文书", "the authority's document"}},
[CARD_NEED_PHOTO] = {"PHOTO", CARD_E(PHOTO), 0,
        {"近期照片", "a recent photo"}},
[CARD_NEED_BANK] = {"BANK", 0, 0,
        {"选择合作银行", "the choice of a bank"}},
[CARD_NEED_NO_LOCAL_ENTITLEMENTS] = {"NO_LOCAL_ENTITLEMENTS", CARD_E(NO_LOCAL_ENTITLEMENTS), 0,
        {"不在本地享受公共服务的声明", "the declaration that no local benefits are drawn"}},
[CARD_NEED_MOBILITY_GROUND] = {"MOBILITY_GROUND", CARD_E(MOBILITY_GROUND), 0,
        {"行动不便事由", "the ground for a home visit"}},
[CARD_NEED_CONSENT] = {"CONSENT", 0, 0,
        {"本人同意制卡", "the holder's consent to have the card made"}},
[CARD_NEED_SECOND_PERSON] = {"SECOND_PERSON", 0, 0,
        {"第二名工作人员复核", "the approval of a second operator"}},
};

static const struct {
        const char *name;
        policy_text text;
} EVIDENCES[] = {
        {"", {NULL, NULL}},
        {"ID_DOCUMENT", {"有效身份证件", "valid identity document"}},
        {"CARD_PRESENTED", {"社保卡", "the card"}},
        {"FACE_MATCH", {"人脸核验", "face check"}},
        {"PHONE_PROOF", {"身份问答或预留手机验证", "proof by questions or phone"}},
        {"IN_PERSON", {"本人到场", "presence in person"}},
        {"MANDATE", {"委托书", "mandate"}},
        {"AGENT_ID_DOCUMENT", {"代办人身份证件", "the agent's identity document"}},
        {"GUARDIANSHIP", {"监护关系证明", "proof of guardianship"}},
        {"MOBILITY_GROUND", {"行动不便事由", "ground for a home visit"}},
        {"PROCEDURE", {"上门服务流程编号", "reference of the procedure"}},
        {"DELIVERY_RECEIPT", {"签收凭证", "signed receipt"}},
        {"DEATH_RECORD", {"死亡证明或登记编号", "record of the death"}},
        {"AUTHORITY_DOCUMENT", {"依职权办理的文书", "the authority's document"}},
        {"PHOTO", {"近期照片", "recent photo"}},
        {"NO_LOCAL_ENTITLEMENTS", {"不在本地享受公共服务的声明", "declaration that no local benefits are drawn"}},
};
/* clang-format on */
_Static_assert(ARRAY_LENGTH(NEEDS) == CARD_NEED_COUNT, "a row for every need");
_Static_assert(ARRAY_LENGTH(EVIDENCES) == CARD_EVIDENCE_COUNT, "a row for every kind");

const char *card_need_name(card_need need)
{
        assert(need < CARD_NEED_COUNT);
        return NEEDS[need].name;
}

policy_text card_need_text(card_need need)
{
        assert(need < CARD_NEED_COUNT);
        return NEEDS[need].text;
}

card_evidences card_need_kinds(card_need need)
{
        assert(need < CARD_NEED_COUNT);
        return NEEDS[need].kinds;
}

uint8_t card_need_assurance(card_need need)
{
        assert(need < CARD_NEED_COUNT);
        return NEEDS[need].assurance;
}

char *card_needs_format(card_needs needs, char *text, size_t size)
{
        assert(size > 0);
        size_t length = 0;
        text[0] = '\0';
        for (int i = 0; i < CARD_NEED_COUNT; i++) {
                if (!((needs >> i) & 1)) continue;
                size_t name = strlen(NEEDS[i].name), separator = length > 0 ? 2 : 0;
                if (length + separator + name >= size) break; /* whole names only */
                if (separator > 0) memcpy(text + length, ", ", 2);
                memcpy(text + length + separator, NEEDS[i].name, name + 1);
                length += separator + name;
        }
        return text;
}

const char *card_evidence_name(card_evidence kind)
{
        return EVIDENCES[(unsigned)kind < CARD_EVIDENCE_COUNT ? kind : 0].name;
}

policy_text card_evidence_text(card_evidence kind)
{
        return EVIDENCES[(unsigned)kind < CARD_EVIDENCE_COUNT ? kind : 0].text;
}

card_evidence card_evidence_of(const char *name)
{
        for (int i = 1; i < CARD_EVIDENCE_COUNT; i++)
                if (strcmp(EVIDENCES[i].name, name) == 0) return (card_evidence)i;
        return (card_evidence)0;
}

/* What is seen and attested on the spot needs no reference; all else must be found again. */
static bool needs_reference(card_evidence kind)
{
        switch (kind) {
        case CARD_EVIDENCE_CARD_PRESENTED:
        case CARD_EVIDENCE_IN_PERSON:
        case CARD_EVIDENCE_NO_LOCAL_ENTITLEMENTS:
        case CARD_EVIDENCE_MOBILITY_GROUND:
                return false;
        default:
                return true;
        }
}

bool card_evidence_counts(const card_evidence_item *item, civil_date today)
{
        if (needs_reference((card_evidence)item->kind) && !item->has_reference) return false;
        if (item->kind == CARD_EVIDENCE_MOBILITY_GROUND)
                return item->has_ground && (!item->ground_is_other || item->has_reference);
        if (item->kind == CARD_EVIDENCE_ID_DOCUMENT && civil_date_is_zero(item->valid_until))
                return false;
        return civil_date_is_zero(item->valid_until) ||
               civil_date_compare(today, item->valid_until) <= 0;
}
