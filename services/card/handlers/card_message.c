/* Writes cards and holders as the API shows them. Must never show a whole number, name or phone. */
#include "services/card/handlers/card_message.h"

#include "common/rpc/step.h"
#include "common/service/call.h"
#include "common/service/message.h"
#include "common/text/mask.h"
#include "services/card/handlers/card_app.h"
#include "services/card/rules/card_guidance.h"
#include "services/card/rules/card_masking.h"
#include "services/card/rules/card_rules.h"
#include "services/card/rules/card_settle.h"
#include "services/card/rules/card_texts.h"
#include "services/region/region_message.h"

#include "sscard/card/v1/card_service.pb-c.h"

#include <string.h>

message_context message_context_of(rpc_call *call)
{
        const service_call *state = service_call_of(call);
        return (message_context){.arena = rpc_call_arena(call),
                                 .language = rpc_call_language(call),
                                 .region = state->instance->directory.region,
                                 .pack = state->pack,
                                 .role = state->who.role,
                                 .channel = state->who.channel,
                                 .now_ms = state->now_ms};
}

static const char *masked(const message_context *c, card_secret secret, const char *text)
{
        card_mask mask = card_mask_of(secret, c->role, c->channel);
        return mask_keep_ends(c->arena, bytes_of_text(text), mask.first, mask.last);
}

static Card__Delivery *delivery_message(const message_context *c, const card_record *card)
{
        card_delivery delivery = card_delivery_of(card);
        if (delivery == CARD_DELIVERY_NONE) return NULL;
        arena *a = c->arena;
        Card__Delivery *message = arena_alloc(a, sizeof *message);
        card__delivery__init(message);
        message->state = (Card__DeliveryState)delivery;
        if (card_is_shown(CARD_PRIVATE_MAIL_REFERENCE, c->role))
                message->mail_reference = card->mail_reference;
        message->collected_at = message_timestamp(a, card->collected_at_ms);
        message->outlet = region_outlet_message(a, c->pack, card->outlet, c->language);
        return message;
}

static Card__Chip *chip_message(const message_context *c, const card_record *card)
{
        if (!*card->chip_id || !card_is_shown(CARD_PRIVATE_CHIP, c->role)) return NULL;
        arena *a = c->arena;
        Card__Chip *message = arena_alloc(a, sizeof *message);
        card__chip__init(message);
        message->chip_id = masked(c, CARD_SECRET_CHIP_ID, card->chip_id);
        message->model = card->chip_model;
        message->key_batch = card->chip_key_batch;
        message->key_origin = (Card__KeyOrigin)card->chip_key_origin;
        return message;
}

static Card__Consent *consent_message(const message_context *c, const card_consent *consent)
{
        if (consent->at_ms == 0) return NULL;
        arena *a = c->arena;
        Card__Consent *message = arena_alloc(a, sizeof *message);
        card__consent__init(message);
        message->given_at = message_timestamp(a, consent->at_ms);
        message->statement = consent->statement ? consent->statement : "";
        message->given_by = (Common__Role)consent->given_by;
        message->channel = (Common__Channel)consent->channel;
        return message;
}

static const char *name_or_empty(const message_context *c, const char *collection, ulid id)
{
        if (ulid_is_zero(id)) return "";
        return resource_name_format(c->arena, c->region, collection, id);
}

static void fill_links(const message_context *c, const card_holder *holder, const card_record *card,
                       Card__Card *message)
{
        message->name = name_or_empty(c, "cards", card->id);
        message->holder = name_or_empty(c, "holders", holder->id);
        message->supersedes = name_or_empty(c, "cards", card->supersedes);
        message->superseded_by = name_or_empty(c, "cards", card->superseded_by);
        message->region = c->region;
        message->scope = *card->scope ? card->scope : message->region;
        message->etag = commit_etag_format(c->arena, (int64_t)card->version);
}

static void fill_dates(const message_context *c, const card_record *card, int64_t now_ms,
                       Card__Card *message)
{
        arena *a = c->arena;
        message->as_of = message_timestamp(a, now_ms);
        message->temp_loss_until = message_timestamp(a, card->temp_loss_until_ms);
        message->issued_on = message_date(a, card->issued_on);
        message->expires_on = message_date(a, card->expires_on);
        message->requested_at = message_timestamp(a, card->requested_at_ms);
        message->state_since = message_timestamp(a, card->state_since_ms);
        message->validity = (Card__Validity)card_validity_of(card, now_ms);
}

