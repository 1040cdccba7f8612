/* Answers for people. What a message is about is read from its descriptor; only steps, warnings
 * and previews are known by type. */
#include "tools/sscardctl/view.h"

#include "google/protobuf/any.pb-c.h"
#include "google/protobuf/duration.pb-c.h"
#include "google/protobuf/timestamp.pb-c.h"
#include "google/type/date.pb-c.h"
#include "sscard/common/v1/change.pb-c.h"
#include "sscard/common/v1/watch.pb-c.h"
#include "sscard/ecard/v1/ecard_service.pb-c.h"
#include "tools/sscardctl/labels.h"
#include "tools/sscardctl/message_json.h"
#include "tools/sscardctl/qr.h"
#include "tools/sscardctl/table.h"
#include "tools/sscardctl/time_text.h"
#include "tools/sscardctl/verbs.h"

#include <string.h>
#include <unistd.h>

enum { PAIRS_MAX = 256, COLUMNS_MAX = 12, GENERIC_COLUMNS = 8, STEPS_MAX = 64 };

/* Lines "label  value" of one message, and what comes under them. */
typedef struct page {
        const char *cells[2 * PAIRS_MAX];
        size_t pairs;
        const Common__NextStep *steps[STEPS_MAX];
        size_t step_count;
        const Common__Warning *warnings[STEPS_MAX];
        size_t warning_count;
} page;

static const char *enum_text(const view *v, const ProtobufCEnumDescriptor *type, int number)
{
        const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(type, number);
        if (!value) return arena_format(v->a, "%d", number);
        return number == 0 ? "" : message_enum_short(type, value);
}

/* Instants, spans and dates; NULL for every other message. */
static const char *time_text(const view *v, const ProtobufCMessage *message)
{
        if (message->descriptor == &google__protobuf__timestamp__descriptor) {
                const Google__Protobuf__Timestamp *at = (const void *)message;
                return time_text_instant_human(v->a, (time_value){at->seconds, at->nanos});
        }
        if (message->descriptor == &google__protobuf__duration__descriptor) {
                const Google__Protobuf__Duration *span = (const void *)message;
                return time_text_span_json(v->a, (time_value){span->seconds, span->nanos});
        }
        if (message->descriptor == &google_type__date__descriptor) {
                const GoogleType__Date *date = (const void *)message;
                return arena_format(v->a, "%04d-%02d-%02d", date->year, date->month, date->day);
        }
        return NULL;
}

/* A message in one cell: its fields that are there, with commas. */
static const char *message_text(const view *v, const ProtobufCMessage *message)
{
        const char *time = time_text(v, message);
        if (time) return time;
        const char *text = "";
        for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
                const char *cell = view_cell(v, message, message->descriptor->fields[i].name);
                if (*cell) text = arena_format(v->a, "%s%s%s", text, *text ? ", " : "", cell);
        }
        return text;
}

