/* Small functions over the rules' values. */
#include "services/credential/rules/credential_types.h"

#include "common/base/scoped.h"

#include <assert.h>

int credential_find(const credential_holder *holder, ulid card)
{
        for (uint8_t i = 0; i < holder->count; i++)
                if (ulid_equal(holder->items[i].card, card)) return i;
        return -1;
}

const char *credential_state_name(credential_state state)
{
        static const char *const names[] = {"-", "NONE", "INITIAL", "ACTIVE", "LOCKED", "VOID"};
        _Static_assert(ARRAY_LENGTH(names) == CREDENTIAL_STATE_COUNT, "a name for every state");
        assert((int)state < CREDENTIAL_STATE_COUNT);
        return names[state];
}

bool credential_holds(const credential_record *record)
{
        switch (record->state) {
        case CREDENTIAL_NONE:
                return record->version == 0 && record->errors == 0 && record->generation == 0;
        case CREDENTIAL_INITIAL:
        case CREDENTIAL_ACTIVE:
                return record->version > 0 && record->was == 0 && record->generation > 0;
        case CREDENTIAL_LOCKED:
                return record->errors > 0 &&
                       (record->was == CREDENTIAL_INITIAL || record->was == CREDENTIAL_ACTIVE);
        case CREDENTIAL_VOID:
                return record->version > 0 && record->errors == 0 && record->was == 0;
        }
        return false;
}
