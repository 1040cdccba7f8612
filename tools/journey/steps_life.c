/* First act: applied for, made, handed over and enabled. */
#include "tools/journey/journey.h"

#include <string.h>

enum { PEOPLE_TRIED = 20 };

static Card__Consent *consent_of(journey *j)
{
        Card__Consent *consent = arena_alloc(&j->a, sizeof *consent);
        card__consent__init(consent);
        consent->statement = "CONSENT-2024-1";
        return consent;
}

static const region_answer *apply(journey *j)
{
        const actor *holder = &j->cast.holder;
        Card__ApplyCardRequest request = CARD__APPLY_CARD_REQUEST__INIT;
        request.parent = arena_format(&j->a, "regions/%s", j->to->ctx.region);
        request.context = journey_context(j, holder, POLICY_CHANNEL_ECARD);
        request.identity_number = j->who.holder->identity_number;
        request.person_name = j->who.holder->person_name;
        request.phone = j->who.holder->phone;
        request.photo_reference = j->who.holder->photo_reference;
        request.bank_code = j->who.bank->code;
        request.consent = consent_of(j);
        request.fulfilment = CARD__FULFILMENT__FULFILMENT_PICKUP;
        request.delivery_outlet = j->who.outlet;
        request.reason = CARD__APPLY_REASON__APPLY_REASON_FIRST;
        return journey_call(j, holder, POLICY_CHANNEL_ECARD, REGION_CARD, "ApplyCard",
                            &request.base, &card__card_result__descriptor);
}

/* Somebody who was here before has a card: then it happens to the next person. */
static void choose_another_person(journey *j)
{
        journey_choose_person(j, j->who.index + 1);
        story_note(j->story,
                   (policy_text){"此人已有卡，换一位", "has a card already: the next person"});
}

bool journey_step_apply(journey *j)
{
        story_step(j->story, (policy_text){"申领", "apply for a card"});
        const region_answer *answer = apply(j);
        for (int tried = 1; tried < PEOPLE_TRIED && strcmp(answer->reason, "ALREADY_HAS_CARD") == 0;
             tried++) {
                choose_another_person(j);
                answer = apply(j);
        }
        if (!journey_take_result(j, answer, &j->old_card, CARD__CARD_STATE__CARD_STATE_REQUESTED))
                return false;
        j->holder = ((const Card__CardResult *)answer->body)->card->holder;
        journey_expect(j, *j->holder != 0, "the answer names no holder");
        return true;
}

static bool start_production(journey *j, journey_card *card)
{
        const actor *factory = &j->cast.factory;
        Card__StartProductionRequest request = CARD__START_PRODUCTION_REQUEST__INIT;
        request.name = card->name;
        request.context = journey_context(j, factory, POLICY_CHANNEL_SYSTEM);
        return journey_take_result(j,
                                   journey_call(j, factory, POLICY_CHANNEL_SYSTEM, REGION_CARD,
                                                "StartProduction", &request.base,
                                                &card__card_result__descriptor),
                                   card, CARD__CARD_STATE__CARD_STATE_PRODUCING);
}

static bool complete_production(journey *j, journey_card *card, unsigned which)
{
        const actor *factory = &j->cast.factory;
        Card__Chip chip = CARD__CHIP__INIT;
        chip.chip_id = people_chip_id(&j->crowd, j->who.index, which, &j->a);
        chip.model = "SSC3-2023";
        chip.key_batch = "KB-2026-01";
        chip.key_origin = CARD__KEY_ORIGIN__KEY_ORIGIN_CHIP;
        Card__CompleteProductionRequest request = CARD__COMPLETE_PRODUCTION_REQUEST__INIT;
        request.name = card->name;
        request.context = journey_context(j, factory, POLICY_CHANNEL_SYSTEM);
        request.card_number = people_card_number(&j->crowd, j->who.index, which, &j->a);
        request.chip = &chip;
        const region_answer *answer =
                journey_call(j, factory, POLICY_CHANNEL_SYSTEM, REGION_CARD, "CompleteProduction",
                             &request.base, &card__card_result__descriptor);
        if (!journey_take_result(j, answer, card, CARD__CARD_STATE__CARD_STATE_ARCHIVED))
                return false;
        card->number = request.card_number;
        const Card__Card *made = ((const Card__CardResult *)answer->body)->card;
        Card__DeliveryState where = made->delivery
                                            ? made->delivery->state
                                            : CARD__DELIVERY_STATE__DELIVERY_STATE_UNSPECIFIED;
        journey_expect(j, where == CARD__DELIVERY_STATE__DELIVERY_STATE_AT_OUTLET,
                       "the card should wait at outlet %s (R37)", j->who.outlet);
        return true;
}

