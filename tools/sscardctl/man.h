/* The manual page, from the descriptors: troff for man(1). */
#ifndef SSCARD_TOOLS_SSCARDCTL_MAN_H
#define SSCARD_TOOLS_SSCARDCTL_MAN_H

#include "tools/sscardctl/help.h"

/* Writes the whole page of section 1 to h->out. */
void man_page(const help *h);

#endif
