/* The status service: what a card's state is, and what can be done with it. */
#include "services/status/methods.h"

int main(int argc, char **argv)
{
        rpc_service rpc;
        service_definition definition = status_service_definition(&rpc);
        return service_run(&definition, argc, argv);
}