static void fill_warnings(const message_context *c, const card_record *card, Card__Card *message)
{
        const policy_step *warnings[CARD_GUIDANCE_WARNINGS_MAX];
        size_t count = card_guidance_warnings(card, c->now_ms, warnings);
        if (count == 0) return;
        message->warnings = arena_alloc(c->arena, count * sizeof *message->warnings);
        for (size_t i = 0; i < count; i++) {
                Common__Warning *warning = arena_alloc(c->arena, sizeof *warning);
                common__warning__init(warning);
                warning->code = warnings[i]->code;
                warning->text = policy_text_in(warnings[i]->text, c->language);
                warning->rule = warnings[i]->rule ? warnings[i]->rule : "";
                message->warnings[message->n_warnings++] = warning;
        }
}

Card__Card *card_message(const message_context *c, const card_holder *holder,
                         const card_record *card)
{
        Card__Card *message = arena_alloc(c->arena, sizeof *message);
        card__card__init(message);
        fill_links(c, holder, card, message);
        fill_dates(c, card, c->now_ms, message);
        message->state = (Card__CardState)card_state_number(card->state);
        message->version = (int64_t)card->version;
        message->card_number = masked(c, CARD_SECRET_NUMBER, card->number);
        message->state_text = policy_text_in(card_state_text(card->state), c->language);
        message->meaning = policy_text_in(card_state_meaning(card->state), c->language);
        message->aaz502 = card_state_aaz502(card->state);
        message->prior = (Card__CardState)card_state_number(card->prior);
        message->temp_loss_outcome = (Card__TempLossOutcome)card->temp_loss_outcome;
        message->cancel_reason = (Card__CancelReason)card->cancel_reason;
        message->replace_reason = (Card__ReplaceReason)card->replace_reason;
        message->apply_reason = (Card__ApplyReason)card->apply_reason;
        message->fulfilment = (Card__Fulfilment)card->fulfilment;
        message->delivery = delivery_message(c, card);
        message->bank_code = card->bank;
        message->bank_name = region_bank_name(c->pack, card->bank, c->language);
        message->chip = chip_message(c, card);
        message->consent = consent_message(c, &card->consent);
        message->duplicate_in_province = card_is_duplicate(holder, (int)(card - holder->cards));
        message->contributions_affected = false; /* R40: in every state */
        fill_warnings(c, card, message);
        return message;
}

static Card__Entitlement *entitlement_message(const message_context *c, const person_record *person)
{
        if (person->person.entitlement == CARD_ENTITLEMENT_UNKNOWN ||
            !card_is_shown(CARD_PRIVATE_ENTITLEMENT, c->role))
                return NULL;
        arena *a = c->arena;
        Card__Entitlement *message = arena_alloc(a, sizeof *message);
        card__entitlement__init(message);
        message->standing = (Card__EntitlementStanding)person->person.entitlement;
        message->n_kinds = person->entitlement_kind_count;
        message->kinds = (__typeof__(message->kinds))person->entitlement_kinds;
        message->as_of = message_timestamp(a, person->person.entitlement_as_of_ms);
        return message;
}

enum { AGE_OF_MAJORITY = 16 };

Card__Holder *holder_message(const message_context *c, const holder_record *record)
{
        const person_record *person = &record->person;
        arena *a = c->arena;
        Card__Holder *message = arena_alloc(a, sizeof *message);
        card__holder__init(message);
        message->name = name_or_empty(c, "holders", record->holder.id);
        message->version = (int64_t)person->person.version;
        message->etag = commit_etag_format(a, (int64_t)person->person.version);
        message->as_of = message_timestamp(a, c->now_ms);
        message->identity_number =
                masked(c, CARD_SECRET_IDENTITY_NUMBER, person->secret.identity_number);
        message->person_name = masked(c, CARD_SECRET_NAME, person->secret.name);
        message->phone = masked(c, CARD_SECRET_PHONE, person->secret.phone);
        if (card_is_shown(CARD_PRIVATE_BORN_ON, c->role))
                message->born_on = message_date(a, person->person.born_on);
        message->minor = civil_date_age_years(person->person.born_on, civil_date_at(c->now_ms)) <
                         AGE_OF_MAJORITY;
        message->died_on = message_date(a, person->person.died_on);
        message->entitlement = entitlement_message(c, person);
        message->photo_reference =
                card_is_shown(CARD_PRIVATE_PHOTO, c->role) ? person->secret.photo : "";
        message->contributions_affected = false;
        return message;
}

void card_message_steps(const message_context *c, const card_record *card,
                        const policy_step *const *steps, size_t count, Common__NextStep ***messages,
                        size_t *message_count)
{
        const region_concern about = {.outlet = card->outlet, .bank = card->bank};
        rpc_steps_fill(c->arena, steps, count, c->language, card__card_service__descriptor.name,
                       messages, message_count);
        region_contacts_fill(c->arena, c->pack, steps, &about, c->language, *messages, count);
}
