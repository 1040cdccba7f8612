/* What fields and headings are called on the screen. */
#include "tools/sscardctl/labels.h"

#include "tools/sscardctl/verbs.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

typedef struct both {
        const char *zh, *en;
} both;

/* clang-format off */
static const both headings[LABEL_COUNT] = {
        [LABEL_NEXT_STEPS]    = {"下一步", "Next steps"},
        [LABEL_WARNINGS]      = {"请注意", "Please note"},
        [LABEL_CHANNELS]      = {"渠道", "where"},
        [LABEL_DOCUMENTS]     = {"材料", "bring"},
        [LABEL_WHO]           = {"办理人", "who"},
        [LABEL_CONTACT]       = {"联系", "contact"},
        [LABEL_NOTHING]       = {"（无）", "(none)"},
        [LABEL_NEXT_PAGE]     = {"下一页", "Next page"},
        [LABEL_PREVIEW]       = {"预览：将会发生的变化（未执行）", "Preview: what would change (nothing was done)"},
        [LABEL_NO_CHANGE]     = {"没有变化", "Nothing would change"},
        [LABEL_EVENTS]        = {"事件", "events"},
        [LABEL_NOTICES]       = {"通知", "notices"},
        [LABEL_FIELD]         = {"字段", "field"},
        [LABEL_BEFORE]        = {"之前", "before"},
        [LABEL_AFTER]         = {"之后", "after"},
        [LABEL_REQUEST_ID]    = {"请求编号", "request id"},
        [LABEL_REPLAYED]      = {"此请求此前已办理，以下为首次的答复", "done before: this is the first answer"},
        [LABEL_FIELDS_WRONG]  = {"有误的字段", "Fields that are wrong"},
        [LABEL_DETAILS]       = {"详情", "Details"},
        [LABEL_RETRY_AFTER]   = {"请稍后重试，间隔至少", "Try again after"},
        [LABEL_EXPLAIN_HINT]  = {"了解更多", "More about it"},
        [LABEL_MORE_STEPS]    = {"（还有更多，见 status actions）", "(there are more: status actions)"},
        [LABEL_RULE]          = {"规则", "rule"},
        [LABEL_LIFTED_BY]     = {"如何解除", "What lifts it"},
        [LABEL_APPROVAL_HASH] = {"第二人批准所需的 request_hash", "request_hash for the second person's approval"},
};