bool journey_step_produce(journey *j)
{
        story_step(j->story, (policy_text){"制卡", "the card is made"});
        return start_production(j, &j->old_card) && complete_production(j, &j->old_card, 0);
}

bool journey_step_produce_new(journey *j)
{
        story_step(j->story, (policy_text){"制作新卡", "the new card is made"});
        return start_production(j, &j->new_card) && complete_production(j, &j->new_card, 1);
}

static Card__CollectCardRequest *collect_request(journey *j, const journey_card *card)
{
        Card__CollectCardRequest *request = arena_alloc(&j->a, sizeof *request);
        card__collect_card_request__init(request);
        request->name = card->name;
        request->context = journey_context(j, &j->cast.clerk, POLICY_CHANNEL_BRANCH);
        journey_evidence(j, request->context, COMMON__EVIDENCE_KIND__EVIDENCE_KIND_ID_DOCUMENT,
                         j->who.holder->identity_number + 14);
        request->enable = true;
        return request;
}

bool journey_step_collect(journey *j)
{
        story_step(j->story, (policy_text){"领卡并启用", "collect the card and enable it"});
        Card__CollectCardRequest *request = collect_request(j, &j->old_card);
        const region_answer *answer =
                journey_call(j, &j->cast.clerk, POLICY_CHANNEL_BRANCH, REGION_CARD, "CollectCard",
                             &request->base, &card__card_result__descriptor);
        return journey_take_result(j, answer, &j->old_card, CARD__CARD_STATE__CARD_STATE_NORMAL);
}

bool journey_step_collect_new(journey *j)
{
        story_step(j->story,
                   (policy_text){"领取新卡并启用，旧卡同时注销",
                                 "collect and enable the new card; the old one ends with it"});
        j->repeatable = collect_request(j, &j->new_card);
        const region_answer *answer =
                journey_call(j, &j->cast.clerk, POLICY_CHANNEL_BRANCH, REGION_CARD, "CollectCard",
                             &j->repeatable->base, &card__card_result__descriptor);
        if (!journey_take_result(j, answer, &j->new_card, CARD__CARD_STATE__CARD_STATE_NORMAL))
                return false;
        j->repeatable_answer = (const Card__CardResult *)answer->body;
        bool ended = false;
        for (size_t i = 0; i < j->repeatable_answer->n_other_cards; i++) {
                const Card__Card *other = j->repeatable_answer->other_cards[i];
                if (strcmp(other->name, j->old_card.name) != 0) continue;
                ended = other->state == CARD__CARD_STATE__CARD_STATE_CANCELLED &&
                        other->cancel_reason ==
                                CARD__CANCEL_REASON__CANCEL_REASON_REPLACED_AFTER_LOSS;
                j->old_card.version = other->version;
                j->old_card.state = other->state;
        }
        journey_expect(j, ended,
                       "the old card should be CANCELLED (REPLACED_AFTER_LOSS) in the same answer");
        if (ended)
                story_note(j->story,
                           (policy_text){"旧卡已注销 (挂失后换卡)",
                                         "the old card is CANCELLED (REPLACED_AFTER_LOSS)"});
        return true;
}
