/* The cards of a person. Dates fit one another: born, applied, made, in use, expired, dead. */
#include "tools/people/people_cards.h"

#include "tools/people/people_names.h"

#include <assert.h>

enum {
        VALID_YEARS = 10,
        WAIT_DAYS_MAX = 30,        /* from the application to the card */
        VALID_DAYS_LEFT_MIN = 100, /* of a card that is far from its end */
        EXPIRED_DAYS_MAX = 700,
        LOCAL_BENEFITS_FROM = 60, /* years */
        MS_PER_DAY = 86400000,
        OFFICE_OPENS_MS = 9 * 3600 * 1000,
        OFFICE_HOURS_MS = 8 * 3600 * 1000,
};

/* What goes into making cards. */
typedef struct bench {
        const people *p;
        random_source *random;
        arena *a;
        person *of;
} bench;

static int32_t between(const bench *b, int32_t low, int32_t high)
{
        if (high <= low) return low;
        return low + (int32_t)people_below(b->random, (uint32_t)(high - low + 1));
}

GoogleType__Date *people_date(civil_date date, arena *a)
{
        GoogleType__Date *message = arena_alloc(a, sizeof *message);
        google_type__date__init(message);
        message->year = date.year;
        message->month = date.month;
        message->day = date.day;
        return message;
}

/* At that day, in office hours. */
static Google__Protobuf__Timestamp *office_time(const bench *b, civil_date day)
{
        int64_t ms = civil_date_start_unix_ms(day) + OFFICE_OPENS_MS +
                     people_below(b->random, OFFICE_HOURS_MS);
        Google__Protobuf__Timestamp *at = arena_alloc(b->a, sizeof *at);
        google__protobuf__timestamp__init(at);
        at->seconds = ms / 1000;
        at->nanos = (int32_t)(ms % 1000) * 1000000;
        return at;
}

static civil_date later(civil_date a, civil_date b)
{
        return civil_date_compare(a, b) >= 0 ? a : b;
}

static Card__ImportedCard *card_add(const bench *b, Card__CardState state)
{
        Card__ImportedHolder *holder = b->of->holder;
        Card__ImportedCard *card = arena_alloc(b->a, sizeof *card);
        card__imported_card__init(card);
        card->state = state;
        card->bank_code = b->of->bank->code;
        assert(holder->n_cards < PEOPLE_CARDS_MAX);
        holder->cards[holder->n_cards++] = card;
        return card;
}

/* An application of the last weeks, the card is not made. */
static Card__ImportedCard *card_add_application(const bench *b, Card__CardState state)
{
        Card__ImportedCard *card = card_add(b, state);
        civil_date today = b->p->options.today;
        civil_date on =
                later(civil_date_add_days(today, -between(b, 1, WAIT_DAYS_MAX)), b->of->born_on);
        card->requested_at = office_time(
                b, civil_date_compare(on, today) < 0 ? on : civil_date_add_days(today, -1));
        card->fulfilment = people_below(b->random, 4) == 0 ? CARD__FULFILMENT__FULFILMENT_MAIL
                                                           : CARD__FULFILMENT__FULFILMENT_PICKUP;
        if (card->fulfilment == CARD__FULFILMENT__FULFILMENT_PICKUP)
                card->delivery_outlet = b->of->outlet;
        card->consent = arena_alloc(b->a, sizeof *card->consent);
        card__consent__init(card->consent);
        card->consent->given_at = card->requested_at;
        card->consent->statement = "CONSENT-2024-1";
        return card;
}

static void card_make(const bench *b, Card__ImportedCard *card, civil_date issued_on)
{
        unsigned which = (unsigned)b->of->holder->n_cards - 1;
        civil_date applied = later(civil_date_add_days(issued_on, -between(b, 3, WAIT_DAYS_MAX)),
                                   b->of->born_on);
        card->card_number = people_card_number(b->p, b->of->index, which, b->a);
        card->issued_on = people_date(issued_on, b->a);
        card->expires_on = people_date(civil_date_add_years(issued_on, VALID_YEARS), b->a);
        card->requested_at = office_time(b, civil_date_compare(applied, issued_on) < 0
                                                    ? applied
                                                    : civil_date_add_days(issued_on, -1));
        card->chip = arena_alloc(b->a, sizeof *card->chip);
        card__chip__init(card->chip);
        card->chip->chip_id = people_chip_id(b->p, b->of->index, which, b->a);
        card->chip->model = issued_on.year < 2018 ? "SSC2-2012" : "SSC3-2018";
        card->chip->key_batch = arena_format(b->a, "KB-%04d-%02d", issued_on.year, issued_on.month);
        card->chip->key_origin = issued_on.year < 2018 ? CARD__KEY_ORIGIN__KEY_ORIGIN_FACTORY
                                                       : CARD__KEY_ORIGIN__KEY_ORIGIN_CHIP;
}

