/* Help, from the descriptors. Must never describe a method in words of its own. */
#include "tools/sscardctl/help.h"

#include "tools/sscardctl/message_json.h"
#include "tools/sscardctl/options.h"
#include "tools/sscardctl/request.h"
#include "tools/sscardctl/table.h"

#include <string.h>

enum { DEPTH_MAX = 3 };

static void add_row(help_rows *r, const char *left, const char *right)
{
        if (r->count == HELP_ROWS_MAX) return;
        r->cells[2 * r->count] = left;
        r->cells[2 * r->count + 1] = right;
        r->count++;
}

static void print_rows(const help *h, const help_rows *r)
{
        const table t = {NULL, 2, r->cells, r->count, h->width};
        table_print(&t, h->out);
}

const char *help_first_sentence(arena *a, const char *comment)
{
        const char *end = comment;
        while (*end && *end != '\n' && !(*end == '.' && (end[1] == ' ' || end[1] == '\0')))
                end++;
        return arena_copy(a, comment, (size_t)(end - comment));
}

static void add_verbs(const help *h, const char *group, help_rows *r)
{
        for (size_t i = 0; i < catalog_method_count(h->c); i++) {
                const catalog_method *method = catalog_method_at(h->c, i);
                verb v = verb_of(h->a, method);
                if (group && strcmp(v.group, group) != 0) continue;
                add_row(r, arena_format(h->a, "  %s %s", v.group, v.name),
                        help_first_sentence(h->a, catalog_method_comment(h->c, method)));
        }
}

static void print_options(const help *h)
{
        help_rows *r = arena_zalloc(h->a, sizeof *r);
        for (const char *const *option = options_help(); *option; option += 2)
                add_row(r, arena_format(h->a, "  %s", option[0]), option[1]);
        fprintf(h->out, "\nOptions everywhere\n");
        print_rows(h, r);
}

const help_rows *help_words(const help *h)
{
        help_rows *r = arena_zalloc(h->a, sizeof *r);
        add_row(r, "explain [REASON]", "What a reason code means, by which rule, and what to do");
        add_row(r, "context", "The region, the endpoints and the roles one has");
        add_row(r, "completion bash|zsh", "A script that completes commands");
        add_row(r, "man", "The manual page: sscardctl man | man -l -");
        add_row(r, "help [GROUP [VERB]]", "More about a group or a verb");
        return r;
}

const help_rows *help_exit_codes(const help *h)
{
        help_rows *r = arena_zalloc(h->a, sizeof *r);
        add_row(r, "0", "done (for --watch: interrupted after a first answer)");
        add_row(r, "1 - 16",
                "the gRPC code of the refusal: 3 INVALID_ARGUMENT, 5 NOT_FOUND, 6 ALREADY_EXISTS, "
                "7 PERMISSION_DENIED, 9 FAILED_PRECONDITION, 10 ABORTED, 14 UNAVAILABLE, "
                "16 UNAUTHENTICATED, …");
        add_row(r, "64", "the command line is wrong");
        add_row(r, "65", "an input file or a value is wrong");
        add_row(r, "77", "a change in a production context was not confirmed");
        add_row(r, "78", "the context cannot be used");
        return r;
}

static void add_rows(const help *h, const help_rows *from, help_rows *to)
{
        for (size_t i = 0; i < from->count; i++)
                add_row(to, arena_format(h->a, "  %s", from->cells[2 * i]), from->cells[2 * i + 1]);
}

void help_all(const help *h)
{
        fprintf(h->out,
                "sscardctl GROUP VERB [NAME] [--flag VALUE …]\n\n"
                "  sscardctl status get 330100200001011232\n"
                "  sscardctl card report-loss 01J… --temporary --evidence PHONE_PROOF:0571\n"
                "  sscardctl card watch --watch\n\n");
        help_rows *r = arena_zalloc(h->a, sizeof *r), *codes = arena_zalloc(h->a, sizeof *codes);
        add_verbs(h, NULL, r);
        add_rows(h, help_words(h), r);
        print_rows(h, r);
        print_options(h);
        fprintf(h->out, "\nExit status\n");
        add_rows(h, help_exit_codes(h), codes);
        print_rows(h, codes);
}

bool help_has_group(const help *h, const char *group)
{
        help_rows *r = arena_zalloc(h->a, sizeof *r);
        add_verbs(h, group, r);
        return r->count > 0;
}

