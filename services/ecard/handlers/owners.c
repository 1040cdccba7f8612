/* Reads other owners' records. Must never keep what they say. */
#include "services/ecard/handlers/owners.h"

#include "services/bank/record/link_record.h"
#include "services/credential/record/credential_codec.h"

/* A locked password changes nothing until it is unlocked or reset: its version names the lock. */
bool owners_lock(task *t, const record_look *look, const card_record *card, ecard_lock *lock)
{
        *lock = (ecard_lock){.locked =
                                     look->finding == RECORD_UNKNOWN ? POLICY_UNKNOWN : POLICY_NO};
        if (look->finding != RECORD_FOUND || !card) return true;
        credential_holder *holder = arena_zalloc(&t->arena, sizeof *holder);
        if (!credential_holder_unpack(&t->arena, look->packed, holder, &t->failure)) return false;
        int index = credential_find(holder, card->id);
        if (index < 0 || holder->items[index].state != CREDENTIAL_LOCKED) return true;
        *lock = (ecard_lock){POLICY_YES, holder->items[index].version};
        return true;
}

bool owners_bank_active(task *t, const record_look *look, const card_record *card,
                        policy_ternary *active)
{
        *active = look->finding == RECORD_UNKNOWN ? POLICY_UNKNOWN : POLICY_NO;
        if (look->finding != RECORD_FOUND || !card) return true;
        bank_holder *holder = arena_zalloc(&t->arena, sizeof *holder);
        if (!bank_holder_unpack(NULL, &t->arena, look->packed, holder, &t->failure)) return false;
        int index = bank_holder_find(holder, card->id);
        if (index < 0) return true;
        bank_link_derive(&holder->links[index], card);
        *active = policy_ternary_of(holder->links[index].state == BANK_ACTIVE);
        return true;
}