static const char *element_text(const view *v, const ProtobufCFieldDescriptor *field,
                                const void *at)
{
        switch (field->type) {
        case PROTOBUF_C_TYPE_INT32:
        case PROTOBUF_C_TYPE_SINT32:
        case PROTOBUF_C_TYPE_SFIXED32:
                return arena_format(v->a, "%d", *(const int32_t *)at);
        case PROTOBUF_C_TYPE_UINT32:
        case PROTOBUF_C_TYPE_FIXED32:
                return arena_format(v->a, "%u", *(const uint32_t *)at);
        case PROTOBUF_C_TYPE_INT64:
        case PROTOBUF_C_TYPE_SINT64:
        case PROTOBUF_C_TYPE_SFIXED64:
                return arena_format(v->a, "%lld", (long long)*(const int64_t *)at);
        case PROTOBUF_C_TYPE_UINT64:
        case PROTOBUF_C_TYPE_FIXED64:
                return arena_format(v->a, "%llu", (unsigned long long)*(const uint64_t *)at);
        case PROTOBUF_C_TYPE_FLOAT:
                return arena_format(v->a, "%g", (double)*(const float *)at);
        case PROTOBUF_C_TYPE_DOUBLE:
                return arena_format(v->a, "%g", *(const double *)at);
        case PROTOBUF_C_TYPE_BOOL: {
                bool yes = *(const protobuf_c_boolean *)at;
                if (label_is_english(v->language)) return yes ? "yes" : "no";
                return yes ? "是" : "否";
        }
        case PROTOBUF_C_TYPE_ENUM:
                return enum_text(v, field->descriptor, *(const int *)at);
        case PROTOBUF_C_TYPE_STRING: {
                const char *text = *(const char *const *)at;
                return text ? text : "";
        }
        case PROTOBUF_C_TYPE_BYTES: {
                size_t bytes = ((const ProtobufCBinaryData *)at)->len;
                return bytes ? arena_format(v->a, "(%zu bytes)", bytes) : "";
        }
        case PROTOBUF_C_TYPE_MESSAGE:
                return message_text(v, *(ProtobufCMessage *const *)at);
        }
        return "";
}

static const char *field_text(const view *v, const ProtobufCMessage *message,
                              const ProtobufCFieldDescriptor *field)
{
        if (field->label != PROTOBUF_C_LABEL_REPEATED)
                return message_has(message, field)
                               ? element_text(v, field, message_member(message, field))
                               : "";
        const char *text = "";
        const char *elements = *(const char *const *)message_member(message, field);
        for (size_t i = 0; i < message_count(message, field); i++) {
                const char *at = elements + i * message_element_bytes(field->type);
                text = arena_format(v->a, "%s%s%s", text, *text ? ", " : "",
                                    element_text(v, field, at));
        }
        return text;
}

static const ProtobufCFieldDescriptor *field_of(const ProtobufCMessage *message, const char *name)
{
        return protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name);
}

const char *view_cell(const view *v, const ProtobufCMessage *message, const char *path)
{
        const char *dot;
        while ((dot = strchr(path, '.'))) {
                const char *name = arena_copy(v->a, path, (size_t)(dot - path));
                const ProtobufCFieldDescriptor *field = field_of(message, name);
                if (!field || field->type != PROTOBUF_C_TYPE_MESSAGE ||
                    !message_has(message, field))
                        return "";
                message = *(ProtobufCMessage *const *)message_member(message, field);
                path = dot + 1;
        }
        const ProtobufCFieldDescriptor *field = field_of(message, path);
        return field ? field_text(v, message, field) : "";
}

/* The command that does a step; "" when it is not one of ours. */
static const char *command_of(const view *v, const char *method_name)
{
        const catalog_method *method = catalog_method_find(v->c, method_name ? method_name : "");
        if (!method) return "";
        verb does = verb_of(v->a, method);
        return arena_format(v->a, "sscardctl %s %s", does.group, does.name);
}

static void print_note(const view *v, label what, const char *text)
{
        if (*text) fprintf(v->out, "     %s: %s\n", label_text(what, v->language), text);
}

static void print_step(const view *v, const Common__NextStep *step, size_t number)
{
        fprintf(v->out, "  %zu. %s", number, step->text);
        if (*step->rule) fprintf(v->out, " (%s)", step->rule);
        fputc('\n', v->out);
        const ProtobufCMessage *base = &step->base;
        print_note(v, LABEL_CHANNELS, view_cell(v, base, "channels"));
        print_note(v, LABEL_DOCUMENTS, view_cell(v, base, "documents"));
        print_note(v, LABEL_WHO, view_cell(v, base, "who"));
        print_note(v, LABEL_CONTACT, view_cell(v, base, "contact"));
        const char *command = command_of(v, step->method);
        if (*command) fprintf(v->out, "     $ %s\n", command);
}