bool help_group(const help *h, const char *group)
{
        help_rows *r = arena_zalloc(h->a, sizeof *r);
        add_verbs(h, group, r);
        if (r->count == 0) return false;
        print_rows(h, r);
        return true;
}

static const char *value_names(arena *a, const ProtobufCEnumDescriptor *type)
{
        const char *names = "";
        for (unsigned i = 0; i < type->n_values; i++)
                if (type->values[i].value != 0)
                        names = arena_format(a, "%s%s%s", names, *names ? "|" : "",
                                             message_enum_short(type, &type->values[i]));
        return names;
}

static bool is_time_like(const ProtobufCMessageDescriptor *type)
{
        return strcmp(type->name, "google.protobuf.Timestamp") == 0 ||
               strcmp(type->name, "google.protobuf.Duration") == 0 ||
               strcmp(type->name, "google.type.Date") == 0;
}

/* What "first:second" takes. */
static bool is_plain(const ProtobufCFieldDescriptor *field)
{
        if (field->label == PROTOBUF_C_LABEL_REPEATED) return false;
        if (field->type != PROTOBUF_C_TYPE_MESSAGE) return true;
        const ProtobufCMessageDescriptor *type = field->descriptor;
        return strcmp(type->name, "google.type.Date") == 0;
}

static const char *placeholder(arena *a, const ProtobufCFieldDescriptor *field)
{
        switch (field->type) {
        case PROTOBUF_C_TYPE_BOOL:
                return "";
        case PROTOBUF_C_TYPE_ENUM:
                return " VALUE";
        case PROTOBUF_C_TYPE_STRING:
                return " TEXT";
        case PROTOBUF_C_TYPE_BYTES:
                return " BASE64";
        case PROTOBUF_C_TYPE_MESSAGE: {
                const ProtobufCMessageDescriptor *type = field->descriptor;
                if (strcmp(type->name, "google.type.Date") == 0) return " 2026-01-31";
                if (strcmp(type->name, "google.protobuf.Duration") == 0) return " SPAN";
                if (strcmp(type->name, "google.protobuf.Timestamp") == 0) return " TIME";
                const char *text = "";
                for (unsigned i = 0; i < type->n_fields; i++)
                        if (is_plain(&type->fields[i]))
                                text = arena_format(a, "%s%s%s", text, *text ? ":" : " ",
                                                    type->fields[i].name);
                return text;
        }
        default:
                return " NUMBER";
        }
}

/* The flag of a path: the shortest that means the same. */
static const char *flag_of(const help *h, const verb *v, const char *path)
{
        const char *alias = verb_flag_short(v->method, path);
        if (alias) return alias;
        const char *rest = strchr(path, '.');
        const char *ignored;
        if (rest) {
                const char *flag = verb_kebab(h->a, rest + 1);
                const char *meant = request_flag_path(h->a, v, flag, &ignored);
                if (meant && strcmp(meant, path) == 0) return flag;
        }
        return verb_kebab(h->a, path);
}

static void add_flags(const help *h, const verb *v, const ProtobufCMessageDescriptor *type,
                      const char *prefix, int depth, help_rows *r)
{
        for (unsigned i = 0; i < type->n_fields; i++) {
                const ProtobufCFieldDescriptor *field = &type->fields[i];
                const char *path = arena_format(h->a, "%s%s", prefix, field->name);
                bool nested = field->type == PROTOBUF_C_TYPE_MESSAGE &&
                              field->label != PROTOBUF_C_LABEL_REPEATED &&
                              !is_time_like(field->descriptor);
                if (nested && depth < DEPTH_MAX) {
                        const ProtobufCMessageDescriptor *inner = field->descriptor;
                        if (strcmp(field->name, "context") != 0 &&
                            strcmp(field->name, "read_options") != 0)
                                add_row(r, arena_format(h->a, "  --%s", flag_of(h, v, path)),
                                        catalog_field_comment(h->c, type, field));
                        add_flags(h, v, inner, arena_format(h->a, "%s.", path), depth + 1, r);
                        continue;
                }
                const char *comment = catalog_field_comment(h->c, type, field);
                if (field->type == PROTOBUF_C_TYPE_ENUM)
                        comment = arena_format(h->a, "%s %s", value_names(h->a, field->descriptor),
                                               comment);
                bool many = field->label == PROTOBUF_C_LABEL_REPEATED;
                add_row(r,
                        arena_format(h->a, "  --%s%s%s", flag_of(h, v, path),
                                     placeholder(h->a, field), many ? " …" : ""),
                        comment);
        }
}

