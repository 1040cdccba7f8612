/* The electronic card. Must never say OPEN while a fact that could close it is not known. */
#include "services/status/handlers/subject_ecard.h"

#include "services/bank/record/link_record.h"
#include "services/credential/record/credential_codec.h"
#include "services/ecard/record/ecard_record.h"
#include "services/region/region_knobs.h"

static bool read_record(rpc_call *call, const record_look *look, const card_holder *holder,
                        subject_ecard *ecard)
{
        arena *a = rpc_call_arena(call);
        ecard->record = (ecard_record){.holder = holder->id, .level = ECARD_NONE};
        if (look->finding != RECORD_FOUND) return true;
        ecard_row *row = arena_alloc(a, sizeof *row);
        if (!ecard_row_unpack(NULL, a, look->packed, row, &rpc_call_task(call)->failure))
                return false;
        ecard->record = row->ecard;
        return true;
}

static bool read_lock(rpc_call *call, const record_look *look, const card_record *card,
                      ecard_lock *lock)
{
        arena *a = rpc_call_arena(call);
        lock->locked = look->finding == RECORD_UNKNOWN ? POLICY_UNKNOWN : POLICY_NO;
        if (look->finding != RECORD_FOUND || card->state != CARD_NORMAL) return true;
        credential_holder *pins = arena_zalloc(a, sizeof *pins);
        if (!credential_holder_unpack(a, look->packed, pins, &rpc_call_task(call)->failure))
                return false;
        int index = credential_find(pins, card->id);
        if (index < 0 || pins->items[index].state != CREDENTIAL_LOCKED) return true;
        *lock = (ecard_lock){POLICY_YES, pins->items[index].version};
        return true;
}

static bool read_bank(rpc_call *call, const record_look *look, const card_record *card,
                      policy_ternary *active)
{
        arena *a = rpc_call_arena(call);
        *active = look->finding == RECORD_UNKNOWN ? POLICY_UNKNOWN : POLICY_NO;
        if (look->finding != RECORD_FOUND) return true;
        bank_holder *links = arena_zalloc(a, sizeof *links);
        if (!bank_holder_unpack(NULL, a, look->packed, links, &rpc_call_task(call)->failure))
                return false;
        int index = bank_holder_find(links, card->id);
        if (index < 0) return true;
        bank_link_derive(&links->links[index], card);
        *active = policy_ternary_of(links->links[index].state == BANK_ACTIVE);
        return true;
}

bool subject_ecard_read(rpc_call *call, const record_look *look, const record_look *pin,
                        const record_look *account, const card_holder *holder, subject_ecard *ecard)
{
        *ecard = (subject_ecard){.is_served = look->finding != RECORD_ABSENT};
        ecard->is_answered = ecard->is_served && look->finding != RECORD_UNKNOWN;
        if (!ecard->is_answered) return true;
        if (!read_record(call, look, holder, ecard)) return false;
        const ecard_knobs *knobs =
                region_ecard_knobs(rpc_call_arena(call), service_call_of(call)->pack);
        ecard_facts facts = {.holder = holder, .ecard = &ecard->record, .knobs = knobs};
        int current = ecard_current_card(holder, &ecard->record);
        if (current >= 0) {
                const card_record *card = &holder->cards[current];
                if (!read_lock(call, pin, card, &facts.lock)) return false;
                if (ecard->record.level == ECARD_L2 &&
                    !read_bank(call, account, card, &facts.bank_active))
                        return false;
        }
        (void)ecard_settle(&facts, &ecard->record);
        ecard->view = ecard_view_of(holder, &ecard->record, facts.lock, knobs);
        return true;
}

Status__ECardStatus *subject_ecard_message(rpc_call *call, const subject_ecard *ecard, int card)
{
        if (!ecard->is_served) return NULL;
        Status__ECardStatus *message = arena_alloc(rpc_call_arena(call), sizeof *message);
        status__ecard_status__init(message);
        if (!ecard->is_answered) return message;
        message->level = (Ecard__Level)ecard->record.level;
        message->gate = (Ecard__Gate)ecard->view.gate;
        message->of_this_card = ecard_is_issued(&ecard->record) && ecard->view.card == card;
        return message;
}
