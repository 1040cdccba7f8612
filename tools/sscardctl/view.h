/* Answers for people: a message as lines and tables, its next steps with the commands that do
 * them. */
#ifndef SSCARD_TOOLS_SSCARDCTL_VIEW_H
#define SSCARD_TOOLS_SSCARDCTL_VIEW_H

#include "common/base/arena.h"
#include "sscard/common/v1/step.pb-c.h"
#include "tools/sscardctl/catalog.h"

#include <stddef.h>
#include <stdio.h>

typedef struct view {
        arena *a;
        const catalog *c;
        const char *language;
        size_t width; /* of the terminal; 0: no limit */
        FILE *out;
} view;

void view_message(const view *v, const ProtobufCMessage *message);
/* One line an event, for streams. */
void view_stream_message(const view *v, const ProtobufCMessage *message);
/* With a heading; nothing when there are none. */
void view_steps(const view *v, Common__NextStep *const *steps, size_t count);

/* A field as one cell: enum values by their short names, times in China, lists with commas. "" when
 * it is not there. `path` may lead into nested messages. */
const char *view_cell(const view *v, const ProtobufCMessage *message, const char *path);

#endif
