/* What there is to call, from the embedded descriptor sets: files give comments and streaming,
 * generated code gives the types. */
#include "tools/sscardctl/catalog.h"

#include "google/protobuf/descriptor.pb-c.h"
#include "google/rpc/error_details.pb-c.h"
#include "google/rpc/status.pb-c.h"
#include "grpc/health/v1/health.pb-c.h"
#include "proto/bank_descriptors_embedded.h"
#include "proto/bank_simulator_descriptors_embedded.h"
#include "proto/card_descriptors_embedded.h"
#include "proto/credential_descriptors_embedded.h"
#include "proto/ecard_descriptors_embedded.h"
#include "proto/health_descriptors_embedded.h"
#include "proto/sandbox_descriptors_embedded.h"
#include "proto/status_descriptors_embedded.h"
#include "sscard/bank/v1/bank_service.pb-c.h"
#include "sscard/card/v1/card_service.pb-c.h"
#include "sscard/common/v1/options.pb-c.h"
#include "sscard/common/v1/step.pb-c.h"
#include "sscard/credential/v1/credential_service.pb-c.h"
#include "sscard/dev/v1/bank_simulator_service.pb-c.h"
#include "sscard/dev/v1/sandbox_service.pb-c.h"
#include "sscard/ecard/v1/ecard_service.pb-c.h"
#include "sscard/status/v1/status_service.pb-c.h"

#include <assert.h>
#include <string.h>
#include <uthash.h>

typedef Google__Protobuf__FileDescriptorSet file_set;
typedef Google__Protobuf__FileDescriptorProto file_proto;
typedef Google__Protobuf__DescriptorProto message_proto;
typedef Google__Protobuf__EnumDescriptorProto enum_proto;
typedef Google__Protobuf__MethodDescriptorProto method_proto;
typedef Google__Protobuf__SourceCodeInfo__Location location_proto;

enum { METHODS_MAX = 128 };

typedef struct catalog_text {
        const char *name; /* of the element */
        const char *comment;
        UT_hash_handle hh;
} catalog_text;

typedef struct catalog_type_entry {
        const char *name;
        const ProtobufCMessageDescriptor *type;
        UT_hash_handle hh;
} catalog_type_entry;

struct catalog {
        arena *a;
        catalog_method methods[METHODS_MAX];
        size_t method_count;
        catalog_text *texts;
        catalog_type_entry *types;
};

typedef struct catalog_source {
        const ProtobufCServiceDescriptor *service;
        const unsigned char *data;
        const size_t *size;
        const char *endpoint;
} catalog_source;

static const catalog_source sources[] = {
        {&card__card_service__descriptor, card_descriptors, &card_descriptors_bytes, "card"},
        {&credential__credential_service__descriptor, credential_descriptors,
         &credential_descriptors_bytes, "credential"},
        {&ecard__ecard_service__descriptor, ecard_descriptors, &ecard_descriptors_bytes, "ecard"},
        {&bank__bank_link_service__descriptor, bank_descriptors, &bank_descriptors_bytes, "bank"},
        {&bank_simulator__bank_simulator_service__descriptor, bank_simulator_descriptors,
         &bank_simulator_descriptors_bytes, "bank_simulator"},
        {&status__status_service__descriptor, status_descriptors, &status_descriptors_bytes,
         "status"},
        {&sandbox__sandbox_service__descriptor, sandbox_descriptors, &sandbox_descriptors_bytes,
         "sandbox"},
        {&health__health__descriptor, health_descriptors, &health_descriptors_bytes, "card"},
};

/* Details of errors: no method answers them, they come in google.protobuf.Any. */
static const ProtobufCMessageDescriptor *const detail_types[] = {
        &google_rpc__status__descriptor,
        &google_rpc__error_info__descriptor,
        &google_rpc__retry_info__descriptor,
        &google_rpc__bad_request__descriptor,
        &google_rpc__precondition_failure__descriptor,
        &google_rpc__localized_message__descriptor,
        &common__refusal__descriptor,
};

static void add_type(catalog *c, const ProtobufCMessageDescriptor *type)
{
        catalog_type_entry *entry;
        HASH_FIND_STR(c->types, type->name, entry);
        if (entry) return;
        entry = arena_zalloc(c->a, sizeof *entry);
        entry->name = type->name;
        entry->type = type;
        HASH_ADD_KEYPTR(hh, c->types, entry->name, strlen(entry->name), entry);
        for (unsigned i = 0; i < type->n_fields; i++)
                if (type->fields[i].type == PROTOBUF_C_TYPE_MESSAGE)
                        add_type(c, type->fields[i].descriptor);
}

