/* What the descriptors of every service must keep, whoever adds to them: no request can be nested
 * without end, each says what it is about first, and each element is documented. */
#define _GNU_SOURCE /* strcasestr */
#include "google/protobuf/descriptor.pb-c.h"
#include "proto/bank_descriptors_embedded.h"
#include "proto/card_descriptors_embedded.h"
#include "proto/credential_descriptors_embedded.h"
#include "proto/ecard_descriptors_embedded.h"
#include "proto/echo_descriptors_embedded.h"
#include "proto/health_descriptors_embedded.h"
#include "proto/port_bank_descriptors_embedded.h"
#include "proto/port_face_match_descriptors_embedded.h"
#include "proto/reflection_descriptors_embedded.h"
#include "proto/sandbox_descriptors_embedded.h"
#include "proto/status_descriptors_embedded.h"
#include "sscard/common/v1/options.pb-c.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
/* cmocka needs the above, and setjmp. */
#include <setjmp.h>

#include <cmocka.h>

enum { DEPTH_MAX = 16, SETS = 11, PATH_MAX_NUMBERS = 16 };

typedef Google__Protobuf__FileDescriptorSet file_set;
typedef Google__Protobuf__FileDescriptorProto file_proto;
typedef Google__Protobuf__DescriptorProto message_proto;
typedef Google__Protobuf__FieldDescriptorProto field_proto;
typedef Google__Protobuf__EnumDescriptorProto enum_proto;
typedef Google__Protobuf__MethodDescriptorProto method_proto;

typedef struct sets {
        file_set *all[SETS];
} sets;

static file_set *unpack(const unsigned char *data, size_t size)
{
        file_set *set = google__protobuf__file_descriptor_set__unpack(NULL, size, data);
        assert_non_null(set);
        return set;
}

static int sets_open(void **state)
{
        sets *s = calloc(1, sizeof *s);
        assert_non_null(s);
        s->all[0] = unpack(card_descriptors, card_descriptors_bytes);
        s->all[1] = unpack(status_descriptors, status_descriptors_bytes);
        s->all[2] = unpack(sandbox_descriptors, sandbox_descriptors_bytes);
        s->all[3] = unpack(echo_descriptors, echo_descriptors_bytes);
        s->all[4] = unpack(health_descriptors, health_descriptors_bytes);
        s->all[5] = unpack(reflection_descriptors, reflection_descriptors_bytes);
        s->all[6] = unpack(bank_descriptors, bank_descriptors_bytes);
        s->all[7] = unpack(port_bank_descriptors, port_bank_descriptors_bytes);
        s->all[10] = unpack(credential_descriptors, credential_descriptors_bytes);
        s->all[8] = unpack(ecard_descriptors, ecard_descriptors_bytes);
        s->all[9] = unpack(port_face_match_descriptors, port_face_match_descriptors_bytes);
        *state = s;
        return 0;
}

static int sets_close(void **state)
{
        sets *s = *state;
        for (size_t i = 0; i < SETS; i++)
                google__protobuf__file_descriptor_set__free_unpacked(s->all[i], NULL);
        free(s);
        return 0;
}

/* The message that a type name (".sscard.card.v1.Card") of a field or method means. */
static const message_proto *find_in(const message_proto *message, const char *rest)
{
        size_t length = strlen(message->name);
        if (strncmp(rest, message->name, length) != 0) return NULL;
        if (rest[length] == '\0') return message;
        if (rest[length] != '.') return NULL;
        for (size_t i = 0; i < message->n_nested_type; i++) {
                const message_proto *found = find_in(message->nested_type[i], rest + length + 1);
                if (found) return found;
        }
        return NULL;
}

static const message_proto *find(const file_set *set, const char *type_name)
{
        for (size_t i = 0; i < set->n_file; i++) {
                const file_proto *file = set->file[i];
                if (!file->package) continue;
                size_t length = strlen(file->package);
                if (strncmp(type_name + 1, file->package, length) != 0 ||
                    type_name[1 + length] != '.')
                        continue;
                for (size_t m = 0; m < file->n_message_type; m++) {
                        const message_proto *found =
                                find_in(file->message_type[m], type_name + 1 + length + 1);
                        if (found) return found;
                }
        }
        fail_msg("no message %s", type_name);
        return NULL;
}

static bool is_message(const field_proto *field)
{
        return field->type == GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_MESSAGE ||
               field->type == GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_GROUP;
}

