/* Look-ups in tables and a few named guards. */
#include "services/credential/rules/credential_rules.h"

#include "services/card/rules/card_refusals.h"

#include <assert.h>

/* ---- who, where, with what (2.2 "Channels", R18, R20) ---- */

#define R(name) POLICY_R(name)
#define C(name) POLICY_C(name)
#define INSTITUTION (C(BRANCH) | C(BANK_BRANCH))
#define PADS (C(BRANCH) | C(BANK_BRANCH) | C(SELF_SERVICE) | C(HOME_VISIT) | C(MEDICAL_POS))

typedef struct operation_row {
        policy_channels channels;
        card_evidences needed;  /* any one of them */
        policy_roles needed_of; /* of these roles only */
        bool authorised_bank;   /* at BANK_BRANCH the outlet must be authorised */
        policy_roles staff;     /* done by them alone, at a service institution (R20); 0: no */
        policy_channels initial_only; /* only while the PIN is INITIAL */
} operation_row;

/* A guess counts only with a proof of the card: staff and kiosks see it, a holder has a session of
 * their own, a platform's terminal has to attest it. */
/* clang-format off */
static const operation_row ROWS[CREDENTIAL_OPERATION_COUNT] = {
[CREDENTIAL_OPERATION_ISSUE]  = {C(SYSTEM), 0, 0, false, 0, 0},
[CREDENTIAL_OPERATION_VERIFY] = {PADS, CARD_E(CARD_PRESENTED), R(PLATFORM), false, 0, 0},
[CREDENTIAL_OPERATION_CHANGE] = {C(BRANCH) | C(BANK_BRANCH) | C(SELF_SERVICE) | C(MEDICAL_POS),
                                 CARD_E(CARD_PRESENTED), R(PLATFORM), true, 0, C(MEDICAL_POS)},
[CREDENTIAL_OPERATION_UNLOCK] = {INSTITUTION, CARD_E(ID_DOCUMENT), POLICY_ROLES_ALL, true, R(OPERATOR), 0},
[CREDENTIAL_OPERATION_RESET]  = {INSTITUTION, CARD_E(ID_DOCUMENT), POLICY_ROLES_ALL, true, R(OPERATOR), 0},
};

/* ---- what the card's state says ---- */

#define NO(code) CARD_REFUSAL_##code
#define YES CARD_REFUSAL_NONE
/*                                   REQUESTED            PRODUCING            ARCHIVED/o         ARCHIVED/c NORMAL TEMP_LOST           LOST           CANCELLED           WITHDRAWN */
static const card_refusal CARD_SAYS[CREDENTIAL_OPERATION_COUNT][CARD_STATE_COUNT] = {
[CREDENTIAL_OPERATION_ISSUE]  = {0, NO(CARD_NOT_ISSUED), NO(CARD_NOT_ISSUED), YES,               YES,       YES,   YES,                YES,           NO(CARD_CANCELLED), NO(APPLICATION_ENDED)},
[CREDENTIAL_OPERATION_VERIFY] = {0, NO(CARD_NOT_ISSUED), NO(CARD_NOT_ISSUED), NO(NOT_COLLECTED), YES,       YES,   NO(CARD_TEMP_LOST), NO(CARD_LOST), NO(CARD_CANCELLED), NO(APPLICATION_ENDED)},
[CREDENTIAL_OPERATION_CHANGE] = {0, NO(CARD_NOT_ISSUED), NO(CARD_NOT_ISSUED), NO(NOT_COLLECTED), YES,       YES,   NO(CARD_TEMP_LOST), NO(CARD_LOST), NO(CARD_CANCELLED), NO(APPLICATION_ENDED)},
[CREDENTIAL_OPERATION_UNLOCK] = {0, NO(CARD_NOT_ISSUED), NO(CARD_NOT_ISSUED), NO(NOT_COLLECTED), YES,       YES,   YES,                YES,           NO(CARD_CANCELLED), NO(APPLICATION_ENDED)},
[CREDENTIAL_OPERATION_RESET]  = {0, NO(CARD_NOT_ISSUED), NO(CARD_NOT_ISSUED), NO(NOT_COLLECTED), YES,       YES,   YES,                YES,           NO(CARD_CANCELLED), NO(APPLICATION_ENDED)},
};
/* clang-format on */

static void refuse(credential_verdict *verdict, credential_refusal code)
{
        verdict->refusal = credential_refusal_of(code);
}

/* R20: elsewhere, and by anybody else, one is told where to go. */
static bool check_institution(const credential_facts *facts, const operation_row *row,
                              credential_verdict *verdict)
{
        if (row->staff == 0 || (policy_roles_have(row->staff, facts->caller->role) &&
                                policy_channels_have(row->channels, facts->caller->channel)))
                return true;
        refuse(verdict, CREDENTIAL_REFUSAL_GO_TO_SERVICE_INSTITUTION);
        return false;
}

