/* The guards. Each is a question with one answer; none changes anything. */
#include "services/bank/rules/bank_inquiry.h"

#include <assert.h>
#include <string.h>

static bool is_given(const char *text)
{
        return text != NULL && *text != '\0';
}

/* ---- the link and the card ---- */

/* What the card's state alone refuses to an operation that makes the account more usable. */
static bank_refusal guard_card(const bank_inquiry *ask)
{
        bool activates = ask->row->event == BANK_ACTIVATE;
        switch (ask->card->state) {
        case CARD_REQUESTED:
        case CARD_PRODUCING:
                return BANK_REFUSAL_CARD_NOT_ISSUED;
        case CARD_ARCHIVED_UNCOLLECTED:
                return activates ? BANK_REFUSAL_NOT_COLLECTED : BANK_REFUSAL_NONE;
        case CARD_TEMP_LOST:
                return activates ? BANK_REFUSAL_CARD_TEMP_LOST : BANK_REFUSAL_NONE;
        case CARD_LOST:
                return activates ? BANK_REFUSAL_CARD_LOST : BANK_REFUSAL_NONE;
        case CARD_CANCELLED:
                return BANK_REFUSAL_CARD_CANCELLED;
        case CARD_WITHDRAWN:
                return BANK_REFUSAL_APPLICATION_ENDED;
        case CARD_ARCHIVED_COLLECTED:
        case CARD_NORMAL:
        case CARD_STATE_NONE:
                break;
        }
        return BANK_REFUSAL_NONE;
}

static bank_refusal guard_load(const bank_inquiry *ask, bank_cell cell)
{
        if (cell.kind != BANK_CELL_KEEP) return guard_card(ask);
        if (is_given(ask->event->account) && strcmp(ask->event->account, ask->link->account) != 0)
                return BANK_REFUSAL_ACCOUNT_REFERENCE_DIFFERS;
        return BANK_REFUSAL_NONE;
}

bank_refusal bank_guard_state(const bank_inquiry *ask, bank_cell *cell)
{
        *cell = (bank_cell){.kind = BANK_CELL_KEEP};
        if (ask->event->operation == BANK_OPERATION_REPORT_ANSWER) return BANK_REFUSAL_NONE;
        *cell = bank_transition(ask->row->event, ask->link->state);
        switch (cell->kind) {
        case BANK_CELL_REFUSED:
                return cell->refusal;
        case BANK_CELL_CLOSE_IF_ENDS:
                return bank_card_has_ended(ask->card) ? BANK_REFUSAL_NONE : cell->refusal;
        default:
                break;
        }
        if (ask->row->event == BANK_ACTIVATE) return guard_card(ask);
        if (ask->row->event == BANK_LOAD) return guard_load(ask, *cell);
        return BANK_REFUSAL_NONE;
}

/* ---- where and who ---- */

static bool agent_came(const bank_inquiry *ask)
{
        return ask->facts->caller->actor == POLICY_ACTOR_PRINCIPAL ||
               (ask->event->evidence & (CARD_E(MANDATE) | CARD_E(AGENT_ID_DOCUMENT))) != 0;
}

static bool row_holds(const bank_inquiry *ask, const bank_who *who)
{
        const int64_t *knobs = ask->facts->knobs->values;
        if ((who->when & BANK_WHEN_HOLDER_CAME) && agent_came(ask)) return false;
        if ((who->when & BANK_WHEN_AGENT_CAME) && !agent_came(ask)) return false;
        if ((who->when & BANK_WHEN_HOME_VISITS) && !knobs[BANK_KNOB_ACTIVATE_BY_HOME_VISIT])
                return false;
        if ((who->when & BANK_WHEN_AGENTS) && !knobs[BANK_KNOB_ACTIVATE_BY_AGENT]) return false;
        if ((who->when & BANK_WHEN_AGENTS_CLOSE) && !knobs[BANK_KNOB_CLOSE_BY_AGENT]) return false;
        return true;
}

static policy_role acting_role(const policy_caller *caller)
{
        return caller->role != POLICY_ROLE_UNSPECIFIED ? caller->role
                                                       : policy_roles_first(caller->roles);
}

static void tell_channels(const bank_inquiry *ask, policy_channels channels)
{
        char names[POLICY_DETAIL_VALUE_BYTES];
        if (ask->details == NULL) return;
        policy_details_add(ask->details, "allowed_channels", "%s",
                           policy_channels_format(channels, names, sizeof names));
}