/* Messages within messages; more than DEPTH_MAX when they can be nested without end. */
static int depth_of(const file_set *set, const message_proto *message, int above)
{
        int deepest = above + 1;
        if (deepest > DEPTH_MAX) return deepest;
        for (size_t i = 0; i < message->n_field; i++) {
                if (!is_message(message->field[i])) continue;
                int depth = depth_of(set, find(set, message->field[i]->type_name), above + 1);
                if (depth > deepest) deepest = depth;
        }
        return deepest;
}

typedef void method_visit(const file_set *set, const file_proto *file, const char *service,
                          const method_proto *method);

static void for_each_method(const sets *s, method_visit *visit)
{
        size_t methods = 0;
        for (size_t i = 0; i < SETS; i++) {
                for (size_t f = 0; f < s->all[i]->n_file; f++) {
                        const file_proto *file = s->all[i]->file[f];
                        for (size_t v = 0; v < file->n_service; v++) {
                                for (size_t m = 0; m < file->service[v]->n_method; m++) {
                                        visit(s->all[i], file, file->service[v]->name,
                                              file->service[v]->method[m]);
                                        methods++;
                                }
                        }
                }
        }
        assert_true(methods > 30); /* the walk has seen something */
}

static bool is_ours(const file_proto *file)
{
        return strncmp(file->name, "sscard/", 7) == 0;
}

static void check_request_depth(const file_set *set, const file_proto *file, const char *service,
                                const method_proto *method)
{
        (void)file;
        int depth = depth_of(set, find(set, method->input_type), 0);
        if (depth > DEPTH_MAX) fail_msg("%s.%s: request too deep", service, method->name);
}

static void no_request_is_recursive_or_deeper_than_16(void **state)
{
        for_each_method(*state, check_request_depth);
}

static void the_depth_check_finds_recursion(void **state)
{
        const sets *s = *state;
        /* descriptor.proto's DescriptorProto holds itself, and is in every set. */
        const message_proto *recursive = find(s->all[0], ".google.protobuf.DescriptorProto");
        assert_true(depth_of(s->all[0], recursive, 0) > DEPTH_MAX);
}

/* Requests that are about nothing that has a name. */
static bool is_nameless(const char *type_name)
{
        return strncmp(type_name, ".sscard.test.v1.", 16) == 0;
}

static void check_first_field(const file_set *set, const file_proto *file, const char *service,
                              const method_proto *method)
{
        if (!is_ours(file) || is_nameless(method->input_type)) return;
        const message_proto *request = find(set, method->input_type);
        assert_true(request->n_field > 0);
        const field_proto *first = request->field[0];
        if (first->number != 1 ||
            (strcmp(first->name, "name") != 0 && strcmp(first->name, "parent") != 0))
                fail_msg("%s.%s: field 1 is %s, not name or parent", service, method->name,
                         first->name);
        assert_int_equal(first->type, GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_STRING);
}

static void every_request_begins_with_name_or_parent(void **state)
{
        for_each_method(*state, check_first_field);
}

/* The kind in option (sscard.common.v1.method), which descriptor.proto's C code keeps unknown. */
static Common__MethodKind kind_of(const method_proto *method)
{
        if (!method->options) return COMMON__METHOD_KIND__METHOD_KIND_UNSPECIFIED;
        const ProtobufCMessage *options = &method->options->base;
        Common__MethodKind kind = COMMON__METHOD_KIND__METHOD_KIND_UNSPECIFIED;
        for (unsigned i = 0; i < options->n_unknown_fields; i++) {
                const ProtobufCMessageUnknownField *field = &options->unknown_fields[i];
                if (field->tag != 52001 || field->len < 1) continue;
                /* The first byte is the length: the rule is short. */
                Common__MethodRule *rule =
                        common__method_rule__unpack(NULL, field->len - 1, field->data + 1);
                assert_non_null(rule);
                kind = rule->kind;
                common__method_rule__free_unpacked(rule, NULL);
        }
        return kind;
}

