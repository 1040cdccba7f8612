/* What fields and headings are called on the screen, in both languages (S12). */
#ifndef SSCARD_TOOLS_SSCARDCTL_LABELS_H
#define SSCARD_TOOLS_SSCARDCTL_LABELS_H

#include "common/base/arena.h"

#include <stdbool.h>

typedef enum label {
        LABEL_NEXT_STEPS,
        LABEL_WARNINGS,
        LABEL_CHANNELS,
        LABEL_DOCUMENTS,
        LABEL_WHO,
        LABEL_CONTACT,
        LABEL_NOTHING,
        LABEL_NEXT_PAGE,
        LABEL_PREVIEW,
        LABEL_NO_CHANGE,
        LABEL_EVENTS,
        LABEL_NOTICES,
        LABEL_FIELD,
        LABEL_BEFORE,
        LABEL_AFTER,
        LABEL_REQUEST_ID,
        LABEL_REPLAYED,
        LABEL_FIELDS_WRONG,
        LABEL_DETAILS,
        LABEL_RETRY_AFTER,
        LABEL_EXPLAIN_HINT,
        LABEL_MORE_STEPS,
        LABEL_RULE,
        LABEL_LIFTED_BY,
        LABEL_APPROVAL_HASH,
        LABEL_COUNT,
} label;

/* "zh-CN", "zh" and everything that is not English is Chinese. */
bool label_is_english(const char *language);
const char *label_text(label what, const char *language);
/* "temp_loss_until" as "临时挂失至" or "temp loss until". */
const char *label_of_field(arena *a, const char *field, const char *language);
/* The same for a field inside others: "delivery.state" as "卡片去向" or "delivery state". */
const char *label_of_path(arena *a, const char *path, const char *language);

#endif
