/* Deciding: the table and the guards say no, or the event is carried out on a copy of the record.
 * Must never read anything but its facts, and never change them. */
#include "services/ecard/rules/ecard_rules.h"

#include "common/base/scoped.h"
#include "services/card/rules/card_holder.h"
#include "services/card/rules/card_rules.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS, CHILD_YEARS = 16, IN_PERSON = 3 };

static int64_t knob(const ecard_facts *facts, ecard_knob which)
{
        return facts->knobs->values[which];
}

/* ---- what stands ---- */

bool ecard_is_bound(const ecard_record *ecard, policy_channel channel)
{
        for (uint8_t i = 0; i < ecard->binding_count; i++)
                if (ecard->bindings[i].channel == channel) return true;
        return false;
}

int64_t ecard_attempts_left(const ecard_record *ecard, const ecard_knobs *knobs)
{
        int64_t left = knobs->values[ECARD_KNOB_PASSWORD_ERRORS] - ecard->password.errors;
        return left > 0 ? left : 0;
}

bool ecard_password_is_locked(const ecard_record *ecard, const ecard_knobs *knobs)
{
        return ecard_attempts_left(ecard, knobs) == 0;
}

ecard_knob ecard_family_knob(ecard_relation relation)
{
        static const ecard_knob knobs[ECARD_RELATION_COUNT] = {
                [ECARD_RELATION_NONE] = ECARD_KNOB_FAMILY_OTHERS,
                [ECARD_RELATION_ELDER] = ECARD_KNOB_FAMILY_ELDERS,
                [ECARD_RELATION_CHILD] = ECARD_KNOB_FAMILY_CHILDREN,
                [ECARD_RELATION_SPOUSE] = ECARD_KNOB_FAMILY_SPOUSES,
                [ECARD_RELATION_OTHER] = ECARD_KNOB_FAMILY_OTHERS};
        assert((int)relation < ECARD_RELATION_COUNT);
        return knobs[relation];
}

bool ecard_grant_counts(const ecard_grant *grant, const ecard_view *view, int64_t now_ms,
                        const char **why_not)
{
        *why_not = "";
        if (grant->revoked)
                *why_not = "GRANT_REVOKED";
        else if (view->gate != ECARD_GATE_AUTH_REQUIRED ||
                 !ecard_period_equal(&grant->period, &view->period))
                *why_not = "GRANT_OF_EARLIER_STATE";
        else if (now_ms >= grant->expires_at_ms)
                *why_not = "GRANT_EXPIRED";
        return **why_not == '\0';
}

int ecard_live_grants(const ecard_record *ecard, const ecard_view *view, int64_t now_ms)
{
        int live = 0;
        const char *why_not = "";
        for (uint8_t i = 0; i < ecard->grant_count; i++)
                if (ecard_grant_counts(&ecard->grants[i], view, now_ms, &why_not)) live++;
        return live;
}

const char *ecard_settle(const ecard_facts *facts, ecard_record *record)
{
        const char *what = NULL;
        if (!ecard_is_issued(record)) return NULL;
        int current = ecard_current_card(facts->holder, record);
        if (current >= 0 && !ulid_equal(facts->holder->cards[current].id, record->card)) {
                record->card = facts->holder->cards[current].id;
                what = "ecard.moved";
        }
        ecard_cell cell = ecard_transition(ECARD_BANK_LINK_LEFT_ACTIVE, record->level);
        if (facts->bank_active == POLICY_NO && cell.kind == ECARD_CELL_TO) {
                record->level = cell.to;
                if (what == NULL) what = "ecard.downgraded";
        }
        return what;
}

/* ---- saying no ---- */

static ecard_view view_of(const ecard_facts *facts, const ecard_record *record)
{
        return ecard_view_of(facts->holder, record, facts->lock, facts->knobs);
}

