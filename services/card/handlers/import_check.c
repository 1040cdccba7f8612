/* Looks an imported person over, text by text. Must never judge what a card may be: the rules do.
 */
#include "services/card/handlers/import_check.h"

#include "common/text/utf8.h"
#include "services/card/handlers/evidence.h"
#include "services/card/record/holder_record.h"
#include "services/card/rules/phone_number.h"

enum {
        PERSON_NAME_MAX = 50,
        REFERENCE_MAX = 128,
        KIND_MAX = 64,
        CARD_NUMBER_MAX = 16,
        CHIP_MAX = 64,
};

typedef struct text_rule {
        const char *text, *field;
        size_t code_points_max;
} text_rule;

typedef struct place {
        arena *arena;
        const char *path;
        rpc_error_violation *violation;
} place;

static bool refuse(const place *p, const char *field, const char *reason, const char *what)
{
        const char *path = arena_format(p->arena, "%s.%s", p->path, field);
        *p->violation = (rpc_error_violation){
                .field = path,
                .reason = reason,
                .description = arena_format(p->arena, "%s %s", path, what),
        };
        return false;
}

static bool texts_check(const place *p, const text_rule *rules, size_t count)
{
        for (size_t i = 0; i < count; i++)
                if (utf8_count(bytes_of_text(rules[i].text)) > rules[i].code_points_max)
                        return refuse(p, rules[i].field, "TEXT_TOO_LONG", "is too long");
        return true;
}

static bool card_check(const place *p, const Card__ImportedCard *card)
{
        const text_rule texts[] = {
                {card->bank_code, "bank_code", BANK_CODE_MAX},
                {card->delivery_outlet, "delivery_outlet", OUTLET_CODE_MAX},
                {card->card_number, "card_number", CARD_NUMBER_MAX},
        };
        if (!texts_check(p, texts, ARRAY_LENGTH(texts))) return false;
        if (card->consent) {
                const text_rule consent = {card->consent->statement, "consent.statement",
                                           REFERENCE_MAX};
                if (!texts_check(p, &consent, 1)) return false;
        }
        if (!card->chip) return true;
        const text_rule chip[] = {
                {card->chip->chip_id, "chip.chip_id", CHIP_MAX},
                {card->chip->model, "chip.model", CHIP_MAX},
                {card->chip->key_batch, "chip.key_batch", CHIP_MAX},
        };
        return texts_check(p, chip, ARRAY_LENGTH(chip));
}

static bool entitlement_check(const place *p, const Card__Entitlement *entitlement)
{
        if (entitlement->n_kinds > ENTITLEMENT_KINDS_MAX)
                return refuse(p, "entitlement.kinds", "TOO_MANY_ITEMS", "has too many items");
        for (size_t i = 0; i < entitlement->n_kinds; i++) {
                const text_rule kind = {entitlement->kinds[i], "entitlement.kinds", KIND_MAX};
                if (!texts_check(p, &kind, 1)) return false;
        }
        return true;
}

bool import_check(arena *a, const Card__ImportedHolder *message, size_t index,
                  rpc_error_violation *violation)
{
        const place p = {a, arena_format(a, "holders[%zu]", index), violation};
        const text_rule texts[] = {
                {message->person_name, "person_name", PERSON_NAME_MAX},
                {message->phone, "phone", PHONE_NUMBER_MAX},
                {message->photo_reference, "photo_reference", REFERENCE_MAX},
        };
        if (*message->person_name == '\0')
                return refuse(&p, "person_name", "PERSON_NAME_REQUIRED", "is required");
        if (!texts_check(&p, texts, ARRAY_LENGTH(texts))) return false;
        if (!phone_number_check(bytes_of_text(message->phone)))
                return refuse(&p, "phone", "PHONE_MALFORMED",
                              "must be digits, with an optional + before them");
        if (message->entitlement && !entitlement_check(&p, message->entitlement)) return false;
        for (size_t i = 0; i < message->n_cards; i++) {
                const place card = {a, arena_format(a, "%s.cards[%zu]", p.path, i), violation};
                if (!card_check(&card, message->cards[i])) return false;
        }
        return true;
}
