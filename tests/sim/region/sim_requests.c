/* From a wish to a request. Must never ask a clock or a die of its own: a repeat is the same bytes.
 */
#include "tests/sim/region/sim_requests.h"

#include "tests/sim/region/sim_world.h"

#include "common/crypto/base64url.h"

#include <stdio.h>
#include <string.h>

#define CARD_SERVICE "sscard.card.v1.CardService/"
#define REGION_NAME "regions/330000"
#define CASE_REFERENCE "case-1"

enum { CARD_NUMBERS = 4, DAY_SECONDS = 86400 };

const char *sim_operation_name(int operation)
{
        return operation == SIM_OPERATION_IMPORT
                       ? "ImportHolders"
                       : card_operation_row_of((card_operation)operation)->name;
}

const char *sim_operation_method(int operation)
{
        return operation == SIM_OPERATION_IMPORT
                       ? "ImportHolders"
                       : card_operation_row_of((card_operation)operation)->method;
}

bool sim_operation_exists(int operation)
{
        return operation == SIM_OPERATION_IMPORT ||
               !card_operation_row_of((card_operation)operation)->internal;
}

int sim_operation_for(int state, uint64_t dice)
{
        static const struct {
                size_t count;
                uint8_t operations[9];
        } sensible[] = {
                [CARD__CARD_STATE__CARD_STATE_UNSPECIFIED] = {1, {SIM_OPERATION_IMPORT}},
                [CARD__CARD_STATE__CARD_STATE_REQUESTED] = {5,
                                                            {CARD_OPERATION_START_PRODUCTION,
                                                             CARD_OPERATION_START_PRODUCTION,
                                                             CARD_OPERATION_START_PRODUCTION,
                                                             CARD_OPERATION_START_PRODUCTION,
                                                             CARD_OPERATION_WITHDRAW}},
                [CARD__CARD_STATE__CARD_STATE_PRODUCING] = {3,
                                                            {CARD_OPERATION_COMPLETE_PRODUCTION,
                                                             CARD_OPERATION_COMPLETE_PRODUCTION,
                                                             CARD_OPERATION_FAIL_PRODUCTION}},
                [CARD__CARD_STATE__CARD_STATE_ARCHIVED] =
                        {6,
                         {CARD_OPERATION_COLLECT, CARD_OPERATION_COLLECT, CARD_OPERATION_ENABLE,
                          CARD_OPERATION_ENABLE, CARD_OPERATION_COLLECT_AND_ENABLE,
                          CARD_OPERATION_REPORT_LOST_IN_DELIVERY}},
                [CARD__CARD_STATE__CARD_STATE_NORMAL] =
                        {8,
                         {CARD_OPERATION_REPORT_TEMP_LOSS, CARD_OPERATION_REPORT_TEMP_LOSS,
                          CARD_OPERATION_REPORT_FORMAL_LOSS, CARD_OPERATION_REPLACE_DAMAGED,
                          CARD_OPERATION_REPLACE_EXPIRING, CARD_OPERATION_REPLACE_PHOTO_OUTDATED,
                          CARD_OPERATION_REPLACE_DATA_CHANGED, CARD_OPERATION_REPLACE_BANK_CHANGE}},
                [CARD__CARD_STATE__CARD_STATE_TEMP_LOST] = {3,
                                                            {CARD_OPERATION_RECOVER,
                                                             CARD_OPERATION_RECOVER,
                                                             CARD_OPERATION_REPORT_FORMAL_LOSS}},
                [CARD__CARD_STATE__CARD_STATE_LOST] =
                        {8,
                         {CARD_OPERATION_RECOVER, CARD_OPERATION_RECOVER, CARD_OPERATION_RECOVER,
                          CARD_OPERATION_REPLACE_LOST, CARD_OPERATION_RECOVER,
                          CARD_OPERATION_RECOVER, CARD_OPERATION_REPLACE_LOST,
                          CARD_OPERATION_CANCEL_BY_HOLDER}},
                [CARD__CARD_STATE__CARD_STATE_CANCELLED] = {2,
                                                            {CARD_OPERATION_APPLY,
                                                             SIM_OPERATION_IMPORT}},
                [CARD__CARD_STATE__CARD_STATE_WITHDRAWN] = {2,
                                                            {CARD_OPERATION_APPLY,
                                                             SIM_OPERATION_IMPORT}},
        };
        return sensible[state].operations[dice % sensible[state].count];
}

/* What one request is made of, while it is made. */
typedef struct making {
        sim_world *w;
        arena *a;
        const sim_wish *wish;
        random_seeded random;
        policy_role role;
        policy_channel channel;
        card_needs needs;
        card_evidences evidence;
        sim_request *out;
} making;