/* A card in the holder's hands, made `days_min` to `days_max` days ago, not before the birth. */
static Card__ImportedCard *card_add_held(const bench *b, Card__CardState state, int days_min,
                                         int days_max)
{
        civil_date today = b->p->options.today;
        int32_t lived = civil_date_to_days(today) - civil_date_to_days(b->of->born_on) - 1;
        if (days_max > lived) days_max = lived > 1 ? lived : 1;
        if (days_min > days_max) days_min = days_max;
        Card__ImportedCard *card = card_add(b, state);
        card_make(b, card, civil_date_add_days(today, -between(b, days_min, days_max)));
        card->delivery_state = CARD__DELIVERY_STATE__DELIVERY_STATE_COLLECTED;
        return card;
}

enum { OF_LATE = 120, YOUNG_MIN = 30, YOUNG_MAX = VALID_YEARS * 365 - VALID_DAYS_LEFT_MIN };

/* A card with its last day `days` from today; negative: it was. */
static void card_add_ending(const bench *b, int days)
{
        civil_date last = civil_date_add_days(b->p->options.today, days);
        Card__ImportedCard *card = card_add(b, CARD__CARD_STATE__CARD_STATE_NORMAL);
        card_make(b, card, civil_date_add_years(last, -VALID_YEARS));
        card->expires_on = people_date(last, b->a);
        card->delivery_state = CARD__DELIVERY_STATE__DELIVERY_STATE_COLLECTED;
}

static void card_add_waiting(const bench *b, Card__DeliveryState delivery)
{
        Card__ImportedCard *card =
                card_add_held(b, CARD__CARD_STATE__CARD_STATE_ARCHIVED, 1, OF_LATE);
        card->delivery_state = delivery;
        if (delivery == CARD__DELIVERY_STATE__DELIVERY_STATE_AT_OUTLET)
                card->delivery_outlet = b->of->outlet;
}

static Card__CancelReason reason_of_ending(const bench *b)
{
        static const Card__CancelReason REASONS[] = {
                CARD__CANCEL_REASON__CANCEL_REASON_HOLDER,
                CARD__CANCEL_REASON__CANCEL_REASON_HOLDER,
                CARD__CANCEL_REASON__CANCEL_REASON_TRANSFER_OUT,
                CARD__CANCEL_REASON__CANCEL_REASON_EMIGRATION,
        };
        return REASONS[people_below(b->random, ARRAY_LENGTH(REASONS))];
}

static void deal_dead(const bench *b)
{
        card_add_held(b, CARD__CARD_STATE__CARD_STATE_CANCELLED, 800, YOUNG_MAX)->cancel_reason =
                CARD__CANCEL_REASON__CANCEL_REASON_DEATH;
        b->of->holder->died_on =
                people_date(civil_date_add_days(b->p->options.today, -between(b, 5, 700)), b->a);
}

static void deal_replaced(const bench *b)
{
        card_add_held(b, CARD__CARD_STATE__CARD_STATE_CANCELLED, 1500, YOUNG_MAX)->cancel_reason =
                people_below(b->random, 2) ? CARD__CANCEL_REASON__CANCEL_REASON_REPLACED
                                           : CARD__CANCEL_REASON__CANCEL_REASON_REPLACED_AFTER_LOSS;
        card_add_held(b, CARD__CARD_STATE__CARD_STATE_NORMAL, YOUNG_MIN, 1400);
}

/* The older one is what the rule would not allow today; two in use, or one of them never enabled.
 */
static void deal_duplicate(const bench *b)
{
        card_add_held(b, CARD__CARD_STATE__CARD_STATE_NORMAL, 2500, YOUNG_MAX)->legacy_duplicate =
                true;
        card_add_held(b,
                      people_below(b->random, 3) ? CARD__CARD_STATE__CARD_STATE_NORMAL
                                                 : CARD__CARD_STATE__CARD_STATE_ARCHIVED,
                      YOUNG_MIN, 2400);
}

