/* Reads descriptor sets once, at start. Must never change a file's bytes. */
#include "common/rpc/descriptor_set.h"

#include "google/protobuf/descriptor.pb-c.h"

#include <string.h>

typedef Google__Protobuf__FileDescriptorProto file_proto;

typedef struct symbols {
        arena *arena;
        const char **names;
        size_t count, room;
} symbols;

static void symbol_add(symbols *s, const char *scope, const char *name)
{
        if (s->count == s->room) {
                size_t room = s->room ? s->room * 2 : 32;
                const char **names = arena_alloc(s->arena, room * sizeof *names);
                if (s->count) memcpy(names, s->names, s->count * sizeof *names);
                s->names = names;
                s->room = room;
        }
        s->names[s->count++] = arena_format(s->arena, "%s%s%s", scope, *scope ? "." : "", name);
}

static void enum_add(symbols *s, const char *scope, const Google__Protobuf__EnumDescriptorProto *e)
{
        symbol_add(s, scope, e->name);
        /* Values are siblings of their enum, as in C++. */
        for (size_t i = 0; i < e->n_value; i++)
                symbol_add(s, scope, e->value[i]->name);
}

static void message_add(symbols *s, const char *scope, const Google__Protobuf__DescriptorProto *m)
{
        symbol_add(s, scope, m->name);
        const char *inner = s->names[s->count - 1];
        for (size_t i = 0; i < m->n_field; i++)
                symbol_add(s, inner, m->field[i]->name);
        for (size_t i = 0; i < m->n_oneof_decl; i++)
                symbol_add(s, inner, m->oneof_decl[i]->name);
        for (size_t i = 0; i < m->n_enum_type; i++)
                enum_add(s, inner, m->enum_type[i]);
        for (size_t i = 0; i < m->n_nested_type; i++)
                message_add(s, inner, m->nested_type[i]);
}

static void service_add(descriptor_set *set, symbols *s, const char *scope,
                        const Google__Protobuf__ServiceDescriptorProto *service)
{
        symbol_add(s, scope, service->name);
        const char *full_name = s->names[s->count - 1];
        for (size_t i = 0; i < service->n_method; i++) {
                const Google__Protobuf__MethodDescriptorProto *m = service->method[i];
                symbol_add(s, full_name, m->name);
                method_declared *declared = arena_zalloc(&set->arena, sizeof *declared);
                *declared = (method_declared){
                        .service = full_name,
                        .name = arena_strdup(&set->arena, m->name),
                        .request_type = arena_strdup(&set->arena, m->input_type),
                        .reply_type = arena_strdup(&set->arena, m->output_type),
                        .client_streams = m->has_client_streaming && m->client_streaming,
                        .server_streams = m->has_server_streaming && m->server_streaming,
                        .next = set->methods,
                };
                set->methods = declared;
        }
}

static void file_add(descriptor_set *set, const file_proto *proto, bytes packed)
{
        symbols s = {.arena = &set->arena};
        const char *package = proto->package ? arena_strdup(&set->arena, proto->package) : "";
        for (size_t i = 0; i < proto->n_message_type; i++)
                message_add(&s, package, proto->message_type[i]);
        for (size_t i = 0; i < proto->n_enum_type; i++)
                enum_add(&s, package, proto->enum_type[i]);
        for (size_t i = 0; i < proto->n_extension; i++)
                symbol_add(&s, package, proto->extension[i]->name);
        for (size_t i = 0; i < proto->n_service; i++)
                service_add(set, &s, package, proto->service[i]);

        descriptor_file *file = arena_zalloc(&set->arena, sizeof *file);
        const char **dependencies =
                arena_alloc(&set->arena, (proto->n_dependency + 1) * sizeof *dependencies);
        for (size_t i = 0; i < proto->n_dependency; i++)
                dependencies[i] = arena_strdup(&set->arena, proto->dependency[i]);
        *file = (descriptor_file){
                .name = arena_strdup(&set->arena, proto->name),
                .packed = packed,
                .dependencies = dependencies,
                .dependency_count = proto->n_dependency,
                .symbols = s.names,
                .symbol_count = s.count,
                .next = set->files,
        };
        set->files = file;
        for (size_t i = 0; i < proto->n_extension; i++) {
                extension_declared *extension = arena_zalloc(&set->arena, sizeof *extension);
                const char *extendee = proto->extension[i]->extendee;
                *extension = (extension_declared){
                        .extendee = arena_strdup(&set->arena, extendee + (*extendee == '.')),
                        .number = proto->extension[i]->number,
                        .file = file,
                        .next = set->extensions,
                };
                set->extensions = extension;
        }
}

/* The next entry of `repeated FileDescriptorProto file = 1`, as it stands in the set. */
static bool entry_read(bytes *rest, bytes *entry)
{
        enum { KEY = 1 << 3 | 2 };
        if (rest->length < 2 || rest->data[0] != KEY) return false;
        size_t length = 0, at = 1;
        for (unsigned shift = 0;; shift += 7) {
                if (at == rest->length || shift > 28) return false;
                length |= (size_t)(rest->data[at] & 0x7f) << shift;
                if (!(rest->data[at++] & 0x80)) break;
        }
        if (length > rest->length - at) return false;
        *entry = bytes_of(rest->data + at, length);
        *rest = bytes_of(rest->data + at + length, rest->length - at - length);
        return true;
}

bool descriptor_set_add(descriptor_set *set, bytes packed, failure *f)
{
        bytes entry;
        while (packed.length) {
                file_proto *proto = NULL;
                if (entry_read(&packed, &entry))
                        proto = google__protobuf__file_descriptor_proto__unpack(NULL, entry.length,
                                                                                entry.data);
                if (!proto || !proto->name) {
                        if (proto)
                                google__protobuf__file_descriptor_proto__free_unpacked(proto, NULL);
                        return failure_set(f, FAILURE_INTERNAL, "BAD_DESCRIPTOR_SET",
                                           "An embedded descriptor set cannot be read.");
                }
                if (!descriptor_set_file(set, proto->name)) file_add(set, proto, entry);
                google__protobuf__file_descriptor_proto__free_unpacked(proto, NULL);
        }
        return true;
}

void descriptor_set_release(descriptor_set *set)
{
        arena_release(&set->arena);
}

const method_declared *descriptor_set_method(const descriptor_set *set, const char *service,
                                             const char *method)
{
        for (const method_declared *m = set->methods; m; m = m->next)
                if (!strcmp(m->name, method) && !strcmp(m->service, service)) return m;
        return NULL;
}

const descriptor_file *descriptor_set_file(const descriptor_set *set, const char *name)
{
        for (const descriptor_file *file = set->files; file; file = file->next)
                if (!strcmp(file->name, name)) return file;
        return NULL;
}

const descriptor_file *descriptor_set_file_of_symbol(const descriptor_set *set, const char *symbol)
{
        for (const descriptor_file *file = set->files; file; file = file->next)
                for (size_t i = 0; i < file->symbol_count; i++)
                        if (!strcmp(file->symbols[i], symbol)) return file;
        return NULL;
}
