/* JSON values as YAML, for -o yaml. */
#ifndef SSCARD_TOOLS_SSCARDCTL_YAML_H
#define SSCARD_TOOLS_SSCARDCTL_YAML_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* One document. False when `out` takes no more. */
bool yaml_print(const json_t *value, FILE *out);

#endif
