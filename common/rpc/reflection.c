/* Reflection: one conversation for both versions, whose messages are the same on the wire.
 * Must never parse or rewrite a file on the way out. */
#include "common/rpc/reflection.h"

#include "common/rpc/server_internal.h"
#include "common/rpc/wire_check.h"

#include "grpc/reflection/v1/reflection.pb-c.h"
#include "grpc/reflection/v1alpha/reflection.pb-c.h"
#include "proto/reflection_descriptors_embedded.h"

#include <assert.h>
#include <string.h>

typedef ReflectionV1__ServerReflectionRequest reflection_request;
typedef ReflectionV1__ServerReflectionResponse reflection_response;

static void answer_not_found(arena *a, reflection_response *response, const char *what)
{
        ReflectionV1__ErrorResponse *error = arena_alloc(a, sizeof *error);
        reflection_v1__error_response__init(error);
        error->error_code = FAILURE_NOT_FOUND;
        error->error_message = arena_format(a, "not found: %.200s", what);
        response->message_response_case =
                REFLECTION_V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_ERROR_RESPONSE;
        response->error_response = error;
}

typedef struct closure {
        const descriptor_set *set;
        const descriptor_file **files;
        size_t count;
} closure;

static void closure_add(closure *c, const descriptor_file *file)
{
        for (size_t i = 0; i < c->count; i++)
                if (c->files[i] == file) return;
        c->files[c->count++] = file;
        for (size_t i = 0; i < file->dependency_count; i++) {
                const descriptor_file *next = descriptor_set_file(c->set, file->dependencies[i]);
                if (next) closure_add(c, next);
        }
}

/* A file with all that it imports, so that a client asks once. */
static void answer_file(arena *a, const descriptor_set *set, reflection_response *response,
                        const descriptor_file *file, const char *what)
{
        if (!file) {
                answer_not_found(a, response, what);
                return;
        }
        size_t files = 0;
        for (const descriptor_file *each = set->files; each; each = each->next)
                files++;
        closure c = {.set = set, .files = arena_alloc(a, files * sizeof *c.files)};
        closure_add(&c, file);
        ReflectionV1__FileDescriptorResponse *answer = arena_alloc(a, sizeof *answer);
        reflection_v1__file_descriptor_response__init(answer);
        answer->n_file_descriptor_proto = c.count;
        answer->file_descriptor_proto =
                arena_alloc(a, c.count * sizeof *answer->file_descriptor_proto);
        for (size_t i = 0; i < c.count; i++)
                answer->file_descriptor_proto[i] =
                        (ProtobufCBinaryData){.len = c.files[i]->packed.length,
                                              .data = (uint8_t *)c.files[i]->packed.data};
        response->message_response_case =
                REFLECTION_V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_FILE_DESCRIPTOR_RESPONSE;
        response->file_descriptor_response = answer;
}

static void answer_services(arena *a, const dispatch *d, reflection_response *response)
{
        ReflectionV1__ListServiceResponse *answer = arena_alloc(a, sizeof *answer);
        reflection_v1__list_service_response__init(answer);
        answer->n_service = d->service_count;
        answer->service = arena_alloc(a, d->service_count * sizeof *answer->service);
        for (size_t i = 0; i < d->service_count; i++) {
                answer->service[i] = arena_alloc(a, sizeof *answer->service[i]);
                reflection_v1__service_response__init(answer->service[i]);
                answer->service[i]->name = d->services[i];
        }
        response->message_response_case =
                REFLECTION_V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_LIST_SERVICES_RESPONSE;
        response->list_services_response = answer;
}

static const descriptor_file *file_of_extension(const descriptor_set *set,
                                                const ReflectionV1__ExtensionRequest *asked)
{
        for (const extension_declared *e = set->extensions; e; e = e->next)
                if (e->number == asked->extension_number &&
                    !strcmp(e->extendee, asked->containing_type))
                        return e->file;
        return NULL;
}

