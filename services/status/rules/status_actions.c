/* Listing and filtering of operations. The verdicts themselves are card_rules_probe()'s. */
#include "services/status/rules/status_actions.h"

#include <string.h>

bool status_action_is_listed(card_operation operation, bool has_card)
{
        const card_operation_row *row = card_operation_row_of(operation);
        return !row->internal && (has_card || row->scope != CARD_SCOPE_CARD);
}

static bool is_named(const card_operation_row *row, const char *name)
{
        return strcmp(row->name, name) == 0 || strcmp(row->method, name) == 0;
}

bool status_action_matches(card_operation operation, const char *const *filter, size_t count)
{
        const card_operation_row *row = card_operation_row_of(operation);
        for (size_t i = 0; i < count; i++)
                if (is_named(row, filter[i])) return true;
        return count == 0;
}

bool status_action_exists(const char *name)
{
        for (int i = 0; i < CARD_OPERATION_COUNT; i++) {
                const card_operation_row *row = card_operation_row_of((card_operation)i);
                if (!row->internal && is_named(row, name)) return true;
        }
        return false;
}
