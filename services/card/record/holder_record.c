/* The codec of the card service's records. One message type for rows, journal and cache, so that
 * what is published is what was stored. */
#include "services/card/record/holder_record.h"

#include "common/text/mask.h"
#include "services/card/rules/card_masking.h"

#include "services/card/record/holder_record.pb-c.h"

#include <string.h>

static const char *text_or_empty(const char *text)
{
        return text ? text : "";
}

/* ---- cards ---- */

/* As much of it as anybody is ever shown: who reads it masks further, by role and channel. */
static const char *number_for_others(arena *a, const char *number)
{
        return mask_keep_ends(a, bytes_of_text(number), CARD_NUMBER_FIRST_MAX,
                              CARD_NUMBER_LAST_MAX);
}

static ProtobufCBinaryData seal_card(const record_keys *keys, arena *a, const card_record *card)
{
        Record__CardPrivate secret = RECORD__CARD_PRIVATE__INIT;
        secret.number = card->number;
        secret.chip_id = card->chip_id;
        secret.photo = card->photo;
        secret.mail_address = card->mail_address;
        if (!*card->number && !*card->chip_id && !*card->photo && !*card->mail_address)
                return (ProtobufCBinaryData){0};
        return record_seal(keys, a, "card", &card->id, record_pack(a, &secret.base));
}

static void fill_history(Record__Card *message, const card_record *card)
{
        message->issued_on = record_days(card->issued_on);
        message->expires_on = record_days(card->expires_on);
        message->expiry_flag = card->expiry_flag;
        message->fulfilment = card->fulfilment;
        message->consent_at = card->consent.at_ms;
        message->consent_by = card->consent.given_by;
        message->consent_channel = card->consent.channel;
        message->consent_statement = text_or_empty(card->consent.statement);
        message->requested_at = card->requested_at_ms;
        message->made_at = card->made_at_ms;
        message->collected_at = card->collected_at_ms;
        message->state_since = card->state_since_ms;
}

static void fill_card(Record__Card *message, const record_keys *keys, arena *a,
                      const card_record *card)
{
        record__card__init(message);
        message->id = record_id(&card->id);
        message->version = (int64_t)card->version;
        message->state = card->state;
        message->prior = card->prior;
        message->state_version = (int64_t)card->state_version;
        message->temp_loss_until = card->temp_loss_until_ms;
        message->temp_loss_outcome = card->temp_loss_outcome;
        message->temp_loss_warned = card->temp_loss_warned;
        message->unclaimed_until = card->unclaimed_until_ms;
        message->cancel_reason = card->cancel_reason;
        message->supersedes = record_id(&card->supersedes);
        message->superseded_by = record_id(&card->superseded_by);
        message->replace_reason = card->replace_reason;
        message->apply_reason = card->apply_reason;
        message->legacy_duplicate = card->legacy_duplicate;
        message->ever_normal = card->ever_normal;
        fill_history(message, card);
        message->chip_model = card->chip_model;
        message->chip_key_batch = card->chip_key_batch;
        message->chip_key_origin = card->chip_key_origin;
        message->bank = card->bank;
        message->outlet = card->outlet;
        message->mail_reference = card->mail_reference;
        message->scope = card->scope;
        message->number_masked = number_for_others(a, card->number);
        message->sealed = seal_card(keys, a, card);
}

bytes card_record_pack(const record_keys *keys, arena *a, const card_record *card)
{
        Record__Card message;
        fill_card(&message, keys, a, card);
        return record_pack(a, &message.base);
}

static bool open_card(const keyring *ring, arena *a, const Record__Card *message, card_record *card,
                      failure *f)
{
        card->number = "";
        card->chip_id = "";
        card->photo = "";
        card->mail_address = "";
        if (message->sealed.len == 0) return true;
        if (!ring) {
                card->number = message->number_masked;
                return true;
        }
        bytes plain;
        if (!record_open(ring, a, "card", &card->id, message->sealed, &plain, f)) return false;
        const Record__CardPrivate *secret = (const Record__CardPrivate *)record_unpack(
                a, &record__card_private__descriptor, plain);
        if (!secret) return record_malformed(f, "card");
        card->number = secret->number;
        card->chip_id = secret->chip_id;
        card->photo = secret->photo;
        card->mail_address = secret->mail_address;
        return true;
}

