/* A QR picture in the terminal, two rows of modules a line of text. */
#ifndef SSCARD_TOOLS_SSCARDCTL_QR_H
#define SSCARD_TOOLS_SSCARDCTL_QR_H

#include <stdbool.h>
#include <stdio.h>

enum { QR_QUIET_MODULES = 4 };

/* Light modules are drawn, dark ones are left out; with `colours` (a terminal) it is white on black
 * whatever the terminal's own colours are. False: the text does not fit into a picture. */
bool qr_print(FILE *out, const char *text, bool colours);

#endif
