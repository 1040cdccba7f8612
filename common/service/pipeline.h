/* The way of every call through the house, in one place and one order:
 *
 *   who     identity: token → caller
 *   may     access: caller × row (default: deny)
 *   where   the region in `name`: here, or not
 *   again?  a mutation whose request id is known: the first answer
 *   do      the handler: load, decide, commit, reply
 *   seen    reads of personal data are written down before the reply goes
 */
#ifndef SSCARD_COMMON_SERVICE_PIPELINE_H
#define SSCARD_COMMON_SERVICE_PIPELINE_H

#include "common/service/call.h"

/* What the pipeline works out once for each method, from its row and its descriptors. */
typedef struct method_plan {
        const rpc_method *method;
        const service_method *declaration;
        policy_access_span access;
        const ProtobufCFieldDescriptor *name;    /* `name` or `parent`; NULL: none */
        const ProtobufCFieldDescriptor *context; /* RequestContext; NULL: none */
        const ProtobufCFieldDescriptor *options; /* ReadOptions; NULL: none */
        const ProtobufCFieldDescriptor *purpose; /* a purpose of the request's own; NULL: none */
} method_plan;

/* Works out the plan of a method; called for each at start. False: no access row, or a mutation
 * without RequestContext: `f` says which. */
bool pipeline_prepare(const service_definition *definition, const rpc_method *method,
                      method_plan *plan, failure *f) MUST_CHECK;

/* rpc_server_options.pipeline. Suspends. */
void pipeline_run(rpc_call *call);

#endif
