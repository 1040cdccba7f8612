/* gRPC's core gives a listener up for ever when accept4() says EMFILE (CVE-2023-4785). This room
 * defines accept4() for the whole process: out of descriptors it frees a spare one, accepts,
 * closes, and so turns clients away one by one until there are descriptors again. */
#ifndef SSCARD_COMMON_RPC_ACCEPT_GUARD_H
#define SSCARD_COMMON_RPC_ACCEPT_GUARD_H

#include <stdint.h>

/* Opens the spare descriptor. Any thread, any number of times. */
void accept_guard_arm(void);
/* Connections that were turned away for want of a descriptor, in the life of the process. */
uint64_t accept_guard_turned_away(void);
/* Connections that were accepted, in the life of the process, and their highest descriptor. */
uint64_t accept_guard_accepted(void);
int accept_guard_highest(void);

#endif