static void check_kind(const file_set *set, const file_proto *file, const char *service,
                       const method_proto *method)
{
        if (!is_ours(file)) return;
        const message_proto *request = find(set, method->input_type);
        bool has_context = false;
        for (size_t i = 0; i < request->n_field; i++) {
                const field_proto *field = request->field[i];
                if (strcmp(field->name, "context") != 0) continue;
                has_context = true;
                assert_int_equal(field->number, 2);
                assert_string_equal(field->type_name, ".sscard.common.v1.RequestContext");
        }
        Common__MethodKind kind = kind_of(method);
        if (kind == COMMON__METHOD_KIND__METHOD_KIND_UNSPECIFIED)
                fail_msg("%s.%s has no kind", service, method->name);
        if (has_context != (kind == COMMON__METHOD_KIND__METHOD_KIND_MUTATION))
                fail_msg("%s.%s: context and MUTATION do not agree", service, method->name);
}

static void S1_mutations_and_only_they_take_a_request_context(void **state)
{
        for_each_method(*state, check_kind);
}

static void check_zero(const enum_proto *type)
{
        const char *name = type->value[0]->name;
        assert_int_equal(type->value[0]->number, 0);
        size_t length = strlen(name), suffix = strlen("_UNSPECIFIED");
        if (length < suffix || strcmp(name + length - suffix, "_UNSPECIFIED") != 0)
                fail_msg("%s: zero is %s", type->name, name);
}

static void zero_of_every_enum_is_unspecified(void **state)
{
        const sets *s = *state;
        for (size_t i = 0; i < SETS; i++) {
                for (size_t f = 0; f < s->all[i]->n_file; f++) {
                        const file_proto *file = s->all[i]->file[f];
                        if (!is_ours(file)) continue;
                        for (size_t e = 0; e < file->n_enum_type; e++)
                                check_zero(file->enum_type[e]);
                }
        }
}

typedef struct location {
        int32_t path[PATH_MAX_NUMBERS];
        size_t length;
} location;

static location below(location at, int32_t field, size_t index)
{
        assert_true(at.length + 2 <= PATH_MAX_NUMBERS);
        at.path[at.length++] = field;
        at.path[at.length++] = (int32_t)index;
        return at;
}

static void check_comment(const file_proto *file, location at, const char *name)
{
        for (size_t i = 0; i < file->source_code_info->n_location; i++) {
                const Google__Protobuf__SourceCodeInfo__Location *candidate =
                        file->source_code_info->location[i];
                if (candidate->n_path != at.length ||
                    memcmp(candidate->path, at.path, at.length * sizeof at.path[0]) != 0)
                        continue;
                const char *comment = candidate->leading_comments;
                if (!comment || strspn(comment, " \n") == strlen(comment)) break;
                return;
        }
        fail_msg("%s: %s has no leading comment", file->name, name);
}

/* Field numbers of descriptor.proto. */
enum {
        FILE_MESSAGE = 4,
        FILE_ENUM = 5,
        FILE_SERVICE = 6,
        MESSAGE_FIELD = 2,
        MESSAGE_NESTED = 3,
        MESSAGE_ENUM = 4,
        ENUM_VALUE = 2,
        SERVICE_METHOD = 2,
};

static void check_enum(const file_proto *file, const enum_proto *type, location at)
{
        check_comment(file, at, type->name);
        for (size_t i = 0; i < type->n_value; i++)
                check_comment(file, below(at, ENUM_VALUE, i), type->value[i]->name);
}

static void check_message(const file_proto *file, const message_proto *message, location at)
{
        if (message->options && message->options->map_entry) return;
        check_comment(file, at, message->name);
        for (size_t i = 0; i < message->n_field; i++)
                check_comment(file, below(at, MESSAGE_FIELD, i), message->field[i]->name);
        for (size_t i = 0; i < message->n_nested_type; i++)
                check_message(file, message->nested_type[i], below(at, MESSAGE_NESTED, i));
        for (size_t i = 0; i < message->n_enum_type; i++)
                check_enum(file, message->enum_type[i], below(at, MESSAGE_ENUM, i));
}

static void check_file(const file_proto *file)
{
        location root = {.length = 0};
        assert_non_null(file->source_code_info);
        for (size_t i = 0; i < file->n_message_type; i++)
                check_message(file, file->message_type[i], below(root, FILE_MESSAGE, i));
        for (size_t i = 0; i < file->n_enum_type; i++)
                check_enum(file, file->enum_type[i], below(root, FILE_ENUM, i));
        for (size_t i = 0; i < file->n_service; i++) {
                location service = below(root, FILE_SERVICE, i);
                check_comment(file, service, file->service[i]->name);
                for (size_t m = 0; m < file->service[i]->n_method; m++)
                        check_comment(file, below(service, SERVICE_METHOD, m),
                                      file->service[i]->method[m]->name);
        }
}