void view_steps(const view *v, Common__NextStep *const *steps, size_t count)
{
        if (count == 0) return;
        fprintf(v->out, "\n%s\n", label_text(LABEL_NEXT_STEPS, v->language));
        for (size_t i = 0; i < count; i++)
                print_step(v, steps[i], i + 1);
}

static void add_pair(page *p, const char *name, const char *value)
{
        if (*value == '\0' || p->pairs == PAIRS_MAX) return;
        p->cells[2 * p->pairs] = name;
        p->cells[2 * p->pairs + 1] = value;
        p->pairs++;
}

/* A step that two parts of an answer name is shown once. */
static void add_steps(page *p, const ProtobufCMessage *message,
                      const ProtobufCFieldDescriptor *field)
{
        Common__NextStep *const *steps =
                *(Common__NextStep *const *const *)message_member(message, field);
        for (size_t i = 0; i < message_count(message, field); i++) {
                bool known = false;
                for (size_t k = 0; k < p->step_count; k++)
                        known |= strcmp(p->steps[k]->code, steps[i]->code) == 0;
                if (!known && p->step_count < STEPS_MAX) p->steps[p->step_count++] = steps[i];
        }
}

static void add_warnings(page *p, const ProtobufCMessage *message,
                         const ProtobufCFieldDescriptor *field)
{
        Common__Warning *const *warnings =
                *(Common__Warning *const *const *)message_member(message, field);
        for (size_t i = 0; i < message_count(message, field); i++) {
                bool known = false;
                for (size_t k = 0; k < p->warning_count; k++)
                        known |= strcmp(p->warnings[k]->code, warnings[i]->code) == 0;
                if (!known && p->warning_count < STEPS_MAX)
                        p->warnings[p->warning_count++] = warnings[i];
        }
}

/* Titles and cells of a list of messages. Generic columns: the first fields that are not lists. */
static void print_list(const view *v, const ProtobufCMessageDescriptor *type,
                       ProtobufCMessage *const *messages, size_t count)
{
        const char *paths[COLUMNS_MAX];
        size_t columns = 0;
        const char *const *chosen = verb_columns(type->name);
        if (chosen) {
                for (; chosen[columns] && columns < COLUMNS_MAX; columns++)
                        paths[columns] = chosen[columns];
        } else {
                for (unsigned i = 0; i < type->n_fields && columns < GENERIC_COLUMNS; i++)
                        if (type->fields[i].label != PROTOBUF_C_LABEL_REPEATED)
                                paths[columns++] = type->fields[i].name;
        }
        const char **cells = arena_zalloc(v->a, count * columns * sizeof *cells + 1);
        bool used[COLUMNS_MAX] = {false};
        for (size_t r = 0; r < count; r++) {
                for (size_t i = 0; i < columns; i++) {
                        const char *cell = view_cell(v, messages[r], paths[i]);
                        cells[r * columns + i] = cell;
                        used[i] |= *cell != '\0';
                }
        }
        /* A column that nobody fills is left out. */
        const char *titles[COLUMNS_MAX];
        size_t shown = 0;
        const char **kept = arena_zalloc(v->a, count * columns * sizeof *kept + 1);
        for (size_t i = 0; i < columns; i++) {
                if (!used[i]) continue;
                titles[shown++] = label_of_path(v->a, paths[i], v->language);
        }
        size_t out = 0;
        for (size_t r = 0; r < count; r++)
                for (size_t i = 0; i < columns; i++)
                        if (used[i]) kept[out++] = cells[r * columns + i];
        const table t = {.titles = titles,
                         .columns = shown,
                         .cells = kept,
                         .rows = shown ? count : 0,
                         .width = v->width};
        table_print(&t, v->out);
}

static const ProtobufCMessage *any_message(const view *v, const Google__Protobuf__Any *any)
{
        if (!any) return NULL;
        return message_from_any(v->a, v->c, any->type_url, any->value.data, any->value.len);
}