static void answer_extension_numbers(arena *a, const descriptor_set *set,
                                     reflection_response *response, const char *type)
{
        size_t count = 0;
        for (const extension_declared *e = set->extensions; e; e = e->next)
                count += !strcmp(e->extendee, type);
        if (!count && !descriptor_set_file_of_symbol(set, type)) {
                answer_not_found(a, response, type);
                return;
        }
        ReflectionV1__ExtensionNumberResponse *answer = arena_alloc(a, sizeof *answer);
        reflection_v1__extension_number_response__init(answer);
        answer->base_type_name = arena_strdup(a, type);
        answer->extension_number = arena_alloc(a, (count + 1) * sizeof *answer->extension_number);
        for (const extension_declared *e = set->extensions; e; e = e->next)
                if (!strcmp(e->extendee, type))
                        answer->extension_number[answer->n_extension_number++] = e->number;
        response->message_response_case =
                REFLECTION_V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_ALL_EXTENSION_NUMBERS_RESPONSE;
        response->all_extension_numbers_response = answer;
}

static void answer(arena *a, const dispatch *d, reflection_request *request,
                   reflection_response *response)
{
        const descriptor_set *set = &d->descriptors;
        const char *text = NULL;
        response->valid_host = request->host;
        response->original_request = request;
        switch (request->message_request_case) {
        case REFLECTION_V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_FILE_BY_FILENAME:
                text = request->file_by_filename;
                answer_file(a, set, response, descriptor_set_file(set, text), text);
                return;
        case REFLECTION_V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_FILE_CONTAINING_SYMBOL:
                text = request->file_containing_symbol;
                answer_file(a, set, response, descriptor_set_file_of_symbol(set, text), text);
                return;
        case REFLECTION_V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_FILE_CONTAINING_EXTENSION:
                text = request->file_containing_extension->containing_type;
                answer_file(a, set, response,
                            file_of_extension(set, request->file_containing_extension), text);
                return;
        case REFLECTION_V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_ALL_EXTENSION_NUMBERS_OF_TYPE:
                answer_extension_numbers(a, set, response, request->all_extension_numbers_of_type);
                return;
        case REFLECTION_V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_LIST_SERVICES:
                answer_services(a, d, response);
                return;
        default:
                answer_not_found(a, response, "the request asks nothing");
        }
}

static bool answer_one(rpc_call *call, bytes packed)
{
        /* Questions may be many: what one takes is given back before the next. */
        arena scratch = {0};
        const ProtobufCMessageDescriptor *type =
                &reflection_v1__server_reflection_request__descriptor;
        wire_problem problem;
        bool good = wire_check(type, packed, &scratch, &problem);
        reflection_request *request = good ? reflection_v1__server_reflection_request__unpack(
                                                     NULL, packed.length, packed.data)
                                           : NULL;
        if (request) {
                reflection_response response = REFLECTION_V1__SERVER_REFLECTION_RESPONSE__INIT;
                answer(&scratch, call->method->dispatch, request, &response);
                good = rpc_stream_send(call, &response.base);
                reflection_v1__server_reflection_request__free_unpacked(request, NULL);
        } else {
                good = task_fail(&call->task, FAILURE_INVALID_ARGUMENT, "MALFORMED_MESSAGE",
                                 "The message is not a well-formed reflection request.");
        }
        arena_release(&scratch);
        return good;
}

static void handle_info(rpc_call *call, const ProtobufCMessage *request)
{
        (void)request;
        bytes packed;
        while (wire_stream_receive(call, &packed))
                if (!answer_one(call, packed)) return;
        if (!call->task.failure.kind) rpc_stream_end(call);
}

void reflection_services(rpc_service services[REFLECTION_SERVICES])
{
        static const rpc_method methods[] = {
                {.name = "ServerReflectionInfo", .kind = RPC_OPEN, .handle = handle_info},
        };
        const ProtobufCServiceDescriptor *descriptors[REFLECTION_SERVICES] = {
                &reflection_v1__server_reflection__descriptor,
                &reflection_v1alpha__server_reflection__descriptor,
        };
        for (int i = 0; i < REFLECTION_SERVICES; i++)
                services[i] = (rpc_service){
                        .descriptor = descriptors[i],
                        .methods = methods,
                        .method_count = ARRAY_LENGTH(methods),
                        .descriptor_set = reflection_descriptors,
                        .descriptor_set_bytes = reflection_descriptors_bytes,
                };
}