/* A step of ours is named only if its event would not be refused by the level or the gate. */
static bool own_step_applies(const ecard_facts *facts, const ecard_view *view,
                             const policy_step *step)
{
        const ecard_record *ecard = facts->ecard;
        if (step == &ECARD_STEP_ISSUE)
                return !ecard_is_issued(ecard) && view->rule.issue_refusal == ECARD_REFUSAL_NONE;
        if (!ecard_is_issued(ecard)) return false;
        if (step == &ECARD_STEP_GRANT) return view->gate == ECARD_GATE_AUTH_REQUIRED;
        if (step == &ECARD_STEP_VERIFY_PASSWORD)
                return !ecard_password_is_locked(ecard, facts->knobs);
        if (step == &ECARD_STEP_BIND) return view->rule.issue_refusal == ECARD_REFUSAL_NONE;
        if (step == &ECARD_STEP_PRESENT_CODE)
                return view->rule.personal == ECARD_PERSONAL_YES ||
                       view->rule.personal == ECARD_PERSONAL_WITH_GRANT;
        if (step == &ECARD_STEP_UPGRADE)
                return ecard->level == ECARD_L1 && facts->bank_active == POLICY_YES;
        return true;
}

static bool is_own_step(const policy_step *step)
{
        return card_operation_find(step->operation) == CARD_OPERATION_COUNT;
}

static bool step_applies(const ecard_facts *facts, const ecard_view *view, const policy_step *step)
{
        if (step->operation == NULL) return true;
        if (is_own_step(step)) return own_step_applies(facts, view, step);
        if (view->card < 0) return card_operation_find(step->operation) == CARD_OPERATION_APPLY;
        card_state state = facts->holder->cards[view->card].state;
        if (step == &CARD_STEP_RECOVER_TEMP && state != CARD_TEMP_LOST) return false;
        if (step == &CARD_STEP_RECOVER_LOST && state != CARD_LOST) return false;
        const card_facts of_card = {.holder = facts->holder,
                                    .knobs = facts->card_knobs,
                                    .caller = facts->caller,
                                    .now_ms = facts->now_ms,
                                    .region = facts->region,
                                    .outlet_authorised = POLICY_YES,
                                    .outlet_instant = POLICY_YES,
                                    .other_regions = POLICY_YES};
        return card_rules_step_applies(&of_card, facts->holder, view->card, step);
}

/* R27 is said of WeChat in WeChat's words, of any other program in general. */
static bool is_said_here(const ecard_view *view, ecard_refusal code, ecard_host host,
                         const policy_step *step)
{
        (void)view;
        if (code != ECARD_REFUSAL_REALNAME_MISMATCH) return true;
        return (step == &ECARD_STEP_CHECK_REAL_NAME) == (host == ECARD_HOST_WECHAT);
}

static void refuse_at(const ecard_facts *facts, ecard_refusal code, ecard_host host,
                      ecard_verdict *verdict)
{
        const policy_refusal *refusal = ecard_refusal_of(code);
        size_t count = 0;
        assert(refusal != NULL);
        verdict->code = code;
        verdict->refusal = *refusal;
        memset(verdict->refusal.steps, 0, sizeof verdict->refusal.steps);
        for (size_t i = 0; i < policy_refusal_step_count(refusal); i++)
                if (step_applies(facts, &verdict->view, refusal->steps[i]) &&
                    is_said_here(&verdict->view, code, host, refusal->steps[i]))
                        verdict->refusal.steps[count++] = refusal->steps[i];
        if (count == 0) verdict->refusal.steps[0] = &CARD_STEP_CALL_ISSUING_PLACE;
}

void ecard_refuse(const ecard_facts *facts, ecard_refusal code, ecard_verdict *verdict)
{
        refuse_at(facts, code, ECARD_HOST_NONE, verdict);
}

/* ---- guards: the first that says no is the answer ---- */

typedef struct inquiry {
        const ecard_facts *facts;
        const ecard_event *event;
        ecard_verdict *verdict;
        ecard_record *record; /* = &verdict->after */
        const ecard_view *view;
} inquiry;

static bool needs_session(ecard_operation operation)
{
        switch (operation) {
        case ECARD_OPERATION_BIND:
        case ECARD_OPERATION_UNBIND:
        case ECARD_OPERATION_GRANT:
        case ECARD_OPERATION_REVOKE:
        case ECARD_OPERATION_PRESENT_CODE:
        case ECARD_OPERATION_UPGRADE:
        case ECARD_OPERATION_CLOSE:
                return true;
        default:
                return false;
        }
}