/* Fields that differ, one line each. */
static void print_change(const view *v, const Common__Change *change)
{
        const ProtobufCMessage *before = any_message(v, change->before);
        const ProtobufCMessage *after = any_message(v, change->after);
        const ProtobufCMessage *either = after ? after : before;
        fprintf(v->out, "\n  %s %s\n", change->kind, change->name);
        if (either) {
                const ProtobufCMessageDescriptor *type = either->descriptor;
                const char **cells = arena_zalloc(v->a, 3 * type->n_fields * sizeof *cells + 1);
                size_t rows = 0;
                for (unsigned i = 0; i < type->n_fields; i++) {
                        const char *name = type->fields[i].name;
                        const char *old = before ? view_cell(v, before, name) : "";
                        const char *new = after ? view_cell(v, after, name) : "";
                        if (strcmp(old, new) == 0) continue;
                        cells[3 * rows] = arena_format(v->a, "    %s",
                                                       label_of_field(v->a, name, v->language));
                        cells[3 * rows + 1] = *old ? old : "-";
                        cells[3 * rows + 2] = *new ? new : "-";
                        rows++;
                }
                const char *titles[] = {
                        arena_format(v->a, "    %s", label_text(LABEL_FIELD, v->language)),
                        label_text(LABEL_BEFORE, v->language),
                        label_text(LABEL_AFTER, v->language)};
                const table t = {titles, 3, cells, rows, v->width};
                table_print(&t, v->out);
        }
        print_note(v, LABEL_EVENTS, view_cell(v, &change->base, "events"));
        for (size_t i = 0; i < change->n_notices; i++)
                print_note(v, LABEL_NOTICES, change->notices[i]->text);
}

static void print_preview(const view *v, const Common__ChangeSet *preview)
{
        label heading = preview->n_changes ? LABEL_PREVIEW : LABEL_NO_CHANGE;
        fprintf(v->out, "\n%s\n", label_text(heading, v->language));
        for (size_t i = 0; i < preview->n_changes; i++)
                print_change(v, preview->changes[i]);
        if (*preview->request_hash)
                fprintf(v->out, "\n%s: %s\n", label_text(LABEL_APPROVAL_HASH, v->language),
                        preview->request_hash);
}

/* Gathers the lines of a message; nested messages with their label before, those of a result
 * without. Lists are printed by print_lists(). */
static void gather(const view *v, page *p, const ProtobufCMessage *message, const char *prefix)
{
        const ProtobufCMessageDescriptor *type = message->descriptor;
        for (unsigned i = 0; i < type->n_fields; i++) {
                const ProtobufCFieldDescriptor *field = &type->fields[i];
                const char *name = arena_format(v->a, "%s%s", prefix,
                                                label_of_field(v->a, field->name, v->language));
                if (field->type != PROTOBUF_C_TYPE_MESSAGE) {
                        add_pair(p, name, field_text(v, message, field));
                        continue;
                }
                if (field->label == PROTOBUF_C_LABEL_REPEATED) {
                        if (field->descriptor == &common__next_step__descriptor)
                                add_steps(p, message, field);
                        else if (field->descriptor == &common__warning__descriptor)
                                add_warnings(p, message, field);
                        continue;
                }
                if (!message_has(message, field) ||
                    field->descriptor == &common__change_set__descriptor)
                        continue;
                const ProtobufCMessage *inner =
                        *(ProtobufCMessage *const *)message_member(message, field);
                const char *time = time_text(v, inner);
                if (time) {
                        add_pair(p, name, time);
                        continue;
                }
                if (inner->descriptor == &google__protobuf__any__descriptor) {
                        inner = any_message(v, (const Google__Protobuf__Any *)inner);
                        if (!inner) continue;
                }
                size_t length = strlen(type->name);
                bool result = length > 6 && strcmp(type->name + length - 6, "Result") == 0;
                gather(v, p, inner, result ? prefix : arena_format(v->a, "%s · ", name));
        }
}

