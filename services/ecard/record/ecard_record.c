/* Packs and unpacks. Must never trust the counts in a record. */
#include "services/ecard/record/ecard_record.h"

#include "services/ecard/record/ecard_record.pb-c.h"

#include <assert.h>
#include <string.h>

static ProtobufCBinaryData blob_of(const uint8_t *data, size_t length)
{
        return (ProtobufCBinaryData){length, (uint8_t *)data};
}

/* ---- packing ---- */

typedef struct packing {
        EcardStored__ElectronicCard message;
        EcardStored__Binding bindings[ECARD_BINDINGS_MAX], *binding_list[ECARD_BINDINGS_MAX];
        EcardStored__Grant grants[ECARD_GRANTS_MAX], *grant_list[ECARD_GRANTS_MAX];
        EcardStored__Period periods[ECARD_GRANTS_MAX];
} packing;

static void fill_bindings(packing *p, const ecard_record *ecard)
{
        p->message.n_bindings = ecard->binding_count;
        p->message.bindings = p->binding_list;
        for (uint8_t i = 0; i < ecard->binding_count; i++) {
                p->binding_list[i] = &p->bindings[i];
                ecard_stored__binding__init(&p->bindings[i]);
                p->bindings[i].channel = ecard->bindings[i].channel;
                p->bindings[i].host = ecard->bindings[i].host;
                p->bindings[i].bound_at = ecard->bindings[i].bound_at_ms;
        }
}

static void fill_grant(EcardStored__Grant *message, EcardStored__Period *period,
                       const ecard_grant *grant)
{
        ecard_stored__grant__init(message);
        ecard_stored__period__init(period);
        message->id = record_id(&grant->id);
        message->n_services = grant->service_count;
        message->services = (__typeof__(message->services))grant->services;
        message->channels = grant->channels;
        message->granted_at = grant->granted_at_ms;
        message->expires_at = grant->expires_at_ms;
        message->revoked = grant->revoked;
        message->period = period;
        period->card = record_id(&grant->period.card);
        period->card_state_version = (int64_t)grant->period.card_state_version;
        period->lock_version = (int64_t)grant->period.lock_version;
}

static void fill_password(EcardStored__ElectronicCard *message, const ecard_record *ecard)
{
        const ecard_password *password = &ecard->password;
        message->password_epoch = password->epoch;
        message->password_errors = password->errors;
        message->password_in_flight = password->in_flight;
        if (password->in_flight)
                message->password_attempt = blob_of(password->attempt, ECARD_ATTEMPT_BYTES);
        message->code_nonce = blob_of(ecard->code.nonce, ECARD_NONCE_BYTES);
        message->code_expires_at = ecard->code.expires_at_ms;
        message->code_used = ecard->code.used;
}

static ProtobufCBinaryData seal_private(const record_keys *keys, arena *a, const ecard_row *row)
{
        EcardStored__Private secret = ECARD_STORED__PRIVATE__INIT;
        secret.password_hash = row->password_hash;
        secret.photo = row->photo;
        return record_seal(keys, a, "ecard", &row->ecard.holder, record_pack(a, &secret.base));
}

bytes ecard_row_pack(const record_keys *keys, arena *a, const ecard_row *row)
{
        const ecard_record *ecard = &row->ecard;
        packing *p = arena_alloc(a, sizeof *p);
        EcardStored__ElectronicCard *message = &p->message;
        ecard_stored__electronic_card__init(message);
        message->holder = record_id(&ecard->holder);
        message->serial = record_id(&ecard->serial);
        message->version = (int64_t)ecard->version;
        message->level = ecard->level;
        message->card = record_id(&ecard->card);
        fill_bindings(p, ecard);
        fill_password(message, ecard);
        message->n_grants = ecard->grant_count;
        message->grants = p->grant_list;
        for (uint8_t i = 0; i < ecard->grant_count; i++) {
                p->grant_list[i] = &p->grants[i];
                fill_grant(&p->grants[i], &p->periods[i], &ecard->grants[i]);
        }
        message->delegate = record_id(&ecard->delegate);
        message->relation = ecard->relation;
        message->issued_at = ecard->issued_at_ms;
        message->closed_at = ecard->closed_at_ms;
        if (keys) message->sealed = seal_private(keys, a, row);
        return record_pack(a, &message->base);
}

/* ---- unpacking ---- */

