/* The status service of a sandbox region: it follows the region's clock. */
#include "common/service/sandbox/sandbox_run.h"
#include "services/status/methods.h"

int main(int argc, char **argv)
{
        rpc_service rpc;
        service_definition definition = status_service_definition(&rpc);
        return sandbox_run(&definition, SANDBOX_CLOCK_FOLLOW, argc, argv);
}