static void read_history(const Record__Card *message, card_record *card)
{
        card->issued_on = record_date(message->issued_on);
        card->expires_on = record_date(message->expires_on);
        card->expiry_flag = (card_expiry_flag)message->expiry_flag;
        card->fulfilment = (card_fulfilment)message->fulfilment;
        card->consent = (card_consent){.at_ms = message->consent_at,
                                       .given_by = (policy_role)message->consent_by,
                                       .channel = (policy_channel)message->consent_channel,
                                       .statement = message->consent_statement};
        card->requested_at_ms = message->requested_at;
        card->made_at_ms = message->made_at;
        card->collected_at_ms = message->collected_at;
        card->state_since_ms = message->state_since;
}

static bool read_card(const keyring *ring, arena *a, const Record__Card *message, card_record *card,
                      failure *f)
{
        *card = (card_record){.version = (uint64_t)message->version,
                              .state = (card_state)message->state,
                              .prior = (card_state)message->prior,
                              .state_version = (uint64_t)message->state_version,
                              .temp_loss_until_ms = message->temp_loss_until,
                              .temp_loss_outcome =
                                      (card_temp_loss_outcome)message->temp_loss_outcome,
                              .temp_loss_warned = message->temp_loss_warned,
                              .unclaimed_until_ms = message->unclaimed_until,
                              .cancel_reason = (card_cancel_reason)message->cancel_reason,
                              .replace_reason = (card_replace_reason)message->replace_reason,
                              .apply_reason = (card_apply_reason)message->apply_reason,
                              .legacy_duplicate = message->legacy_duplicate,
                              .ever_normal = message->ever_normal,
                              .chip_model = message->chip_model,
                              .chip_key_batch = message->chip_key_batch,
                              .chip_key_origin = message->chip_key_origin,
                              .bank = message->bank,
                              .outlet = message->outlet,
                              .mail_reference = message->mail_reference,
                              .scope = message->scope};
        if (message->state == CARD_STATE_NONE || message->state >= CARD_STATE_COUNT ||
            !record_id_read(message->id, &card->id) || ulid_is_zero(card->id) ||
            !record_id_read(message->supersedes, &card->supersedes) ||
            !record_id_read(message->superseded_by, &card->superseded_by))
                return record_malformed(f, "card");
        read_history(message, card);
        return open_card(ring, a, message, card, f);
}

bool card_record_unpack(const keyring *ring, arena *a, bytes packed, card_record *card, failure *f)
{
        const Record__Card *message =
                (const Record__Card *)record_unpack(a, &record__card__descriptor, packed);
        if (!message) return record_malformed(f, "card");
        return read_card(ring, a, message, card, f);
}

/* ---- persons ---- */

static void fill_person(Record__Person *message, const record_keys *keys, arena *a,
                        const person_record *person)
{
        record__person__init(message);
        message->version = (int64_t)person->person.version;
        message->born_on = record_days(person->person.born_on);
        message->died_on = record_days(person->person.died_on);
        message->entitlement = person->person.entitlement;
        message->entitlement_as_of = person->person.entitlement_as_of_ms;
        message->n_entitlement_kinds = person->entitlement_kind_count;
        message->entitlement_kinds = (const char **)person->entitlement_kinds;
        message->identity_hash.data = (uint8_t *)person->identity_hash.bytes;
        message->identity_hash.len = DIGEST_BYTES;
        assert(person->opened);
        Record__PersonPrivate secret = RECORD__PERSON_PRIVATE__INIT;
        secret.identity_number = person->secret.identity_number;
        secret.name = person->secret.name;
        secret.phone = person->secret.phone;
        secret.photo = person->secret.photo;
        message->sealed =
                record_seal(keys, a, "person", &person->holder, record_pack(a, &secret.base));
}

