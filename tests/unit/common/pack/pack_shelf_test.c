/* Tests of the pack in force: reloading, refusing, keeping the old one for who reads it. */
#include "common/pack/pack_shelf.h"

#include "tests/unit/common/pack/pack_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

typedef struct world {
        pack_folder folder;
        pack_shelf *shelf;
} world;

static int open_world(void **state)
{
        static world w;
        failure f = {0};
        w = (world){0};
        pack_folder_make(&w.folder);
        w.shelf = pack_shelf_open(&SHOP_SCHEMA, w.folder.path, "330000", &f);
        assert_non_null(w.shelf);
        *state = &w;
        return 0;
}

static int close_world(void **state)
{
        world *w = *state;
        pack_shelf_close(w->shelf);
        pack_folder_remove(&w->folder);
        return 0;
}

/* The region's file with another version and number of days. */
static void write_pack(const world *w, const char *version, const char *days)
{
        char text[512];
        snprintf(text, sizeof text,
                 "version: \"%s\"\nregion: \"330000\"\nname: {zh: 某省, en: p}\nhotline: \"1\"\n"
                 "knobs: {shop: {days: %s}}\n",
                 version, days);
        pack_folder_write(&w->folder, "330000.yaml", text, strlen(text));
}

static int64_t days_of(const rule_pack *p)
{
        return pack_knobs(p, &SHOP_KNOB_TABLE)[SHOP_KNOB_DAYS];
}

static void nothing_happens_while_the_files_stay_as_they_are(void **state)
{
        world *w = *state;
        failure f = {0};
        const rule_pack *before = pack_shelf_current(w->shelf);
        assert_int_equal(pack_shelf_reload(w->shelf, false, &f), PACK_RELOAD_UNCHANGED);
        assert_int_equal(pack_shelf_reload(w->shelf, true, &f), PACK_RELOAD_UNCHANGED);
        assert_ptr_equal(pack_shelf_current(w->shelf), before);
}

static void a_changed_pack_is_in_force_from_then_on(void **state)
{
        world *w = *state;
        failure f = {0};
        write_pack(w, "r2", "5");
        assert_int_equal(pack_shelf_reload(w->shelf, false, &f), PACK_RELOAD_DONE);
        assert_string_equal(pack_version(pack_shelf_current(w->shelf)), "r2+n1");
        assert_int_equal(days_of(pack_shelf_current(w->shelf)), 5);
        assert_int_equal(pack_shelf_count(w->shelf).reloads, 1);
}

static void S13_a_bad_pack_is_refused_once_and_the_old_one_stays(void **state)
{
        world *w = *state;
        failure f = {0};
        write_pack(w, "r2", "30");
        assert_int_equal(pack_shelf_reload(w->shelf, false, &f), PACK_RELOAD_REFUSED);
        assert_string_equal(f.reason, "RULE_PACK_REFUSED");
        assert_non_null(strstr(f.message, "days: 30 is laxer"));
        assert_int_equal(days_of(pack_shelf_current(w->shelf)), 7);
        failure_clear(&f);
        assert_int_equal(pack_shelf_reload(w->shelf, false, &f), PACK_RELOAD_UNCHANGED);
        assert_int_equal(pack_shelf_count(w->shelf).refusals, 1);
        write_pack(w, "r3", "6");
        assert_int_equal(pack_shelf_reload(w->shelf, false, &f), PACK_RELOAD_DONE);
        assert_int_equal(days_of(pack_shelf_current(w->shelf)), 6);
}

static void a_version_names_one_content(void **state)
{
        world *w = *state;
        failure f = {0};
        write_pack(w, "r1", "5");
        assert_int_equal(pack_shelf_reload(w->shelf, false, &f), PACK_RELOAD_REFUSED);
        assert_string_equal(f.reason, "RULE_PACK_VERSION_REUSED");
        assert_int_equal(days_of(pack_shelf_current(w->shelf)), 7);
}

static void who_holds_a_pack_reads_it_until_the_end(void **state)
{
        world *w = *state;
        failure f = {0};
        pack_hold first = {0}, second = {0};
        const rule_pack *before = pack_hold_take(&first, w->shelf);
        write_pack(w, "r2", "5");
        assert_int_equal(pack_shelf_reload(w->shelf, false, &f), PACK_RELOAD_DONE);
        const rule_pack *after = pack_hold_take(&second, w->shelf);
        assert_int_equal(days_of(before), 7);
        assert_int_equal(days_of(after), 5);
        assert_int_equal(pack_shelf_count(w->shelf).kept, 1);
        write_pack(w, "r3", "4");
        assert_int_equal(pack_shelf_reload(w->shelf, false, &f), PACK_RELOAD_DONE);
        assert_int_equal(pack_shelf_count(w->shelf).kept, 2);
        pack_hold_release(&second);
        assert_int_equal(pack_shelf_count(w->shelf).kept, 1);
        assert_int_equal(days_of(before), 7);
        pack_hold_release(&first);
        assert_int_equal(pack_shelf_count(w->shelf).kept, 0);
        pack_hold_release(&first); /* a second time is nothing */
}

static void without_a_folder_the_tables_values_hold_for_ever(void **state)
{
        (void)state;
        failure f = {0};
        pack_shelf *shelf = pack_shelf_open(&SHOP_SCHEMA, NULL, "330000", &f);
        assert_int_equal(days_of(pack_shelf_current(shelf)), 20);
        assert_int_equal(pack_shelf_reload(shelf, true, &f), PACK_RELOAD_UNCHANGED);
        pack_shelf_close(shelf);
        assert_null(pack_shelf_open(&SHOP_SCHEMA, "/nonexistent", "330000", &f));
        assert_string_equal(f.reason, "RULE_PACK_REFUSED");
        pack_hold nothing = {0};
        assert_null(pack_hold_take(&nothing, NULL));
        pack_hold_release(&nothing);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
        const struct CMUnitTest tests[] = {
                TEST(nothing_happens_while_the_files_stay_as_they_are),
                TEST(a_changed_pack_is_in_force_from_then_on),
                TEST(S13_a_bad_pack_is_refused_once_and_the_old_one_stays),
                TEST(a_version_names_one_content),
                TEST(who_holds_a_pack_reads_it_until_the_end),
                TEST(without_a_folder_the_tables_values_hold_for_ever),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
