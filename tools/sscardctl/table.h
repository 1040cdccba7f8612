/* Tables for terminals; Chinese is two cells wide, and columns stay straight. */
#ifndef SSCARD_TOOLS_SSCARDCTL_TABLE_H
#define SSCARD_TOOLS_SSCARDCTL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef struct table {
        const char *const *titles; /* NULL: no line of titles */
        size_t columns;
        const char *const *cells; /* row by row; NULL is an empty one */
        size_t rows;
        size_t width; /* of the terminal: the last column is wrapped to it; 0: no limit */
} table;

/* The locale must know UTF-8: table_use_utf8() before the first one. */
void table_print(const table *t, FILE *out);
/* A locale for widths and wrapping, whatever the machine is set to. */
void table_use_utf8(void);
/* Cells that a text takes. */
size_t table_text_width(const char *text);

#endif
