/* The codec of the credential service's records. */
#include "services/credential/record/credential_codec.h"

#include "services/credential/record/credential_codec.pb-c.h"

static void fill(CredentialRecord__Credential *message, const credential_record *record)
{
        credential_record__credential__init(message);
        message->card = record_id(&record->card);
        message->version = (int64_t)record->version;
        message->state = record->state;
        message->was = record->was;
        message->errors = record->errors;
        message->unlocks = record->unlocks;
        message->generation = record->generation;
        message->state_since = record->state_since_ms;
}

static bool read(const CredentialRecord__Credential *message, credential_record *record, failure *f)
{
        *record = (credential_record){.version = (uint64_t)message->version,
                                      .state = (credential_state)message->state,
                                      .was = (credential_state)message->was,
                                      .errors = (uint8_t)message->errors,
                                      .unlocks = message->unlocks,
                                      .generation = message->generation,
                                      .state_since_ms = message->state_since};
        bool fine = message->state > 0 && message->state < CREDENTIAL_STATE_COUNT &&
                    record_id_read(message->card, &record->card) && !ulid_is_zero(record->card) &&
                    credential_holds(record);
        return fine || record_malformed(f, "credential");
}

bytes credential_pack(arena *a, const credential_record *record)
{
        CredentialRecord__Credential message;
        fill(&message, record);
        return record_pack(a, &message.base);
}

bytes credential_holder_pack(arena *a, const credential_holder *holder)
{
        CredentialRecord__Holder message = CREDENTIAL_RECORD__HOLDER__INIT;
        CredentialRecord__Credential items[CREDENTIALS_MAX], *list[CREDENTIALS_MAX];
        message.id = record_id(&holder->id);
        message.n_credentials = holder->count;
        message.credentials = list;
        for (uint8_t i = 0; i < holder->count; i++) {
                fill(&items[i], &holder->items[i]);
                list[i] = &items[i];
        }
        return record_pack(a, &message.base);
}

bool credential_unpack(arena *a, bytes packed, credential_record *record, failure *f)
{
        const CredentialRecord__Credential *message =
                (const CredentialRecord__Credential *)record_unpack(
                        a, &credential_record__credential__descriptor, packed);
        return message ? read(message, record, f) : record_malformed(f, "credential");
}

bool credential_holder_unpack(arena *a, bytes packed, credential_holder *holder, failure *f)
{
        const CredentialRecord__Holder *message = (const CredentialRecord__Holder *)record_unpack(
                a, &credential_record__holder__descriptor, packed);
        if (!message || message->n_credentials > CREDENTIALS_MAX ||
            !record_id_read(message->id, &holder->id))
                return record_malformed(f, "credential holder");
        holder->count = (uint8_t)message->n_credentials;
        for (uint8_t i = 0; i < holder->count; i++)
                if (!read(message->credentials[i], &holder->items[i], f)) return false;
        return true;
}