static bool check_channel(const credential_facts *facts, const operation_row *row,
                          credential_verdict *verdict)
{
        policy_channels channels = row->channels;
        if (facts->credential->state != CREDENTIAL_INITIAL) channels &= ~row->initial_only;
        if (!policy_channels_have(channels, facts->caller->channel)) {
                char names[POLICY_DETAIL_VALUE_BYTES];
                refuse(verdict, CREDENTIAL_REFUSAL_CHANNEL_NOT_ALLOWED);
                policy_details_add(&verdict->details, "allowed_channels", "%s",
                                   policy_channels_format(channels, names, sizeof names));
                return false;
        }
        bool needs_authority =
                row->authorised_bank && facts->caller->channel == POLICY_CHANNEL_BANK_BRANCH;
        if (!needs_authority || facts->outlet_authorised == POLICY_YES) return true;
        refuse(verdict, CREDENTIAL_REFUSAL_OUTLET_NOT_AUTHORISED);
        return false;
}

static bool check_evidence(const credential_facts *facts, const operation_row *row,
                           credential_verdict *verdict)
{
        if (row->needed == 0 || !policy_roles_have(row->needed_of, facts->caller->role))
                return true;
        if (facts->evidence & row->needed) return true;
        refuse(verdict, CREDENTIAL_REFUSAL_MISSING_EVIDENCE);
        for (int kind = 1; kind < CARD_EVIDENCE_COUNT; kind++)
                if (row->needed >> kind & 1)
                        policy_details_add(&verdict->details, "evidence", "%s",
                                           card_evidence_name((card_evidence)kind));
        return false;
}

static bool is_locked(const credential_facts *facts)
{
        const credential_record *record = facts->credential;
        bool spent = record->errors >= facts->knobs->values[CREDENTIAL_KNOB_MAX_ERRORS];
        return record->state == CREDENTIAL_LOCKED ||
               (spent &&
                (record->state == CREDENTIAL_INITIAL || record->state == CREDENTIAL_ACTIVE));
}

/* The event that stands for an operation when its state is checked before it is done. */
static credential_event probe_of(credential_operation operation)
{
        static const credential_event events[] = {
                [CREDENTIAL_OPERATION_ISSUE] = CREDENTIAL_ISSUE,
                [CREDENTIAL_OPERATION_VERIFY] = CREDENTIAL_VERIFY_RIGHT,
                [CREDENTIAL_OPERATION_CHANGE] = CREDENTIAL_CHANGE,
                [CREDENTIAL_OPERATION_UNLOCK] = CREDENTIAL_UNLOCK,
                [CREDENTIAL_OPERATION_RESET] = CREDENTIAL_RESET,
        };
        return events[operation];
}

void credential_rules_check(const credential_facts *facts, credential_operation operation,
                            credential_verdict *verdict)
{
        assert(credential_holds(facts->credential));
        assert(facts->card > CARD_STATE_NONE && (int)facts->card < CARD_STATE_COUNT);
        *verdict = (credential_verdict){.after = *facts->credential};
        const operation_row *row = &ROWS[operation];
        if (!check_institution(facts, row, verdict) || !check_channel(facts, row, verdict)) return;
        verdict->refusal = card_refusal_of(CARD_SAYS[operation][facts->card]);
        if (verdict->refusal) return;
        bool guesses = operation == CREDENTIAL_OPERATION_VERIFY ||
                       operation == CREDENTIAL_OPERATION_CHANGE;
        bool locked = guesses && is_locked(facts);
        credential_cell cell = credential_transition(probe_of(operation), facts->credential->state);
        if (cell.kind == CREDENTIAL_CELL_REFUSED && !locked) {
                refuse(verdict, cell.refusal);
                return;
        }
        if (!check_evidence(facts, row, verdict)) return;
        verdict->evaluates = guesses && !locked;
        verdict->enables_card = operation == CREDENTIAL_OPERATION_CHANGE &&
                                facts->credential->state == CREDENTIAL_INITIAL &&
                                facts->card == CARD_ARCHIVED_COLLECTED;
}

/* ---- what an event makes of it ---- */

static const char *event_name(credential_event event)
{
        static const char *const names[CREDENTIAL_EVENT_COUNT] = {
                [CREDENTIAL_ISSUE] = "credential.issued",
                [CREDENTIAL_VERIFY_RIGHT] = "credential.verified",
                [CREDENTIAL_VERIFY_WRONG] = "credential.wrong",
                [CREDENTIAL_VERIFY_WRONG_LAST] = "credential.locked",
                [CREDENTIAL_CHANGE] = "credential.changed",
                [CREDENTIAL_CHANGE_OLD_WRONG] = "credential.wrong",
                [CREDENTIAL_CHANGE_OLD_WRONG_LAST] = "credential.locked",
                [CREDENTIAL_CHANGE_NEW_WEAK] = "credential.new_refused",
                [CREDENTIAL_UNLOCK] = "credential.unlocked",
                [CREDENTIAL_UNLOCK_LAST] = "credential.void",
                [CREDENTIAL_RESET] = "credential.reset",
                [CREDENTIAL_CARD_ENDED] = "credential.void",
        };
        return names[event];
}