bytes person_record_pack(const record_keys *keys, arena *a, const person_record *person)
{
        Record__Person message;
        fill_person(&message, keys, a, person);
        return record_pack(a, &message.base);
}

static bool open_person(const keyring *ring, arena *a, const Record__Person *message,
                        person_record *person, failure *f)
{
        person->secret = (person_private){"", "", "", ""};
        if (!ring) return true;
        bytes plain;
        if (!record_open(ring, a, "person", &person->holder, message->sealed, &plain, f))
                return false;
        const Record__PersonPrivate *secret = (const Record__PersonPrivate *)record_unpack(
                a, &record__person_private__descriptor, plain);
        if (!secret) return record_malformed(f, "person");
        person->secret = (person_private){secret->identity_number, secret->name, secret->phone,
                                          secret->photo};
        person->opened = true;
        return true;
}

static bool read_person(const keyring *ring, arena *a, ulid holder, const Record__Person *message,
                        person_record *person, failure *f)
{
        *person = (person_record){.holder = holder,
                                  .person = {.version = (uint64_t)message->version,
                                             .born_on = record_date(message->born_on),
                                             .died_on = record_date(message->died_on),
                                             .entitlement = (card_entitlement)message->entitlement,
                                             .entitlement_as_of_ms = message->entitlement_as_of}};
        if (message->identity_hash.len != DIGEST_BYTES ||
            message->n_entitlement_kinds > ENTITLEMENT_KINDS_MAX)
                return record_malformed(f, "person");
        memcpy(person->identity_hash.bytes, message->identity_hash.data, DIGEST_BYTES);
        person->entitlement_kind_count = message->n_entitlement_kinds;
        for (size_t i = 0; i < message->n_entitlement_kinds; i++)
                person->entitlement_kinds[i] = message->entitlement_kinds[i];
        return open_person(ring, a, message, person, f);
}

bool person_record_unpack(const keyring *ring, arena *a, ulid holder, bytes packed,
                          person_record *person, failure *f)
{
        const Record__Person *message =
                (const Record__Person *)record_unpack(a, &record__person__descriptor, packed);
        if (!message) return record_malformed(f, "person");
        return read_person(ring, a, holder, message, person, f);
}

/* ---- holders ---- */

bytes holder_record_pack(const record_keys *keys, arena *a, const holder_record *record)
{
        Record__Holder message = RECORD__HOLDER__INIT;
        Record__Person person;
        Record__Card cards[CARD_CARDS_MAX], *list[CARD_CARDS_MAX];
        message.id = record_id(&record->holder.id);
        fill_person(&person, keys, a, &record->person);
        message.person = &person;
        message.n_cards = record->holder.card_count;
        message.cards = list;
        for (size_t i = 0; i < message.n_cards; i++) {
                fill_card(&cards[i], keys, a, &record->holder.cards[i]);
                list[i] = &cards[i];
        }
        return record_pack(a, &message.base);
}

bool holder_record_unpack(const keyring *ring, arena *a, bytes packed, holder_record *record,
                          failure *f)
{
        const Record__Holder *message =
                (const Record__Holder *)record_unpack(a, &record__holder__descriptor, packed);
        if (!message || !message->person || message->n_cards > CARD_CARDS_MAX)
                return record_malformed(f, "holder");
        record->holder.exists = true;
        record->holder.card_count = (uint8_t)message->n_cards;
        if (!record_id_read(message->id, &record->holder.id)) return record_malformed(f, "holder");
        if (!read_person(ring, a, record->holder.id, message->person, &record->person, f))
                return false;
        record->holder.person = record->person.person;
        for (size_t i = 0; i < message->n_cards; i++)
                if (!read_card(ring, a, message->cards[i], &record->holder.cards[i], f))
                        return false;
        return true;
}
