/* Delivery into a file, a JSON line a notice. Must never let two lines mix. */
#include "services/status/ports/notice_gateway.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct file_gateway {
        notice_gateway base;
        int descriptor;
} file_gateway;

static char *line_of(const notice_delivery *delivery)
{
        char id[ULID_TEXT_BYTES + 1];
        ulid_format(delivery->id, id);
        json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:s}", "notice_id", id, "template",
                                   delivery->template_code, "phone", delivery->phone, "language",
                                   delivery->language, "text", delivery->text);
        char *line = object ? json_dumps(object, JSON_COMPACT) : NULL;
        json_decref(object);
        return line;
}

static bool deliver_to_file(notice_gateway *gateway, task *t, const notice_delivery *delivery)
{
        const file_gateway *self = (const file_gateway *)gateway;
        char *line = line_of(delivery);
        if (!line) return task_fail(t, FAILURE_INTERNAL, "NOTICE_UNWRITABLE", "it is not UTF-8");
        const size_t length = strlen(line);
        line[length] = '\n'; /* in the place of the NUL: one write a line */
        const ssize_t written = write(self->descriptor, line, length + 1);
        free(line);
        return written == (ssize_t)length + 1 ||
               task_fail(t, FAILURE_UNAVAILABLE, "NOTICE_FILE_UNWRITABLE",
                         "the notice could not be written");
}

static void close_file(notice_gateway *gateway)
{
        file_gateway *self = (file_gateway *)gateway;
        close(self->descriptor);
        free(self);
}

notice_gateway *notice_gateway_open_file(const char *path, failure *f)
{
        static const notice_gateway_functions functions = {deliver_to_file, close_file};
        const int descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (descriptor < 0) {
                failure_set(f, FAILURE_FAILED_PRECONDITION, "NOTICE_FILE_UNWRITABLE", "%s: %s",
                            path, strerror(errno));
                return NULL;
        }
        file_gateway *self = calloc(1, sizeof *self);
        self->base.functions = &functions;
        self->descriptor = descriptor;
        return &self->base;
}
