/* Who may do what where (state-machines.md 2.1.1), tried for every operation, role and channel
 * against a list typed from the paper. */
#include "services/card/rules/card_operations.h"

#include "tests/unit/services/card/rules/card_fixture.h"

#include <string.h>

#define C(name) POLICY_C(name)
#define R(name) POLICY_R(name)
#define ONLINE                                                                                     \
        (C(ECARD) | C(NATIONAL_SI) | C(NATIONAL_HRSS) | C(NATIONAL_GOV) | C(LOCAL_ONLINE) |        \
         C(POCKET_12333))
#define COUNTERS (C(BRANCH) | C(BANK_BRANCH))
#define PEOPLE (R(HOLDER) | R(GUARDIAN))

#define NO_STATE CARD_STATE_NONE
enum { ROWS_MAX = 6 };

typedef struct expectation {
        const char *operation;
        card_state state;
        card_fulfilment fulfilment;
        struct {
                policy_roles roles;
                policy_channels channels;
        } who[ROWS_MAX];
} expectation;

/* clang-format off */
#define APPLIES {{PEOPLE | R(AGENT), COUNTERS | ONLINE}, {R(OPERATOR), C(BRANCH)}, {R(BANK_OPERATOR), C(BANK_BRANCH)}}
#define FACTORY {R(PLATFORM) | R(SYSTEM), C(SYSTEM)}

static const expectation PAPER[] = {
{"ApplyCard", NO_STATE, CARD_FULFILMENT_PICKUP, APPLIES},
{"WithdrawApplication", CARD_REQUESTED, CARD_FULFILMENT_PICKUP, APPLIES},
{"StartProduction", CARD_REQUESTED, CARD_FULFILMENT_PICKUP, {FACTORY}},
{"StartProduction", CARD_REQUESTED, CARD_FULFILMENT_INSTANT, {FACTORY, {R(OPERATOR), C(BRANCH)}, {R(BANK_OPERATOR), C(BANK_BRANCH)}}},
{"CompleteProduction", CARD_PRODUCING, CARD_FULFILMENT_MAIL, {FACTORY}},
{"CompleteProduction", CARD_PRODUCING, CARD_FULFILMENT_INSTANT, {FACTORY, {R(OPERATOR), C(BRANCH)}, {R(BANK_OPERATOR), C(BANK_BRANCH)}}},
{"FailProduction", CARD_PRODUCING, CARD_FULFILMENT_PICKUP, {FACTORY}},
{"CollectCard", CARD_ARCHIVED_UNCOLLECTED, CARD_FULFILMENT_PICKUP, {
        {PEOPLE, COUNTERS | C(HOME_VISIT)}, {R(AGENT), COUNTERS},
        {R(OPERATOR), C(BRANCH) | C(HOME_VISIT)}, {R(BANK_OPERATOR), C(BANK_BRANCH) | C(HOME_VISIT)}}},
{"CollectCard", CARD_ARCHIVED_UNCOLLECTED, CARD_FULFILMENT_MAIL, {
        {PEOPLE, COUNTERS | C(HOME_VISIT)}, {R(AGENT), COUNTERS},
        {R(OPERATOR), C(BRANCH) | C(HOME_VISIT)}, {R(BANK_OPERATOR), C(BANK_BRANCH) | C(HOME_VISIT)},
        {R(PLATFORM), C(SYSTEM)}}},
{"CollectCard:ENABLE", CARD_ARCHIVED_UNCOLLECTED, CARD_FULFILMENT_PICKUP, {
        {R(OPERATOR), C(BRANCH)}, {R(BANK_OPERATOR), C(BANK_BRANCH)}}},
{"EnableSocialFunction", CARD_ARCHIVED_COLLECTED, CARD_FULFILMENT_PICKUP, {
        {PEOPLE, COUNTERS | C(SELF_SERVICE) | ONLINE}, {R(OPERATOR), C(BRANCH)},
        {R(BANK_OPERATOR), C(BANK_BRANCH)}, {R(KIOSK), C(SELF_SERVICE)}}},
{"EnableByPinChange", CARD_ARCHIVED_COLLECTED, CARD_FULFILMENT_PICKUP, {{R(SYSTEM), C(SYSTEM)}}},
{"ReportLoss:TEMPORARY", CARD_NORMAL, CARD_FULFILMENT_PICKUP, {
        {PEOPLE | R(AGENT), C(PHONE_12333) | ONLINE | COUNTERS | C(SELF_SERVICE)}, {R(OPERATOR), C(BRANCH)},
        {R(BANK_OPERATOR), C(BANK_BRANCH)}, {R(KIOSK), C(SELF_SERVICE)}, {R(HOTLINE), C(PHONE_12333)}}},
{"ReportLoss:FORMAL", CARD_NORMAL, CARD_FULFILMENT_PICKUP, {
        {PEOPLE | R(AGENT), COUNTERS}, {R(OPERATOR), C(BRANCH)}, {R(BANK_OPERATOR), C(BANK_BRANCH)}}},
{"RecoverCard", CARD_TEMP_LOST, CARD_FULFILMENT_PICKUP, {
        {PEOPLE, C(BRANCH) | C(SELF_SERVICE) | ONLINE}, {R(OPERATOR), C(BRANCH)}, {R(KIOSK), C(SELF_SERVICE)}}},
{"RecoverCard", CARD_LOST, CARD_FULFILMENT_PICKUP, {{PEOPLE | R(OPERATOR), C(BRANCH)}}},
{"ReplaceCard:LOST", CARD_LOST, CARD_FULFILMENT_PICKUP, APPLIES},
{"ReplaceCard:DAMAGED", CARD_NORMAL, CARD_FULFILMENT_PICKUP, APPLIES},
{"ReplaceCard:PHOTO_OUTDATED", CARD_NORMAL, CARD_FULFILMENT_PICKUP, APPLIES},
{"ReplaceCard:DATA_CHANGED", CARD_TEMP_LOST, CARD_FULFILMENT_PICKUP, APPLIES},
{"ReplaceCard:BANK_CHANGE", CARD_ARCHIVED_COLLECTED, CARD_FULFILMENT_PICKUP, APPLIES},
{"CancelCard:BY_HOLDER", CARD_NORMAL, CARD_FULFILMENT_PICKUP, {{PEOPLE | R(AGENT) | R(OPERATOR), C(BRANCH)}}},
{"CancelCard:BY_AUTHORITY", CARD_NORMAL, CARD_FULFILMENT_PICKUP, {{R(OPERATOR), C(BRANCH)}, {R(PLATFORM), C(SYSTEM)}}},
{"ReportLostInDelivery", CARD_ARCHIVED_UNCOLLECTED, CARD_FULFILMENT_PICKUP, {{R(OPERATOR), C(BRANCH)}, {R(PLATFORM), C(SYSTEM)}}},
{"RecordDeath", CARD_NORMAL, CARD_FULFILMENT_PICKUP, {{R(OPERATOR), C(BRANCH)}, {R(PLATFORM), C(SYSTEM)}}},
{"SetEntitlement", CARD_NORMAL, CARD_FULFILMENT_PICKUP, {{R(PLATFORM), C(SYSTEM)}}},
};
/* clang-format on */

