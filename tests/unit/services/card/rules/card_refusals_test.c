/* Every refusal has its texts, its rule and its status, and can happen. */
#include "services/card/rules/card_refusals.h"

#include "common/policy/explain.h"
#include "tests/unit/services/card/rules/card_fixture.h"

#include <stdio.h>
#include <string.h>

static bool has_chinese(const char *text)
{
        for (; *text != '\0'; text++)
                if ((unsigned char)*text >= 0xe3) return true;
        return false;
}

static void expect_texts(const char *of, policy_text text)
{
        if (text.zh == NULL || text.en == NULL || !has_chinese(text.zh) || has_chinese(text.en) ||
            strlen(text.en) == 0)
                fail_msg("%s lacks a text", of);
        /* R35: no text that anyone may be shown leads anywhere. */
        static const char *const links[] = {"http", "www.", "://", ".com", ".cn", "QR"};
        for (size_t i = 0; i < sizeof links / sizeof links[0]; i++)
                if (strstr(text.zh, links[i]) != NULL || strstr(text.en, links[i]) != NULL)
                        fail_msg("%s has a link", of);
        /* Chinese is punctuated in Chinese. */
        for (const char *c = text.zh; *c != '\0'; c++)
                if ((*c == ',' || *c == ';') && c > text.zh && (unsigned char)c[-1] >= 0x80)
                        fail_msg("%s has western punctuation", of);
}

static void S12_every_refusal_and_step_has_both_languages(void **state)
{
        (void)state;
        int steps = 0;
        for (int i = 1; i < CARD_REFUSAL_COUNT; i++) {
                const policy_refusal *refusal = card_refusal_of((card_refusal)i);
                assert_non_null(refusal->reason);
                expect_texts(refusal->reason, refusal->text);
                assert_non_null(refusal->rule);
                assert_in_range(refusal->status, 1, 16);
                assert_ptr_equal(card_refusal_find(refusal->reason), refusal);
                if (refusal->status == FAILURE_INVALID_ARGUMENT) assert_non_null(refusal->field);
                for (size_t s = 0; s < policy_refusal_step_count(refusal); s++, steps++) {
                        const policy_step *step = refusal->steps[s];
                        expect_texts(step->code, step->text);
                        assert_non_null(step->rule);
                        if (step->operation != NULL)
                                assert_true(card_operation_find(step->operation) <
                                            CARD_OPERATION_COUNT);
                        for (int d = 0; d < POLICY_STEP_DOCUMENTS_MAX && step->documents[d] != NULL;
                             d++)
                                assert_true(card_evidence_of(step->documents[d]) != 0);
                }
        }
        for (int i = 1; i <= IDENTITY_CHECKSUM; i++) {
                const policy_refusal *refusal = card_refusal_of_identity((identity_fault)i);
                assert_string_equal(refusal->reason, "ID_CHECKSUM");
                expect_texts(identity_fault_name((identity_fault)i), refusal->text);
        }
        assert_null(card_refusal_of(CARD_REFUSAL_NONE));
        assert_null(card_refusal_of_identity(IDENTITY_VALID));
        assert_null(card_refusal_find("NOTHING"));
        print_message("S12: %d refusals, %d steps\n", CARD_REFUSAL_COUNT - 1, steps);
}

static void S10_a_refusal_fits_the_wire(void **state)
{
        (void)state;
        char text[4096];
        for (int i = 1; i < CARD_REFUSAL_COUNT; i++) {
                const policy_refusal *refusal = card_refusal_of((card_refusal)i);
                assert_true(strlen(refusal->text.en) <= 200);
                assert_true(policy_explain_refusal(refusal, "zh", text, sizeof text) < sizeof text);
        }
}

