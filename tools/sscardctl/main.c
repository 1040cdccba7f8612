/* sscardctl: every method of the suite, for people and scripts. */
#include "tools/sscardctl/command.h"

int main(int count, char **arguments)
{
        return command_run(count - 1, arguments + 1);
}
