/* The guards of the card. Each answers one question and changes nothing. */
#include "services/card/rules/card_guards.h"

#include "services/card/rules/card_settle.h"

#include <assert.h>
#include <string.h>

enum { GUARDIAN_UNDER_YEARS = 16, CARD_NUMBER_LENGTH = 9 };

#define STAFF (POLICY_R(OPERATOR) | POLICY_R(BANK_OPERATOR) | POLICY_R(KIOSK) | POLICY_R(HOTLINE))

static bool is_given(const char *text)
{
        return text != NULL && text[0] != '\0';
}

static int64_t knob(const card_inquiry *ask, card_knob which)
{
        return ask->facts->knobs->values[which];
}

static civil_date today(const card_inquiry *ask)
{
        return civil_date_at(ask->facts->now_ms);
}

static const card_record *record(const card_inquiry *ask)
{
        return ask->card < 0 ? NULL : &ask->holder->cards[ask->card];
}

policy_role card_acting_role(const policy_caller *caller)
{
        return caller->role != POLICY_ROLE_UNSPECIFIED ? caller->role
                                                       : policy_roles_first(caller->roles);
}

/* ---- state and facts ---- */

static void tell_date(const card_inquiry *ask, const char *key, civil_date date)
{
        char text[11];
        civil_date_format(date, text);
        policy_details_add(ask->details, key, "%s", text);
}

static void tell_card(const card_inquiry *ask, const char *key, int card)
{
        assert(card >= 0);
        char text[ULID_TEXT_BYTES + 1];
        ulid_format(ask->holder->cards[card].id, text);
        policy_details_add(ask->details, key, "%s", text);
}

static void tell_field(const card_inquiry *ask, const char *field)
{
        policy_details_add(ask->details, "field", "%s", field);
}

static bool speaks_as_guardian(const card_inquiry *ask)
{
        return card_acting_role(ask->facts->caller) == POLICY_ROLE_GUARDIAN ||
               ask->facts->caller->actor == POLICY_ACTOR_WARD;
}

/* What applying and replacing have in common (R30). */
static card_refusal guard_new_card(const card_inquiry *ask, civil_date born_on)
{
        const card_event *event = ask->event;
        /* Guidance asks about a settled holder alone. */
        const card_holder *stored = ask->facts->holder ? ask->facts->holder : ask->holder;
        if (ask->holder->card_count >= CARD_CARDS_MAX &&
            card_holder_leaver(stored, ask->holder) < 0)
                return CARD_REFUSAL_TOO_MANY_CARDS;
        if (speaks_as_guardian(ask) && !civil_date_is_zero(born_on) &&
            civil_date_age_years(born_on, today(ask)) >= GUARDIAN_UNDER_YEARS)
                return CARD_REFUSAL_GUARDIAN_AGE_LIMIT;
        if (event->fulfilment == CARD_FULFILMENT_NONE) return CARD_REFUSAL_FULFILMENT_REQUIRED;
        if (event->fulfilment == CARD_FULFILMENT_INSTANT &&
            ask->facts->outlet_instant != POLICY_YES)
                return CARD_REFUSAL_INSTANT_NOT_AVAILABLE;
        return CARD_REFUSAL_NONE;
}

static int live_card(const card_holder *holder)
{
        for (int i = holder->card_count - 1; i >= 0; i--)
                if (card_state_is_live(holder->cards[i].state)) return i;
        return -1;
}

static card_refusal guard_apply(const card_inquiry *ask)
{
        const card_event *event = ask->event;
        if (event->identity != IDENTITY_VALID) {
                policy_details_add(ask->details, "fault", "%s",
                                   identity_fault_name(event->identity));
                return CARD_REFUSAL_ID_CHECKSUM;
        }
        if (!civil_date_is_zero(ask->holder->person.died_on)) return CARD_REFUSAL_PERSON_DEAD;
        int live = live_card(ask->holder);
        if (live >= 0) {
                tell_card(ask, "card", live);
                return CARD_REFUSAL_ALREADY_HAS_CARD;
        }
        /* A move between provinces must know what the others have (S5, R47). */
        if (event->apply_reason == CARD_APPLY_TRANSFER_IN &&
            ask->facts->other_regions != POLICY_YES)
                return CARD_REFUSAL_OTHER_REGIONS_UNKNOWN;
        return guard_new_card(ask,
                              ask->holder->exists ? ask->holder->person.born_on : event->born_on);
}