/* A session that is shown must hold, whatever else proves the holder. */
static ecard_refusal guard_session(const inquiry *ask)
{
        if (ask->facts->session == ECARD_SESSION_ENDED) return ECARD_REFUSAL_SESSION_ENDED;
        if (ask->facts->session == ECARD_SESSION_LIVE || !needs_session(ask->event->operation))
                return ECARD_REFUSAL_NONE;
        return ask->facts->caller->assurance >= IN_PERSON ? ECARD_REFUSAL_NONE
                                                          : ECARD_REFUSAL_SESSION_REQUIRED;
}

static bool is_child(const ecard_facts *facts)
{
        civil_date born_on = facts->holder->person.born_on;
        if (civil_date_is_zero(born_on)) return false;
        return civil_date_age_years(born_on, civil_date_at(facts->now_ms)) < CHILD_YEARS;
}

static ecard_refusal guard_family(const inquiry *ask)
{
        const ecard_event *event = ask->event;
        bool is_guardian = ask->facts->caller->role == POLICY_ROLE_GUARDIAN;
        bool for_family = !ulid_is_zero(event->delegate);
        if (is_guardian != for_family) return ECARD_REFUSAL_FAMILY_GUARDIAN_REQUIRED;
        if (!for_family) return ECARD_REFUSAL_NONE;
        if (event->relation == ECARD_RELATION_NONE) return ECARD_REFUSAL_FAMILY_RELATION_REQUIRED;
        if (event->family_count >= knob(ask->facts, ecard_family_knob(event->relation)))
                return ECARD_REFUSAL_FAMILY_LIMIT_REACHED;
        return ECARD_REFUSAL_NONE;
}

static ecard_refusal guard_host(const inquiry *ask)
{
        if (ask->event->host == ECARD_HOST_NONE) return ECARD_REFUSAL_HOST_REQUIRED;
        return ask->event->real_name == POLICY_YES ? ECARD_REFUSAL_NONE
                                                   : ECARD_REFUSAL_REALNAME_MISMATCH;
}

static ecard_refusal face_mismatch(const inquiry *ask)
{
        return ask->event->host == ECARD_HOST_WECHAT ? ECARD_REFUSAL_FACE_MISMATCH_WECHAT
                                                     : ECARD_REFUSAL_FACE_MISMATCH;
}

/* The card first, then the family, the real name, the password, and only then the face (R27). */
static ecard_refusal guard_issue(const inquiry *ask)
{
        if (!civil_date_is_zero(ask->facts->holder->person.died_on))
                return ECARD_REFUSAL_PERSON_DEAD;
        if (ask->view->rule.issue_refusal != ECARD_REFUSAL_NONE)
                return ask->view->rule.issue_refusal;
        ecard_refusal refusal = guard_family(ask);
        if (refusal == ECARD_REFUSAL_NONE) refusal = guard_host(ask);
        if (refusal != ECARD_REFUSAL_NONE) return refusal;
        if (ask->event->password != ECARD_PASSWORD_GOOD) return ECARD_REFUSAL_WEAK_PASSWORD;
        if (!ask->event->has_photo || (is_child(ask->facts) && !ask->event->photo_given))
                return ECARD_REFUSAL_PHOTO_REQUIRED;
        return ask->event->face == POLICY_NO ? face_mismatch(ask) : ECARD_REFUSAL_NONE;
}

static ecard_refusal guard_bind(const inquiry *ask)
{
        if (ask->view->rule.issue_refusal != ECARD_REFUSAL_NONE)
                return ask->view->rule.issue_refusal;
        ecard_refusal refusal = guard_host(ask);
        if (refusal != ECARD_REFUSAL_NONE) return refusal;
        return ask->record->binding_count == ECARD_BINDINGS_MAX ? ECARD_REFUSAL_TOO_MANY_CHANNELS
                                                                : ECARD_REFUSAL_NONE;
}

static bool is_same_attempt(const ecard_password *password, const ecard_event *event)
{
        return password->in_flight &&
               memcmp(password->attempt, event->attempt, ECARD_ATTEMPT_BYTES) == 0;
}

