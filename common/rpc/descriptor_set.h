/* The embedded descriptor sets of all services of a process, as one: files by name and symbol for
 * reflection, methods with their streaming flags for dispatch. Keeps the files' bytes as they are,
 * so comments (source info) survive. Borrows the sets' bytes. */
#ifndef SSCARD_COMMON_RPC_DESCRIPTOR_SET_H
#define SSCARD_COMMON_RPC_DESCRIPTOR_SET_H

#include "common/base/arena.h"
#include "common/base/bytes.h"
#include "common/base/failure.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct method_declared {
        const char *service, *name;            /* "x.orders.v1.OrderService", "GetOrder" */
        const char *request_type, *reply_type; /* with a leading dot */
        bool client_streams, server_streams;
        struct method_declared *next;
} method_declared;

typedef struct descriptor_file {
        const char *name; /* "x/orders/v1/order.proto" */
        bytes packed;     /* FileDescriptorProto */
        const char *const *dependencies;
        size_t dependency_count;
        const char *const *symbols; /* full names of all that the file declares */
        size_t symbol_count;
        struct descriptor_file *next;
} descriptor_file;

typedef struct extension_declared {
        const char *extendee; /* "google.protobuf.MethodOptions" */
        int32_t number;
        const descriptor_file *file;
        struct extension_declared *next;
} extension_declared;

/* Embedded; zero is empty. */
typedef struct descriptor_set {
        arena arena;
        descriptor_file *files;
        method_declared *methods;
        extension_declared *extensions;
} descriptor_set;

/* Adds a packed FileDescriptorSet; files that are known already are passed over. */
bool descriptor_set_add(descriptor_set *set, bytes packed, failure *f) MUST_CHECK;
void descriptor_set_release(descriptor_set *set);

/* NULL: not there. */
const method_declared *descriptor_set_method(const descriptor_set *set, const char *service,
                                             const char *method);
const descriptor_file *descriptor_set_file(const descriptor_set *set, const char *name);
const descriptor_file *descriptor_set_file_of_symbol(const descriptor_set *set, const char *symbol);

#endif
