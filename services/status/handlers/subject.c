/* From a number, a name or a person to settled records. Must never take "its owner is away" for
 * "there is no such card". */
#include "services/status/handlers/subject.h"

#include "common/service/credentials.h"
#include "common/service/record_service.h"
#include "services/card/rules/card_holder.h"
#include "services/card/rules/card_refusals.h"
#include "services/card/rules/card_rules.h"
#include "services/card/rules/card_settle.h"
#include "services/card/rules/identity_number.h"
#include "services/status/handlers/status_app.h"
#include "services/status/rules/status_refusals.h"

#include "sscard/card/v1/card_service.pb-c.h"

#include <string.h>

enum { CARD_PEER = 0 }; /* definition->peers[0] */

static bool answer_absent(rpc_call *call)
{
        service_answer_owner_away(call, "card", RECORD_ABSENT);
        return false;
}

static bool answer_not_found(rpc_call *call)
{
        rpc_refuse(call, card_refusal_of(CARD_REFUSAL_CARD_NOT_FOUND), NULL, 0);
        return false;
}

/* ---- asking the card service who is whose ---- */

static bool ask(rpc_call *call, const char *method, const ProtobufCMessage *request,
                const ProtobufCMessageDescriptor *type, ProtobufCMessage **reply)
{
        task *t = rpc_call_task(call);
        TASK_MAY_SUSPEND(t);
        service_instance *instance = service_call_of(call)->instance;
        rpc_peer *peer = instance->seams.peers[CARD_PEER];
        rpc_metadata authorization;
        if (!peer) return answer_absent(call);
        if (!credentials_metadata(instance->credentials, &authorization, &t->failure)) return false;
        if (rpc_peer_call_message(peer, t, method, request, type, &authorization, 1, reply))
                return true;
        if (t->failure.kind != FAILURE_NOT_FOUND) return false;
        failure_clear(&t->failure);
        return answer_not_found(call);
}

static bool id_of(const char *name, ulid *id)
{
        resource_name parsed;
        const char *why = NULL;
        if (!resource_name_parse(name, &parsed, &why)) return false;
        *id = parsed.id;
        return parsed.has_id;
}

static bool answer_rubbish(rpc_call *call)
{
        return task_fail(rpc_call_task(call), FAILURE_INTERNAL, "PEER_ANSWER_MALFORMED",
                         "the card service gave an answer that makes no sense");
}

static bool ask_by_number(rpc_call *call, const char *number, binding *b)
{
        const char *region = service_call_of(call)->instance->directory.region;
        Card__ResolveCardRequest request = CARD__RESOLVE_CARD_REQUEST__INIT;
        ProtobufCMessage *reply = NULL;
        request.parent = arena_format(rpc_call_arena(call), "regions/%s", region);
        request.card_number = number;
        if (!ask(call, "sscard.card.v1.CardService/ResolveCard", &request.base,
                 &card__resolve_card_response__descriptor, &reply))
                return false;
        const Card__ResolveCardResponse *answer = (const Card__ResolveCardResponse *)reply;
        return (id_of(answer->card, &b->card) && id_of(answer->holder, &b->holder)) ||
               answer_rubbish(call);
}

static bool ask_by_name(rpc_call *call, const char *name, binding *b)
{
        Card__GetCardRequest request = CARD__GET_CARD_REQUEST__INIT;
        ProtobufCMessage *reply = NULL;
        request.name = name;
        if (!ask(call, "sscard.card.v1.CardService/GetCard", &request.base, &card__card__descriptor,
                 &reply))
                return false;
        const Card__Card *answer = (const Card__Card *)reply;
        return (id_of(answer->name, &b->card) && id_of(answer->holder, &b->holder)) ||
               answer_rubbish(call);
}

static bool ask_by_person(rpc_call *call, const char *identity_number, binding *b)
{
        const char *region = service_call_of(call)->instance->directory.region;
        Card__FindHolderRequest request = CARD__FIND_HOLDER_REQUEST__INIT;
        ProtobufCMessage *reply = NULL;
        request.parent = arena_format(rpc_call_arena(call), "regions/%s", region);
        request.identity_number = identity_number;
        if (!ask(call, "sscard.card.v1.CardService/FindHolder", &request.base,
                 &card__holder__descriptor, &reply))
                return false;
        return id_of(((const Card__Holder *)reply)->name, &b->holder) || answer_rubbish(call);
}

/* ---- the binding: recalled, or asked for and learnt ---- */

static bool check_identity(rpc_call *call, const char *number)
{
        identity_fault fault = identity_number_check(number, strlen(number), (civil_date){0}, NULL);
        if (fault == IDENTITY_VALID) return true;
        policy_detail detail = {"fault", identity_fault_name(fault)};
        rpc_refuse(call, card_refusal_of_identity(fault), &detail, 1);
        return false;
}

static bool is_name_in(const resource_name *name, const char *collection)
{
        return strcmp(name->collection, collection) == 0 && name->has_id && *name->rest == '\0';
}

static bool refuse_name(rpc_call *call, const subject_question *question)
{
        rpc_reply_invalid(call, "name", "RESOURCE_NAME_INVALID", NULL,
                          question->card_only
                                  ? "name must be regions/{region}/cards/{id}"
                                  : "name must be regions/{region}/cards/{id} or holders/{id}");
        return false;
}