static const struct { const char *field; const char *zh; } fields[] = {
        {"name", "资源名称"}, {"holder", "持卡人"}, {"state", "状态"}, {"version", "版本"},
        {"etag", "版本标识"}, {"as_of", "截至"}, {"region", "发卡地区"}, {"scope", "使用范围"},
        {"card_number", "卡号"}, {"state_text", "状态名称"}, {"meaning", "含义"},
        {"aaz502", "AAZ502"}, {"prior", "恢复后状态"}, {"temp_loss_until", "临时挂失至"},
        {"temp_loss_outcome", "到期后"}, {"cancel_reason", "注销原因"}, {"supersedes", "替换的旧卡"},
        {"superseded_by", "新卡"}, {"replace_reason", "补换原因"}, {"apply_reason", "申领原因"},
        {"validity", "有效期状态"}, {"issued_on", "制卡日期"}, {"expires_on", "有效期至"},
        {"fulfilment", "领卡方式"}, {"delivery", "卡片去向"}, {"delivery_state", "卡片去向"},
        {"outlet", "网点"}, {"mail_reference", "邮件号"}, {"collected_at", "领取时间"},
        {"bank_code", "银行代码"}, {"bank_name", "银行"}, {"chip", "芯片"}, {"chip_id", "芯片号"},
        {"model", "型号"}, {"consent", "本人同意"}, {"given_at", "时间"}, {"given_by", "同意人"},
        {"duplicate_in_province", "省内重复持卡"}, {"contributions_affected", "影响缴费"},
        {"requested_at", "申请时间"}, {"state_since", "状态自"}, {"identity_number", "社会保障号码"},
        {"person_name", "姓名"}, {"phone", "电话"}, {"born_on", "出生日期"}, {"minor", "未满十六岁"},
        {"died_on", "死亡日期"}, {"entitlement", "本地待遇"}, {"photo_reference", "照片"},
        {"event_type", "事件"}, {"at", "时间"}, {"state_before", "之前"}, {"state_after", "之后"},
        {"role", "角色"}, {"channel", "渠道"}, {"request_id", "请求编号"}, {"rule", "规则"},
        {"changed", "有变化"}, {"display_status", "显示状态"}, {"display_text", "状态名称"},
        {"social_status", "社保功能"}, {"financial_status", "金融功能"},
        {"benefit_payout_ready", "可发放待遇"}, {"renewal_opens_on", "可换卡自"},
        {"speakable", "语音播报"}, {"other_cards", "其他卡"}, {"cards", "卡"}, {"card", "卡"},
        {"operation", "操作"}, {"method", "方法"}, {"title", "标题"}, {"verdict", "结论"},
        {"reason", "原因"}, {"text", "说明"}, {"needs", "需要"}, {"usability", "可用性"},
        {"outcome", "结果"}, {"index", "序号"}, {"address", "地址"}, {"code", "代码"},
        {"standing", "是否享受"}, {"kinds", "种类"}, {"now", "现在"}, {"timers_waiting", "未到期定时"},
        {"next_timer_at", "下次定时"}, {"timers_fired", "已触发定时"}, {"entries", "记录"},
        {"actions", "操作"}, {"verdicts", "结果"}, {"events", "事件"}, {"changes", "变化"},
        {"imported_count", "已导入"}, {"unchanged_count", "未变化"}, {"refused_count", "被拒绝"},
        {"kind", "种类"}, {"message", "说明"}, {"rules", "规则"}, {"status", "状态"},
        {"committed_at", "办理时间"}, {"clock", "时钟"}, {"delivery.state", "卡片去向"},
        {"rule_pack", "规则包"},
        {"loss", "银行挂失"}, {"loss_since", "挂失自"},
        {"bank_phone", "银行电话"}, {"account_reference", "账户编号"}, {"loaded_at", "开户时间"},
        {"activated_at", "激活时间"}, {"closed_at", "销户时间"}, {"requests", "银行请求"},
        {"closure", "销户"}, {"agency", "经办机构"}, {"bank", "银行"}, {"age_seconds", "已历时（秒）"},
        {"attempts", "次数"}, {"reference", "编号"}, {"problem", "问题"}, {"waits_for", "待办方"},
        {"links", "银行账户"}, {"link", "银行账户"}, {"banks", "银行"}, {"outlets", "网点"},
        {"display_name", "名称"},
};
/* clang-format on */

bool label_is_english(const char *language)
{
        return strncasecmp(language, "en", 2) == 0;
}

const char *label_text(label what, const char *language)
{
        assert(what < LABEL_COUNT);
        return label_is_english(language) ? headings[what].en : headings[what].zh;
}

static const char *chinese_name(const char *field)
{
        for (size_t i = 0; i < ARRAY_LENGTH(fields); i++)
                if (strcmp(fields[i].field, field) == 0) return fields[i].zh;
        return NULL;
}

static const char *spaced(arena *a, const char *name)
{
        char *text = arena_strdup(a, name);
        for (char *at = text; *at; at++)
                if (*at == '_' || *at == '.') *at = ' ';
        return text;
}

const char *label_of_field(arena *a, const char *field, const char *language)
{
        const char *name = label_is_english(language) ? NULL : chinese_name(field);
        return name ? name : spaced(a, field);
}

const char *label_of_path(arena *a, const char *path, const char *language)
{
        const char *dot = strrchr(path, '.');
        const char *name = label_is_english(language) ? NULL : chinese_name(path);
        if (name) return name;
        return dot && !label_is_english(language) ? label_of_field(a, dot + 1, language)
                                                  : spaced(a, path);
}