/* " One line\n of two.\n" becomes "One line of two."; an empty line stays as a line break. */
static const char *clean_comment(arena *a, const char *comment)
{
        size_t length = strlen(comment), out = 0;
        char *text = arena_alloc(a, length + 1);
        for (const char *line = comment; *line;) {
                const char *end = line + strcspn(line, "\n");
                while (line < end && *line == ' ')
                        line++;
                if (line == end) {
                        if (out > 0) text[out++] = '\n';
                } else {
                        if (out > 0 && text[out - 1] != '\n') text[out++] = ' ';
                        memcpy(text + out, line, (size_t)(end - line));
                        out += (size_t)(end - line);
                }
                line = *end ? end + 1 : end;
        }
        while (out > 0 && (text[out - 1] == '\n' || text[out - 1] == ' '))
                out--;
        text[out] = '\0';
        return text;
}

/* Field numbers of descriptor.proto, as SourceCodeInfo's paths use them. */
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

static const char *enum_element(arena *a, const char *scope, const enum_proto *type,
                                const int32_t *path, size_t length)
{
        const char *name = arena_format(a, "%s.%s", scope, type->name);
        if (length == 0) return name;
        if (length != 2 || path[0] != ENUM_VALUE || (size_t)path[1] >= type->n_value) return NULL;
        return arena_format(a, "%s.%s", name, type->value[path[1]]->name);
}

static const char *message_element(arena *a, const char *scope, const message_proto *message,
                                   const int32_t *path, size_t length)
{
        const char *name = arena_format(a, "%s.%s", scope, message->name);
        if (length == 0) return name;
        if (length < 2) return NULL;
        size_t index = (size_t)path[1];
        if (path[0] == MESSAGE_FIELD && index < message->n_field && length == 2)
                return arena_format(a, "%s.%s", name, message->field[index]->name);
        if (path[0] == MESSAGE_NESTED && index < message->n_nested_type)
                return message_element(a, name, message->nested_type[index], path + 2, length - 2);
        if (path[0] == MESSAGE_ENUM && index < message->n_enum_type)
                return enum_element(a, name, message->enum_type[index], path + 2, length - 2);
        return NULL;
}

/* The full name of the element that a location is about; NULL: none that is looked up. */
static const char *element_at(arena *a, const file_proto *file, const int32_t *path, size_t length)
{
        if (length < 2) return NULL;
        size_t index = (size_t)path[1];
        if (path[0] == FILE_MESSAGE && index < file->n_message_type)
                return message_element(a, file->package, file->message_type[index], path + 2,
                                       length - 2);
        if (path[0] == FILE_ENUM && index < file->n_enum_type)
                return enum_element(a, file->package, file->enum_type[index], path + 2, length - 2);
        if (path[0] != FILE_SERVICE || index >= file->n_service) return NULL;
        const Google__Protobuf__ServiceDescriptorProto *service = file->service[index];
        if (length == 2) return arena_format(a, "%s.%s", file->package, service->name);
        if (length != 4 || path[2] != SERVICE_METHOD || (size_t)path[3] >= service->n_method)
                return NULL;
        return arena_format(a, "%s.%s/%s", file->package, service->name,
                            service->method[path[3]]->name);
}

static void add_comments(catalog *c, const file_proto *file)
{
        if (!file->package || !file->source_code_info) return;
        if (strcmp(file->package, "google.protobuf") == 0) return;
        for (size_t i = 0; i < file->source_code_info->n_location; i++) {
                const location_proto *location = file->source_code_info->location[i];
                if (!location->leading_comments) continue;
                const char *name = element_at(c->a, file, location->path, location->n_path);
                if (!name) continue;
                catalog_text *text;
                HASH_FIND_STR(c->texts, name, text);
                if (text) continue; /* a file that several sets import */
                text = arena_zalloc(c->a, sizeof *text);
                text->name = name;
                text->comment = clean_comment(c->a, location->leading_comments);
                HASH_ADD_KEYPTR(hh, c->texts, text->name, strlen(text->name), text);
        }
}

/* The kind in option (sscard.common.v1.method); descriptor.proto's code keeps it as unknown. */
static catalog_kind kind_of(const method_proto *method)
{
        if (!method->options) return CATALOG_INTERNAL;
        const ProtobufCMessage *options = &method->options->base;
        for (unsigned i = 0; i < options->n_unknown_fields; i++) {
                const ProtobufCMessageUnknownField *field = &options->unknown_fields[i];
                if (field->tag != 52001 || field->len < 1) continue;
                /* Behind the length, one byte for a message as short as this. */
                Common__MethodRule *rule =
                        common__method_rule__unpack(NULL, field->len - 1, field->data + 1);
                if (!rule) continue;
                catalog_kind kind = (catalog_kind)rule->kind;
                common__method_rule__free_unpacked(rule, NULL);
                return kind;
        }
        return CATALOG_INTERNAL;
}

