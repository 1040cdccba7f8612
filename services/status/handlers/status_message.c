/* Writes what people are told of a card: one truth on every channel, only masking and form differ.
 * Must never show a name, a whole number, or a fact that nobody knows. */
#include "services/status/handlers/status_message.h"

#include "common/rpc/step.h"
#include "common/service/message.h"
#include "common/text/mask.h"
#include "services/bank/rules/bank_operations.h"
#include "services/card/rules/card_masking.h"
#include "services/card/rules/card_settle.h"
#include "services/card/rules/card_texts.h"
#include "services/region/region_knobs.h"
#include "services/region/region_message.h"
#include "services/status/rules/status_next_steps.h"
#include "services/status/rules/status_speakable.h"
#include "services/status/rules/status_view.h"

#include "sscard/card/v1/card_service.pb-c.h"

#include <string.h>

enum { SPEECH_BYTES = 1600 };

status_facts status_facts_of(rpc_call *call, const subject *s)
{
        return (status_facts){
                .holder = &s->record->holder,
                .card = s->card,
                .knobs = region_card_knobs(rpc_call_arena(call), service_call_of(call)->pack),
                .now_ms = s->as_of_ms,
                .pin_locked = s->pin.locked,
                .pin_is_initial = s->pin.state == CREDENTIAL_INITIAL,
                .financial = s->account.financial,
                .bank_is_asked = s->account.bank_is_asked,
                .bank_has_stopped = s->account.bank_has_stopped};
}

/* Steps that the bank service does, with its name: the rules know operations, the wire methods. */
static const policy_step *const *name_banks_methods(arena *a, const policy_step *const *steps,
                                                    size_t count)
{
        const policy_step **named = arena_alloc(a, (count + 1) * sizeof *named);
        for (size_t i = 0; i < count; i++) {
                const char *operation = steps[i]->operation;
                named[i] = steps[i];
                if (!operation || bank_operation_find(operation) == BANK_OPERATION_COUNT) continue;
                policy_step *copy = arena_alloc(a, sizeof *copy);
                *copy = *steps[i];
                copy->operation = rpc_step_method(a, "sscard.bank.v1.BankLinkService", operation);
                named[i] = copy;
        }
        return named;
}

void status_message_steps(rpc_call *call, const policy_step *const *steps, size_t count,
                          const card_record *about, Common__NextStep ***messages,
                          size_t *message_count)
{
        arena *a = rpc_call_arena(call);
        const char *language = rpc_call_language(call);
        region_concern concern = {0};
        if (about) concern = (region_concern){.outlet = about->outlet, .bank = about->bank};
        steps = name_banks_methods(a, steps, count);
        rpc_steps_fill(a, steps, count, language, card__card_service__descriptor.name, messages,
                       message_count);
        region_contacts_fill(a, service_call_of(call)->pack, steps, &concern, language, *messages,
                             count);
}

void status_message_warnings(rpc_call *call, const policy_step *const *steps, size_t count,
                             Common__Warning ***messages, size_t *message_count)
{
        arena *a = rpc_call_arena(call);
        *messages = arena_alloc(a, (count + 1) * sizeof **messages);
        *message_count = count;
        for (size_t i = 0; i < count; i++) {
                Common__Warning *message = arena_alloc(a, sizeof *message);
                common__warning__init(message);
                message->code = steps[i]->code;
                message->text = policy_text_in(steps[i]->text, rpc_call_language(call));
                message->rule = steps[i]->rule ? steps[i]->rule : "";
                (*messages)[i] = message;
        }
}

const char *status_message_speak(rpc_call *call, const status_facts *facts)
{
        if (service_call_of(call)->who.channel != POLICY_CHANNEL_PHONE_12333) return "";
        char *text = arena_alloc(rpc_call_arena(call), SPEECH_BYTES);
        status_speak(facts, rpc_call_language(call), text, SPEECH_BYTES);
        return text;
}

static const char *name_of(rpc_call *call, const char *collection, ulid id)
{
        if (ulid_is_zero(id)) return "";
        return resource_name_format(rpc_call_arena(call),
                                    service_call_of(call)->instance->directory.region, collection,
                                    id);
}

