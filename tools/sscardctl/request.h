/* From what was typed after a verb to the JSON of its request. Pure but for reading --file. */
#ifndef SSCARD_TOOLS_SSCARDCTL_REQUEST_H
#define SSCARD_TOOLS_SSCARDCTL_REQUEST_H

#include "common/base/arena.h"
#include "common/base/failure.h"
#include "tools/sscardctl/verbs.h"

#include <jansson.h>

/* What the request takes from elsewhere when it was not typed; "" or NULL: nothing. */
typedef struct request_defaults {
        const char *region;     /* "330000" */
        const char *channel;    /* "BRANCH" */
        const char *outlet;     /* code */
        const char *request_id; /* of mutations */
} request_defaults;

/* One request field a flag: `--identity-number X`, `--chip.model X`, repeated ones repeatedly;
 * fields of `context` and `read_options` without that prefix; `--temporary` for an enum value that
 * only one field has; messages and booleans take a value only after "=". `--json TEXT` and `--file
 * FILE` ("-": standard input) give the rest of the request. The first bare word is `name` or
 * `parent`: a whole name, an id, or (where the method takes them) a card or identity number. A new
 * reference; NULL and `f` set. */
json_t *request_parse(arena *a, const verb *v, const request_defaults *defaults, int count,
                      char *const *words, failure *f) MUST_CHECK;

/* The field that a flag (without "--") means, as its path; NULL: none. `value` is set for a flag
 * that is an enum value. */
const char *request_flag_path(arena *a, const verb *v, const char *flag, const char **value);
/* The descriptor at the end of a path. NULL: no such field. */
const ProtobufCFieldDescriptor *request_field(const ProtobufCMessageDescriptor *type,
                                              const char *path);
/* "regions/330000/cards/01J…" from an id; whole names stay. */
const char *request_resource_name(arena *a, const char *region, const char *collection,
                                  const char *typed);

#endif
