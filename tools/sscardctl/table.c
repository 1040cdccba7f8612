/* Tables for terminals, by libsmartcols. Must never know what is in a table. */
#define _GNU_SOURCE
#include "tools/sscardctl/table.h"

#include <assert.h>
#include <libsmartcols/libsmartcols.h>
#include <locale.h>
#include <stdlib.h>
#include <wchar.h>

void table_use_utf8(void)
{
        if (setlocale(LC_CTYPE, "") && MB_CUR_MAX > 1) return;
        if (!setlocale(LC_CTYPE, "C.UTF-8")) setlocale(LC_CTYPE, "zh_CN.UTF-8");
}

size_t table_text_width(const char *text)
{
        size_t width = 0;
        mbstate_t state = {0};
        while (*text) {
                wchar_t letter;
                size_t bytes = mbrtowc(&letter, text, 8, &state);
                if (bytes == 0 || bytes == (size_t)-1 || bytes == (size_t)-2) {
                        /* Not UTF-8: a byte is shown as one cell. */
                        state = (mbstate_t){0};
                        bytes = 1;
                        letter = L'?';
                }
                int cells = wcwidth(letter);
                width += cells > 0 ? (size_t)cells : 0;
                text += bytes;
        }
        return width;
}

void table_print(const table *t, FILE *out)
{
        if (t->rows == 0) return;
        struct libscols_table *table = scols_new_table();
        assert(table);
        scols_table_set_stream(table, out);
        scols_table_enable_noheadings(table, !t->titles);
        scols_table_set_column_separator(table, "  ");
        scols_table_set_termforce(table, t->width ? SCOLS_TERMFORCE_ALWAYS : SCOLS_TERMFORCE_NEVER);
        if (t->width) scols_table_set_termwidth(table, t->width);
        for (size_t i = 0; i < t->columns; i++) {
                bool last = i + 1 == t->columns;
                scols_table_new_column(table, t->titles ? t->titles[i] : "", 0,
                                       last && t->width ? SCOLS_FL_WRAP : 0);
        }
        for (size_t r = 0; r < t->rows; r++) {
                struct libscols_line *line = scols_table_new_line(table, NULL);
                assert(line);
                for (size_t i = 0; i < t->columns; i++) {
                        const char *cell = t->cells[r * t->columns + i];
                        scols_line_set_data(line, i, cell ? cell : "");
                }
        }
        scols_print_table(table);
        scols_unref_table(table);
}