static ecard_refusal guard_attempt(const inquiry *ask)
{
        if (is_same_attempt(&ask->record->password, ask->event)) return ECARD_REFUSAL_NONE;
        return ecard_password_is_locked(ask->record, ask->facts->knobs)
                       ? ECARD_REFUSAL_PASSWORD_LOCKED
                       : ECARD_REFUSAL_NONE;
}

static ecard_refusal guard_reset(const inquiry *ask)
{
        if (ask->event->password != ECARD_PASSWORD_GOOD) return ECARD_REFUSAL_WEAK_PASSWORD;
        if (ask->event->face == POLICY_NO) return ECARD_REFUSAL_FACE_MISMATCH;
        if (ask->event->face == POLICY_YES || ask->event->phone == POLICY_YES)
                return ECARD_REFUSAL_NONE;
        return ask->event->has_photo ? ECARD_REFUSAL_NONE : ECARD_REFUSAL_MISSING_EVIDENCE;
}

static ecard_refusal guard_grant(const inquiry *ask)
{
        const ecard_event *event = ask->event;
        if (ask->view->gate == ECARD_GATE_OPEN) return ECARD_REFUSAL_AUTHORIZATION_NOT_NEEDED;
        if (ask->view->rule.personal != ECARD_PERSONAL_WITH_GRANT)
                return ask->view->rule.personal_refusal;
        if (event->grant.service_count == 0) return ECARD_REFUSAL_GRANT_SERVICES_REQUIRED;
        if (event->grant.channels == 0) return ECARD_REFUSAL_GRANT_CHANNELS_REQUIRED;
        if (event->lifetime_ms > knob(ask->facts, ECARD_KNOB_GRANT_HOURS) * HOUR_MS)
                return ECARD_REFUSAL_GRANT_TOO_LONG;
        int live = ecard_live_grants(ask->record, ask->view, ask->facts->now_ms);
        return live == ECARD_GRANTS_MAX ? ECARD_REFUSAL_TOO_MANY_GRANTS : ECARD_REFUSAL_NONE;
}

static int find_grant(const ecard_record *record, ulid id)
{
        for (uint8_t i = 0; i < record->grant_count; i++)
                if (ulid_equal(record->grants[i].id, id)) return i;
        return -1;
}

static ecard_refusal guard_code(const inquiry *ask)
{
        const ecard_code_claim *claim = &ask->event->claim;
        const ecard_code *shown = &ask->record->code;
        if (!claim->signed_by_us) return ECARD_REFUSAL_CODE_FORGED;
        bool is_shown = shown->expires_at_ms > 0; /* else none stands: never made, or voided */
        if (!is_shown || memcmp(claim->nonce, shown->nonce, ECARD_NONCE_BYTES) != 0)
                return ECARD_REFUSAL_CODE_REPLACED;
        if (shown->used) return ECARD_REFUSAL_CODE_USED;
        if (ask->facts->wall_ms >= claim->expires_at_ms) return ECARD_REFUSAL_CODE_EXPIRED;
        return claim->binding_holds ? ECARD_REFUSAL_NONE : ECARD_REFUSAL_CODE_OUTDATED;
}

static ecard_refusal guard_upgrade(const inquiry *ask)
{
        if (ask->facts->bank_active != POLICY_YES) return ECARD_REFUSAL_FINANCIAL_NOT_ACTIVATED;
        return ask->event->phone == POLICY_YES ? ECARD_REFUSAL_NONE
                                               : ECARD_REFUSAL_MISSING_EVIDENCE;
}

static ecard_refusal guard_event(const inquiry *ask)
{
        switch (ask->event->operation) {
        case ECARD_OPERATION_ISSUE:
                return guard_issue(ask);
        case ECARD_OPERATION_BIND:
                return guard_bind(ask);
        case ECARD_OPERATION_ATTEMPT:
                return guard_attempt(ask);
        case ECARD_OPERATION_CHANGE_PASSWORD:
                return ask->event->password == ECARD_PASSWORD_GOOD ? ECARD_REFUSAL_NONE
                                                                   : ECARD_REFUSAL_WEAK_PASSWORD;
        case ECARD_OPERATION_RESET_PASSWORD:
                return guard_reset(ask);
        case ECARD_OPERATION_GRANT:
                return guard_grant(ask);
        case ECARD_OPERATION_REVOKE:
                return find_grant(ask->record, ask->event->grant_id) >= 0
                               ? ECARD_REFUSAL_NONE
                               : ECARD_REFUSAL_GRANT_NOT_FOUND;
        case ECARD_OPERATION_TAKE_CODE:
                return guard_code(ask);
        case ECARD_OPERATION_UPGRADE:
                return guard_upgrade(ask);
        default:
                return ECARD_REFUSAL_NONE;
        }
}

