/* One run of sscardctl: from its words to its exit status. */
#ifndef SSCARD_TOOLS_SSCARDCTL_COMMAND_H
#define SSCARD_TOOLS_SSCARDCTL_COMMAND_H

/* Exit statuses besides 0 and the gRPC codes 1 to 16; those of sysexits.h. */
enum {
        COMMAND_USAGE = 64,
        COMMAND_BAD_INPUT = 65,
        COMMAND_NOT_CONFIRMED = 77,
        COMMAND_NO_CONTEXT = 78,
};

int command_run(int count, char *const *arguments);

#endif
