/* A knob: a rule that differs by region, with its type, range and national floor. A stricter
 * value is accepted, a laxer one is refused when it is loaded (S13). */
#ifndef SSCARD_COMMON_POLICY_KNOB_H
#define SSCARD_COMMON_POLICY_KNOB_H

#include "common/base/scoped.h"
#include "common/policy/vocabulary.h"

typedef enum policy_knob_type {
        POLICY_KNOB_INTEGER = 1,
        POLICY_KNOB_BOOLEAN = 2,  /* 0 or 1 */
        POLICY_KNOB_CHOICE = 3,   /* index into `choices` */
        POLICY_KNOB_CHANNELS = 4, /* a set of channels; a subset is stricter */
} policy_knob_type;

/* Which way is stricter, seen from the national value. */
typedef enum policy_knob_floor {
        POLICY_FLOOR_NONE = 0,   /* any value in range: the national one is a default only */
        POLICY_FLOOR_LOWER = 1,  /* lower values are stricter: above the national one is refused */
        POLICY_FLOOR_HIGHER = 2, /* higher values are stricter; choices go from lax to strict */
        POLICY_FLOOR_SUBSET = 3, /* channels: a superset of the national one is refused */
} policy_knob_floor;

enum { POLICY_KNOB_CHOICES_MAX = 4 };

typedef struct policy_knob {
        const char *name; /* key in regions/<code>.yaml */
        policy_knob_type type;
        int64_t minimum, maximum; /* integers only */
        policy_knob_floor floor;
        int64_t national;                             /* default and floor */
        const char *choices[POLICY_KNOB_CHOICES_MAX]; /* NULL ends */
        policy_text text;                             /* what it decides */
        const char *rule;                             /* "A3", "S5" */
} policy_knob;

/* The knobs of one room of rules: a section of the rule pack (common/pack), read as an array of
 * values in this order. */
typedef struct policy_knob_table {
        const char *section; /* "credential": unique */
        const policy_knob *knobs;
        size_t count;
} policy_knob_table;

typedef enum policy_knob_verdict {
        POLICY_KNOB_ACCEPTED = 0,
        POLICY_KNOB_UNKNOWN_NAME,
        POLICY_KNOB_WRONG_TYPE, /* not a number, not one of the choices, … */
        POLICY_KNOB_OUT_OF_RANGE,
        POLICY_KNOB_LAXER, /* than the national floor */
} policy_knob_verdict;

policy_knob_verdict policy_knob_check(const policy_knob *knob, int64_t value) MUST_CHECK;
/* From the text of a rule pack: "10", "true", "HOLD", "BRANCH, SELF_SERVICE". Checked as above;
 * `value` untouched unless ACCEPTED. */
policy_knob_verdict policy_knob_parse(const policy_knob *knob, const char *text,
                                      int64_t *value) MUST_CHECK;
/* The other way; always ends in a NUL. Returns `text`. */
char *policy_knob_format(const policy_knob *knob, int64_t value, char *text, size_t size);
/* Index, or -1. */
int policy_knob_find(const policy_knob *knobs, size_t count, const char *name);
/* "LAXER" and so on. */
const char *policy_knob_verdict_name(policy_knob_verdict verdict);

#endif
