/* What a reason code means. The texts are those of the tables that refuse; only codes that no rule
 * gives (of the platform itself) have theirs here. */
#include "tools/sscardctl/explain.h"

#include "common/policy/access.h"
#include "common/policy/explain.h"
#include "services/bank/rules/bank_refusals.h"
#include "services/card/rules/card_refusals.h"
#include "tools/sscardctl/table.h"

#include <ctype.h>
#include <string.h>

enum { EXPLAIN_BYTES_MAX = 8192, REASONS_MAX = 256 };

/* clang-format off */
static const policy_refusal platform[] = {
        {"REQUEST_ID_REQUIRED", FAILURE_INVALID_ARGUMENT, "S1",
         {"每个变更请求都必须带 context.request_id（ULID 或 UUID）。sscardctl 会自动生成。",
          "Every request that changes something needs context.request_id (ULID or UUID). sscardctl makes one itself."}},
        {"REQUEST_ID_REUSED", FAILURE_ALREADY_EXISTS, "S1",
         {"该请求编号已用于另一个请求。请换一个新的编号。",
          "This request id was used for another request. Take a new one."}},
        {"VERSION_CONFLICT", FAILURE_ABORTED, "S2",
         {"该资源已被他人更新。请重新读取，核对后再办理。",
          "Somebody changed it meanwhile. Read it again, look at it, then retry."}},
        {"TOO_STALE", FAILURE_UNAVAILABLE, "S6",
         {"暂时无法取得足够新的数据，为避免误导不作答复。请稍后重试。",
          "Nothing fresh enough is at hand, and an old answer would mislead. Try again shortly."}},
        {"AUDIT_UNAVAILABLE", FAILURE_UNAVAILABLE, "S7",
         {"查询记录暂时无法写入，因此不作答复。请稍后重试。",
          "The query could not be recorded, so it is not answered. Try again shortly."}},
        {"TOKEN_MISSING", FAILURE_UNAUTHENTICATED, "S7",
         {"未提供身份凭证。请用 --as 选择角色，或检查上下文文件。",
          "There is no token. Choose a role with --as, or look at the context file."}},
        {"TOKEN_EXPIRED", FAILURE_UNAUTHENTICATED, "S7",
         {"身份凭证已过期（最长十五分钟）。",
          "The token has expired (fifteen minutes at most)."}},
        {"PAGE_TOKEN_MALFORMED", FAILURE_INVALID_ARGUMENT, NULL,
         {"翻页标识无效。请从第一页重新开始，且不要改变其他条件。",
          "The page token is not one of ours, or another field was changed. Begin at the first page."}},
};
/* clang-format on */

/* The n-th refusal of all tables, in their order; NULL: no more, `*gap` when only this one is none.
 */
static const policy_refusal *refusal_at(size_t n, bool *gap)
{
        *gap = true;
        if (n < CARD_REFUSAL_COUNT) return card_refusal_of((card_refusal)n);
        n -= CARD_REFUSAL_COUNT;
        if (n < BANK_REFUSAL_COUNT) return bank_refusal_of((bank_refusal)n);
        n -= BANK_REFUSAL_COUNT;
        if (n < POLICY_DENIAL_COUNT) {
                policy_access_result denied = {.denial = (policy_denial)n};
                return policy_access_refusal(&denied, NULL);
        }
        n -= POLICY_DENIAL_COUNT;
        if (n < ARRAY_LENGTH(platform)) return &platform[n];
        *gap = false;
        return NULL;
}

static bool same_code(const char *code, const char *typed)
{
        for (; *code && *typed; code++, typed++) {
                char letter = *typed == '-' ? '_' : (char)toupper((unsigned char)*typed);
                if (*code != letter) return false;
        }
        return *code == *typed;
}

static const policy_refusal *find(const char *reason)
{
        bool more = true;
        for (size_t n = 0; more; n++) {
                const policy_refusal *refusal = refusal_at(n, &more);
                if (refusal && same_code(refusal->reason, reason)) return refusal;
        }
        return NULL;
}

bool explain_knows(const char *reason)
{
        return find(reason) != NULL;
}

bool explain_reason(arena *a, const char *reason, const char *language, FILE *out)
{
        const policy_refusal *refusal = find(reason);
        if (!refusal) return false;
        char *text = arena_alloc(a, EXPLAIN_BYTES_MAX);
        policy_explain_refusal(refusal, language, text, EXPLAIN_BYTES_MAX);
        size_t length = strlen(text);
        fprintf(out, "%s%s", text, length > 0 && text[length - 1] == '\n' ? "" : "\n");
        return true;
}

void explain_list(arena *a, const char *language, size_t width, FILE *out)
{
        const char **cells = arena_zalloc(a, (size_t)4 * REASONS_MAX * sizeof *cells);
        size_t rows = 0;
        bool more = true;
        for (size_t n = 0; more && rows < REASONS_MAX; n++) {
                const policy_refusal *refusal = refusal_at(n, &more);
                if (!refusal) continue;
                bool known = false;
                for (size_t i = 0; i < rows; i++)
                        known |= strcmp(cells[4 * i], refusal->reason) == 0;
                if (known) continue;
                cells[4 * rows] = refusal->reason;
                cells[4 * rows + 1] = failure_kind_name((failure_kind)refusal->status);
                cells[4 * rows + 2] = refusal->rule;
                cells[4 * rows + 3] = policy_text_in(refusal->text, language);
                rows++;
        }
        const table t = {NULL, 4, cells, rows, width};
        table_print(&t, out);
}
