/* The card service: persons, cards and their life. */
#include "services/card/methods.h"

int main(int argc, char **argv)
{
        rpc_service rpc;
        service_definition definition = card_service_definition(&rpc);
        return service_run(&definition, argc, argv);
}
