#include "tools/sscardctl/qr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SIDE_MAX = 200 };

/* What was drawn, as modules: true is light. */
typedef struct picture {
        bool light[SIDE_MAX][SIDE_MAX];
        int rows, columns;
} picture;

static int module_pair(const char **at, bool *upper, bool *lower)
{
        static const struct {
                const char *text;
                bool upper, lower;
        } blocks[] = {
                {"█", true, true}, {"▀", true, false}, {"▄", false, true}, {" ", false, false}};
        for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
                size_t length = strlen(blocks[i].text);
                if (strncmp(*at, blocks[i].text, length) != 0) continue;
                *at += length;
                *upper = blocks[i].upper;
                *lower = blocks[i].lower;
                return 1;
        }
        return 0;
}

static void draw(const char *text, picture *p)
{
        char *drawn = NULL;
        size_t bytes = 0;
        FILE *out = open_memstream(&drawn, &bytes);
        assert_true(qr_print(out, text, false));
        fclose(out);
        memset(p, 0, sizeof *p);
        for (const char *at = drawn; *at; at++, p->rows += 2) {
                int column = 0;
                while (*at != '\n') {
                        assert_int_equal(module_pair(&at, &p->light[p->rows][column],
                                                     &p->light[p->rows + 1][column]),
                                         1);
                        column++;
                }
                p->columns = column;
        }
        free(drawn);
}

/* Dark ring of 7, light ring of 5, dark 3: where a scanner looks first. */
static void assert_finder(const picture *p, int top, int left)
{
        for (int row = 0; row < 7; row++)
                for (int column = 0; column < 7; column++) {
                        int far_row = abs(row - 3), far_column = abs(column - 3);
                        int ring = far_row > far_column ? far_row : far_column;
                        assert_int_equal(p->light[top + row][left + column], ring == 2);
                }
}

static void a_code_is_a_whole_picture_with_its_quiet_zone(void **state)
{
        (void)state;
        static picture p;
        char text[156];
        memset(text, 'A', sizeof text - 1);
        text[sizeof text - 1] = '\0';
        memcpy(text, "SSC1.", 5);
        draw(text, &p);
        int side = p.columns - 2 * QR_QUIET_MODULES;
        assert_int_equal((side - 17) % 4, 0); /* a version of the standard */
        assert_finder(&p, QR_QUIET_MODULES, QR_QUIET_MODULES);
        assert_finder(&p, QR_QUIET_MODULES, QR_QUIET_MODULES + side - 7);
        assert_finder(&p, QR_QUIET_MODULES + side - 7, QR_QUIET_MODULES);
        for (int i = 0; i < p.columns; i++)
                for (int quiet = 0; quiet < QR_QUIET_MODULES; quiet++) {
                        assert_true(p.light[quiet][i]);
                        assert_true(p.light[i < p.rows ? i : 0][quiet]);
                }
}

static void another_text_is_another_picture(void **state)
{
        (void)state;
        static picture one, two;
        draw("SSC1.A", &one);
        draw("SSC1.B", &two);
        assert_int_equal(one.columns, two.columns);
        assert_memory_not_equal(one.light, two.light, sizeof one.light);
}

static void what_does_not_fit_is_not_drawn(void **state)
{
        (void)state;
        char *text = calloc(1, 4001);
        memset(text, 'x', 4000);
        FILE *out = fopen("/dev/null", "w");
        assert_false(qr_print(out, text, false));
        fclose(out);
        free(text);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_code_is_a_whole_picture_with_its_quiet_zone),
                cmocka_unit_test(another_text_is_another_picture),
                cmocka_unit_test(what_does_not_fit_is_not_drawn),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
