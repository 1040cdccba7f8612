/* Prints the rules of the card as Markdown, from the tables that decide. docs/rules has the pages;
 * rules_docs_test compares them.   usage: print_rules PAGE   (transitions, operations, …) */
#include "services/card/rules/card_access.h"
#include "services/card/rules/card_knobs.h"
#include "services/card/rules/card_operations.h"
#include "services/card/rules/card_refusals.h"
#include "services/card/rules/card_transitions.h"

#include <stdio.h>
#include <string.h>

static void print_transitions(void)
{
        puts("# The card: what each event does in each state\n");
        puts("Rows, columns and marks are those of the state machine: a state is gone to; `=` is "
             "accepted and changes nothing;\n`x CODE` is refused; `-` cannot meet. WITHDRAWN "
             "refuses "
             "everything.\n");
        printf("| event |");
        for (int s = CARD_REQUESTED; s < CARD_STATE_COUNT; s++)
                printf(" %s |", card_state_name((card_state)s));
        printf("\n|---|");
        for (int s = CARD_REQUESTED; s < CARD_STATE_COUNT; s++)
                printf("---|");
        puts("");
        for (int e = 0; e < CARD_EVENT_KIND_COUNT; e++) {
                printf("| %s |", card_event_kind_name((card_event_kind)e));
                for (int s = CARD_REQUESTED; s < CARD_STATE_COUNT; s++) {
                        char text[64];
                        printf(" %s |",
                               card_cell_format(card_transition((card_event_kind)e, (card_state)s),
                                                text, sizeof text));
                }
                puts("");
        }
}

static void print_when(uint32_t when)
{
        static const char *const names[] = {
                "the card is TEMP_LOST", "the card is LOST",         "fulfilment INSTANT",
                "fulfilment MAIL",       "the outlet is authorised", "knob collect_by_home_visit",
                "knob collect_by_agent", "knob formal_loss_online",  "knob enable_by_phone",
                "reason DEATH"};
        const char *separator = "";
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
                if (!((when >> i) & 1)) continue;
                printf("%s%s", separator, names[i]);
                separator = ", ";
        }
}

static void print_operations(void)
{
        puts("# The card: who may do what, where, and with which evidence\n");
        puts("One section an operation; its rows are alternatives. A role that no row names may "
             "not "
             "do it at all\n(ROLE_NOT_ALLOWED); a channel that no row of the role names is refused "
             "with the ones that may (CHANNEL_NOT_ALLOWED).\n");
        for (int o = 0; o < CARD_OPERATION_COUNT; o++) {
                const card_operation_row *row = card_operation_row_of((card_operation)o);
                printf("## %s\n\n%s · %s · rule %s%s\n\n", row->name, row->title.en, row->title.zh,
                       row->rule, row->internal ? " · between services only" : "");
                puts("| who | where | needs | when |\n|---|---|---|---|");
                for (int i = 0; i < CARD_WHO_MAX && row->who[i].roles != 0; i++) {
                        const card_who *who = &row->who[i];
                        char roles[200], channels[300], needs[300];
                        printf("| %s | %s | %s | ",
                               policy_roles_format(who->roles, roles, sizeof roles),
                               policy_channels_format(who->channels, channels, sizeof channels),
                               card_needs_format(who->needs, needs, sizeof needs));
                        print_when(who->when);
                        puts(" |");
                }
                puts("");
        }
        puts("## Needs\n\n| need | any one of | or credentials with assurance | what it is | "
             "材料 |\n|---|---|---|---|---|");
        for (int i = 0; i < CARD_NEED_COUNT; i++) {
                printf("| %s | ", card_need_name((card_need)i));
                const char *separator = "";
                for (int kind = 1; kind < CARD_EVIDENCE_COUNT; kind++) {
                        if (!((card_need_kinds((card_need)i) >> kind) & 1)) continue;
                        printf("%s%s", separator, card_evidence_name((card_evidence)kind));
                        separator = ", ";
                }
                uint8_t assurance = card_need_assurance((card_need)i);
                if (assurance > 0)
                        printf(" | %u |", assurance);
                else
                        printf(" | – |");
                printf(" %s | %s |\n", card_need_text((card_need)i).en,
                       card_need_text((card_need)i).zh);
        }
}