static void deal_entitlement(const bench *b)
{
        civil_date today = b->p->options.today;
        int age = civil_date_age_years(b->of->born_on, today);
        uint32_t die = people_below(b->random, 100);
        if (b->of->profile == PEOPLE_DEAD || die < 20) return; /* nobody told */
        Card__Entitlement *entitlement = arena_alloc(b->a, sizeof *entitlement);
        card__entitlement__init(entitlement);
        bool drawn = age >= LOCAL_BENEFITS_FROM ? die < 90 : die < 26;
        entitlement->standing = drawn ? CARD__ENTITLEMENT_STANDING__ENTITLEMENT_STANDING_DRAWN
                                      : CARD__ENTITLEMENT_STANDING__ENTITLEMENT_STANDING_NONE;
        if (drawn) {
                const char **kinds = arena_alloc(b->a, sizeof *kinds);
                kinds[0] = age >= LOCAL_BENEFITS_FROM ? "pension" : "unemployment";
                entitlement->kinds = kinds;
                entitlement->n_kinds = 1;
        }
        entitlement->as_of = office_time(b, civil_date_add_days(today, -between(b, 1, 28)));
        b->of->holder->entitlement = entitlement;
}

void people_deal_cards(const people *p, random_source *random, arena *a, person *out)
{
        bench b = {.p = p, .random = random, .a = a, .of = out};
        out->holder->cards = arena_alloc(a, PEOPLE_CARDS_MAX * sizeof *out->holder->cards);
        switch (out->profile) {
        case PEOPLE_NORMAL:
                card_add_held(&b, CARD__CARD_STATE__CARD_STATE_NORMAL, YOUNG_MIN, YOUNG_MAX);
                break;
        case PEOPLE_EXPIRING:
                card_add_ending(&b, between(&b, 31, 60));
                break;
        case PEOPLE_EXPIRED:
                card_add_ending(&b, -between(&b, 1, EXPIRED_DAYS_MAX));
                break;
        case PEOPLE_ARCHIVED_AT_OUTLET:
                card_add_waiting(&b, CARD__DELIVERY_STATE__DELIVERY_STATE_AT_OUTLET);
                break;
        case PEOPLE_ARCHIVED_IN_MAIL:
                card_add_waiting(&b, CARD__DELIVERY_STATE__DELIVERY_STATE_IN_MAIL);
                break;
        case PEOPLE_ARCHIVED_COLLECTED:
                card_add_waiting(&b, CARD__DELIVERY_STATE__DELIVERY_STATE_COLLECTED);
                break;
        case PEOPLE_REQUESTED:
                card_add_application(&b, CARD__CARD_STATE__CARD_STATE_REQUESTED);
                break;
        case PEOPLE_PRODUCING:
                card_add_application(&b, CARD__CARD_STATE__CARD_STATE_PRODUCING)->delivery_state =
                        CARD__DELIVERY_STATE__DELIVERY_STATE_IN_PRODUCTION;
                break;
        case PEOPLE_TEMP_LOST:
                card_add_held(&b, CARD__CARD_STATE__CARD_STATE_TEMP_LOST, YOUNG_MIN, YOUNG_MAX);
                break;
        case PEOPLE_LOST:
                card_add_held(&b, CARD__CARD_STATE__CARD_STATE_LOST, YOUNG_MIN, YOUNG_MAX);
                break;
        case PEOPLE_CANCELLED:
                card_add_held(&b, CARD__CARD_STATE__CARD_STATE_CANCELLED, YOUNG_MIN, YOUNG_MAX)
                        ->cancel_reason = reason_of_ending(&b);
                break;
        case PEOPLE_REPLACED:
                deal_replaced(&b);
                break;
        case PEOPLE_LEGACY_DUPLICATE:
                deal_duplicate(&b);
                break;
        case PEOPLE_DEAD:
                deal_dead(&b);
                break;
        case PEOPLE_WITHDRAWN:
                card_add_application(&b, CARD__CARD_STATE__CARD_STATE_WITHDRAWN);
                break;
        case PEOPLE_PROFILE_COUNT:
                assert(!"not a row");
        }
        deal_entitlement(&b);
}