/* ---- services ---- */

static int find_counting_grant(const ecard_facts *facts, const ecard_record *record,
                               const ecard_view *view, const char *service, policy_channel channel)
{
        const char *why_not = "";
        for (uint8_t i = 0; i < record->grant_count; i++) {
                const ecard_grant *grant = &record->grants[i];
                if (!ecard_grant_counts(grant, view, facts->now_ms, &why_not)) continue;
                if (!policy_channels_have(grant->channels, channel)) continue;
                for (uint8_t n = 0; n < grant->service_count; n++)
                        if (strcmp(grant->services[n], service) == 0) return i;
        }
        return -1;
}

static ecard_refusal guard_gate(const ecard_facts *facts, const ecard_service *service,
                                policy_channel channel, ecard_verdict *verdict)
{
        const ecard_view *view = &verdict->view;
        if (view->rule.personal == ECARD_PERSONAL_NO) return view->rule.personal_refusal;
        if (!ecard_is_issued(&verdict->after))
                return verdict->after.level == ECARD_CLOSED ? ECARD_REFUSAL_ECARD_CLOSED
                                                            : ECARD_REFUSAL_ECARD_NOT_ISSUED;
        if (view->rule.personal == ECARD_PERSONAL_LIMITED && !service->while_archived)
                return view->rule.personal_refusal;
        if (view->rule.personal != ECARD_PERSONAL_WITH_GRANT) return ECARD_REFUSAL_NONE;
        verdict->grant = find_counting_grant(facts, &verdict->after, view, service->code, channel);
        return verdict->grant >= 0 ? ECARD_REFUSAL_NONE : view->rule.personal_refusal;
}

static ecard_refusal guard_service(const ecard_facts *facts, const ecard_service *service,
                                   policy_channel channel, ecard_verdict *verdict)
{
        if (facts->session == ECARD_SESSION_ENDED) return ECARD_REFUSAL_SESSION_ENDED;
        if (service->is_public) return ECARD_REFUSAL_NONE;
        ecard_refusal refusal = guard_gate(facts, service, channel, verdict);
        if (refusal != ECARD_REFUSAL_NONE) return refusal;
        if (service->needs_l2 && verdict->after.level != ECARD_L2)
                return ECARD_REFUSAL_LEVEL_TOO_LOW;
        /* Counters and terminals have no account of the holder's to bind. */
        if (policy_channels_have(POLICY_CHANNELS_ONLINE, channel) &&
            !ecard_is_bound(&verdict->after, channel))
                return ECARD_REFUSAL_CHANNEL_NOT_BOUND;
        return ECARD_REFUSAL_NONE;
}

static void begin(const ecard_facts *facts, ecard_verdict *verdict)
{
        memset(verdict, 0, offsetof(ecard_verdict, settled));
        verdict->grant = -1;
        verdict->settled = *facts->ecard;
        verdict->settlement = ecard_settle(facts, &verdict->settled);
        if (verdict->settlement != NULL) verdict->settled.version++;
        verdict->after = verdict->settled;
        verdict->view = view_of(facts, &verdict->settled);
}

void ecard_rules_authorize(const ecard_facts *facts, const ecard_service *service,
                           policy_channel channel, ecard_verdict *verdict)
{
        begin(facts, verdict);
        verdict->rule = "R14";
        ecard_refusal refusal = guard_service(facts, service, channel, verdict);
        if (refusal == ECARD_REFUSAL_NONE) return;
        ecard_refuse(facts, refusal, verdict);
        policy_details_add(&verdict->details, "gate", "%s", ecard_gate_name(verdict->view.gate));
        policy_details_add(&verdict->details, "service", "%s", service->code);
}

