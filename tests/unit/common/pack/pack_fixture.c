/* See pack_fixture.h. */
#include "tests/unit/common/pack/pack_fixture.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* clang-format off */
static const policy_knob KNOBS[SHOP_KNOB_COUNT] = {
[SHOP_KNOB_DAYS] = {.name = "days", .type = POLICY_KNOB_INTEGER, .minimum = 1, .maximum = 30,
                    .floor = POLICY_FLOOR_LOWER, .national = 20, .rule = "A1", .text = {"天数", "days"}},
[SHOP_KNOB_MODE] = {.name = "mode", .type = POLICY_KNOB_CHOICE, .choices = {"LAX", "FAIR", "STRICT"},
                    .floor = POLICY_FLOOR_HIGHER, .national = 0, .rule = "A2", .text = {"方式", "mode"}},
[SHOP_KNOB_COUNTERS] = {.name = "counters", .type = POLICY_KNOB_CHANNELS, .floor = POLICY_FLOOR_SUBSET,
                    .national = POLICY_C(BRANCH) | POLICY_C(SELF_SERVICE), .rule = "A3", .text = {"渠道", "counters"}},
};
/* clang-format on */

const policy_knob_table SHOP_KNOB_TABLE = {"shop", KNOBS, SHOP_KNOB_COUNT};
static const policy_knob_table *const TABLES[] = {&SHOP_KNOB_TABLE, NULL};

static bool knows_operation(const char *name)
{
        return strcmp(name, "Buy") == 0 || strcmp(name, "Return:LATE") == 0;
}

static const pack_notice_kind NOTICES[] = {{"shop.ready", NULL}, {"shop.closing", "warning"}};
static const notice_field FIELDS[] = {{"person", false}, {"warning", true}};
const pack_schema SHOP_SCHEMA = {.tables = TABLES,
                                 .closable = POLICY_C(HOME_VISIT),
                                 .knows_operation = knows_operation,
                                 .notices = NOTICES,
                                 .notice_count = ARRAY_LENGTH(NOTICES),
                                 .notice_fields = FIELDS,
                                 .notice_field_count = ARRAY_LENGTH(FIELDS)};

const char SHOP_NATIONAL[] =
        "version: \"n1\"\n"
        "knobs:\n"
        "  shop:\n"
        "    mode: FAIR\n"
        "services:\n"
        "  look: {name: {zh: 查, en: look}, class: PUBLIC}\n"
        "  pay: {name: {zh: 付, en: pay}, class: PERSONAL}\n"
        "notices:\n"
        "  shop.ready: {text: {zh: \"{person}，可以来取了。\", en: \"{person}, it is ready.\"}}\n"
        "  shop.closing: {text: {zh: \"将关门。{warning}\", en: \"Closing. {warning}\"}}\n";
const char SHOP_REGION[] =
        "version: \"r1\"\n"
        "region: \"330000\"\n"
        "name: {zh: 某省, en: some province}\n"
        "hotline: \"0571-12333\"\n"
        "knobs:\n"
        "  shop:\n"
        "    days: 7\n"
        "    counters: BRANCH\n"
        "channels:\n"
        "  HOME_VISIT: {open: false}\n"
        "  LOCAL_ONLINE: {name: {zh: 某平台, en: some platform}}\n"
        "banks:\n"
        "  - {code: \"105\", name: {zh: 乙行, en: bank B}}\n"
        "  - {code: \"102\", name: {zh: 甲行, en: bank A}, phone: \"95588\"}\n"
        "services:\n"
        "  look: {name: {zh: 查, en: look}, class: PERSONAL}\n"
        "  ride: {name: {zh: 乘车, en: ride}, class: PUBLIC}\n"
        "notices:\n"
        "  shop.ready: {text: {zh: \"{person}，请来取。\", en: \"{person}, it waits for you.\"}}\n"
        "outlets:\n"
        "  - code: \"2\"\n"
        "    name: {zh: 银行网点, en: outlet of a bank}\n"
        "    address: {zh: 路2号, en: 2 Road}\n"
        "    bank: \"102\"\n"
        "    counters: [BANK_BRANCH]\n"
        "    authorised: [Buy]\n"
        "  - code: \"1\"\n"
        "    name: {zh: 经办网点, en: outlet of the agency}\n"
        "    address: {zh: 路1号, en: 1 Road}\n"
        "    hours: {zh: 工作日, en: weekdays}\n"
        "    phone: \"0571-1\"\n"
        "    counters: [BRANCH, BANK_BRANCH]\n"
        "    instant: true\n"
        "    authorised: all\n";

void pack_folder_make(pack_folder *folder)
{
        const char *base = getenv("TEST_TMPDIR");
        snprintf(folder->path, sizeof folder->path, "%s/pack.XXXXXX", base ? base : "/tmp");
        if (!mkdtemp(folder->path)) abort();
        pack_folder_write(folder, "national.yaml", SHOP_NATIONAL, strlen(SHOP_NATIONAL));
        pack_folder_write(folder, "330000.yaml", SHOP_REGION, strlen(SHOP_REGION));
}

static void path_of(const pack_folder *folder, const char *file, char path[600])
{
        snprintf(path, 600, "%s/%s", folder->path, file);
}

void pack_folder_write(const pack_folder *folder, const char *file, const char *text, size_t length)
{
        char path[600], fresh[600];
        path_of(folder, file, path);
        path_of(folder, "new", fresh);
        FILE *out = fopen(fresh, "w");
        assert(out);
        size_t written = fwrite(text, 1, length, out);
        assert(written == length);
        fclose(out);
        if (rename(fresh, path) != 0) abort();
}

void pack_folder_remove(const pack_folder *folder)
{
        static const char *const files[] = {"national.yaml", "330000.yaml", "new"};
        for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
                char path[600];
                path_of(folder, files[i], path);
                unlink(path);
        }
        rmdir(folder->path);
}
