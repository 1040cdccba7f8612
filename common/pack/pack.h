/* A rule pack: where a region differs, as data that was checked when it was loaded. Immutable.
 *
 *   regions/national.yaml   the national values: defaults and floor, not laxer than the tables
 *   regions/330000.yaml     the region's, not laxer than the national ones (S13); its outlets,
 *                           banks, channels and service classes
 *
 * How a service reads a knob: its rules declare a table, the schema that all services of a region
 * share names it, and in a call
 *
 *      const int64_t *values = pack_knobs(service_call_of(call)->pack, &TABLE);   (in its order)
 *
 * which services/region wraps for each service. docs/rules/packs.md tells the whole way.
 *
 * All texts live as long as the pack. Whoever suspends holds the pack: pack_shelf.h. */
#ifndef SSCARD_COMMON_PACK_PACK_H
#define SSCARD_COMMON_PACK_PACK_H

#include "common/base/failure.h"
#include "common/policy/knob.h"
#include "common/policy/vocabulary.h"
#include "common/text/language.h"
#include "common/text/notice_template.h"

/* A kind of notice to people. Its texts are compiled when they are loaded: no link, no request. */
typedef struct pack_notice_kind {
        const char *code;      /* "order.ready" */
        const char *must_name; /* a field that each of its texts names; NULL: none */
} pack_notice_kind;

/* What packs may say, the same for all services of a region, so that all of them take or refuse
 * the same file. Static storage. */
typedef struct pack_schema {
        const policy_knob_table *const *tables; /* NULL ends */
        policy_channels closable;               /* channels that a region may do without */
        /* Is it a thing that an outlet can be authorised for: "EnableSocialFunction"? */
        bool (*knows_operation)(const char *name);
        const pack_notice_kind *notices; /* the national pack has a text for each */
        size_t notice_count;
        const notice_field *notice_fields; /* that texts may name */
        size_t notice_field_count;
} pack_schema;

typedef struct rule_pack rule_pack;

/* Everything that is wrong with a pack, one line each: "330000.yaml:12: …". ASCII. */
enum { PACK_REPORT_BYTES = 4096 };
typedef struct pack_report {
        size_t count; /* of errors, also of those for which `text` has no room */
        char text[PACK_REPORT_BYTES];
} pack_report;

/* Reads FOLDER/national.yaml and FOLDER/REGION.yaml. NULL: `report` (may be NULL) says all that is
 * wrong, `f` the first of it (RULE_PACK_REFUSED, FAILED_PRECONDITION). Pair: pack_destroy(). */
rule_pack *pack_load(const pack_schema *schema, const char *folder, const char *region,
                     pack_report *report, failure *f) MUST_CHECK;
/* The tables' own national values; no outlets, banks or services. Never NULL. */
rule_pack *pack_built_in(const pack_schema *schema, const char *region);
void pack_destroy(rule_pack *p);

/* "2026.11-1+2026.1": the region's version and the national one; for answers and the trail. */
const char *pack_version(const rule_pack *p);
const char *pack_region(const rule_pack *p);
policy_text pack_region_name(const rule_pack *p);
/* The region's hotline with area code: "0571-12333"; "" unknown. */
const char *pack_hotline(const rule_pack *p);

/* The values of a table's knobs, in its order. A table that the schema does not name is a bug. */
const int64_t *pack_knobs(const rule_pack *p, const policy_knob_table *table);

typedef struct pack_bank {
        const char *code; /* AAE008: "102" */
        policy_text name;
        const char *phone; /* "" unknown */
} pack_bank;

enum { PACK_AUTHORISED_MAX = 32 };

typedef struct pack_outlet {
        const char *code; /* "330100-0007" */
        policy_text name, address, hours;
        const char *phone;
        const char *bank;         /* code of the bank whose outlet it is; "": the agency's */
        policy_channels channels; /* which counters it has */
        bool instant;             /* makes them while people wait */
        bool authorised_for_all;
        const char *authorised[PACK_AUTHORISED_MAX]; /* operations; NULL ends */
} pack_outlet;

typedef struct pack_channel {
        policy_channel channel;
        bool open; /* false: the region does not run it */
        policy_text name;
        const char *phone; /* "" none */
} pack_channel;

/* What a person can be offered online. */
typedef struct pack_service {
        const char *code; /* "policy_lookup" */
        policy_text name;
        bool is_public; /* about nobody; else PERSONAL */
} pack_service;

/* NULL: the pack lists no such thing. Codes may be NULL or "". */
const pack_bank *pack_bank_find(const rule_pack *p, const char *code);
const pack_outlet *pack_outlet_find(const rule_pack *p, const char *code);
const pack_service *pack_service_find(const rule_pack *p, const char *code);
const pack_channel *pack_channel_of(const rule_pack *p, policy_channel channel);

/* The text of a kind of notice; NULL: there is no such kind, or the pack is the built-in one. */
const notice_template *pack_notice(const rule_pack *p, const char *code, language l);

/* In the order of codes. */
size_t pack_bank_count(const rule_pack *p);
const pack_bank *pack_bank_at(const rule_pack *p, size_t index);
size_t pack_outlet_count(const rule_pack *p);
const pack_outlet *pack_outlet_at(const rule_pack *p, size_t index);
size_t pack_service_count(const rule_pack *p);
const pack_service *pack_service_at(const rule_pack *p, size_t index);

/* Those that the region does not run. */
policy_channels pack_channels_closed(const rule_pack *p);
/* What nobody classified is personal. */
bool pack_service_is_public(const rule_pack *p, const char *code);
/* May it be done there, at a counter of that kind? UNKNOWN without an outlet, and in a pack that
 * lists none; an outlet that the region does not list may nothing. */
policy_ternary pack_outlet_is_authorised(const rule_pack *p, const char *outlet,
                                         policy_channel channel, const char *operation);
policy_ternary pack_outlet_is_instant(const rule_pack *p, const char *outlet);

#endif
