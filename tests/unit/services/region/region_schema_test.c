/* Tests of the schema of rule packs, and of the packs that ship. */
#include "services/region/region_schema.h"

#include "services/region/region_knobs.h"
#include "tools/people/people.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static rule_pack *pack_of_330000(void)
{
        static pack_report report;
        failure f = {0};
        rule_pack *p = pack_load(&REGION_SCHEMA, "regions", "330000", &report, &f);
        if (!p) fail_msg("%s", report.text);
        return p;
}

static void the_pack_that_ships_is_taken(void **state)
{
        (void)state;
        rule_pack *p = pack_of_330000();
        assert_true(pack_outlet_count(p) > 0);
        assert_true(pack_bank_count(p) > 0);
        assert_string_equal(pack_hotline(p), "0571-12333");
        assert_true(pack_service_is_public(p, "policy_lookup")); /* R14 */
        assert_false(pack_service_is_public(p, "pension_query"));
        pack_destroy(p);
}

static void every_knob_is_whole_and_its_name_is_in_the_national_file(void **state)
{
        char text[16384];
        (void)state;
        FILE *file = fopen("regions/national.yaml", "r");
        assert_non_null(file);
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        fclose(file);
        for (size_t t = 0; REGION_SCHEMA.tables[t]; t++) {
                const policy_knob_table *table = REGION_SCHEMA.tables[t];
                for (size_t i = 0; i < table->count; i++) {
                        const policy_knob *knob = &table->knobs[i];
                        char line[128];
                        snprintf(line, sizeof line, "\n    %s: ", knob->name);
                        if (!strstr(text, line)) fail_msg("%s is missing", knob->name);
                        assert_int_equal(policy_knob_find(table->knobs, table->count, knob->name),
                                         (int)i);
                        assert_true(strlen(knob->text.zh) > 0 && strlen(knob->text.en) > 0);
                        assert_non_null(knob->rule);
                        assert_int_equal(policy_knob_check(knob, knob->national),
                                         POLICY_KNOB_ACCEPTED);
                }
        }
}

static void A1_A4_A6_A8_A9_have_the_values_of_the_paper(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        rule_pack *p = pack_of_330000();
        const credential_knobs *credential = region_credential_knobs(&a, p);
        const ecard_knobs *ecard = region_ecard_knobs(&a, p);
        const bank_knobs *bank = region_bank_knobs(&a, p);
        const card_knobs *card = region_card_knobs(&a, p);
        pack_destroy(p); /* what was taken from it stays */
        assert_int_equal(ecard->values[ECARD_KNOB_WHEN_LOCKED], ECARD_WHEN_LOCKED_AUTH_REQUIRED);
        assert_int_equal(card->values[CARD_KNOB_TEMP_LOSS_DAYS], 10);
        assert_int_equal(credential->values[CREDENTIAL_KNOB_MAX_ERRORS], 6);
        assert_int_equal(credential->values[CREDENTIAL_KNOB_LIFETIME_UNLOCKS], 0);
        assert_int_equal(bank->values[BANK_KNOB_ACTIVATE_BY_HOME_VISIT], 1);
        assert_int_equal(bank->values[BANK_KNOB_ACTIVATE_BY_AGENT], 1);
        assert_int_equal(ecard->values[ECARD_KNOB_ISSUE_REQUIRES], ECARD_ISSUE_REQUIRES_NORMAL);
        assert_int_equal(ecard->values[ECARD_KNOB_GRANT_HOURS], 24);
}

static void operations_of_outlets_are_those_of_the_services(void **state)
{
        (void)state;
        assert_true(REGION_SCHEMA.knows_operation("CollectCard:ENABLE"));
        assert_true(REGION_SCHEMA.knows_operation("ResetPin"));
        assert_false(REGION_SCHEMA.knows_operation("CollectCard:EVERYTHING"));
}

static void synthetic_people_go_to_outlets_and_banks_that_the_pack_lists(void **state)
{
        (void)state;
        rule_pack *p = pack_of_330000();
        people *crowd = calloc(1, sizeof *crowd);
        people_init(crowd,
                    &(people_options){.seed = 1, .today = {2026, 11, 23}, .region = "330000"});
        for (uint64_t i = 0; i < 2000; i++) {
                SCOPED(arena) a = {0};
                person one;
                people_person(crowd, i, &a, &one);
                if (!pack_outlet_find(p, one.outlet)) fail_msg("no outlet %s", one.outlet);
                if (!pack_bank_find(p, one.bank->code)) fail_msg("no bank %s", one.bank->code);
        }
        free(crowd);
        pack_destroy(p);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_pack_that_ships_is_taken),
                cmocka_unit_test(every_knob_is_whole_and_its_name_is_in_the_national_file),
                cmocka_unit_test(A1_A4_A6_A8_A9_have_the_values_of_the_paper),
                cmocka_unit_test(operations_of_outlets_are_those_of_the_services),
                cmocka_unit_test(synthetic_people_go_to_outlets_and_banks_that_the_pack_lists),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