/* ---- carrying out ---- */

static void bind_channel(const inquiry *ask)
{
        ecard_record *record = ask->record;
        for (uint8_t i = 0; i < record->binding_count; i++)
                if (record->bindings[i].channel == ask->event->channel &&
                    record->bindings[i].host == ask->event->host)
                        return;
        record->bindings[record->binding_count++] = (ecard_binding){
                .channel = ask->event->channel,
                .host = ask->event->host,
                .bound_at_ms = ask->facts->now_ms,
        };
        ask->verdict->changed = true;
}

static void unbind_channel(const inquiry *ask)
{
        ecard_record *record = ask->record;
        for (uint8_t i = 0; i < record->binding_count; i++) {
                if (record->bindings[i].channel != ask->event->channel ||
                    record->bindings[i].host != ask->event->host)
                        continue;
                record->bindings[i] = record->bindings[--record->binding_count];
                ask->verdict->changed = true;
                return;
        }
}

/* R23: one epoch a person. What the old password opened is ended with it. */
static void renew_password(const inquiry *ask)
{
        ecard_password *password = &ask->record->password;
        *password = (ecard_password){.epoch = password->epoch + 1};
        ask->record->code = (ecard_code){.used = true};
        ask->verdict->changed = true;
}

static void issue(const inquiry *ask)
{
        ecard_record *record = ask->record;
        record->level = ECARD_L1;
        record->card = ask->facts->holder->cards[ask->view->card].id;
        if (ulid_is_zero(record->serial)) record->serial = ask->event->serial;
        record->issued_at_ms = ask->facts->now_ms;
        record->closed_at_ms = 0;
        record->delegate = ask->event->delegate;
        record->relation = ask->event->relation;
        record->grant_count = 0;
        record->binding_count = 0;
        renew_password(ask);
        bind_channel(ask);
}

static void attempt(const inquiry *ask)
{
        ecard_password *password = &ask->record->password;
        if (is_same_attempt(password, ask->event)) return;
        password->errors++;
        password->in_flight = true;
        memcpy(password->attempt, ask->event->attempt, ECARD_ATTEMPT_BYTES);
        ask->verdict->changed = true;
}

static void prove(const inquiry *ask)
{
        ecard_password *password = &ask->record->password;
        *password = (ecard_password){.epoch = password->epoch};
        ask->verdict->changed = true;
}

/* Those that count no longer make room. */
static void drop_ended_grants(const inquiry *ask)
{
        ecard_record *record = ask->record;
        const char *why_not = "";
        uint8_t kept = 0;
        for (uint8_t i = 0; i < record->grant_count; i++)
                if (ecard_grant_counts(&record->grants[i], ask->view, ask->facts->now_ms, &why_not))
                        record->grants[kept++] = record->grants[i];
        record->grant_count = kept;
}

static void grant(const inquiry *ask)
{
        ecard_record *record = ask->record;
        int64_t lifetime = ask->event->lifetime_ms;
        if (lifetime == 0) lifetime = knob(ask->facts, ECARD_KNOB_SESSION_MINUTES) * MINUTE_MS;
        if (record->grant_count == ECARD_GRANTS_MAX) drop_ended_grants(ask);
        assert(record->grant_count < ECARD_GRANTS_MAX);
        ecard_grant *fresh = &record->grants[record->grant_count];
        *fresh = ask->event->grant;
        fresh->granted_at_ms = ask->facts->now_ms;
        fresh->expires_at_ms = ask->facts->now_ms + lifetime;
        fresh->period = ask->view->period;
        fresh->revoked = false;
        ask->verdict->grant = record->grant_count++;
        ask->verdict->changed = true;
}

static void revoke(const inquiry *ask)
{
        int index = find_grant(ask->record, ask->event->grant_id);
        ask->verdict->grant = index;
        ask->verdict->changed = !ask->record->grants[index].revoked;
        ask->record->grants[index].revoked = true;
}

static void present_code(const inquiry *ask)
{
        ask->record->code =
                (ecard_code){.expires_at_ms = ask->facts->wall_ms +
                                              knob(ask->facts, ECARD_KNOB_CODE_SECONDS) * 1000};
        memcpy(ask->record->code.nonce, ask->event->nonce, ECARD_NONCE_BYTES);
        ask->verdict->changed = true;
}

