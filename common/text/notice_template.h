/* Templates of notices: text with {fields}, looked at when they are compiled and again when they
 * are filled in. Nothing that notice_text_check() refuses can be rendered, whatever the values are.
 * Pure; a compiled template never changes. */
#ifndef SSCARD_COMMON_TEXT_NOTICE_TEMPLATE_H
#define SSCARD_COMMON_TEXT_NOTICE_TEMPLATE_H

#include "common/base/arena.h"
#include "common/text/notice_text.h"

#include <stdbool.h>

/* A field that templates may name. */
typedef struct notice_field {
        const char *name; /* lower-case letters and underscores */
        bool fixed; /* its value is a sentence of the house ("never follow a link"), not looked at
                     */
} notice_field;

enum { NOTICE_FIELDS_MAX = 16, NOTICE_FIELD_NAME_MAX = 32 };

typedef struct notice_template notice_template;

/* NULL: `finding` says what is wrong and where. `fields` (at most NOTICE_FIELDS_MAX, static) are
 * kept by reference. */
const notice_template *notice_template_compile(arena *a, bytes text, const notice_field *fields,
                                               size_t count, notice_finding *finding);
/* Does it name that field? */
bool notice_template_names(const notice_template *t, const char *field);
/* `values`: one for each field, in their order; NULL only for a field that the template does not
 * name. NULL: what came out may not be sent. */
const char *notice_template_render(arena *a, const notice_template *t, const char *const *values,
                                   notice_finding *finding);

#endif