static uint64_t dice(making *m, uint64_t below)
{
        return sim_random(&m->random, below);
}

/* ---- who ---- */

static policy_actor actor_of(policy_role role)
{
        switch (role) {
        case POLICY_ROLE_HOLDER:
        case POLICY_ROLE_KIOSK:
                return POLICY_ACTOR_SELF;
        case POLICY_ROLE_GUARDIAN:
                return POLICY_ACTOR_WARD;
        case POLICY_ROLE_AGENT:
                return POLICY_ACTOR_PRINCIPAL;
        default:
                return POLICY_ACTOR_NONE;
        }
}

const char *sim_token(sim_world *w, policy_role role, uint64_t person, const char *request_hash)
{
        policy_actor actor = actor_of(role);
        const char *outlets[] = {w->outlet}, *banks[] = {PEOPLE_BANKS[0].code};
        char id_number[32] = "", subject[64];
        if (actor != POLICY_ACTOR_NONE) {
                SCOPED(arena) a = {0};
                struct person one;
                people_person(&w->crowd, person, &a, &one);
                snprintf(id_number, sizeof id_number, "%s", one.holder->identity_number);
        }
        snprintf(subject, sizeof subject, "%s%s%s", request_hash ? "second-" : "",
                 policy_role_name(role), id_number);
        token_claims claims = {.subject = subject,
                               .roles = POLICY_ROLE_BIT(role),
                               .channels = POLICY_CHANNELS_ALL,
                               .outlets = outlets,
                               .outlet_count = 1,
                               .banks = banks,
                               .bank_count = 1,
                               .operator_id = "op-1",
                               .platform = "old-system",
                               .case_reference = CASE_REFERENCE,
                               .assurance = 3,
                               .actor = actor,
                               .actor_id_number = *id_number ? id_number : NULL,
                               .request_hash = request_hash,
                               .issued_unix_seconds = SIM_START_UNIX_MS / 1000};
        return sim_keys_token(w->keys, &claims);
}

static int bits_of(uint32_t bits, int *numbers)
{
        int count = 0;
        for (int i = 0; i < 32; i++)
                if (bits >> i & 1) numbers[count++] = i;
        return count;
}

static int any_bit(making *m, uint32_t bits)
{
        int numbers[32];
        int count = bits_of(bits, numbers);
        return count ? numbers[dice(m, (uint64_t)count)] : 0;
}

static void choose_who(making *m)
{
        if (m->wish->operation == SIM_OPERATION_IMPORT) {
                m->role = POLICY_ROLE_PLATFORM;
                m->channel = POLICY_CHANNEL_SYSTEM;
        } else {
                const card_operation_row *row =
                        card_operation_row_of((card_operation)m->wish->operation);
                uint64_t ways = 0;
                while (ways < CARD_WHO_MAX && row->who[ways].roles)
                        ways++;
                const card_who *who = &row->who[dice(m, ways)];
                m->role = (policy_role)any_bit(m, who->roles);
                m->channel = (policy_channel)any_bit(m, who->channels);
                m->needs = who->needs;
        }
        if (m->wish->role) {
                m->role = m->wish->role;
                m->channel = m->wish->channel;
                m->needs = (1u << CARD_NEED_COUNT) - 1;
        }
        if (!m->wish->any_way) return;
        if (dice(m, 2)) m->role = (policy_role)(1 + dice(m, POLICY_ROLE_COUNT - 1));
        if (dice(m, 2)) m->channel = (policy_channel)(1 + dice(m, POLICY_CHANNEL_COUNT - 1));
}

/* ---- with what ---- */

static void choose_evidence(making *m)
{
        for (int need = 0; need < CARD_NEED_COUNT; need++)
                if (m->needs >> need & 1) {
                        card_evidences kinds = card_need_kinds((card_need)need);
                        if (kinds) m->evidence |= (card_evidences)1 << any_bit(m, kinds);
                }
        if (m->wish->any_way && dice(m, 2))
                m->evidence = (card_evidences)dice(m, CARD_EVIDENCES_ALL + 1) & CARD_EVIDENCES_ALL;
}

