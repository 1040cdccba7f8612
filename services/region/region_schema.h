/* What regions/<code>.yaml may say: every knob of every service, and every operation that an outlet
 * can be authorised for. One schema for all services, so that all take or refuse the same file.
 *
 * A new knob: its row in the rules of its service, its default in regions/national.yaml, the rule,
 * its test. A new room of knobs: its table in region_schema.c. How a service reads one:
 * docs/rules/packs.md. */
#ifndef SSCARD_SERVICES_REGION_REGION_SCHEMA_H
#define SSCARD_SERVICES_REGION_REGION_SCHEMA_H

#include "common/pack/pack.h"

extern const pack_schema REGION_SCHEMA;
/* Sections `card`, `credential`, `ecard`, `bank`; as values in region_knobs.h. */
extern const policy_knob_table REGION_CARD_KNOBS, REGION_CREDENTIAL_KNOBS, REGION_ECARD_KNOBS,
        REGION_BANK_KNOBS;

#endif