static policy_channels expected_channels(const expectation *e, policy_role role)
{
        policy_channels channels = 0;
        for (int i = 0; i < ROWS_MAX; i++)
                if (policy_roles_have(e->who[i].roles, role)) channels |= e->who[i].channels;
        return channels;
}

static void everyone_may_do_exactly_what_the_paper_says(void **state)
{
        (void)state;
        static world w;
        int cells = 0, allowed = 0;
        for (size_t i = 0; i < sizeof PAPER / sizeof PAPER[0]; i++) {
                const expectation *e = &PAPER[i];
                card_operation operation = card_operation_find(e->operation);
                assert_true(operation < CARD_OPERATION_COUNT);
                world_init(&w);
                w.holder.person.born_on = (civil_date){2015, 1, 1}; /* a guardian may apply */
                int card = e->state == NO_STATE ? -1 : world_card(&w, e->state);
                if (card >= 0) w.holder.cards[card].fulfilment = e->fulfilment;
                for (int role = 1; role < POLICY_ROLE_COUNT; role++) {
                        for (int channel = 1; channel < POLICY_CHANNEL_COUNT; channel++) {
                                world_as(&w, (policy_role)role, (policy_channel)channel);
                                world_event(&w, operation, card);
                                world_apply(&w);
                                policy_channels may = expected_channels(e, (policy_role)role);
                                const char *expected =
                                        policy_channels_have(may, (policy_channel)channel) ? "OK"
                                        : may != 0 ? "CHANNEL_NOT_ALLOWED"
                                                   : "ROLE_NOT_ALLOWED";
                                /* A role of the other fulfilment is known, its channels are not. */
                                bool instant_only = may == 0 && strcmp(world_reason(&w),
                                                                       "CHANNEL_NOT_ALLOWED") == 0;
                                if (!instant_only) assert_string_equal(world_reason(&w), expected);
                                if (strcmp(expected, "OK") == 0) allowed++;
                                cells++;
                        }
                }
        }
        print_message("2.1.1: %d cells tried, %d allowed\n", cells, allowed);
        assert_int_equal(cells, (int)(sizeof PAPER / sizeof PAPER[0]) * 11 * 13);
}

