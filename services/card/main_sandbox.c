/* The card service of a sandbox region: it moves the region's clock. */
#include "common/service/sandbox/sandbox_run.h"
#include "services/card/methods.h"

int main(int argc, char **argv)
{
        rpc_service rpc;
        service_definition definition = card_service_definition(&rpc);
        return sandbox_run(&definition, SANDBOX_CLOCK_MOVE, argc, argv);
}
