/* Names the tables of all rooms. Must never leave out one that a service reads. */
#include "services/region/region_schema.h"

#include "services/bank/rules/bank_knobs.h"
#include "services/card/rules/card_knobs.h"
#include "services/card/rules/card_operations.h"
#include "services/credential/rules/credential_knobs.h"
#include "services/ecard/rules/ecard_knobs.h"

#include "services/region/region_notice.h"

#include <string.h>

const policy_knob_table REGION_CARD_KNOBS = {"card", CARD_KNOBS, CARD_KNOB_COUNT};
const policy_knob_table REGION_CREDENTIAL_KNOBS = {"credential", CREDENTIAL_KNOBS,
                                                   CREDENTIAL_KNOB_COUNT};
const policy_knob_table REGION_ECARD_KNOBS = {"ecard", ECARD_KNOBS, ECARD_KNOB_COUNT};
const policy_knob_table REGION_BANK_KNOBS = {"bank", BANK_KNOBS, BANK_KNOB_COUNT};

static const policy_knob_table *const TABLES[] = {
        &REGION_CARD_KNOBS, &REGION_CREDENTIAL_KNOBS, &REGION_ECARD_KNOBS, &REGION_BANK_KNOBS, NULL,
};

/* Counter business of the other services that a bank's outlet does only when it is authorised
 * (R18, R20). */
static const char *const FURTHER_OPERATIONS[] = {"ChangePin", "UnlockPin", "ResetPin"};

static bool knows_operation(const char *name)
{
        if (card_operation_find(name) < CARD_OPERATION_COUNT) return true;
        for (size_t i = 0; i < ARRAY_LENGTH(FURTHER_OPERATIONS); i++)
                if (strcmp(FURTHER_OPERATIONS[i], name) == 0) return true;
        return false;
}

/* All other channels are named by the requirements as ways that everybody has (R31, R34, R48). */
const pack_schema REGION_SCHEMA = {
        .tables = TABLES,
        .closable = POLICY_C(HOME_VISIT) | POLICY_C(MEDICAL_POS),
        .knows_operation = knows_operation,
        .notices = REGION_NOTICE_KINDS,
        .notice_count = REGION_NOTICE_KIND_COUNT,
        .notice_fields = REGION_NOTICE_FIELDS,
        .notice_field_count = REGION_NOTICE_FIELD_COUNT,
};