static void take_code(const inquiry *ask)
{
        ask->record->code.used = true;
        ask->verdict->changed = true;
}

static void raise_level(const inquiry *ask)
{
        ask->record->level = ECARD_L2;
        ask->verdict->changed = true;
}

static void close_ecard(const inquiry *ask)
{
        ecard_record *record = ask->record;
        record->level = ECARD_CLOSED;
        record->closed_at_ms = ask->facts->now_ms;
        record->binding_count = 0;
        record->grant_count = 0;
        record->delegate = (ulid){0};
        record->relation = ECARD_RELATION_NONE;
        renew_password(ask);
}

typedef struct operation_row {
        ecard_event_kind event;
        void (*carry_out)(const inquiry *ask);
        const char *name, *rule;
} operation_row;

/* clang-format off */
static const operation_row OPERATIONS[ECARD_OPERATION_COUNT] = {
[ECARD_OPERATION_ISSUE]           = {ECARD_ISSUE,           issue,          "ecard.issued",           "R24"},
[ECARD_OPERATION_BIND]            = {ECARD_BIND,            bind_channel,   "ecard.channel_bound",    "R12"},
[ECARD_OPERATION_UNBIND]          = {ECARD_UNBIND,          unbind_channel, "ecard.channel_unbound",  "R12"},
[ECARD_OPERATION_ATTEMPT]         = {ECARD_VERIFY_PASSWORD, attempt,        "ecard.password_tried",   "R22"},
[ECARD_OPERATION_PROVE]           = {ECARD_VERIFY_PASSWORD, prove,          "ecard.password_proved",  "R22"},
[ECARD_OPERATION_CHANGE_PASSWORD] = {ECARD_CHANGE_PASSWORD, renew_password, "ecard.password_changed", "R23"},
[ECARD_OPERATION_RESET_PASSWORD]  = {ECARD_RESET_PASSWORD,  renew_password, "ecard.password_reset",   "R23"},
[ECARD_OPERATION_GRANT]           = {ECARD_GRANT,           grant,          "ecard.granted",          "R13"},
[ECARD_OPERATION_REVOKE]          = {ECARD_REVOKE,          revoke,         "ecard.grant_revoked",    "R13"},
[ECARD_OPERATION_PRESENT_CODE]    = {ECARD_PRESENT_CODE,    present_code,   "ecard.code_presented",   "R12"},
[ECARD_OPERATION_TAKE_CODE]       = {ECARD_TAKE_CODE,       take_code,      "ecard.code_taken",       "R12"},
[ECARD_OPERATION_UPGRADE]         = {ECARD_UPGRADE,         raise_level,    "ecard.upgraded",         "R5"},
[ECARD_OPERATION_CLOSE]           = {ECARD_CLOSE,           close_ecard,    "ecard.closed",           "R12"},
};
/* clang-format on */

/* Issued for a card that has ended without a successor, while another one is in use: it is issued
 * anew, for that one. */
static bool is_orphan(const ecard_facts *facts, const ecard_verdict *verdict)
{
        if (!ecard_is_issued(&verdict->settled) || verdict->view.row != ECARD_ROW_CANCELLED)
                return false;
        const ecard_record none = {.level = ECARD_NONE};
        return view_of(facts, &none).rule.issue_refusal == ECARD_REFUSAL_NONE;
}

static ecard_cell cell_of(const ecard_facts *facts, const ecard_event *event,
                          ecard_verdict *verdict)
{
        ecard_event_kind kind = OPERATIONS[event->operation].event;
        ecard_level level = verdict->settled.level;
        if (event->operation == ECARD_OPERATION_ISSUE && is_orphan(facts, verdict)) {
                const ecard_record none = {.level = ECARD_NONE};
                level = ECARD_NONE;
                verdict->view = view_of(facts, &none);
        }
        return ecard_transition(kind, level);
}