static Common__Evidence *evidence_of(making *m, int kind)
{
        Common__Evidence *item = arena_alloc(m->a, sizeof *item);
        common__evidence__init(item);
        item->kind = (Common__EvidenceKind)kind;
        item->reference = "1234";
        if (kind == CARD_EVIDENCE_MOBILITY_GROUND)
                item->mobility_ground = COMMON__MOBILITY_GROUND__MOBILITY_GROUND_ELDERLY;
        if (kind != CARD_EVIDENCE_ID_DOCUMENT) return item;
        item->valid_until = arena_alloc(m->a, sizeof *item->valid_until);
        google_type__date__init(item->valid_until);
        item->valid_until->year = 2099;
        item->valid_until->month = item->valid_until->day = 12;
        return item;
}

static Common__RequestContext *context_of(making *m)
{
        Common__RequestContext *context = arena_alloc(m->a, sizeof *context);
        common__request_context__init(context);
        context->request_id = arena_format(m->a, "sim-%012u", m->wish->request);
        context->channel = (Common__Channel)m->channel;
        context->outlet = actor_of(m->role) == POLICY_ACTOR_NONE ? m->w->outlet : "";
        context->case_reference = CASE_REFERENCE;
        context->etag = m->wish->etag ? m->wish->etag : "";
        int kinds[32];
        int count = bits_of(m->evidence, kinds);
        context->evidence = arena_alloc(m->a, 32 * sizeof *context->evidence);
        for (int i = 0; i < count; i++)
                context->evidence[context->n_evidence++] = evidence_of(m, kinds[i]);
        return context;
}

static bool brings(making *m, card_need need)
{
        return (m->needs >> need & 1) && (!m->wish->any_way || dice(m, 4));
}

/* Who asked what may be done takes the way that every outlet has. */
static Card__Fulfilment fulfilment_of(making *m)
{
        if (m->wish->role) return CARD__FULFILMENT__FULFILMENT_PICKUP;
        return (Card__Fulfilment)(1 + dice(m, 3));
}

static Card__Consent *consent_of(making *m)
{
        if (!brings(m, CARD_NEED_CONSENT)) return NULL;
        Card__Consent *consent = arena_alloc(m->a, sizeof *consent);
        card__consent__init(consent);
        consent->statement = "consent-1";
        return consent;
}

static Google__Protobuf__Timestamp *timestamp_of(making *m, int64_t unix_ms)
{
        Google__Protobuf__Timestamp *stamp = arena_alloc(m->a, sizeof *stamp);
        google__protobuf__timestamp__init(stamp);
        stamp->seconds = unix_ms / 1000;
        return stamp;
}

static GoogleType__Date *date_of(making *m, civil_date date)
{
        GoogleType__Date *message = arena_alloc(m->a, sizeof *message);
        google_type__date__init(message);
        message->year = date.year;
        message->month = date.month;
        message->day = date.day;
        return message;
}

/* ---- the messages ---- */

#define NEW(type, prefix)                                                                          \
        type *message = arena_alloc(m->a, sizeof *message);                                        \
        prefix##__init(message);                                                                   \
        message->context = context_of(m)

/* Of a request that is nothing but a card's name. */
#define NAMED(function, type, prefix)                                                              \
        static ProtobufCMessage *function(making *m)                                               \
        {                                                                                          \
                NEW(type, prefix);                                                                 \
                message->name = m->wish->card;                                                     \
                return &message->base;                                                             \
        }
NAMED(withdraw, Card__WithdrawApplicationRequest, card__withdraw_application_request)
NAMED(enable, Card__EnableSocialFunctionRequest, card__enable_social_function_request)
NAMED(recover, Card__RecoverCardRequest, card__recover_card_request)
NAMED(lost_in_delivery, Card__ReportLostInDeliveryRequest, card__report_lost_in_delivery_request)

static struct person person_of(making *m)
{
        struct person one;
        people_person(&m->w->crowd, m->wish->person, m->a, &one);
        return one;
}

static ProtobufCMessage *apply(making *m)
{
        NEW(Card__ApplyCardRequest, card__apply_card_request);
        struct person one = person_of(m);
        message->parent = REGION_NAME;
        message->identity_number = one.holder->identity_number;
        message->person_name = one.holder->person_name;
        message->phone = one.holder->phone;
        message->photo_reference = brings(m, CARD_NEED_PHOTO) ? "photo-1" : "";
        message->bank_code =
                brings(m, CARD_NEED_BANK) ? PEOPLE_BANKS[dice(m, PEOPLE_BANK_COUNT)].code : "";
        message->consent = consent_of(m);
        message->fulfilment = fulfilment_of(m);
        return &message->base;
}

static ProtobufCMessage *start(making *m)
{
        NEW(Card__StartProductionRequest, card__start_production_request);
        message->name = m->wish->card;
        message->consent = consent_of(m);
        return &message->base;
}