/* A legacy duplicate may have a successor only where that leaves one card (R42). */
static bool would_stay_duplicate(const card_inquiry *ask)
{
        if (!record(ask)->legacy_duplicate) return false;
        for (int i = 0; i < ask->holder->card_count; i++) {
                const card_record *other = &ask->holder->cards[i];
                if (i == ask->card || !card_state_is_live(other->state)) continue;
                if (!other->legacy_duplicate && !card_supersedes(ask->holder, ask->card, i))
                        return true;
        }
        return false;
}

static card_refusal guard_replace(const card_inquiry *ask)
{
        const card_record *card = record(ask);
        const card_event *event = ask->event;
        card_replace_reason reason = ask->row->replace_reason;
        int successor = card_live_successor(ask->holder, ask->card);
        if (successor >= 0) {
                tell_card(ask, "successor", successor);
                return CARD_REFUSAL_REPLACEMENT_ALREADY_REQUESTED;
        }
        if (would_stay_duplicate(ask)) return CARD_REFUSAL_ALREADY_HAS_CARD;
        if (reason == CARD_REPLACE_LOST && card->state != CARD_LOST)
                return CARD_REFUSAL_FORMAL_LOSS_REQUIRED;
        if (reason == CARD_REPLACE_EXPIRING) {
                card_validity validity = card_validity_of(card, ask->facts->now_ms);
                if (validity != CARD_VALIDITY_EXPIRING && validity != CARD_VALIDITY_EXPIRED) {
                        tell_date(ask, "opens_on", card_renewal_opens_on(card));
                        return CARD_REFUSAL_RENEWAL_WINDOW_NOT_OPEN;
                }
        }
        if (reason == CARD_REPLACE_BANK_CHANGE && is_given(event->bank) &&
            strcmp(event->bank, card->bank) == 0)
                return CARD_REFUSAL_BANK_UNCHANGED;
        if (reason == CARD_REPLACE_PHOTO_OUTDATED && is_given(event->photo) &&
            strcmp(event->photo, card->photo) == 0)
                return CARD_REFUSAL_PHOTO_UNCHANGED;
        return guard_new_card(ask, ask->holder->person.born_on);
}