const help_rows *help_flags(const help *h, const verb *v, bool shared)
{
        help_rows *all = arena_zalloc(h->a, sizeof *all), *r = arena_zalloc(h->a, sizeof *r);
        const ProtobufCMessageDescriptor *type = v->method->request;
        add_flags(h, v, type, "", 0, all);
        for (size_t i = 0; i < all->count; i++) {
                const char *flag = all->cells[2 * i] + strspn(all->cells[2 * i], " ");
                const char *name = arena_copy(h->a, flag + 2, strcspn(flag + 2, " "));
                const char *ignored, *path = request_flag_path(h->a, v, name, &ignored);
                /* Spelled in full it is of this verb alone: something else has the short name. */
                bool is_shared = path && !strchr(name, '.') &&
                                 (strncmp(path, "context.", 8) == 0 ||
                                  strncmp(path, "read_options.", 13) == 0);
                if (is_shared == shared) add_row(r, flag, all->cells[2 * i + 1]);
        }
        return r;
}

void help_verb(const help *h, const verb *v)
{
        const char *bare = v->method->request->n_fields ? " [NAME]" : "";
        fprintf(h->out, "sscardctl %s %s%s [--flag VALUE …]\n\n%s\n\n%s\n", v->group, v->name, bare,
                catalog_method_comment(h->c, v->method), v->method->path + 1);
        help_rows *r = arena_zalloc(h->a, sizeof *r);
        add_flags(h, v, v->method->request, "", 0, r);
        if (r->count > 0) fprintf(h->out, "\nFlags\n");
        print_rows(h, r);
        print_options(h);
}

/* "get list …" of one group, or the flags of one verb, on one line. */
static const char *words_of(const help *h, const char *group)
{
        const char *words = "";
        for (size_t i = 0; i < catalog_method_count(h->c); i++) {
                verb v = verb_of(h->a, catalog_method_at(h->c, i));
                if (strcmp(v.group, group) == 0) words = arena_format(h->a, "%s %s", words, v.name);
        }
        return words;
}

static const char *flags_of(const help *h, const verb *v)
{
        help_rows *r = arena_zalloc(h->a, sizeof *r);
        add_flags(h, v, v->method->request, "", 0, r);
        const char *flags = "";
        for (size_t i = 0; i < r->count; i++) {
                const char *flag = r->cells[2 * i] + 2;
                flags = arena_format(h->a, "%s %.*s", flags, (int)strcspn(flag, " "), flag);
        }
        return flags;
}

bool help_completion(const help *h, const char *shell)
{
        bool zsh = strcmp(shell, "zsh") == 0;
        if (!zsh && strcmp(shell, "bash") != 0) return false;
        if (zsh) fprintf(h->out, "autoload -U +X bashcompinit && bashcompinit\n");
        fprintf(h->out,
                "_sscardctl() {\n"
                "  local group=${COMP_WORDS[1]} verb=${COMP_WORDS[2]} words=\"\"\n"
                "  if [ \"$COMP_CWORD\" -eq 1 ]; then words=\"explain context completion man help");
        const char *groups = "";
        for (size_t i = 0; i < catalog_method_count(h->c); i++) {
                verb v = verb_of(h->a, catalog_method_at(h->c, i));
                if (strstr(groups, arena_format(h->a, " %s ", v.group))) continue;
                groups = arena_format(h->a, "%s %s ", groups, v.group);
        }
        fprintf(h->out, "%s\"\n  else case \"$group $verb\" in\n", groups);
        for (size_t i = 0; i < catalog_method_count(h->c); i++) {
                verb v = verb_of(h->a, catalog_method_at(h->c, i));
                fprintf(h->out, "    \"%s %s\") words=\"%s --as --lang --output --watch\" ;;\n",
                        v.group, v.name, flags_of(h, &v));
        }
        for (size_t i = 0; i < catalog_method_count(h->c); i++) {
                verb v = verb_of(h->a, catalog_method_at(h->c, i));
                fprintf(h->out, "    \"%s \"*) words=\"%s\" ;;\n", v.group, words_of(h, v.group));
        }
        fprintf(h->out, "  esac; fi\n"
                        "  COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
                        "}\ncomplete -F _sscardctl sscardctl\n");
        return true;
}