static ProtobufCMessage *complete(making *m)
{
        NEW(Card__CompleteProductionRequest, card__complete_production_request);
        message->name = m->wish->card;
        unsigned which = (unsigned)dice(m, CARD_NUMBERS);
        message->card_number = people_card_number(&m->w->crowd, m->wish->person, which, m->a);
        message->chip = arena_alloc(m->a, sizeof *message->chip);
        card__chip__init(message->chip);
        message->chip->chip_id = people_chip_id(&m->w->crowd, m->wish->person, which, m->a);
        message->chip->model = "SSC3-2023";
        return &message->base;
}

static ProtobufCMessage *fail(making *m)
{
        NEW(Card__FailProductionRequest, card__fail_production_request);
        message->name = m->wish->card;
        message->failure = (Card__ProductionFailure)(1 + dice(m, 6));
        return &message->base;
}

static ProtobufCMessage *collect(making *m)
{
        NEW(Card__CollectCardRequest, card__collect_card_request);
        message->name = m->wish->card;
        message->enable = m->wish->operation == CARD_OPERATION_COLLECT_AND_ENABLE;
        return &message->base;
}

static ProtobufCMessage *report_loss(making *m)
{
        NEW(Card__ReportLossRequest, card__report_loss_request);
        message->name = m->wish->card;
        message->kind = m->wish->operation == CARD_OPERATION_REPORT_TEMP_LOSS
                                ? CARD__LOSS_KIND__LOSS_KIND_TEMPORARY
                                : CARD__LOSS_KIND__LOSS_KIND_FORMAL;
        return &message->base;
}

static ProtobufCMessage *replace(making *m)
{
        NEW(Card__ReplaceCardRequest, card__replace_card_request);
        const card_operation_row *row = card_operation_row_of((card_operation)m->wish->operation);
        message->name = m->wish->card;
        message->reason = (Card__ReplaceReason)row->replace_reason;
        message->fulfilment = fulfilment_of(m);
        message->consent = consent_of(m);
        message->photo_reference = brings(m, CARD_NEED_PHOTO) ? "photo-2" : "";
        message->bank_code =
                brings(m, CARD_NEED_BANK) ? PEOPLE_BANKS[dice(m, PEOPLE_BANK_COUNT)].code : "";
        if (row->replace_reason == CARD_REPLACE_DATA_CHANGED) message->person_name = "新名字";
        return &message->base;
}

static ProtobufCMessage *cancel(making *m)
{
        NEW(Card__CancelCardRequest, card__cancel_card_request);
        message->name = m->wish->card;
        if (m->wish->operation == CARD_OPERATION_CANCEL_BY_HOLDER) {
                message->ground_case = CARD__CANCEL_CARD_REQUEST__GROUND_BY_HOLDER;
                message->by_holder = arena_alloc(m->a, sizeof *message->by_holder);
                card__holder_cancellation__init(message->by_holder);
                message->by_holder->no_local_entitlements = !m->wish->any_way || dice(m, 2);
        } else {
                message->ground_case = CARD__CANCEL_CARD_REQUEST__GROUND_BY_AUTHORITY;
                message->by_authority = arena_alloc(m->a, sizeof *message->by_authority);
                card__authority_cancellation__init(message->by_authority);
                message->by_authority->reason = (Card__CancelReason)(1 + dice(m, 10));
        }
        return &message->base;
}

static ProtobufCMessage *record_death(making *m)
{
        NEW(Card__RecordDeathRequest, card__record_death_request);
        message->name = m->wish->holder;
        message->died_on = date_of(m, civil_date_at(m->wish->asked_ms));
        return &message->base;
}

static ProtobufCMessage *set_entitlement(making *m)
{
        NEW(Card__SetEntitlementRequest, card__set_entitlement_request);
        message->name = m->wish->holder;
        message->entitlement = arena_alloc(m->a, sizeof *message->entitlement);
        card__entitlement__init(message->entitlement);
        message->entitlement->standing = (Card__EntitlementStanding)(1 + dice(m, 2));
        int64_t late_ms = (int64_t)dice(m, 2 * DAY_SECONDS) * 1000;
        message->entitlement->as_of = timestamp_of(m, m->wish->asked_ms - late_ms);
        return &message->base;
}

static ProtobufCMessage *import(making *m)
{
        NEW(Card__ImportHoldersRequest, card__import_holders_request);
        struct person one = person_of(m);
        message->parent = REGION_NAME;
        message->holders = arena_alloc(m->a, sizeof *message->holders);
        message->holders[0] = one.holder;
        message->n_holders = 1;
        return &message->base;
}

