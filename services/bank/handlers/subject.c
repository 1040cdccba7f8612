/* From a name to records. Must never decide on a card that was read some time ago: the card's
 * record is read anew for each attempt, under its owner's lease or from its owner. */
#include "services/bank/handlers/subject.h"

#include "common/rpc/client.h"
#include "common/service/credentials.h"
#include "common/service/record_service.h"
#include "services/bank/handlers/bank_change.h"
#include "services/bank/handlers/bank_message.h"
#include "services/card/rules/card_refusals.h"
#include "services/card/rules/card_settle.h"
#include "services/region/region_knobs.h"
#include "services/region/region_message.h"

#include "sscard/card/v1/card_service.pb-c.h"

static bool answer_not_found(rpc_call *call)
{
        rpc_refuse(call, bank_refusal_of(BANK_REFUSAL_CARD_NOT_FOUND), NULL, 0);
        return false;
}

/* ---- whose card is it? ---- */

static bool ask_card_service(rpc_call *call, ulid card, ulid *holder)
{
        task *t = rpc_call_task(call);
        TASK_MAY_SUSPEND(t);
        service_instance *instance = service_call_of(call)->instance;
        rpc_peer *peer = service_instance_peer(instance, "card");
        if (!peer) {
                service_answer_owner_away(call, "card", RECORD_ABSENT);
                return false;
        }
        Card__GetCardRequest request = CARD__GET_CARD_REQUEST__INIT;
        request.name = resource_name_format(rpc_call_arena(call), instance->directory.region,
                                            "cards", card);
        rpc_metadata authorization;
        ProtobufCMessage *reply = NULL;
        if (!credentials_metadata(instance->credentials, &authorization, &t->failure)) return false;
        if (!rpc_peer_call_message(peer, t, "sscard.card.v1.CardService/GetCard", &request.base,
                                   &card__card__descriptor, &authorization, 1, &reply)) {
                if (t->failure.kind != FAILURE_NOT_FOUND) return false;
                failure_clear(&t->failure);
                return answer_not_found(call);
        }
        resource_name name;
        const char *why = NULL;
        if (!resource_name_parse(((const Card__Card *)reply)->holder, &name, &why) || !name.has_id)
                return task_fail(t, FAILURE_INTERNAL, "PEER_ANSWER_MALFORMED",
                                 "the card service gave an answer that makes no sense");
        *holder = name.id;
        return true;
}

static bool find_holder(rpc_call *call, ulid card, ulid *holder)
{
        bank_app *app = service_call_app(call);
        bool found = false;
        if (!bank_store_find_by_card(rpc_call_task(call), &app->store, card, holder, &found))
                return false;
        return found || ask_card_service(call, card, holder);
}

/* ---- the records ---- */

static bool load_cards(rpc_call *call, ulid holder, bank_subject *subject)
{
        task *t = rpc_call_task(call);
        record_look look;
        if (!service_peer_record(call, "card", holder, &look)) return false;
        if (look.finding == RECORD_NOT_FOUND) return answer_not_found(call);
        subject->cards = arena_zalloc(rpc_call_arena(call), sizeof *subject->cards);
        if (!holder_record_unpack(NULL, rpc_call_arena(call), look.packed, subject->cards,
                                  &t->failure))
                return false;
        card_settle(&subject->cards->holder, service_call_of(call)->now_ms);
        return true;
}

static bool load(rpc_call *call, ulid holder, bank_subject *subject)
{
        TASK_MAY_SUSPEND(rpc_call_task(call));
        const service_call *state = service_call_of(call);
        subject->app = service_call_app(call);
        service_call_saw(call, ulid_part(holder), holder);
        if (!load_cards(call, holder, subject)) return false;
        subject->loaded = arena_zalloc(rpc_call_arena(call), sizeof *subject->loaded);
        if (!bank_store_load(rpc_call_task(call), &subject->app->store, holder, subject->loaded))
                return false;
        subject->facts =
                (bank_facts){.cards = &subject->cards->holder,
                             .card_knobs = region_card_knobs(rpc_call_arena(call), state->pack),
                             .links = &subject->loaded->links,
                             .knobs = region_bank_knobs(rpc_call_arena(call), state->pack),
                             .caller = &state->who,
                             .now_ms = state->now_ms,
                             .region = state->instance->directory.region};
        return true;
}

static bool check_access(rpc_call *call, const bank_subject *subject, const char *bank)
{
        bytes hash = bytes_of(subject->cards->person.identity_hash.bytes, DIGEST_BYTES);
        return service_check_access(call, hash, bank);
}

bool bank_subject_of_link(rpc_call *call, bank_subject *subject)
{
        TASK_MAY_SUSPEND(rpc_call_task(call));
        ulid holder, card = service_call_of(call)->name.id;
        if (!find_holder(call, card, &holder) || !load(call, holder, subject)) return false;
        subject->card = card;
        const bank_link *stored = bank_subject_stored(subject);
        if (stored) bank_recall_card(&subject->cards->holder, stored);
        int index = card_holder_find(&subject->cards->holder, card);
        if (index < 0) return answer_not_found(call);
        return check_access(call, subject, subject->cards->holder.cards[index].bank);
}

bool bank_subject_of_holder(rpc_call *call, bank_subject *subject)
{
        TASK_MAY_SUSPEND(rpc_call_task(call));
        subject->card = (ulid){0};
        if (!load(call, service_call_of(call)->name.id, subject)) return false;
        /* Staff of a bank sees its own bank's links of anybody: they are sorted out one by one. */
        const policy_caller *who = &service_call_of(call)->who;
        return check_access(call, subject,
                            who->role == POLICY_ROLE_BANK_OPERATOR ? who->bank : NULL);
}

const bank_link *bank_subject_stored(const bank_subject *subject)
{
        int index = bank_holder_find(&subject->loaded->links, subject->card);
        return index < 0 ? NULL : &subject->loaded->links.links[index];
}

/* The name of the right bank (R10, R21), for people, beside its code. */
static size_t tell_bank(rpc_call *call, const bank_verdict *verdict, policy_detail *view,
                        size_t count)
{
        const rule_pack *region = service_call_of(call)->pack;
        const char *language = rpc_call_language(call), *code = verdict->before.bank;
        const pack_bank *bank = pack_bank_find(region, code);
        bool about_bank = verdict->code == BANK_REFUSAL_WRONG_BANK ||
                          verdict->code == BANK_REFUSAL_BANK_MANAGED;
        if (!about_bank || !bank) return count;
        view[count++] = (policy_detail){"bank_code", bank->code};
        view[count++] = (policy_detail){"bank_name", region_bank_name(region, code, language)};
        view[count++] = (policy_detail){"bank_phone", bank->phone};
        return count;
}

void bank_refuse(rpc_call *call, const bank_verdict *verdict)
{
        enum { OF_BANK = 3 };
        policy_detail view[POLICY_DETAILS_MAX + OF_BANK];
        size_t count = policy_details_view(&verdict->details, view, POLICY_DETAILS_MAX);
        count = tell_bank(call, verdict, view, count);
        policy_refusal refusal = verdict->refusal;
        bank_steps_of_others(rpc_call_arena(call), refusal.steps,
                             policy_refusal_step_count(&refusal));
        rpc_refuse(call, &refusal, view, count);
}