static void print_lists(const view *v, const ProtobufCMessage *message, bool headings)
{
        for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
                const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
                if (field->type != PROTOBUF_C_TYPE_MESSAGE) continue;
                if (field->label != PROTOBUF_C_LABEL_REPEATED) {
                        if (message_has(message, field) &&
                            field->descriptor == &common__change_set__descriptor)
                                print_preview(v, *(Common__ChangeSet *const *)message_member(
                                                         message, field));
                        continue;
                }
                size_t count = message_count(message, field);
                if (field->descriptor == &common__next_step__descriptor ||
                    field->descriptor == &common__warning__descriptor || count == 0)
                        continue;
                if (headings)
                        fprintf(v->out, "\n%s\n", label_of_field(v->a, field->name, v->language));
                print_list(v, field->descriptor,
                           *(ProtobufCMessage *const *const *)message_member(message, field),
                           count);
        }
}

/* A page of a list: a list of messages first, at most a token besides. */
static bool is_page(const ProtobufCMessageDescriptor *type)
{
        return type->n_fields > 0 && type->fields[0].label == PROTOBUF_C_LABEL_REPEATED &&
               type->fields[0].type == PROTOBUF_C_TYPE_MESSAGE;
}

static void print_page(const view *v, const ProtobufCMessage *message)
{
        if (message_count(message, &message->descriptor->fields[0]) == 0)
                fprintf(v->out, "%s\n", label_text(LABEL_NOTHING, v->language));
        print_lists(v, message, false);
        const char *token = view_cell(v, message, "next_page_token");
        if (*token)
                fprintf(v->out, "\n%s: --page-token %s\n", label_text(LABEL_NEXT_PAGE, v->language),
                        token);
}

static bool is_preview(const ProtobufCMessage *message)
{
        const ProtobufCFieldDescriptor *field = field_of(message, "preview");
        return field && field->descriptor == &common__change_set__descriptor &&
               message_has(message, field);
}

/* A code is there to be scanned. */
static void view_code(const view *v, const ProtobufCMessage *message)
{
        if (message->descriptor != &ecard__present_code_response__descriptor) return;
        const char *code = ((const Ecard__PresentCodeResponse *)message)->code;
        if (*code) (void)qr_print(v->out, code, isatty(fileno(v->out)) == 1);
}

void view_message(const view *v, const ProtobufCMessage *message)
{
        if (is_page(message->descriptor)) {
                print_page(v, message);
                return;
        }
        page *p = arena_zalloc(v->a, sizeof *p);
        gather(v, p, message, "");
        const table t = {NULL, 2, p->cells, p->pairs, v->width};
        /* A preview shows the same, with what was before. */
        if (!is_preview(message)) table_print(&t, v->out);
        print_lists(v, message, true);
        if (p->warning_count > 0)
                fprintf(v->out, "\n%s\n", label_text(LABEL_WARNINGS, v->language));
        for (size_t i = 0; i < p->warning_count; i++)
                fprintf(v->out, "  ! %s (%s)\n", p->warnings[i]->text, p->warnings[i]->rule);
        view_code(v, message);
        view_steps(v, (Common__NextStep *const *)p->steps, p->step_count);
}

void view_stream_message(const view *v, const ProtobufCMessage *message)
{
        if (message->descriptor != &common__watch_response__descriptor) {
                fprintf(v->out, "%s\n", message_text(v, message));
                fflush(v->out);
                return;
        }
        const Common__WatchResponse *part = (const Common__WatchResponse *)message;
        for (size_t i = 0; i < part->n_events; i++) {
                const ProtobufCMessage *event = &part->events[i]->base;
                fprintf(v->out, "%s  %-28s %s  v%s\n", view_cell(v, event, "at"),
                        view_cell(v, event, "event_type"), view_cell(v, event, "name"),
                        view_cell(v, event, "version"));
        }
        fflush(v->out);
}