static const method_proto *find_method(const file_set *set, const char *service, const char *method)
{
        for (size_t f = 0; f < set->n_file; f++) {
                const file_proto *file = set->file[f];
                for (size_t s = 0; s < file->n_service; s++) {
                        size_t length = strlen(file->package);
                        if (strncmp(service, file->package, length) != 0 ||
                            strcmp(service + length + 1, file->service[s]->name) != 0)
                                continue;
                        for (size_t m = 0; m < file->service[s]->n_method; m++)
                                if (strcmp(file->service[s]->method[m]->name, method) == 0)
                                        return file->service[s]->method[m];
                }
        }
        return NULL;
}

static bool add_service(catalog *c, const catalog_source *source, failure *f)
{
        file_set *set =
                google__protobuf__file_descriptor_set__unpack(NULL, *source->size, source->data);
        if (!set)
                return failure_set(f, FAILURE_INTERNAL, "DESCRIPTORS_BROKEN",
                                   "the descriptor set of %s cannot be read", source->endpoint);
        bool complete = true;
        for (size_t i = 0; i < set->n_file; i++)
                add_comments(c, set->file[i]);
        for (unsigned i = 0; i < source->service->n_methods && complete; i++) {
                const ProtobufCMethodDescriptor *linked = &source->service->methods[i];
                const method_proto *described =
                        find_method(set, source->service->name, linked->name);
                assert(c->method_count < METHODS_MAX);
                if (!described) {
                        complete = failure_set(f, FAILURE_INTERNAL, "DESCRIPTORS_BROKEN",
                                               "%s is not in its descriptor set", linked->name);
                        break;
                }
                c->methods[c->method_count++] = (catalog_method){
                        .service = source->service->name,
                        .name = linked->name,
                        .path = arena_format(c->a, "/%s/%s", source->service->name, linked->name),
                        .endpoint = source->endpoint,
                        .request = linked->input,
                        .reply = linked->output,
                        .streams = described->server_streaming,
                        .kind = kind_of(described),
                };
                add_type(c, linked->input);
                add_type(c, linked->output);
        }
        google__protobuf__file_descriptor_set__free_unpacked(set, NULL);
        return complete;
}

catalog *catalog_open(arena *a, failure *f)
{
        catalog *c = arena_zalloc(a, sizeof *c);
        c->a = a;
        for (size_t i = 0; i < ARRAY_LENGTH(detail_types); i++)
                add_type(c, detail_types[i]);
        for (size_t i = 0; i < ARRAY_LENGTH(sources); i++)
                if (!add_service(c, &sources[i], f)) {
                        catalog_close(c);
                        return NULL;
                }
        return c;
}

void catalog_close(catalog *c)
{
        if (!c) return;
        HASH_CLEAR(hh, c->texts);
        HASH_CLEAR(hh, c->types);
}

size_t catalog_method_count(const catalog *c)
{
        return c->method_count;
}

const catalog_method *catalog_method_at(const catalog *c, size_t index)
{
        assert(index < c->method_count);
        return &c->methods[index];
}

const catalog_method *catalog_method_find(const catalog *c, const char *full_name)
{
        for (size_t i = 0; i < c->method_count; i++)
                if (strcmp(c->methods[i].path + 1, full_name) == 0) return &c->methods[i];
        return NULL;
}

const ProtobufCMessageDescriptor *catalog_type(const catalog *c, const char *full_name)
{
        catalog_type_entry *entry;
        HASH_FIND_STR(c->types, full_name, entry);
        return entry ? entry->type : NULL;
}

static const char *comment_of(const catalog *c, const char *name)
{
        catalog_text *text;
        HASH_FIND_STR(c->texts, name, text);
        return text ? text->comment : "";
}

const char *catalog_method_comment(const catalog *c, const catalog_method *method)
{
        return comment_of(c, method->path + 1);
}

const char *catalog_field_comment(const catalog *c, const ProtobufCMessageDescriptor *message,
                                  const ProtobufCFieldDescriptor *field)
{
        return comment_of(c, arena_format(c->a, "%s.%s", message->name, field->name));
}

const char *catalog_value_comment(const catalog *c, const ProtobufCEnumDescriptor *type,
                                  const ProtobufCEnumValue *value)
{
        return comment_of(c, arena_format(c->a, "%s.%s", type->name, value->name));
}
