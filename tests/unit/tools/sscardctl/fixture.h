/* What most tests of sscardctl begin with: an arena, the catalog, and text written to a stream. */
#ifndef SSCARD_TESTS_UNIT_TOOLS_SSCARDCTL_FIXTURE_H
#define SSCARD_TESTS_UNIT_TOOLS_SSCARDCTL_FIXTURE_H

#include "tools/sscardctl/catalog.h"
#include "tools/sscardctl/table.h"
#include "tools/sscardctl/verbs.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka needs the above, and setjmp. */
#include <setjmp.h>

#include <cmocka.h>

typedef struct fixture {
        arena a;
        catalog *c;
        failure f;
        FILE *out; /* open_memstream: text, size */
        char *text;
        size_t size;
} fixture;

static inline int fixture_begin(void **state)
{
        fixture *x = calloc(1, sizeof *x);
        assert_non_null(x);
        table_use_utf8();
        x->c = catalog_open(&x->a, &x->f);
        assert_non_null(x->c);
        x->out = open_memstream(&x->text, &x->size);
        assert_non_null(x->out);
        *state = x;
        return 0;
}

static inline int fixture_end(void **state)
{
        fixture *x = *state;
        fclose(x->out);
        free(x->text);
        catalog_close(x->c);
        arena_release(&x->a);
        free(x);
        return 0;
}

/* What was written so far. */
static inline const char *fixture_text(fixture *x)
{
        fflush(x->out);
        return x->text;
}

static inline verb fixture_verb(fixture *x, const char *group, const char *name)
{
        verb v = verb_find(&x->a, x->c, group, name);
        assert_non_null(v.method);
        return v;
}

#define FIXTURE_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_begin, fixture_end)

#endif
