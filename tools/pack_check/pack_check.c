/* pack_check FOLDER REGION: reads a rule pack as every service of this release would, and prints
 * what is in force under it, or everything that is wrong. Must never be milder than a service.
 * Exit code 0: good; 1: refused; 2: wrong usage. */
#include "services/region/region_schema.h"

#include <stdio.h>
#include <string.h>

enum { REGION_DIGITS = 6, VALUE_BYTES = 256 };

static void print_knobs(const rule_pack *p, const policy_knob_table *table)
{
        const int64_t *values = pack_knobs(p, table);
        for (size_t i = 0; i < table->count; i++) {
                const policy_knob *knob = &table->knobs[i];
                char value[VALUE_BYTES];
                printf("  %s.%s: %s%s (%s)\n", table->section, knob->name,
                       policy_knob_format(knob, values[i], value, sizeof value),
                       values[i] == knob->national ? "" : " *", knob->rule);
        }
}

static void print_pack(const rule_pack *p)
{
        printf("%s %s: version %s, %zu outlets, %zu banks, %zu services\n", pack_region(p),
               pack_region_name(p).en, pack_version(p), pack_outlet_count(p), pack_bank_count(p),
               pack_service_count(p));
        for (size_t i = 0; REGION_SCHEMA.tables[i]; i++)
                print_knobs(p, REGION_SCHEMA.tables[i]);
        puts("  * differs from what the tables have as the national value");
}

int main(int argc, char **argv)
{
        if (argc != 3 || strlen(argv[2]) != REGION_DIGITS ||
            strspn(argv[2], "0123456789") != REGION_DIGITS) {
                fprintf(stderr, "usage: pack_check FOLDER REGION   (regions 330000)\n");
                return 2;
        }
        pack_report report;
        failure f = {0};
        rule_pack *p = pack_load(&REGION_SCHEMA, argv[1], argv[2], &report, &f);
        if (!p) {
                fprintf(stderr, "%s%zu wrong\n", report.text, report.count);
                return 1;
        }
        print_pack(p);
        pack_destroy(p);
        return 0;
}