static void print_refusals(void)
{
        puts("# The card: every refusal and what to do next\n");
        puts("A step that *lifts* the block is an operation; after it the same request is no "
             "longer "
             "refused for this reason.\nOther steps say what to do instead. An answer names only "
             "those that can be done at that moment.");
        for (int i = 1; i < CARD_REFUSAL_COUNT; i++) {
                const policy_refusal *refusal = card_refusal_of((card_refusal)i);
                printf("\n## %s\n\n%s · %s · %s\n\n%s\n", refusal->reason,
                       failure_kind_name((failure_kind)refusal->status), refusal->rule,
                       refusal->text.en, refusal->text.zh);
                if (refusal->steps[0] != NULL) puts("");
                for (size_t s = 0; s < policy_refusal_step_count(refusal); s++) {
                        const policy_step *step = refusal->steps[s];
                        printf("- `%s`", step->code);
                        if (step->operation != NULL)
                                printf(" (%s%s)", step->operation, step->lifts ? ", lifts" : "");
                        else if (step->lifts)
                                printf(" (lifts)");
                        printf(": %s %s\n", step->text.en, step->text.zh);
                }
        }
}

static void print_knobs(void)
{
        static const char *const floors[] = {"none", "lower is stricter", "higher is stricter",
                                             "a subset is stricter"};
        puts("# The card: where regions may differ\n");
        puts("A value on the lax side of the national one is refused when it is loaded (S13). "
             "Choices go from lax to strict.\n");
        puts("| knob | of | national | range | floor | what it decides | 说明 |\n"
             "|---|---|---|---|---|---|---|");
        for (int i = 0; i < CARD_KNOB_COUNT; i++) {
                const policy_knob *knob = &CARD_KNOBS[i];
                char national[64];
                printf("| %s | %s | %s | ", knob->name, knob->rule,
                       policy_knob_format(knob, knob->national, national, sizeof national));
                if (knob->type == POLICY_KNOB_INTEGER)
                        printf("%lld–%lld", (long long)knob->minimum, (long long)knob->maximum);
                if (knob->type == POLICY_KNOB_BOOLEAN) printf("true, false");
                for (int c = 0; c < POLICY_KNOB_CHOICES_MAX && knob->choices[c] != NULL; c++)
                        printf("%s%s", c > 0 ? ", " : "", knob->choices[c]);
                printf(" | %s | %s | %s |\n", floors[knob->floor], knob->text.en, knob->text.zh);
        }
}

static void print_access(void)
{
        static const char *const conditions[] = {"own resource",   "own bank",
                                                 "case reference", "purpose granted",
                                                 "second person",  "operator id"};
        puts("# The card service: who may call what\n");
        puts("Rows of a method are alternatives; a method without a row is refused to everyone. "
             "Which channel suits which operation\nis told by [the "
             "operations](card-operations.md).\n");
        puts("| method | roles | channels | conditions | assurance | rule |\n"
             "|---|---|---|---|---|---|");
        for (size_t i = 0; i < CARD_ACCESS_COUNT; i++) {
                const policy_access_row *row = &CARD_ACCESS[i];
                char roles[200], channels[300];
                bool anywhere = row->channels == 0 || row->channels == POLICY_CHANNELS_ALL;
                printf("| %s | %s | %s | ", row->method,
                       row->roles == POLICY_ROLES_ALL
                               ? "all"
                               : policy_roles_format(row->roles, roles, sizeof roles),
                       anywhere ? "any"
                                : policy_channels_format(row->channels, channels, sizeof channels));
                const char *separator = "";
                for (size_t c = 0; c < sizeof conditions / sizeof conditions[0]; c++) {
                        if (!((row->conditions >> c) & 1)) continue;
                        printf("%s%s", separator, conditions[c]);
                        separator = ", ";
                }
                printf(" | %u | %s |\n", row->assurance_min, row->rule);
        }
}

int main(int argc, char **argv)
{
        static const struct {
                const char *name;
                void (*print)(void);
        } pages[] = {{"transitions", print_transitions},
                     {"operations", print_operations},
                     {"refusals", print_refusals},
                     {"knobs", print_knobs},
                     {"access", print_access}};
        for (size_t i = 0; argc == 2 && i < sizeof pages / sizeof pages[0]; i++) {
                if (strcmp(argv[1], pages[i].name) != 0) continue;
                puts("<!-- Printed from the tables of services/card/rules; see README.md. -->\n");
                pages[i].print();
                return 0;
        }
        fprintf(stderr, "usage: print_rules transitions|operations|refusals|knobs|access\n");
        return 2;
}