static ProtobufCMessage *message_of(making *m)
{
        typedef ProtobufCMessage *make(making * m);
        static make *const makes[SIM_OPERATION_COUNT] = {
                [CARD_OPERATION_APPLY] = apply,
                [CARD_OPERATION_WITHDRAW] = withdraw,
                [CARD_OPERATION_START_PRODUCTION] = start,
                [CARD_OPERATION_COMPLETE_PRODUCTION] = complete,
                [CARD_OPERATION_FAIL_PRODUCTION] = fail,
                [CARD_OPERATION_COLLECT] = collect,
                [CARD_OPERATION_COLLECT_AND_ENABLE] = collect,
                [CARD_OPERATION_ENABLE] = enable,
                [CARD_OPERATION_REPORT_TEMP_LOSS] = report_loss,
                [CARD_OPERATION_REPORT_FORMAL_LOSS] = report_loss,
                [CARD_OPERATION_RECOVER] = recover,
                [CARD_OPERATION_REPLACE_LOST] = replace,
                [CARD_OPERATION_REPLACE_DAMAGED] = replace,
                [CARD_OPERATION_REPLACE_EXPIRING] = replace,
                [CARD_OPERATION_REPLACE_PHOTO_OUTDATED] = replace,
                [CARD_OPERATION_REPLACE_DATA_CHANGED] = replace,
                [CARD_OPERATION_REPLACE_BANK_CHANGE] = replace,
                [CARD_OPERATION_CANCEL_BY_HOLDER] = cancel,
                [CARD_OPERATION_CANCEL_BY_AUTHORITY] = cancel,
                [CARD_OPERATION_REPORT_LOST_IN_DELIVERY] = lost_in_delivery,
                [CARD_OPERATION_RECORD_DEATH] = record_death,
                [CARD_OPERATION_SET_ENTITLEMENT] = set_entitlement,
                [SIM_OPERATION_IMPORT] = import,
        };
        assert(makes[m->wish->operation]);
        return makes[m->wish->operation](m);
}

static const ProtobufCMessageDescriptor *answer_of(int operation)
{
        if (operation == SIM_OPERATION_IMPORT) return &card__import_holders_response__descriptor;
        return card_operation_row_of((card_operation)operation)->scope == CARD_SCOPE_PERSON
                       ? &card__holder_result__descriptor
                       : &card__card_result__descriptor;
}

/* ---- the second person ---- */

/* As a preview tells it: the request without its context, under the key of look-ups. */
static const char *request_hash_of(making *m)
{
        size_t offset = protobuf_c_message_descriptor_get_field_by_name(m->out->message->descriptor,
                                                                        "context")
                                ->offset;
        void **context = (void **)((char *)m->out->message + offset);
        *context = NULL;
        size_t size = protobuf_c_message_get_packed_size(m->out->message);
        uint8_t *packed = arena_alloc(m->a, size + 1);
        protobuf_c_message_pack(m->out->message, packed);
        *context = m->out->context;
        keyed_hash *hash = m->w->keys->keys.lookup;
        keyed_hash_begin(hash);
        keyed_hash_add(hash, bytes_of_text(m->out->method));
        keyed_hash_add(hash, bytes_of("", 1));
        keyed_hash_add(hash, bytes_of(packed, size));
        digest whole = keyed_hash_end(hash);
        char *text = arena_alloc(m->a, base64url_length(DIGEST_BYTES) + 1);
        base64url_encode(bytes_of(whole.bytes, DIGEST_BYTES), text);
        return text;
}

static void approve(making *m)
{
        Common__RequestContext *context = m->out->context;
        context->approval = arena_alloc(m->a, sizeof *context->approval);
        common__approval__init(context->approval);
        context->approval->token =
                sim_token(m->w, POLICY_ROLE_OPERATOR, m->wish->person, request_hash_of(m));
}

void sim_request_make(sim_world *w, arena *a, const sim_wish *wish, sim_request *request)
{
        making m = {.w = w, .a = a, .wish = wish, .out = request};
        random_seeded_init(&m.random, wish->dice);
        choose_who(&m);
        choose_evidence(&m);
        request->method = arena_format(a, CARD_SERVICE "%s", sim_operation_method(wish->operation));
        request->message = message_of(&m);
        size_t offset = protobuf_c_message_descriptor_get_field_by_name(
                                request->message->descriptor, "context")
                                ->offset;
        request->context = *(Common__RequestContext **)((char *)request->message + offset);
        request->answer = answer_of(wish->operation);
        request->token = sim_token(w, m.role, wish->person, NULL);
        if (brings(&m, CARD_NEED_SECOND_PERSON)) approve(&m);
}
