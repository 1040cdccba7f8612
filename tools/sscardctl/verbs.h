/* Names for people: groups, verbs, short flags and columns of tables. Everything that is not named
 * here gets its name from the descriptors, so a new method needs no line. */
#ifndef SSCARD_TOOLS_SSCARDCTL_VERBS_H
#define SSCARD_TOOLS_SSCARDCTL_VERBS_H

#include "common/base/arena.h"
#include "tools/sscardctl/catalog.h"

typedef struct verb {
        const catalog_method *method;
        const char *group; /* "card" */
        const char *name;  /* "report-loss" */
        /* What a bare id after the verb is: "cards"; "": the region itself. A star stands for the
         * id where more follows: "cards/<star>/bankLink". */
        const char *collection;
} verb;

/* The verb of a method; from the table, else "card card-service-method" by the descriptors. */
verb verb_of(arena *a, const catalog_method *method);
/* By what was typed. method is NULL when there is none. */
verb verb_find(arena *a, const catalog *c, const char *group, const char *name);

/* What a short flag of a method stands for: "context.operator_note" for "note". NULL: nothing. */
const char *verb_flag_alias(const catalog_method *method, const char *flag);
/* The short flag of a path, for help; NULL: none. */
const char *verb_flag_short(const catalog_method *method, const char *path);

/* Columns of a table of such messages: paths of fields, NULL ends. NULL: choose by the fields. */
const char *const *verb_columns(const char *message_name);

/* "report_loss", "ReportLoss" and "REPORT_LOSS" as "report-loss". */
const char *verb_kebab(arena *a, const char *name);
/* "report-loss" as "report_loss". */
const char *verb_snake(arena *a, const char *name);

#endif
