/* Prints the rules of the bank link as Markdown, from the tables that decide. docs/rules has the
 * pages; rules_docs_test compares them.   usage: print_rules transitions|operations|refusals */
#include "services/bank/rules/bank_access.h"
#include "services/bank/rules/bank_knobs.h"
#include "services/bank/rules/bank_operations.h"

#include <stdio.h>
#include <string.h>

static void print_transitions(void)
{
        puts("# The bank link: what each event does in each state\n");
        puts("Rows, columns and marks are those of the state machine: a state is gone to; `=` is "
             "accepted and changes nothing;\n`x CODE` is refused; `-` means nothing there; "
             "`overlay` is what the bank says of a loss. What is asked of a bank is so when\nthe "
             "bank has answered.\n");
        printf("| event |");
        for (int s = BANK_NONE; s < BANK_STATE_COUNT; s++)
                printf(" %s |", bank_state_name((bank_state)s));
        puts("\n|---|---|---|---|---|---|");
        for (int e = 0; e < BANK_EVENT_KIND_COUNT; e++) {
                printf("| %s |", bank_event_kind_name((bank_event_kind)e));
                for (int s = BANK_NONE; s < BANK_STATE_COUNT; s++) {
                        char text[96];
                        bank_cell cell = bank_transition((bank_event_kind)e, (bank_state)s);
                        printf(" %s |", bank_cell_format(cell, text, sizeof text));
                }
                puts("");
        }
}

static void print_list(const char *const *names, size_t count, uint32_t bits)
{
        const char *separator = "";
        for (size_t i = 0; i < count; i++) {
                if (!((bits >> i) & 1)) continue;
                printf("%s%s", separator, names[i]);
                separator = ", ";
        }
}

static void print_who(const bank_who *who)
{
        static const char *const when[] = {"the holder came", "an agent came",
                                           "knob activate_by_home_visit", "knob activate_by_agent",
                                           "knob close_by_agent"};
        char roles[200], channels[400], needs[300];
        card_needs_format(who->needs, needs, sizeof needs);
        printf("| %s | %s | %s%s%s | ",
               who->roles == POLICY_ROLES_ALL
                       ? "all"
                       : policy_roles_format(who->roles, roles, sizeof roles),
               who->channels == POLICY_CHANNELS_ALL
                       ? "any"
                       : policy_channels_format(who->channels, channels, sizeof channels),
               needs, who->in_person && *needs ? ", " : "", who->in_person ? "IN_PERSON" : "");
        print_list(when, sizeof when / sizeof when[0], who->when);
        puts(" |");
}

static void print_knobs(void)
{
        puts("## Where regions may differ\n\n| knob | of | national | what it decides | 说明 |\n"
             "|---|---|---|---|---|");
        for (int i = 0; i < BANK_KNOB_COUNT; i++) {
                char national[64];
                const policy_knob *knob = &BANK_KNOBS[i];
                printf("| %s | %s | %s | %s | %s |\n", knob->name, knob->rule,
                       policy_knob_format(knob, knob->national, national, sizeof national),
                       knob->text.en, knob->text.zh);
        }
}

static void print_access(void)
{
        static const char *const conditions[] = {"own resource",   "own bank",
                                                 "case reference", "purpose granted",
                                                 "second person",  "operator id"};
        puts("\n## Who may call what\n\n| method | roles | channels | conditions | rule |\n"
             "|---|---|---|---|---|");
        for (size_t i = 0; i < BANK_ACCESS_COUNT; i++) {
                const policy_access_row *row = &BANK_ACCESS[i];
                char roles[200], channels[400];
                bool anywhere = row->channels == 0 || row->channels == POLICY_CHANNELS_ALL;
                printf("| %s | %s | %s | ", row->method,
                       row->roles == POLICY_ROLES_ALL
                               ? "all"
                               : policy_roles_format(row->roles, roles, sizeof roles),
                       anywhere ? "any"
                                : policy_channels_format(row->channels, channels, sizeof channels));
                print_list(conditions, sizeof conditions / sizeof conditions[0], row->conditions);
                printf(" | %s |\n", row->rule);
        }
}

static void print_operations(void)
{
        puts("# The bank link: who may do what, where, and with which evidence\n");
        puts("One section an operation; its rows are alternatives. Asked in this order: the state "
             "of "
             "link and card, the channel and the\nrole, the bank (WRONG_BANK), the evidence. An "
             "activation on an online or telephone channel is refused IN_PERSON_REQUIRED.\n");
        for (int o = 0; o < BANK_OPERATION_COUNT; o++) {
                const bank_operation_row *row = bank_operation_row_of((bank_operation)o);
                printf("## %s\n\n%s · %s · rule %s%s\n\n", row->name, row->title.en, row->title.zh,
                       row->rule, row->at_the_bank ? " · by the card's own bank" : "");
                puts("| who | where | needs | when |\n|---|---|---|---|");
                for (int i = 0; i < BANK_WHO_MAX && row->who[i].roles != 0; i++)
                        print_who(&row->who[i]);
                puts("");
        }
        print_knobs();
        print_access();
}

static void print_refusals(void)
{
        puts("# The bank link: every refusal and what to do next\n");
        puts("An answer names only the steps that can be done at that moment. What the card's own "
             "state refuses is told in\n[the card's words](card-refusals.md).");
        for (int i = 1; i < BANK_REFUSAL_COUNT; i++) {
                const policy_refusal *refusal = bank_refusal_of((bank_refusal)i);
                printf("\n## %s\n\n%s · %s · %s\n\n%s\n", refusal->reason,
                       failure_kind_name((failure_kind)refusal->status), refusal->rule,
                       refusal->text.en, refusal->text.zh);
                if (refusal->steps[0] != NULL) puts("");
                for (size_t s = 0; s < policy_refusal_step_count(refusal); s++) {
                        const policy_step *step = refusal->steps[s];
                        printf("- `%s`", step->code);
                        if (step->operation != NULL) printf(" (%s)", step->operation);
                        printf(": %s %s\n", step->text.en, step->text.zh);
                }
        }
}

int main(int argc, char **argv)
{
        static const struct {
                const char *name;
                void (*print)(void);
        } pages[] = {{"transitions", print_transitions},
                     {"operations", print_operations},
                     {"refusals", print_refusals}};
        for (size_t i = 0; argc == 2 && i < sizeof pages / sizeof pages[0]; i++) {
                if (strcmp(argv[1], pages[i].name) != 0) continue;
                puts("<!-- Printed from the tables of services/bank/rules; see README.md. -->\n");
                pages[i].print();
                return 0;
        }
        fprintf(stderr, "usage: print_rules transitions|operations|refusals\n");
        return 2;
}