static void every_element_has_a_leading_comment(void **state)
{
        const sets *s = *state;
        for (size_t i = 0; i < SETS; i++) {
                for (size_t f = 0; f < s->all[i]->n_file; f++) {
                        const file_proto *file = s->all[i]->file[f];
                        bool standard = strncmp(file->name, "google/protobuf/", 16) == 0 ||
                                        strncmp(file->name, "protobuf-c/", 11) == 0;
                        if (!standard) check_file(file);
                }
        }
}

/* No method, request or vocabulary has a word of contributions, so that whoever collects them has
 * nothing to ask; answers say that they are not affected. */
static void check_no_contributions(const char *where, const char *name, bool may_say_so)
{
        char *found = strcasestr(name, "contribution");
        if (found && !(may_say_so && strcmp(name, "contributions_affected") == 0))
                fail_msg("%s: %s is about contributions", where, name);
}

static void check_method_without_contributions(const file_set *set, const file_proto *file,
                                               const char *service, const method_proto *method)
{
        (void)file;
        check_no_contributions(service, method->name, false);
        const message_proto *request = find(set, method->input_type);
        for (size_t i = 0; i < request->n_field; i++)
                check_no_contributions(request->name, request->field[i]->name, false);
}

static void R40_nothing_can_be_asked_for_the_collection_of_contributions(void **state)
{
        const sets *s = *state;
        size_t said = 0;
        for_each_method(s, check_method_without_contributions);
        for (size_t i = 0; i < SETS; i++) {
                for (size_t f = 0; f < s->all[i]->n_file; f++) {
                        const file_proto *file = s->all[i]->file[f];
                        for (size_t e = 0; e < file->n_enum_type; e++)
                                for (size_t v = 0; v < file->enum_type[e]->n_value; v++)
                                        check_no_contributions(file->enum_type[e]->name,
                                                               file->enum_type[e]->value[v]->name,
                                                               false);
                        for (size_t m = 0; m < file->n_message_type; m++) {
                                const message_proto *message = file->message_type[m];
                                for (size_t n = 0; n < message->n_field; n++) {
                                        const char *name = message->field[n]->name;
                                        check_no_contributions(message->name, name, true);
                                        said += strcmp(name, "contributions_affected") == 0;
                                }
                        }
                }
        }
        assert_true(said >= 3); /* card, holder, status */
}

/* The suite holds the social security password only: what is about banks has nowhere to put one. */
static void check_no_password(const message_proto *message)
{
        static const char *const words[] = {"password", "pin", "secret", "pass_code", NULL};
        for (size_t i = 0; i < message->n_field; i++) {
                const field_proto *field = message->field[i];
                bool holds_text =
                        field->type ==
                                GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_STRING ||
                        field->type == GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_BYTES;
                for (size_t w = 0; holds_text && words[w]; w++)
                        if (strstr(field->name, words[w]))
                                fail_msg("%s.%s could hold a bank's password", message->name,
                                         field->name);
        }
}

static void R16_no_field_holds_the_password_of_a_bank_account(void **state)
{
        const sets *s = *state;
        size_t looked_at = 0;
        for (size_t i = 0; i < SETS; i++) {
                for (size_t f = 0; f < s->all[i]->n_file; f++) {
                        const file_proto *file = s->all[i]->file[f];
                        if (strncmp(file->name, "sscard/bank/", 12) != 0 &&
                            strncmp(file->name, "sscard/port/v1/bank", 19) != 0)
                                continue;
                        for (size_t m = 0; m < file->n_message_type; m++, looked_at++)
                                check_no_password(file->message_type[m]);
                }
        }
        assert_true(looked_at > 10);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(no_request_is_recursive_or_deeper_than_16),
                cmocka_unit_test(the_depth_check_finds_recursion),
                cmocka_unit_test(every_request_begins_with_name_or_parent),
                cmocka_unit_test(S1_mutations_and_only_they_take_a_request_context),
                cmocka_unit_test(zero_of_every_enum_is_unspecified),
                cmocka_unit_test(every_element_has_a_leading_comment),
                cmocka_unit_test(R16_no_field_holds_the_password_of_a_bank_account),
                cmocka_unit_test(R40_nothing_can_be_asked_for_the_collection_of_contributions),
        };
        return cmocka_run_group_tests(tests, sets_open, sets_close);
}