static bool read_bindings(const EcardStored__ElectronicCard *message, ecard_record *ecard)
{
        if (message->n_bindings > ECARD_BINDINGS_MAX) return false;
        ecard->binding_count = (uint8_t)message->n_bindings;
        for (size_t i = 0; i < message->n_bindings; i++) {
                const EcardStored__Binding *from = message->bindings[i];
                if (from->channel >= POLICY_CHANNEL_COUNT || from->host >= ECARD_HOST_COUNT)
                        return false;
                ecard->bindings[i] = (ecard_binding){(policy_channel)from->channel,
                                                     (ecard_host)from->host, from->bound_at};
        }
        return true;
}

static bool read_grant(const EcardStored__Grant *message, ecard_grant *grant)
{
        if (message->n_services > ECARD_GRANT_SERVICES_MAX || !message->period) return false;
        *grant = (ecard_grant){
                .service_count = (uint8_t)message->n_services,
                .channels = message->channels,
                .granted_at_ms = message->granted_at,
                .expires_at_ms = message->expires_at,
                .revoked = message->revoked,
                .period = {.card_state_version = (uint64_t)message->period->card_state_version,
                           .lock_version = (uint64_t)message->period->lock_version}};
        for (size_t i = 0; i < message->n_services; i++)
                grant->services[i] = message->services[i];
        return record_id_read(message->id, &grant->id) &&
               record_id_read(message->period->card, &grant->period.card);
}

static bool read_grants(const EcardStored__ElectronicCard *message, ecard_record *ecard)
{
        if (message->n_grants > ECARD_GRANTS_MAX) return false;
        ecard->grant_count = (uint8_t)message->n_grants;
        for (size_t i = 0; i < message->n_grants; i++)
                if (!read_grant(message->grants[i], &ecard->grants[i])) return false;
        return true;
}

static bool read_password(const EcardStored__ElectronicCard *message, ecard_record *ecard)
{
        ecard->password = (ecard_password){.epoch = message->password_epoch,
                                           .errors = (uint8_t)message->password_errors,
                                           .in_flight = message->password_in_flight};
        ecard->code =
                (ecard_code){.expires_at_ms = message->code_expires_at, .used = message->code_used};
        if (message->password_errors > UINT8_MAX || message->code_nonce.len != ECARD_NONCE_BYTES)
                return false;
        memcpy(ecard->code.nonce, message->code_nonce.data, ECARD_NONCE_BYTES);
        if (!message->password_in_flight) return true;
        if (message->password_attempt.len != ECARD_ATTEMPT_BYTES) return false;
        memcpy(ecard->password.attempt, message->password_attempt.data, ECARD_ATTEMPT_BYTES);
        return true;
}

static bool open_private(const keyring *ring, arena *a, const EcardStored__ElectronicCard *message,
                         ecard_row *row, failure *f)
{
        row->password_hash = "";
        row->photo = "";
        if (!ring || message->sealed.len == 0) return true;
        bytes plain;
        if (!record_open(ring, a, "ecard", &row->ecard.holder, message->sealed, &plain, f))
                return false;
        const EcardStored__Private *secret = (const EcardStored__Private *)record_unpack(
                a, &ecard_stored__private__descriptor, plain);
        if (!secret) return record_malformed(f, "ecard");
        row->password_hash = secret->password_hash;
        row->photo = secret->photo;
        return true;
}

bool ecard_row_unpack(const keyring *ring, arena *a, bytes packed, ecard_row *row, failure *f)
{
        const EcardStored__ElectronicCard *message =
                (const EcardStored__ElectronicCard *)record_unpack(
                        a, &ecard_stored__electronic_card__descriptor, packed);
        if (!message || message->level == 0 || message->level >= ECARD_LEVEL_COUNT ||
            message->relation >= ECARD_RELATION_COUNT)
                return record_malformed(f, "ecard");
        ecard_record *ecard = &row->ecard;
        *ecard = (ecard_record){.version = (uint64_t)message->version,
                                .level = (ecard_level)message->level,
                                .relation = (ecard_relation)message->relation,
                                .issued_at_ms = message->issued_at,
                                .closed_at_ms = message->closed_at};
        if (!record_id_read(message->holder, &ecard->holder) ||
            !record_id_read(message->serial, &ecard->serial) ||
            !record_id_read(message->card, &ecard->card) ||
            !record_id_read(message->delegate, &ecard->delegate) ||
            !read_bindings(message, ecard) || !read_grants(message, ecard) ||
            !read_password(message, ecard))
                return record_malformed(f, "ecard");
        return open_private(ring, a, message, row, f);
}