static void refuse_event(const ecard_facts *facts, const ecard_event *event, ecard_refusal code,
                         ecard_verdict *verdict)
{
        refuse_at(facts, code, event->host, verdict);
        if (code == ECARD_REFUSAL_WEAK_PASSWORD)
                policy_details_add(&verdict->details, "fault", "%s",
                                   ecard_password_fault_name(event->password));
        if (code == ECARD_REFUSAL_MISSING_EVIDENCE)
                policy_details_add(&verdict->details, "evidence", "PHONE_PROOF");
        if (code == ECARD_REFUSAL_GRANT_TOO_LONG)
                policy_details_add(&verdict->details, "hours_max", "%lld",
                                   (long long)knob(facts, ECARD_KNOB_GRANT_HOURS));
        if (code == ECARD_REFUSAL_FAMILY_LIMIT_REACHED)
                policy_details_add(&verdict->details, "limit", "%lld",
                                   (long long)knob(facts, ecard_family_knob(event->relation)));
}

static bool waits_for_face(const ecard_event *event)
{
        if (event->face != POLICY_UNKNOWN) return false;
        return event->operation == ECARD_OPERATION_ISSUE ||
               (event->operation == ECARD_OPERATION_RESET_PASSWORD && event->phone != POLICY_YES);
}

/* What a code is shown or taken for is judged as that service is. */
static ecard_refusal guard_code_service(const inquiry *ask)
{
        const ecard_service code = ecard_service_of(ECARD_SERVICE_CODE, false);
        if (ask->event->operation == ECARD_OPERATION_PRESENT_CODE)
                return guard_service(ask->facts, &code, ask->event->channel, ask->verdict);
        if (ask->event->operation == ECARD_OPERATION_TAKE_CODE && *ask->event->service.code)
                return guard_service(ask->facts, &ask->event->service, ask->event->channel,
                                     ask->verdict);
        return ECARD_REFUSAL_NONE;
}

static ecard_refusal guard_all(const inquiry *ask, ecard_cell cell)
{
        ecard_refusal refusal = guard_session(ask);
        if (refusal == ECARD_REFUSAL_NONE && cell.kind == ECARD_CELL_REFUSED)
                refusal = cell.refusal;
        if (refusal != ECARD_REFUSAL_NONE || cell.kind == ECARD_CELL_KEEP) return refusal;
        refusal = guard_event(ask);
        return refusal != ECARD_REFUSAL_NONE ? refusal : guard_code_service(ask);
}

void ecard_rules_apply(const ecard_facts *facts, const ecard_event *event, ecard_verdict *verdict)
{
        assert(event->operation < ECARD_OPERATION_COUNT);
        begin(facts, verdict);
        const operation_row *row = &OPERATIONS[event->operation];
        ecard_cell cell = cell_of(facts, event, verdict);
        inquiry ask = {facts, event, verdict, &verdict->after, &verdict->view};
        verdict->event = row->name;
        verdict->rule = row->rule;
        ecard_refusal refusal = guard_all(&ask, cell);
        if (refusal != ECARD_REFUSAL_NONE) {
                refuse_event(facts, event, refusal, verdict);
                return;
        }
        if (cell.kind == ECARD_CELL_KEEP) return;
        verdict->needs_face = waits_for_face(event);
        if (verdict->needs_face) return;
        row->carry_out(&ask);
        if (verdict->changed) verdict->after.version++;
        verdict->view = view_of(facts, &verdict->after);
}

/* ---- guidance ---- */

size_t ecard_next_steps(const ecard_facts *facts, const policy_step *steps[ECARD_STEPS_MAX])
{
        static const policy_step *const candidates[] = {&ECARD_STEP_ISSUE, &ECARD_STEP_GRANT};
        ecard_view view = view_of(facts, facts->ecard);
        size_t count = 0;
        for (size_t i = 0; i < ARRAY_LENGTH(candidates); i++)
                if (own_step_applies(facts, &view, candidates[i])) steps[count++] = candidates[i];
        if (ecard_is_issued(facts->ecard) && ecard_password_is_locked(facts->ecard, facts->knobs))
                steps[count++] = &ECARD_STEP_RESET_PASSWORD;
        else if (ecard_is_issued(facts->ecard))
                steps[count++] = &ECARD_STEP_CHANGE_PASSWORD;
        return count;
}
