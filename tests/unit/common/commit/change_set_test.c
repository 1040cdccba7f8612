/* The order of rows: settlements, who leaves, who stays, who enters; then by id. */
#include "tests/unit/common/commit/ledger.h"

static change *add(change_set *set, uint8_t id, const char *before, const char *after,
                   const change_timer *settles)
{
        account *b = arena_zalloc(set->arena, sizeof *b), *a = arena_zalloc(set->arena, sizeof *a);
        b->state = before;
        a->state = after;
        return change_set_add(set, &(change){.kind = &account_kind,
                                             .name = arena_format(set->arena, "%u", id),
                                             .id = {{id}},
                                             .version = 1,
                                             .event = "e",
                                             .before = b,
                                             .after = a,
                                             .settles = settles});
}

static void assert_order(const change_set *set, const char *expected)
{
        char found[64] = "";
        for (const change *c = set->first; c; c = c->next)
                strcat(found, c->name);
        assert_string_equal(found, expected);
        assert_null(set->last->next);
}

static void who_leaves_goes_first_then_who_stays_then_who_enters(void **state)
{
        (void)state;
        SCOPED(arena) memory = {0};
        change_set set = change_set_begin(&memory);
        add(&set, 1, "SHUT", "OPEN", NULL);
        add(&set, 5, "SHUT", "SHUT", NULL);
        add(&set, 4, "SHUT", "SHUT", NULL);
        add(&set, 9, "OPEN", "SHUT", NULL);
        change_set_sort(&set);
        assert_order(&set, "9451");
}

static void settlements_go_first_in_the_order_they_were_added(void **state)
{
        (void)state;
        SCOPED(arena) memory = {0};
        change_timer timer = {.kind = "t"};
        change_set set = change_set_begin(&memory);
        add(&set, 3, "OPEN", "SHUT", NULL);
        add(&set, 8, "SHUT", "OPEN", &timer);
        add(&set, 2, "OPEN", "SHUT", &timer);
        change_set_sort(&set);
        assert_order(&set, "823");
}

static void one_change_stays_as_it_is(void **state)
{
        (void)state;
        SCOPED(arena) memory = {0};
        change_set set = change_set_begin(&memory);
        change *only = add(&set, 3, "OPEN", "SHUT", NULL);
        change_set_sort(&set);
        assert_ptr_equal(set.first, only);
        assert_ptr_equal(set.last, only);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(who_leaves_goes_first_then_who_stays_then_who_enters),
                cmocka_unit_test(settlements_go_first_in_the_order_they_were_added),
                cmocka_unit_test(one_change_stays_as_it_is),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
