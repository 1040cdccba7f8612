/* Generic dispatch: from a service's descriptors and its method rows to handlers.
 * Start-up refuses what does not match; after that every look-up is a pointer. */
#ifndef SSCARD_COMMON_RPC_DISPATCH_H
#define SSCARD_COMMON_RPC_DISPATCH_H

#include "common/rpc/call_internal.h"
#include "common/rpc/descriptor_set.h"
#include "common/rpc/server.h"

typedef struct dispatch dispatch;

struct dispatch_method {
        rpc_method row;
        const dispatch *dispatch;
        const char *path;    /* "/x.orders.v1.OrderService/GetOrder" */
        bool client_streams; /* reflection only */
        bool standard;       /* health, reflection: no pipeline, no `finished` */
};

struct dispatch {
        arena arena;
        dispatch_method *methods;
        rpc_method *rows;               /* the same rows, for rpc_server_methods() */
        size_t method_count, own_count; /* the standard ones stand last */
        const char **services;          /* full names, in the order of registration */
        size_t service_count;
        descriptor_set descriptors;
        void (*pipeline)(rpc_call *call);
        void *context;
};

enum { DISPATCH_DEPTH_MAX = 16 };

/* `standard` of the services, the last ones, do not pass through the pipeline.
 * False and `f` set: a row is missing or surplus, a type does not match, a request type is
 * recursive or nested deeper than DISPATCH_DEPTH_MAX. Pair: dispatch_release(), in any case. */
bool dispatch_init(dispatch *d, const rpc_service *services, size_t count, size_t standard,
                   failure *f) MUST_CHECK;
void dispatch_release(dispatch *d);
/* By full name, with or without leading slash; NULL: unknown. */
const dispatch_method *dispatch_find(const dispatch *d, const char *full_name);

/* Runs a call on its task: looks the request over, unpacks it, calls pipeline or handler, and sees
 * to it that there is an answer. Suspends. */
void dispatch_run(rpc_call *call);

#endif