static void a_refused_channel_names_those_that_may(void **state)
{
        (void)state;
        static world w;
        world_init(&w);
        int card = world_card(&w, CARD_LOST);
        world_as(&w, POLICY_ROLE_HOLDER, POLICY_CHANNEL_PHONE_12333);
        world_event(&w, CARD_OPERATION_RECOVER, card);
        world_expect(&w, "CHANNEL_NOT_ALLOWED");
        assert_string_equal(policy_details_get(&w.verdict.details, "allowed_channels"), "BRANCH");
        assert_string_equal(w.verdict.refusal.steps[0]->code, "RECOVER_CARD");
        assert_int_equal(w.verdict.refusal.steps[0]->channels, C(BRANCH));
}

static void knobs_open_and_close_channels(void **state)
{
        (void)state;
        static world w;
        const struct {
                card_knob knob;
                int64_t value;
                card_operation operation;
                card_state state;
                policy_role role;
                policy_channel channel;
                const char *reason;
        } cases[] = {
                {CARD_KNOB_ENABLE_BY_PHONE, 1, CARD_OPERATION_ENABLE, CARD_ARCHIVED_COLLECTED,
                 POLICY_ROLE_HOTLINE, POLICY_CHANNEL_PHONE_12333, "OK"},
                {CARD_KNOB_ENABLE_BY_PHONE, 0, CARD_OPERATION_ENABLE, CARD_ARCHIVED_COLLECTED,
                 POLICY_ROLE_HOTLINE, POLICY_CHANNEL_PHONE_12333, "CHANNEL_NOT_ALLOWED"},
                {CARD_KNOB_FORMAL_LOSS_ONLINE, 1, CARD_OPERATION_REPORT_FORMAL_LOSS, CARD_NORMAL,
                 POLICY_ROLE_HOLDER, POLICY_CHANNEL_ECARD, "OK"},
                {CARD_KNOB_COLLECT_BY_AGENT, 0, CARD_OPERATION_COLLECT, CARD_ARCHIVED_UNCOLLECTED,
                 POLICY_ROLE_AGENT, POLICY_CHANNEL_BRANCH, "CHANNEL_NOT_ALLOWED"},
                {CARD_KNOB_COLLECT_BY_HOME_VISIT, 0, CARD_OPERATION_COLLECT,
                 CARD_ARCHIVED_UNCOLLECTED, POLICY_ROLE_OPERATOR, POLICY_CHANNEL_HOME_VISIT,
                 "CHANNEL_NOT_ALLOWED"},
        };
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                world_init(&w);
                w.knobs.values[cases[i].knob] = cases[i].value;
                int card = world_card(&w, cases[i].state);
                world_as(&w, cases[i].role, cases[i].channel);
                world_event(&w, cases[i].operation, card);
                world_expect(&w, cases[i].reason);
        }
}

static void staff_that_serves_an_agent_needs_the_agents_papers(void **state)
{
        (void)state;
        static world w;
        world_init(&w);
        int card = world_card(&w, CARD_ARCHIVED_UNCOLLECTED);
        world_as(&w, POLICY_ROLE_OPERATOR, POLICY_CHANNEL_BRANCH);
        w.caller.actor = POLICY_ACTOR_PRINCIPAL;
        world_event(&w, CARD_OPERATION_COLLECT, card)->evidence = CARD_E(ID_DOCUMENT);
        world_expect(&w, "MISSING_EVIDENCE");
        assert_string_equal(policy_details_get(&w.verdict.details, "evidence"),
                            "MANDATE, AGENT_ID_DOCUMENT");
        world_event(&w, CARD_OPERATION_COLLECT, card)->evidence =
                CARD_E(MANDATE) | CARD_E(AGENT_ID_DOCUMENT);
        world_expect(&w, "OK");

        /* Nobody enables through an agent: no row of the paper says so. */
        world_event(&w, CARD_OPERATION_COLLECT_AND_ENABLE, card);
        world_expect(&w, "ROLE_NOT_ALLOWED");
}

static void every_operation_has_a_name_a_title_and_a_way_elsewhere(void **state)
{
        (void)state;
        for (int i = 0; i < CARD_OPERATION_COUNT; i++) {
                const card_operation_row *row = card_operation_row_of((card_operation)i);
                assert_int_equal(card_operation_find(row->name), i);
                assert_int_equal(strncmp(row->name, row->method, strlen(row->method)), 0);
                assert_true(strlen(row->title.zh) > 0 && strlen(row->title.en) > 0);
                assert_non_null(row->rule);
                assert_string_equal(row->elsewhere.operation, row->name);
                assert_true(row->elsewhere.channels != 0 && row->elsewhere.who != 0);
        }
        assert_int_equal(card_operation_find("Nothing"), CARD_OPERATION_COUNT);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(everyone_may_do_exactly_what_the_paper_says),
                cmocka_unit_test(a_refused_channel_names_those_that_may),
                cmocka_unit_test(knobs_open_and_close_channels),
                cmocka_unit_test(staff_that_serves_an_agent_needs_the_agents_papers),
                cmocka_unit_test(every_operation_has_a_name_a_title_and_a_way_elsewhere),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