/* The codes of the document, typed from it. */
static void the_document_s_codes_are_all_there(void **state)
{
        (void)state;
        static const char *const codes[] = {"CARD_NOT_ISSUED",
                                            "NOT_COLLECTED",
                                            "SOCIAL_NOT_ENABLED",
                                            "CARD_TEMP_LOST",
                                            "CARD_LOST",
                                            "CARD_CANCELLED",
                                            "APPLICATION_ENDED",
                                            "NOT_LOST",
                                            "FORMAL_LOSS_REQUIRED",
                                            "FORMAL_LOSS_IRREVOCABLE",
                                            "REPLACEMENT_ALREADY_REQUESTED",
                                            "RENEWAL_WINDOW_NOT_OPEN",
                                            "CONSENT_REQUIRED",
                                            "ALREADY_HAS_CARD",
                                            "LOCAL_ENTITLEMENTS_IN_USE",
                                            "RESOLVE_LOSS_FIRST",
                                            "COLLECT_FIRST",
                                            "ALREADY_IN_PRODUCTION",
                                            "CHANNEL_NOT_ALLOWED",
                                            "MISSING_EVIDENCE",
                                            "ID_CHECKSUM",
                                            "VERSION_CONFLICT",
                                            "PERSON_DEAD",
                                            "CARD_NUMBER_IN_USE",
                                            "SECOND_PERSON_REQUIRED",
                                            "NOT_IN_PRODUCTION",
                                            "ALREADY_PRODUCED",
                                            "ALREADY_COLLECTED"};
        for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
                if (card_refusal_find(codes[i]) == NULL) fail_msg("%s is missing", codes[i]);
}

static bool seen[CARD_REFUSAL_COUNT];
static world w;

static void saw(void)
{
        seen[w.verdict.code] = true;
}

static void try_as(card_operation operation, int card, policy_role role, policy_channel channel)
{
        world_as(&w, role, channel);
        world_event(&w, operation, card);
        world_apply(&w);
        saw();
}