static bool bind(rpc_call *call, const subject_question *question, binding *b)
{
        TASK_MAY_SUSPEND(rpc_call_task(call));
        const service_call *state = service_call_of(call);
        status_app *app = service_call_app(call);
        const char *text = question->card_number       ? question->card_number
                           : question->identity_number ? question->identity_number
                                                       : question->name;
        if (!text || !*text) {
                rpc_reply_invalid(call, "subject", "SUBJECT_REQUIRED", "R48",
                                  "one of name, card_number and identity_number must be set");
                return false;
        }
        if (question->identity_number && !check_identity(call, text)) return false;
        if (text == question->name && is_name_in(&state->name, "holders") && !question->card_only) {
                b->holder = state->name.id;
                return true;
        }
        if (text == question->name && !is_name_in(&state->name, "cards"))
                return refuse_name(call, question);
        digest key = service_lookup_hash(state->instance, text);
        const binding *known = status_app_recall(app, &key);
        if (known) {
                *b = *known;
                return true;
        }
        bool found = text == question->card_number       ? ask_by_number(call, text, b)
                     : text == question->identity_number ? ask_by_person(call, text, b)
                                                         : ask_by_name(call, text, b);
        if (found) status_app_learn(app, &key, *b);
        return found;
}

/* ---- the records ---- */

static bool answer_unknown(rpc_call *call)
{
        bool stale_was_allowed = service_call_of(call)->context.max_staleness_ms > 0;
        rpc_reply_error(
                call,
                &(rpc_error){.status = FAILURE_UNAVAILABLE,
                             .reason = stale_was_allowed ? "TOO_STALE" : "OWNER_UNAVAILABLE",
                             .message = "the card's record cannot be read now; nothing is said "
                                        "rather than something old",
                             .rule = "S6",
                             .text = {"暂时无法查询，请稍后再试", "It cannot be looked up now; "
                                                                  "please try again soon."},
                             .retry_after_ms = 500});
        return false;
}

static bool load(rpc_call *call, const binding *b, holder_record *record, record_look *looks,
                 int64_t *stale_ms)
{
        task *t = rpc_call_task(call);
        TASK_MAY_SUSPEND(t);
        service_call *state = service_call_of(call);
        service_call_saw(call, ulid_part(b->holder), b->holder);
        if (!record_look_up(t, state->instance, ulid_part(b->holder), b->holder,
                            state->context.max_staleness_ms, looks))
                return false;
        switch (looks[CARD_PEER].finding) {
        case RECORD_FOUND:
                *stale_ms = looks[CARD_PEER].stale_ms;
                return holder_record_unpack(NULL, rpc_call_arena(call), looks[CARD_PEER].packed,
                                            record, &t->failure);
        case RECORD_NOT_FOUND:
                return answer_not_found(call);
        case RECORD_ABSENT:
                return answer_absent(call);
        case RECORD_UNKNOWN:
                break;
        }
        return answer_unknown(call);
}

/* Which of the looks is that peer's. */
static const record_look *look_of(const service_instance *instance, const record_look *looks,
                                  const char *peer)
{
        size_t i = 0;
        while (strcmp(instance->definition->peers[i], peer) != 0)
                i++;
        return &looks[i];
}

bool subject_turn_to(rpc_call *call, subject *s, int card)
{
        s->card = card;
        s->account = (subject_account){.financial = STATUS_FINANCIAL_ABSENT};
        s->pin = (subject_pin){0};
        if (card < 0) return true;
        const card_record *turned = &s->record->holder.cards[card];
        return subject_account_read(call, &s->account_look, turned, &s->account) &&
               subject_pin_read(call, &s->pin_look, turned, &s->pin);
}

bool subject_find(rpc_call *call, const subject_question *question, subject *s)
{
        TASK_MAY_SUSPEND(rpc_call_task(call));
        const service_call *state = service_call_of(call);
        binding b = {0};
        if (!bind(call, question, &b)) return false;
        holder_record *record = arena_zalloc(rpc_call_arena(call), sizeof *record);
        record_look looks[SERVICE_PEERS_MAX];
        int64_t stale_ms = 0;
        if (!load(call, &b, record, looks, &stale_ms)) return false;
        s->account_look = *look_of(state->instance, looks, "bank");
        s->pin_look = *look_of(state->instance, looks, "credential");
        if (s->account_look.stale_ms > stale_ms) stale_ms = s->account_look.stale_ms;
        if (s->pin_look.stale_ms > stale_ms) stale_ms = s->pin_look.stale_ms;
        const record_look *ecard = look_of(state->instance, looks, "ecard");
        if (ecard->stale_ms > stale_ms) stale_ms = ecard->stale_ms;
        bytes hash = bytes_of(record->person.identity_hash.bytes, DIGEST_BYTES);
        s->record = record;
        s->as_of_ms = state->now_ms - stale_ms;
        card_settle(&record->holder, s->as_of_ms);
        s->card = ulid_is_zero(b.card) ? card_holder_current(&record->holder)
                                       : card_holder_find(&record->holder, b.card);
        const char *bank = s->card >= 0 ? record->holder.cards[s->card].bank : NULL;
        if (!service_check_access(call, hash, bank)) return false;
        if (!subject_turn_to(call, s, s->card) ||
            !subject_ecard_read(call, ecard, &s->pin_look, &s->account_look, &record->holder,
                                &s->ecard))
                return false;
        if (s->card >= 0 || ulid_is_zero(b.card)) return true;
        /* The card is there, since somebody has resolved it: the record is older than it, or it has
         * left a full record. Whoever may only ask "usable?" is not told which. */
        if (stale_ms > 0) return answer_unknown(call);
        if (question->card_only || record->holder.card_count < CARD_CARDS_MAX)
                return answer_not_found(call);
        rpc_refuse(call, status_refusal_of(STATUS_REFUSAL_CARD_ENDED_LONG_AGO), NULL, 0);
        return false;
}
