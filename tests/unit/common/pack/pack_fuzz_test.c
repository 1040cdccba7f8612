/* A pack with bytes changed, cut or doubled is taken or refused with a reason, never more. */
#include "common/base/random.h"
#include "common/pack/pack.h"

#include "tests/unit/common/pack/pack_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 1000, SEED = 20261123 };

static size_t mutate(random_source *random, char *text, size_t length, size_t room)
{
        static const char tokens[] = "{}[]:,-&*!|>'\"%@`#\n\t 0\xff\xc3\x80";
        uint64_t changes = 1 + random_u64(random) % 4;
        for (uint64_t i = 0; i < changes; i++) {
                size_t at = (size_t)(random_u64(random) % length);
                uint64_t kind = random_u64(random) % 4;
                if (kind == 0)
                        text[at] = tokens[random_u64(random) % (sizeof tokens - 1)];
                else if (kind == 1)
                        text[at] = (char)random_u64(random);
                else if (kind == 2 && length > 32)
                        length = at + 1;
                else if (length + 40 < room && at + 40 < length) {
                        memmove(text + at + 40, text + at, length - at);
                        length += 40;
                }
        }
        return length;
}

static void whatever_a_file_holds_it_is_taken_or_refused_with_a_reason(void **state)
{
        static pack_report report;
        static char text[8192];
        (void)state;
        random_seeded random;
        random_seeded_init(&random, SEED);
        pack_folder folder;
        pack_folder_make(&folder);
        size_t taken = 0, refused = 0;
        for (int i = 0; i < ROUNDS; i++) {
                bool national = i % 2;
                const char *from = national ? SHOP_NATIONAL : SHOP_REGION;
                size_t length = strlen(from);
                memcpy(text, from, length);
                length = mutate(&random.base, text, length, sizeof text);
                pack_folder_write(&folder, national ? "national.yaml" : "330000.yaml", text,
                                  length);
                failure f = {0};
                rule_pack *p = pack_load(&SHOP_SCHEMA, folder.path, "330000", &report, &f);
                if (p)
                        taken++;
                else
                        refused++;
                assert_true(p ? report.count == 0 : report.count > 0 && *f.message);
                if (p) assert_true(pack_knobs(p, &SHOP_KNOB_TABLE)[SHOP_KNOB_DAYS] <= 20);
                pack_destroy(p);
                pack_folder_write(&folder, national ? "national.yaml" : "330000.yaml", from,
                                  strlen(from));
        }
        pack_folder_remove(&folder);
        print_message("%zu taken, %zu refused\n", taken, refused);
        assert_true(taken > 0);
        assert_true(refused > ROUNDS / 4);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(whatever_a_file_holds_it_is_taken_or_refused_with_a_reason),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