bank_refusal bank_guard_channel(const bank_inquiry *ask, const bank_who **who)
{
        const policy_caller *caller = ask->facts->caller;
        policy_role role = acting_role(caller);
        policy_channels channels = 0;
        bool role_is_named = false;
        *who = NULL;
        for (size_t i = 0; i < BANK_WHO_MAX && ask->row->who[i].roles != 0; i++) {
                const bank_who *each = &ask->row->who[i];
                if (!row_holds(ask, each)) continue;
                policy_channels open = each->channels & ~caller->channels_closed;
                channels |= open;
                if (!policy_roles_have(each->roles, role)) continue;
                role_is_named = true;
                if (*who == NULL && policy_channels_have(open, caller->channel)) *who = each;
        }
        if (*who != NULL) return BANK_REFUSAL_NONE;
        bool remote = policy_channels_have(POLICY_CHANNELS_ONLINE | POLICY_C(PHONE_12333),
                                           caller->channel);
        if (ask->row->event == BANK_ACTIVATE && remote) return BANK_REFUSAL_IN_PERSON_REQUIRED;
        if (policy_channels_have(channels, caller->channel) && !role_is_named)
                return BANK_REFUSAL_ROLE_NOT_ALLOWED;
        tell_channels(ask, channels);
        return BANK_REFUSAL_CHANNEL_NOT_ALLOWED;
}

bank_refusal bank_guard_bank(const bank_inquiry *ask)
{
        const policy_caller *caller = ask->facts->caller;
        if (!ask->row->at_the_bank) return BANK_REFUSAL_NONE;
        /* A region's own gateway speaks for all its banks and is of none. */
        bool gateway = acting_role(caller) != POLICY_ROLE_BANK_OPERATOR && !is_given(caller->bank);
        if (gateway) return BANK_REFUSAL_NONE;
        if (is_given(caller->bank) && strcmp(caller->bank, ask->link->bank) == 0)
                return BANK_REFUSAL_NONE;
        if (ask->details != NULL)
                policy_details_add(ask->details, "right_bank", "%s", ask->link->bank);
        return BANK_REFUSAL_WRONG_BANK;
}

/* ---- evidence ---- */

bank_refusal bank_guard_evidence(const bank_inquiry *ask, const bank_who *who, card_needs *missing)
{
        card_evidences shown = ask->event->evidence;
        *missing = 0;
        for (int i = 0; i < CARD_NEED_COUNT; i++)
                if (((who->needs >> i) & 1) && !(shown & card_need_kinds((card_need)i)))
                        *missing |= (card_needs)1 << i;
        if (who->in_person && !(shown & CARD_E(IN_PERSON))) return BANK_REFUSAL_IN_PERSON_REQUIRED;
        if (*missing == 0) return BANK_REFUSAL_NONE;
        if (*missing == CARD_N(MOBILITY_GROUND)) return BANK_REFUSAL_MOBILITY_GROUND_REQUIRED;
        if (ask->details != NULL) {
                char names[POLICY_DETAIL_VALUE_BYTES];
                policy_details_add(ask->details, "evidence", "%s",
                                   card_needs_format(*missing, names, sizeof names));
        }
        return BANK_REFUSAL_MISSING_EVIDENCE;
}

/* ---- steps ---- */

static bool waits_for_bank(const bank_link *link)
{
        for (int kind = 1; kind < BANK_REQUEST_KIND_COUNT; kind++)
                if (bank_request_is_open(&link->requests[kind])) return true;
        return false;
}

static bool operation_can_happen(const bank_inquiry *ask, bank_operation operation)
{
        static const bank_request_kind asks[BANK_OPERATION_COUNT] = {
                [BANK_OPERATION_LOAD] = BANK_REQUEST_PRE_OPEN,
                [BANK_OPERATION_ACTIVATE] = BANK_REQUEST_ACTIVATE,
                [BANK_OPERATION_REQUEST_CLOSURE] = BANK_REQUEST_CLOSE};
        bank_event event = {.operation = operation};
        bank_inquiry other = *ask;
        bank_cell cell;
        other.event = &event;
        other.row = bank_operation_row_of(operation);
        other.details = NULL;
        if (bank_guard_state(&other, &cell) != BANK_REFUSAL_NONE) return false;
        if (cell.kind == BANK_CELL_KEEP || cell.kind == BANK_CELL_NOTHING) return false;
        const bank_request *request = &ask->link->requests[asks[operation]];
        return asks[operation] == BANK_REQUEST_NONE || !bank_request_is_open(request) ||
               (operation == BANK_OPERATION_REQUEST_CLOSURE && !request->at_counter);
}

bool bank_step_applies(const bank_inquiry *ask, const policy_step *step)
{
        const int64_t *knobs = ask->facts->knobs->values;
        if (step == &BANK_STEP_WAIT_FOR_BANK) return waits_for_bank(ask->link);
        if (step == &BANK_STEP_HOME_VISIT_OR_AGENT && !knobs[BANK_KNOB_ACTIVATE_BY_HOME_VISIT] &&
            !knobs[BANK_KNOB_ACTIVATE_BY_AGENT])
                return false;
        if (step->operation == NULL) return true;
        bank_operation operation = bank_operation_find(step->operation);
        if (operation < BANK_OPERATION_COUNT) return operation_can_happen(ask, operation);
        card_facts facts = {.holder = ask->facts->cards,
                            .knobs = ask->facts->card_knobs,
                            .caller = ask->facts->caller,
                            .now_ms = ask->facts->now_ms,
                            .region = ask->facts->region};
        int card = card_holder_find(ask->facts->cards, ask->card->id);
        return card_rules_step_applies(&facts, ask->facts->cards, card, step);
}