static void fill_view(rpc_call *call, const status_facts *facts, const card_record *card,
                      Status__CardStatus *message)
{
        const char *language = rpc_call_language(call);
        status_display display = status_display_of(card->state, facts->pin_locked);
        message->state = (Card__CardState)card_state_number(card->state);
        message->display_status = (Status__DisplayStatus)display;
        message->display_text = policy_text_in(status_display_text(display), language);
        message->meaning = policy_text_in(status_display_meaning(display), language);
        message->aaz502 = status_display_aaz502(display);
        message->social_status = (Status__SocialStatus)status_social_of(card);
        message->financial_status = (Status__FinancialStatus)facts->financial;
        message->benefit_payout_ready = (Status__PayoutReadiness)status_payout_of(facts);
        message->duplicate_in_province = card_is_duplicate(facts->holder, facts->card);
}

/* R49: by role and channel; the record itself holds no more than the widest mask shows. */
static const char *masked_number(rpc_call *call, const card_record *card)
{
        const policy_caller *who = &service_call_of(call)->who;
        card_mask mask = card_mask_of(CARD_SECRET_NUMBER, who->role, who->channel);
        return mask_keep_ends(rpc_call_arena(call), bytes_of_text(card->number), mask.first,
                              mask.last);
}

static void fill_record(rpc_call *call, const status_facts *facts, const card_record *card,
                        Status__CardStatus *message)
{
        arena *a = rpc_call_arena(call);
        message->name = name_of(call, "cards", card->id);
        message->card_number = masked_number(call, card);
        message->version = (int64_t)card->version;
        message->etag = commit_etag_format(a, (int64_t)card->version);
        message->delivery_state = (Card__DeliveryState)card_delivery_of(card);
        message->validity = (Card__Validity)card_validity_of(card, facts->now_ms);
        message->expires_on = message_date(a, card->expires_on);
        message->renewal_opens_on = message_date(a, card_renewal_opens_on(card));
        message->temp_loss_until = message_timestamp(a, card->temp_loss_until_ms);
        message->cancel_reason = (Card__CancelReason)card->cancel_reason;
        message->superseded_by = name_of(call, "cards", card->superseded_by);
        const rule_pack *region = service_call_of(call)->pack;
        const char *language = rpc_call_language(call);
        message->outlet = region_outlet_message(a, region, card->outlet, language);
        message->bank_name = region_bank_name(region, card->bank, language);
}

/* R43: the person's further cards, ended ones too. */
static void fill_other_cards(rpc_call *call, const status_facts *facts, Status__CardStatus *message)
{
        arena *a = rpc_call_arena(call);
        const card_holder *holder = facts->holder;
        if (holder->card_count <= 1) return;
        message->other_cards = arena_alloc(a, CARD_CARDS_MAX * sizeof *message->other_cards);
        for (int i = 0; i < holder->card_count; i++) {
                if (i == facts->card) continue;
                Status__OtherCard *other = arena_alloc(a, sizeof *other);
                status__other_card__init(other);
                status_display display = status_display_of(holder->cards[i].state, POLICY_UNKNOWN);
                other->name = name_of(call, "cards", holder->cards[i].id);
                other->display_status = (Status__DisplayStatus)display;
                other->display_text =
                        policy_text_in(status_display_text(display), rpc_call_language(call));
                other->duplicate_in_province = card_is_duplicate(holder, i);
                message->other_cards[message->n_other_cards++] = other;
        }
}

Status__CardStatus *card_status_message(rpc_call *call, const subject *s)
{
        arena *a = rpc_call_arena(call);
        status_facts facts = status_facts_of(call, s);
        const policy_step *steps[STATUS_STEPS_MAX], *warnings[STATUS_WARNINGS_MAX];
        Status__CardStatus *message = arena_alloc(a, sizeof *message);
        status__card_status__init(message);
        message->holder = name_of(call, "holders", s->record->holder.id);
        message->region = service_call_of(call)->instance->directory.region;
        message->as_of = message_timestamp(a, s->as_of_ms);
        message->contributions_affected = false; /* R40: in every state */
        if (s->card >= 0) {
                const card_record *card = &s->record->holder.cards[s->card];
                fill_view(call, &facts, card, message);
                fill_record(call, &facts, card, message);
                message->pin = subject_pin_message(call, &s->pin);
        }
        message->ecard = subject_ecard_message(call, &s->ecard, s->card);
        fill_other_cards(call, &facts, message);
        message->rule_pack = pack_version(service_call_of(call)->pack);
        status_message_steps(call, steps, status_next_steps(&facts, steps),
                             s->card >= 0 ? &s->record->holder.cards[s->card] : NULL,
                             &message->next_steps, &message->n_next_steps);
        status_message_warnings(call, warnings, status_warnings(&facts, warnings),
                                &message->warnings, &message->n_warnings);
        message->speakable = status_message_speak(call, &facts);
        return message;
}
