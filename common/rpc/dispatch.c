/* The method table and the run of one call.
 * Must never reach a handler with bytes that nobody has looked over. */
#include "common/rpc/dispatch.h"

#include "common/rpc/error.h"
#include "common/rpc/wire_check.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static bool type_is_flat(const ProtobufCMessageDescriptor *type,
                         const ProtobufCMessageDescriptor **above, unsigned depth, failure *f)
{
        if (depth == DISPATCH_DEPTH_MAX)
                return failure_set(f, FAILURE_INTERNAL, "TYPE_TOO_DEEP", "%s is nested too deep.",
                                   above[0]->name);
        for (unsigned i = 0; i < depth; i++)
                if (above[i] == type)
                        return failure_set(f, FAILURE_INTERNAL, "TYPE_RECURSIVE",
                                           "%s contains itself in %s.", type->name, above[0]->name);
        above[depth] = type;
        for (unsigned i = 0; i < type->n_fields; i++) {
                const ProtobufCFieldDescriptor *field = &type->fields[i];
                if (field->type == PROTOBUF_C_TYPE_MESSAGE &&
                    !type_is_flat(field->descriptor, above, depth + 1, f))
                        return false;
        }
        return true;
}

static const rpc_method *row_find(const rpc_service *service, const char *name)
{
        for (size_t i = 0; i < service->method_count; i++)
                if (!strcmp(service->methods[i].name, name)) return &service->methods[i];
        return NULL;
}

static bool type_matches(const ProtobufCMessageDescriptor *type, const char *dotted_name)
{
        return dotted_name && dotted_name[0] == '.' && !strcmp(type->name, dotted_name + 1);
}

static bool method_init(dispatch *d, const rpc_service *service,
                        const ProtobufCMethodDescriptor *descriptor, failure *f)
{
        const char *service_name = service->descriptor->name;
        const rpc_method *row = row_find(service, descriptor->name);
        const method_declared *declared =
                descriptor_set_method(&d->descriptors, service_name, descriptor->name);
        if (!row || !row->handle)
                return failure_set(f, FAILURE_INTERNAL, "METHOD_WITHOUT_ROW",
                                   "%s/%s has no handler.", service_name, descriptor->name);
        if (!declared || !type_matches(descriptor->input, declared->request_type) ||
            !type_matches(descriptor->output, declared->reply_type))
                return failure_set(f, FAILURE_INTERNAL, "METHOD_MISMATCH",
                                   "%s/%s differs from the embedded descriptors.", service_name,
                                   descriptor->name);
        const ProtobufCMessageDescriptor *above[DISPATCH_DEPTH_MAX];
        if (!type_is_flat(descriptor->input, above, 0, f)) return false;

        dispatch_method *method = &d->methods[d->method_count];
        *method = (dispatch_method){.row = *row, .dispatch = d};
        method->path = arena_format(&d->arena, "/%s/%s", service_name, descriptor->name);
        method->client_streams = declared->client_streams;
        method->row.full_name = method->path + 1;
        method->row.request_type = descriptor->input;
        method->row.reply_type = descriptor->output;
        method->row.streams = declared->server_streams;
        method->row.index = (uint32_t)d->method_count;
        d->rows[d->method_count++] = method->row;
        return true;
}

static bool service_init(dispatch *d, const rpc_service *service, failure *f)
{
        const ProtobufCServiceDescriptor *descriptor = service->descriptor;
        if (service->method_count != descriptor->n_methods)
                return failure_set(f, FAILURE_INTERNAL, "ROW_WITHOUT_METHOD",
                                   "%s has %u methods and %zu rows.", descriptor->name,
                                   descriptor->n_methods, service->method_count);
        for (unsigned i = 0; i < descriptor->n_methods; i++)
                if (!method_init(d, service, &descriptor->methods[i], f)) return false;
        d->services[d->service_count++] = descriptor->name;
        return true;
}

bool dispatch_init(dispatch *d, const rpc_service *services, size_t count, size_t standard,
                   failure *f)
{
        size_t methods = 0;
        for (size_t i = 0; i < count; i++)
                methods += services[i].method_count;
        d->methods = arena_zalloc(&d->arena, methods * sizeof *d->methods);
        d->rows = arena_zalloc(&d->arena, methods * sizeof *d->rows);
        d->services = arena_zalloc(&d->arena, count * sizeof *d->services);
        for (size_t i = 0; i < count; i++) {
                bytes set = bytes_of(services[i].descriptor_set, services[i].descriptor_set_bytes);
                if (!descriptor_set_add(&d->descriptors, set, f)) return false;
        }
        for (size_t i = 0; i < count; i++) {
                if (i == count - standard) d->own_count = d->method_count;
                if (!service_init(d, &services[i], f)) return false;
        }
        for (size_t i = d->own_count; i < d->method_count; i++)
                d->methods[i].standard = true;
        return true;
}

void dispatch_release(dispatch *d)
{
        descriptor_set_release(&d->descriptors);
        arena_release(&d->arena);
}

const dispatch_method *dispatch_find(const dispatch *d, const char *full_name)
{
        if (*full_name == '/') full_name++;
        for (size_t i = 0; i < d->method_count; i++)
                if (!strcmp(d->methods[i].row.full_name, full_name)) return &d->methods[i];
        return NULL;
}

static void *unpack_alloc(void *arena_, size_t bytes)
{
        return arena_alloc(arena_, bytes);
}

static void unpack_free(void *arena_, void *pointer)
{
        (void)arena_;
        (void)pointer;
}

static bool request_unpack(rpc_call *call)
{
        const ProtobufCMessageDescriptor *type = call->method->row.request_type;
        bytes packed = call->request_bytes;
        wire_problem problem;
        if (!wire_check(type, packed, rpc_call_arena(call), &problem)) {
                rpc_reply_invalid(call, problem.field, problem.reason, NULL, "%s",
                                  problem.description);
                return false;
        }
        ProtobufCAllocator allocator = {
                .alloc = unpack_alloc, .free = unpack_free, .allocator_data = rpc_call_arena(call)};
        call->request = protobuf_c_message_unpack(type, &allocator, packed.length, packed.data);
        if (call->request) return true;
        rpc_reply_invalid(call, "", "MALFORMED_MESSAGE", NULL,
                          "The request is not a well-formed %s.", type->short_name);
        return false;
}

void dispatch_run(rpc_call *call)
{
        const dispatch_method *method = call->method;
        bool reads = !method->row.raw && !method->client_streams;
        if (reads && !request_unpack(call)) return;
        if (method->dispatch->pipeline && !method->standard)
                method->dispatch->pipeline(call);
        else
                method->row.handle(call, call->request);
        if (call->answered) return;
        if (call->task.failure.kind) {
                rpc_reply_failure(call, &call->task.failure);
        } else {
                const failure none = {.kind = FAILURE_INTERNAL,
                                      .reason = "NO_ANSWER",
                                      .message = "The handler gave no answer."};
                rpc_reply_failure(call, &none);
        }
}