/* Every state and operation by everyone, then the cases that need a special world. */
static void every_code_can_happen(void **state)
{
        (void)state;
        for (int s = CARD_REQUESTED; s <= CARD_WITHDRAWN; s++)
                for (int op = 0; op < CARD_OPERATION_COUNT; op++)
                        for (int role = 1; role < POLICY_ROLE_COUNT; role++) {
                                world_init(&w);
                                int card = world_card(&w, (card_state)s);
                                try_as((card_operation)op, card, (policy_role)role,
                                       POLICY_CHANNEL_BRANCH);
                                w.event.evidence = 0;
                                world_apply(&w);
                                saw();
                        }
        /* Guards. */
        const policy_role holder = POLICY_ROLE_HOLDER;
        const policy_channel branch = POLICY_CHANNEL_BRANCH;
        world_init(&w);
        int card = world_card(&w, CARD_LOST);
        w.knobs.values[CARD_KNOB_RECOVER_AFTER_FORMAL_LOSS] = CARD_RECOVER_NEVER;
        try_as(CARD_OPERATION_RECOVER, card, holder, branch);
        world_do(&w, CARD_OPERATION_REPLACE_LOST, card);
        try_as(CARD_OPERATION_REPLACE_LOST, card, holder, branch);
        w.event.expected_version = 1;
        world_apply(&w);
        saw();
        w.event.card = world_id(4711);
        world_apply(&w);
        saw();

        world_init(&w);
        card = world_card(&w, CARD_NORMAL);
        w.holder.person.entitlement = CARD_ENTITLEMENT_DRAWN;
        w.holder.person.entitlement_as_of_ms = FIXTURE_NOW_MS;
        try_as(CARD_OPERATION_CANCEL_BY_HOLDER, card, POLICY_ROLE_OPERATOR, branch);
        w.holder.person.entitlement = CARD_ENTITLEMENT_NONE;
        w.caller.region = "440000";
        world_apply(&w);
        saw();
        world_event(&w, CARD_OPERATION_CANCEL_BY_AUTHORITY, card)->cancel_reason = CARD_CANCEL_NONE;
        world_apply(&w);
        saw();
        world_event(&w, CARD_OPERATION_CANCEL_BY_AUTHORITY, card);
        w.caller.approver = NULL;
        world_apply(&w);
        saw();
        world_event(&w, CARD_OPERATION_REPLACE_BANK_CHANGE, card)->bank = "105";
        world_apply(&w);
        saw();
        world_event(&w, CARD_OPERATION_REPLACE_PHOTO_OUTDATED, card)->photo = "photo-old";
        world_apply(&w);
        saw();
        world_event(&w, CARD_OPERATION_REPLACE_DAMAGED, card)->consent_given = false;
        world_apply(&w);
        saw();
        world_event(&w, CARD_OPERATION_REPLACE_DAMAGED, card)->fulfilment = CARD_FULFILMENT_NONE;
        world_apply(&w);
        saw();
        w.event.fulfilment = CARD_FULFILMENT_INSTANT;
        w.facts.outlet_instant = POLICY_NO;
        world_apply(&w);
        saw();
        try_as(CARD_OPERATION_REPLACE_DAMAGED, card, POLICY_ROLE_GUARDIAN, branch);
        try_as(CARD_OPERATION_SET_ENTITLEMENT, -1, POLICY_ROLE_PLATFORM, POLICY_CHANNEL_SYSTEM);
        w.event.entitlement_as_of_ms = 1;
        world_apply(&w);
        saw();
        try_as(CARD_OPERATION_RECORD_DEATH, -1, POLICY_ROLE_OPERATOR, branch);
        w.event.died_on = (civil_date){2100, 1, 1};
        world_apply(&w);
        saw();

        world_init(&w);
        card = world_card(&w, CARD_ARCHIVED_UNCOLLECTED);
        try_as(CARD_OPERATION_COLLECT, card, POLICY_ROLE_OPERATOR, POLICY_CHANNEL_HOME_VISIT);
        w.event.evidence &= ~CARD_E(MOBILITY_GROUND);
        world_apply(&w);
        saw();
        w.facts.outlet_authorised = POLICY_NO;
        try_as(CARD_OPERATION_COLLECT_AND_ENABLE, card, POLICY_ROLE_BANK_OPERATOR,
               POLICY_CHANNEL_BANK_BRANCH);
        w.knobs.values[CARD_KNOB_EXPIRY_BLOCKS_SOCIAL] = 1;
        w.holder.cards[card].expires_on = (civil_date){2026, 1, 1};
        try_as(CARD_OPERATION_COLLECT_AND_ENABLE, card, POLICY_ROLE_OPERATOR, branch);

        world_init(&w);
        card = world_card(&w, CARD_PRODUCING);
        try_as(CARD_OPERATION_COMPLETE_PRODUCTION, card, POLICY_ROLE_PLATFORM,
               POLICY_CHANNEL_SYSTEM);
        w.event.number_is_taken = true;
        world_apply(&w);
        saw();
        w.event.number_is_taken = false;
        w.event.chip_is_taken = true;
        world_apply(&w);
        saw();
        w.event.number = "?";
        world_apply(&w);
        saw();

        world_init(&w);
        try_as(CARD_OPERATION_APPLY, -1, holder, branch);
        w.event.identity = IDENTITY_CHECKSUM;
        world_apply(&w);
        saw();
        w.event.identity = IDENTITY_VALID;
        w.event.apply_reason = CARD_APPLY_TRANSFER_IN;
        w.facts.other_regions = POLICY_UNKNOWN;
        world_apply(&w);
        saw();
        w.holder.person.died_on = (civil_date){2020, 1, 1};
        world_apply(&w);
        saw();
        world_init(&w);
        for (int i = 0; i < CARD_CARDS_MAX; i++)
                w.holder.cards[world_card(&w, CARD_NORMAL)].legacy_duplicate = i > 0;
        try_as(CARD_OPERATION_REPLACE_DAMAGED, 0, holder, branch);
        seen[card_rules_use(&(card_record){.state = CARD_ARCHIVED_COLLECTED}, &w.knobs,
                            FIXTURE_NOW_MS)] = true;

        /* Imports. */
        world_init(&w);
        static card_holder import;
        memset(&import, 0, sizeof import);
        import.card_count = 2;
        for (int i = 0; i < 2; i++)
                import.cards[i] = (card_record){.id = world_id(100 + i),
                                                .state = CARD_NORMAL,
                                                .number = i ? "B00000001" : "B00000000"};
        card_rules_import(&w.facts, &import, &w.verdict);
        saw();
        import.cards[0].number = "";
        card_rules_import(&w.facts, &import, &w.verdict);
        saw();

        int missing = 0;
        for (int i = 1; i < CARD_REFUSAL_COUNT; i++)
                if (!seen[i]) {
                        print_message("never happened: %s\n",
                                      card_refusal_of((card_refusal)i)->reason);
                        missing++;
                }
        assert_int_equal(missing, 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(S12_every_refusal_and_step_has_both_languages),
                cmocka_unit_test(S10_a_refusal_fits_the_wire),
                cmocka_unit_test(the_document_s_codes_are_all_there),
                cmocka_unit_test(every_code_can_happen),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