static void enter(const credential_facts *facts, credential_state to, credential_record *after)
{
        if (after->state != to) after->state_since_ms = facts->now_ms;
        after->state = to;
        after->was = 0;
        after->errors = 0;
}

static bool makes_a_pin(credential_event event)
{
        return event == CREDENTIAL_ISSUE || event == CREDENTIAL_CHANGE || event == CREDENTIAL_RESET;
}

static void do_cell(const credential_facts *facts, credential_cell cell, credential_record *after)
{
        switch (cell.kind) {
        case CREDENTIAL_CELL_TO:
                enter(facts, cell.to, after);
                return;
        case CREDENTIAL_CELL_WAS:
                enter(facts, after->was, after);
                after->unlocks++;
                return;
        case CREDENTIAL_CELL_COUNT:
                after->errors++;
                return;
        case CREDENTIAL_CELL_LOCK:
                after->errors++;
                after->was = after->state;
                after->state = CREDENTIAL_LOCKED;
                after->state_since_ms = facts->now_ms;
                return;
        case CREDENTIAL_CELL_KEEP:
        case CREDENTIAL_CELL_REFUSED:
                return;
        }
}

static bool unlocks_are_spent(const credential_facts *facts)
{
        int64_t most = facts->knobs->values[CREDENTIAL_KNOB_LIFETIME_UNLOCKS];
        return most > 0 && facts->credential->unlocks >= most;
}

void credential_rules_apply(const credential_facts *facts, credential_event event,
                            credential_verdict *verdict)
{
        assert(credential_holds(facts->credential));
        *verdict = (credential_verdict){.after = *facts->credential};
        if (event == CREDENTIAL_UNLOCK && unlocks_are_spent(facts)) event = CREDENTIAL_UNLOCK_LAST;
        credential_cell cell = credential_transition(event, facts->credential->state);
        refuse(verdict, cell.refusal);
        if (cell.kind == CREDENTIAL_CELL_REFUSED || cell.kind == CREDENTIAL_CELL_KEEP) return;
        verdict->changed = true;
        verdict->event = event_name(event);
        do_cell(facts, cell, &verdict->after);
        verdict->after.version++;
        if (makes_a_pin(event)) verdict->after.generation++;
        if (cell.kind == CREDENTIAL_CELL_COUNT || cell.kind == CREDENTIAL_CELL_LOCK)
                policy_details_add(&verdict->details, "remaining_attempts", "%d",
                                   (int)credential_remaining(&verdict->after, facts->knobs));
        assert(credential_holds(&verdict->after));
}

credential_event credential_wrong_event(const credential_facts *facts,
                                        credential_operation operation)
{
        bool last =
                facts->credential->errors + 1 >= facts->knobs->values[CREDENTIAL_KNOB_MAX_ERRORS];
        if (operation == CREDENTIAL_OPERATION_CHANGE)
                return last ? CREDENTIAL_CHANGE_OLD_WRONG_LAST : CREDENTIAL_CHANGE_OLD_WRONG;
        return last ? CREDENTIAL_VERIFY_WRONG_LAST : CREDENTIAL_VERIFY_WRONG;
}

/* ---- how it is seen ---- */

credential_state credential_state_seen(const credential_record *record, card_state card)
{
        bool ended = card == CARD_CANCELLED || card == CARD_WITHDRAWN;
        return ended && record->state != CREDENTIAL_NONE ? CREDENTIAL_VOID : record->state;
}

bool credential_is_suspended(card_state card)
{
        return card == CARD_TEMP_LOST || card == CARD_LOST;
}

int32_t credential_remaining(const credential_record *record, const credential_knobs *knobs)
{
        int64_t most = knobs->values[CREDENTIAL_KNOB_MAX_ERRORS];
        bool usable = record->state == CREDENTIAL_INITIAL || record->state == CREDENTIAL_ACTIVE;
        return usable && record->errors < most ? (int32_t)(most - record->errors) : 0;
}

size_t credential_steps(credential_state state, const policy_step **steps)
{
        switch (state) {
        case CREDENTIAL_INITIAL:
                steps[0] = &CREDENTIAL_STEP_CHANGE_INITIAL;
                return 1;
        case CREDENTIAL_LOCKED:
                steps[0] = &CREDENTIAL_STEP_UNLOCK;
                steps[1] = &CREDENTIAL_STEP_RESET;
                return 2;
        default:
                return 0;
        }
}

policy_text credential_state_text(credential_state state)
{
        static const policy_text texts[CREDENTIAL_STATE_COUNT] = {
                [CREDENTIAL_NONE] = {"未设置社保密码", "no password yet"},
                [CREDENTIAL_INITIAL] = {"初始密码，请及时修改", "initial password, to be changed"},
                [CREDENTIAL_ACTIVE] = {"社保密码正常", "password in use"},
                [CREDENTIAL_LOCKED] = {"社保密码已锁定", "password locked"},
                [CREDENTIAL_VOID] = {"社保密码已终止", "password ended"},
        };
        return texts[state];
}
