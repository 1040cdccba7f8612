/* Resource names and the routing hop. */
#include "common/federation/resource_name.h"
#include "common/federation/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_card_name_gives_region_collection_id_and_part(void **state)
{
        (void)state;
        resource_name name;
        const char *why = NULL;
        assert_true(resource_name_parse("regions/330000/cards/01ARZ3NDEKTSV4RRFFQ69G5FAV", &name,
                                        &why));
        assert_string_equal(name.region, "330000");
        assert_string_equal(name.collection, "cards");
        assert_true(name.has_id);
        assert_string_equal(name.rest, "");
        SCOPED(arena) a = {0};
        assert_string_equal(resource_name_format(&a, name.region, name.collection, name.id),
                            "regions/330000/cards/01ARZ3NDEKTSV4RRFFQ69G5FAV");
}

static void what_follows_the_id_is_kept(void **state)
{
        (void)state;
        resource_name name;
        const char *why = NULL;
        assert_true(resource_name_parse(
                "regions/330000/cards/01ARZ3NDEKTSV4RRFFQ69G5FAV/credential", &name, &why));
        assert_string_equal(name.rest, "credential");
        assert_true(resource_name_parse("regions/330000", &name, &why));
        assert_false(name.has_id);
}

static void what_is_not_exact_is_refused_with_the_reason(void **state)
{
        (void)state;
        static const char *const wrong[] = {
                "",
                "cards/1",
                "regions/",
                "regions/33000",
                "regions/3300000",
                "regions/33000a/cards/01ARZ3NDEKTSV4RRFFQ69G5FAV",
                "regions/330000/",
                "regions/330000/cards",
                "regions/330000/cards/",
                "regions/330000/cards/01ARZ3NDEKTSV4RRFFQ69G5FA",
                "regions/330000/cards/01ARZ3NDEKTSV4RRFFQ69G5FAVX",
                "regions/330000/cards/01arz3ndektsv4rrffq69g5fav",
                "regions/330000/cards/81ARZ3NDEKTSV4RRFFQ69G5FAV",
                "regions/330000/cards/01ARZ3NDEKTSV4RRFFQ69G5FAV/",
                "regions/330000//01ARZ3NDEKTSV4RRFFQ69G5FAV",
                "regions/330000/a23456789012345678901234567890123/01ARZ3NDEKTSV4RRFFQ69G5FAV",
        };
        for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++) {
                resource_name name = {.rest = "untouched"};
                const char *why = NULL;
                assert_false(resource_name_parse(wrong[i], &name, &why));
                assert_non_null(why);
                assert_string_equal(name.rest, "untouched");
        }
}

static void S4_a_call_belongs_to_the_region_in_its_name(void **state)
{
        (void)state;
        const route_directory here = {.region = "330000"};
        resource_name ours = {.region = "330000"}, theirs = {.region = "440000"};
        assert_int_equal(route_find(&here, &ours), ROUTE_HERE);
        assert_int_equal(route_find(&here, &theirs), ROUTE_UNKNOWN_REGION);
        assert_int_equal(route_find(&here, NULL), ROUTE_HERE);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_card_name_gives_region_collection_id_and_part),
                cmocka_unit_test(what_follows_the_id_is_kept),
                cmocka_unit_test(what_is_not_exact_is_refused_with_the_reason),
                cmocka_unit_test(S4_a_call_belongs_to_the_region_in_its_name),
        };
        return cmocka_run_group_tests_name("resource_name", tests, NULL, NULL);
}
