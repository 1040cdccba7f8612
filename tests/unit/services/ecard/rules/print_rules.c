/* Prints the rules of the electronic card as Markdown, from the tables that decide. docs/rules has
 * the pages; rules_docs_test compares them.   usage: print_rules gate|operations|refusals */
#include "services/ecard/rules/ecard_access.h"
#include "services/ecard/rules/ecard_gate.h"
#include "services/ecard/rules/ecard_transitions.h"

#include <stdio.h>
#include <string.h>

static const char *personal_of(const ecard_gate_row *row, char *text, size_t size)
{
        static const char *const words[] = {
                [ECARD_PERSONAL_NO] = "no",
                [ECARD_PERSONAL_YES] = "yes",
                [ECARD_PERSONAL_WITH_GRANT] = "with grant",
                [ECARD_PERSONAL_LIMITED] = "own status and enabling",
        };
        const policy_refusal *refusal = ecard_refusal_of(row->personal_refusal);
        snprintf(text, size, "%s%s%s", words[row->personal], refusal ? ", else " : "",
                 refusal ? refusal->reason : "");
        return text;
}

static void print_gate_table(void)
{
        const ecard_knobs national = ecard_knobs_national();
        puts("| current card | gate | PERSONAL services | PUBLIC services | new issue, new channel "
             "|\n|---|---|---|---|---|");
        for (int r = 0; r < ECARD_ROW_COUNT; r++) {
                char personal[96];
                ecard_gate_row row = ecard_gate_row_of((ecard_card_row)r, &national);
                const policy_refusal *issue = ecard_refusal_of(row.issue_refusal);
                printf("| %s | %s | %s | yes | %s |\n", ecard_card_row_name((ecard_card_row)r),
                       ecard_gate_name(row.gate), personal_of(&row, personal, sizeof personal),
                       issue ? issue->reason : "yes");
        }
}

static void print_gate(void)
{
        puts("# The electronic card: the gate, and what each event does\n");
        puts("The gate is never stored: it is looked up here at every call, from the present state "
             "of the card that the\nelectronic card belongs to (its successor, once that has taken "
             "over). A grant or a code counts only in the period\n(card, entry into its state, "
             "lock of its password) in which it was made.\n");
        print_gate_table();
        puts("\n## Events\n\nA level is gone to; `=` is accepted and changes nothing; `change` "
             "changes something else; `derived` is what the next\nread sees; `x CODE` is refused; "
             "`-` means nothing there.\n\n| event | NONE | L1 | L2 | CLOSED |\n"
             "|---|---|---|---|---|");
        for (int e = 0; e < ECARD_EVENT_KIND_COUNT; e++) {
                printf("| %s |", ecard_event_kind_name((ecard_event_kind)e));
                for (int level = ECARD_NONE; level < ECARD_LEVEL_COUNT; level++) {
                        char text[96];
                        ecard_cell cell = ecard_transition((ecard_event_kind)e, (ecard_level)level);
                        printf(" %s |", ecard_cell_format(cell, text, sizeof text));
                }
                puts("");
        }
}

static void print_knobs(void)
{
        puts("## Where regions may differ\n\n| knob | of | national | what it decides | 说明 |\n"
             "|---|---|---|---|---|");
        for (int i = 0; i < ECARD_KNOB_COUNT; i++) {
                char national[64];
                const policy_knob *knob = &ECARD_KNOBS[i];
                printf("| %s | %s | %s | %s | %s |\n", knob->name, knob->rule,
                       policy_knob_format(knob, knob->national, national, sizeof national),
                       knob->text.en, knob->text.zh);
        }
}

static void print_conditions(policy_conditions conditions)
{
        static const char *const names[] = {"own resource",    "own bank",      "case reference",
                                            "purpose granted", "second person", "operator id"};
        const char *separator = "";
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
                if (!((conditions >> i) & 1)) continue;
                printf("%s%s", separator, names[i]);
                separator = ", ";
        }
}

static void print_operations(void)
{
        puts("# The electronic card: who may do what, and what regions decide\n");
        puts("Whoever changes something shows a session, or has credentials of assurance 3 "
             "(SESSION_REQUIRED).\n");
        print_knobs();
        puts("\n## Who may call what\n\n| method | roles | channels | assurance | conditions | "
             "rule "
             "|\n|---|---|---|---|---|---|");
        for (size_t i = 0; i < ECARD_ACCESS_COUNT; i++) {
                const policy_access_row *row = &ECARD_ACCESS[i];
                char roles[200], channels[400];
                bool anywhere = row->channels == 0 || row->channels == POLICY_CHANNELS_ALL;
                printf("| %s | %s | %s | %d | ", row->method,
                       row->roles == POLICY_ROLES_ALL
                               ? "all"
                               : policy_roles_format(row->roles, roles, sizeof roles),
                       anywhere ? "any"
                                : policy_channels_format(row->channels, channels, sizeof channels),
                       row->assurance_min);
                print_conditions(row->conditions);
                printf(" | %s |\n", row->rule);
        }
}

static void print_refusals(void)
{
        puts("# The electronic card: every refusal and what to do next\n");
        puts("An answer names only the steps that can be done at that moment. What the card's own "
             "state refuses is told in\n[the card's words](card-refusals.md). FACE_MISMATCH has "
             "the order of R25 to R28; in WeChat the real name comes first.");
        for (int i = ECARD_REFUSAL_ECARD_NOT_ISSUED; i < ECARD_REFUSAL_COUNT; i++) {
                const policy_refusal *refusal = ecard_refusal_of((ecard_refusal)i);
                printf("\n## %s%s\n\n%s · %s · %s\n\n%s\n\n", refusal->reason,
                       i == ECARD_REFUSAL_FACE_MISMATCH_WECHAT ? " in WeChat" : "",
                       failure_kind_name((failure_kind)refusal->status), refusal->rule,
                       refusal->text.en, refusal->text.zh);
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
        } pages[] = {{"gate", print_gate},
                     {"operations", print_operations},
                     {"refusals", print_refusals}};
        for (size_t i = 0; argc == 2 && i < sizeof pages / sizeof pages[0]; i++) {
                if (strcmp(argv[1], pages[i].name) != 0) continue;
                puts("<!-- Printed from the tables of services/ecard/rules; see README.md. -->\n");
                pages[i].print();
                return 0;
        }
        fprintf(stderr, "usage: print_rules gate|operations|refusals\n");
        return 2;
}