bool card_number_is_well_formed(const char *number)
{
        if (number == NULL || strlen(number) != CARD_NUMBER_LENGTH) return false;
        for (const char *c = number; *c != '\0'; c++)
                if (!((*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z'))) return false;
        return true;
}

static card_refusal guard_complete(const card_inquiry *ask, card_cell cell)
{
        const card_event *event = ask->event;
        /* A repeat names the same card, be its number masked in the record or not. */
        if (cell.kind == CARD_CELL_KEEP && event->number &&
            strcmp(event->number, record(ask)->number) == 0)
                return CARD_REFUSAL_NONE;
        if (!card_number_is_well_formed(event->number)) return CARD_REFUSAL_CARD_NUMBER_MALFORMED;
        if (cell.kind == CARD_CELL_KEEP) return CARD_REFUSAL_ALREADY_PRODUCED; /* another is news */
        if (event->number_is_taken) return CARD_REFUSAL_CARD_NUMBER_IN_USE;
        if (event->chip_is_taken) return CARD_REFUSAL_CHIP_IN_USE;
        civil_date issued_on = civil_date_is_zero(event->issued_on) ? today(ask) : event->issued_on;
        if (!civil_date_is_valid(issued_on) || civil_date_compare(issued_on, today(ask)) > 0) {
                tell_field(ask, "issued_on");
                return CARD_REFUSAL_DATE_IMPOSSIBLE;
        }
        if (!civil_date_is_zero(event->expires_on) &&
            (!civil_date_is_valid(event->expires_on) ||
             civil_date_compare(event->expires_on, issued_on) <= 0)) {
                tell_field(ask, "expires_on");
                return CARD_REFUSAL_DATE_IMPOSSIBLE;
        }
        return CARD_REFUSAL_NONE;
}

static card_refusal guard_recover_lost(const card_inquiry *ask)
{
        if (knob(ask, CARD_KNOB_RECOVER_AFTER_FORMAL_LOSS) == CARD_RECOVER_NEVER)
                return CARD_REFUSAL_FORMAL_LOSS_IRREVOCABLE;
        int successor = card_live_successor(ask->holder, ask->card);
        if (successor < 0) return CARD_REFUSAL_NONE;
        tell_card(ask, "successor", successor);
        return CARD_REFUSAL_REPLACEMENT_ALREADY_REQUESTED;
}

static card_refusal guard_cancel_by_holder(const card_inquiry *ask, card_cell cell)
{
        if (cell.kind != CARD_CELL_TO || cell.to != CARD_CANCELLED) return CARD_REFUSAL_NONE;
        if (ask->holder->person.entitlement == CARD_ENTITLEMENT_DRAWN)
                return CARD_REFUSAL_LOCAL_ENTITLEMENTS_IN_USE;
        const policy_caller *caller = ask->facts->caller;
        if (card_acting_role(caller) == POLICY_ROLE_OPERATOR && is_given(caller->region) &&
            is_given(ask->facts->region) && strcmp(caller->region, ask->facts->region) != 0)
                return CARD_REFUSAL_ISSUING_PLACE_REQUIRED;
        return CARD_REFUSAL_NONE;
}

static card_refusal guard_cancel_by_authority(const card_inquiry *ask)
{
        switch (ask->event->cancel_reason) {
        case CARD_CANCEL_DEATH:
        case CARD_CANCEL_EMIGRATION:
        case CARD_CANCEL_TRANSFER_OUT:
        case CARD_CANCEL_UNCLAIMED:
        case CARD_CANCEL_DUPLICATE:
        case CARD_CANCEL_ERROR:
                return CARD_REFUSAL_NONE;
        default:
                return CARD_REFUSAL_CANCEL_REASON_REQUIRED;
        }
}

static card_refusal guard_enable(const card_inquiry *ask, card_cell cell)
{
        if (cell.kind != CARD_CELL_TO || !knob(ask, CARD_KNOB_EXPIRY_BLOCKS_SOCIAL))
                return CARD_REFUSAL_NONE;
        return card_validity_of(record(ask), ask->facts->now_ms) == CARD_VALIDITY_EXPIRED
                       ? CARD_REFUSAL_CARD_EXPIRED
                       : CARD_REFUSAL_NONE;
}

static card_refusal guard_person(const card_inquiry *ask)
{
        const card_event *event = ask->event;
        const card_person *person = &ask->holder->person;
        if (event->operation == CARD_OPERATION_RECORD_DEATH) {
                civil_date died = event->died_on;
                if (civil_date_is_zero(died) || !civil_date_is_valid(died) ||
                    civil_date_compare(died, today(ask)) > 0 ||
                    (!civil_date_is_zero(person->born_on) &&
                     civil_date_compare(died, person->born_on) < 0)) {
                        tell_field(ask, "died_on");
                        return CARD_REFUSAL_DATE_IMPOSSIBLE;
                }
                return CARD_REFUSAL_NONE;
        }
        assert(event->operation == CARD_OPERATION_SET_ENTITLEMENT);
        if (event->entitlement_as_of_ms < person->entitlement_as_of_ms)
                return CARD_REFUSAL_ENTITLEMENT_OUTDATED;
        if (event->entitlement_as_of_ms > ask->facts->now_ms &&
            event->entitlement_as_of_ms > person->entitlement_as_of_ms) {
                tell_field(ask, "entitlement.as_of");
                return CARD_REFUSAL_DATE_IMPOSSIBLE;
        }
        return CARD_REFUSAL_NONE;
}

static card_refusal guard_card(const card_inquiry *ask, card_cell cell)
{
        switch (ask->row->event) {
        case CARD_PRODUCTION_DONE:
                return guard_complete(ask, cell);
        case CARD_COLLECT_AND_ENABLE:
        case CARD_ENABLE_SOCIAL:
        case CARD_INITIAL_PASSWORD_CHANGED:
                return guard_enable(ask, cell);
        case CARD_RECOVER:
                return cell.kind == CARD_CELL_BY_A2 ? guard_recover_lost(ask) : CARD_REFUSAL_NONE;
        case CARD_REQUEST_REPLACEMENT:
                return guard_replace(ask);
        case CARD_CANCEL_BY_HOLDER:
                return guard_cancel_by_holder(ask, cell);
        case CARD_CANCEL_BY_AUTHORITY:
                return guard_cancel_by_authority(ask);
        default:
                return CARD_REFUSAL_NONE;
        }
}

card_refusal card_guard_state(const card_inquiry *ask, card_cell *cell)
{
        *cell = (card_cell){.kind = CARD_CELL_NOTHING};
        if (ask->row->scope == CARD_SCOPE_NEW) return guard_apply(ask);
        if (ask->row->scope == CARD_SCOPE_PERSON) return guard_person(ask);
        if (ask->card < 0) return CARD_REFUSAL_CARD_NOT_FOUND;
        *cell = card_transition(ask->row->event, record(ask)->state);
        assert(cell->kind != CARD_CELL_NOTHING); /* only timers have such cells */
        if (cell->kind == CARD_CELL_REFUSED) return cell->refusal;
        return guard_card(ask, *cell);
}

/* ---- who and where ---- */

/* Does the row hold for this card, region and request? Whether the outlet is authorised is asked
 * after the channel. */
static bool row_holds(const card_inquiry *ask, const card_who *who)
{
        const card_record *card = record(ask);
        if ((who->when & CARD_WHEN_TEMP_LOST) && card->state != CARD_TEMP_LOST) return false;
        if ((who->when & CARD_WHEN_LOST) && card->state != CARD_LOST) return false;
        if ((who->when & CARD_WHEN_INSTANT) && card->fulfilment != CARD_FULFILMENT_INSTANT)
                return false;
        if ((who->when & CARD_WHEN_MAIL) && card->fulfilment != CARD_FULFILMENT_MAIL) return false;
        if ((who->when & CARD_WHEN_HOME_VISITS) && !knob(ask, CARD_KNOB_COLLECT_BY_HOME_VISIT))
                return false;
        if ((who->when & CARD_WHEN_AGENTS) && !knob(ask, CARD_KNOB_COLLECT_BY_AGENT)) return false;
        if ((who->when & CARD_WHEN_LOSS_ONLINE) && !knob(ask, CARD_KNOB_FORMAL_LOSS_ONLINE))
                return false;
        if ((who->when & CARD_WHEN_ENABLE_PHONE) && !knob(ask, CARD_KNOB_ENABLE_BY_PHONE))
                return false;
        if ((who->when & CARD_WHEN_REASON_DEATH) && ask->event->cancel_reason != CARD_CANCEL_DEATH)
                return false;
        return true;
}

static policy_roles roles_of(const card_operation_row *row)
{
        policy_roles roles = 0;
        for (size_t i = 0; row->who[i].roles != 0; i++)
                roles |= row->who[i].roles;
        return roles;
}

card_refusal card_guard_role(const card_inquiry *ask)
{
        const policy_caller *caller = ask->facts->caller;
        policy_role role = card_acting_role(caller);
        policy_roles roles = roles_of(ask->row);
        if (!policy_roles_have(roles, role)) return CARD_REFUSAL_ROLE_NOT_ALLOWED;
        /* Staff that serves an agent may do what an agent may. */
        if (policy_roles_have(STAFF, role) && caller->actor == POLICY_ACTOR_PRINCIPAL &&
            !policy_roles_have(roles, POLICY_ROLE_AGENT))
                return CARD_REFUSAL_ROLE_NOT_ALLOWED;
        return CARD_REFUSAL_NONE;
}

/* The row for this role on the caller's channel, or NULL; `channels` where the role may. */
static const card_who *find_row(const card_inquiry *ask, policy_roles roles,
                                policy_channels *channels)
{
        const card_who *found = NULL;
        for (size_t i = 0; ask->row->who[i].roles != 0; i++) {
                const card_who *who = &ask->row->who[i];
                if ((who->roles & roles) == 0 || !row_holds(ask, who)) continue;
                *channels |= who->channels;
                if (found == NULL &&
                    policy_channels_have(who->channels, ask->facts->caller->channel))
                        found = who;
        }
        return found;
}

policy_channels card_channels_of(const card_inquiry *ask)
{
        policy_channels channels = 0;
        find_row(ask, POLICY_ROLE_BIT(card_acting_role(ask->facts->caller)), &channels);
        return channels;
}

card_refusal card_guard_channel(const card_inquiry *ask, card_needs *needs, const char **unknown)
{
        const policy_caller *caller = ask->facts->caller;
        policy_role role = card_acting_role(caller);
        policy_channels channels = 0;
        *needs = 0;
        *unknown = NULL;
        const card_who *who = find_row(ask, POLICY_ROLE_BIT(role), &channels);
        if (who != NULL && policy_roles_have(STAFF, role) &&
            caller->actor == POLICY_ACTOR_PRINCIPAL)
                who = find_row(ask, POLICY_R(AGENT), &channels);
        if (who == NULL) {
                if (channels == 0) find_row(ask, POLICY_ROLES_ALL, &channels);
                char names[POLICY_DETAIL_VALUE_BYTES];
                policy_details_add(ask->details, "allowed_channels", "%s",
                                   policy_channels_format(channels, names, sizeof names));
                return CARD_REFUSAL_CHANNEL_NOT_ALLOWED;
        }
        *needs = who->needs;
        if ((who->when & CARD_WHEN_AUTHORISED) && ask->facts->outlet_authorised != POLICY_YES) {
                if (ask->facts->outlet_authorised == POLICY_UNKNOWN) *unknown = "OUTLET_AUTHORISED";
                return CARD_REFUSAL_OUTLET_NOT_AUTHORISED;
        }
        return CARD_REFUSAL_NONE;
}

/* ---- evidence ---- */

static bool is_met(const card_inquiry *ask, card_need need)
{
        const card_event *event = ask->event;
        const policy_caller *caller = ask->facts->caller;
        switch (need) {
        case CARD_NEED_CONSENT:
                return event->consent_given ||
                       (ask->card >= 0 && ask->row->event == CARD_PRODUCTION_STARTED &&
                        record(ask)->consent.at_ms > 0);
        case CARD_NEED_SECOND_PERSON:
                return is_given(caller->approver) &&
                       (caller->subject == NULL || strcmp(caller->approver, caller->subject) != 0);
        case CARD_NEED_BANK:
                return is_given(event->bank);
        case CARD_NEED_PHOTO:
                if (is_given(event->photo)) return true;
                break;
        case CARD_NEED_NO_LOCAL_ENTITLEMENTS:
                if (event->no_local_entitlements) return true;
                break;
        case CARD_NEED_AUTHORITY_DOCUMENT:
                if (event->cancel_reason == CARD_CANCEL_DEATH &&
                    (event->evidence & CARD_E(DEATH_RECORD)))
                        return true;
                break;
        default:
                break;
        }
        if (event->evidence & card_need_kinds(need)) return true;
        return card_need_assurance(need) > 0 && caller->assurance >= card_need_assurance(need);
}

card_needs card_guard_needs(const card_inquiry *ask, card_needs needs, card_cell cell)
{
        /* Taking an application back ends no card: there is nothing to declare (R45). */
        if (cell.kind == CARD_CELL_TO && cell.to == CARD_WITHDRAWN)
                needs &= ~CARD_N(NO_LOCAL_ENTITLEMENTS);
        card_needs missing = 0;
        for (int i = 0; i < CARD_NEED_COUNT; i++)
                if (((needs >> i) & 1) && !is_met(ask, (card_need)i)) missing |= (card_needs)1 << i;
        return missing;
}

card_refusal card_refusal_of_needs(card_needs missing)
{
        assert(missing != 0);
        switch (__builtin_ctz(missing)) {
        case CARD_NEED_MOBILITY_GROUND:
                return CARD_REFUSAL_MOBILITY_GROUND_REQUIRED;
        case CARD_NEED_CONSENT:
                return CARD_REFUSAL_CONSENT_REQUIRED;
        case CARD_NEED_SECOND_PERSON:
                return CARD_REFUSAL_SECOND_PERSON_REQUIRED;
        default:
                return CARD_REFUSAL_MISSING_EVIDENCE;
        }
}
