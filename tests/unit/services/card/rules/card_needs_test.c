/* Needs and kinds of evidence: names, texts, what meets what. */
#include "services/card/rules/card_needs.h"

#include "tests/unit/services/card/rules/card_fixture.h"

#include <string.h>

static void every_need_and_kind_has_a_name_and_texts(void **state)
{
        (void)state;
        for (int i = 0; i < CARD_NEED_COUNT; i++) {
                policy_text text = card_need_text((card_need)i);
                assert_true(strlen(card_need_name((card_need)i)) > 0);
                assert_true(strlen(text.zh) > 0 && strlen(text.en) > 0);
                assert_int_equal(card_need_kinds((card_need)i) & ~CARD_EVIDENCES_ALL, 0);
        }
        for (int i = 1; i < CARD_EVIDENCE_COUNT; i++) {
                const char *name = card_evidence_name((card_evidence)i);
                assert_int_equal(card_evidence_of(name), i);
                assert_non_null(card_evidence_text((card_evidence)i).zh);
        }
        assert_int_equal(card_evidence_of("SHOE_SIZE"), 0);
        assert_string_equal(card_evidence_name((card_evidence)99), "");
}

static void credentials_meet_needs_of_identity_only(void **state)
{
        (void)state;
        assert_int_equal(card_need_assurance(CARD_NEED_IDENTITY), 1);
        assert_int_equal(card_need_assurance(CARD_NEED_STRONG_IDENTITY), 2);
        assert_int_equal(card_need_assurance(CARD_NEED_FACE), 3);
        for (int i = CARD_NEED_ID_DOCUMENT; i < CARD_NEED_COUNT; i++)
                assert_int_equal(card_need_assurance((card_need)i), 0);
}

static void a_list_is_cut_at_whole_names(void **state)
{
        (void)state;
        char text[64];
        assert_string_equal(
                card_needs_format(CARD_N(MANDATE) | CARD_N(AGENT_ID_DOCUMENT), text, sizeof text),
                "MANDATE, AGENT_ID_DOCUMENT");
        assert_string_equal(
                card_needs_format(CARD_N(MANDATE) | CARD_N(AGENT_ID_DOCUMENT), text, 12),
                "MANDATE");
        assert_string_equal(card_needs_format(0, text, sizeof text), "");
}

/* Which items count: typed from R9, R11 and the table of evidence. */
static void R9_R11_evidence_counts_when_it_can_be_found_again_and_is_valid(void **state)
{
        (void)state;
        static const civil_date today = {2026, 11, 23};
        static const struct {
                card_evidence_item item;
                bool counts;
        } cases[] = {
                {{.kind = CARD_EVIDENCE_CARD_PRESENTED}, true},
                {{.kind = CARD_EVIDENCE_IN_PERSON}, true},
                {{.kind = CARD_EVIDENCE_NO_LOCAL_ENTITLEMENTS}, true},
                {{.kind = CARD_EVIDENCE_PHONE_PROOF}, false},
                {{.kind = CARD_EVIDENCE_PHONE_PROOF, .has_reference = true}, true},
                {{.kind = CARD_EVIDENCE_MOBILITY_GROUND}, false},
                {{.kind = CARD_EVIDENCE_MOBILITY_GROUND, .has_ground = true}, true},
                {{.kind = CARD_EVIDENCE_MOBILITY_GROUND,
                  .has_ground = true,
                  .ground_is_other = true},
                 false},
                {{.kind = CARD_EVIDENCE_MOBILITY_GROUND,
                  .has_ground = true,
                  .ground_is_other = true,
                  .has_reference = true},
                 true},
                {{.kind = CARD_EVIDENCE_ID_DOCUMENT, .has_reference = true}, false},
                {{.kind = CARD_EVIDENCE_ID_DOCUMENT,
                  .has_reference = true,
                  .valid_until = {2026, 11, 23}},
                 true},
                {{.kind = CARD_EVIDENCE_ID_DOCUMENT,
                  .has_reference = true,
                  .valid_until = {2026, 11, 22}},
                 false},
                {{.kind = CARD_EVIDENCE_MANDATE,
                  .has_reference = true,
                  .valid_until = {2026, 11, 22}},
                 false},
        };
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
                assert_int_equal(card_evidence_counts(&cases[i].item, today), cases[i].counts);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_need_and_kind_has_a_name_and_texts),
                cmocka_unit_test(credentials_meet_needs_of_identity_only),
                cmocka_unit_test(a_list_is_cut_at_whole_names),
                cmocka_unit_test(R9_R11_evidence_counts_when_it_can_be_found_again_and_is_valid),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
