/* Second act: lost, found, and lost for good. */
#include "tools/journey/journey.h"

#include "common/base/failure.h"

#include <string.h>

static bool report_loss(journey *j, const actor *who, policy_channel channel, Card__LossKind kind,
                        Common__EvidenceKind evidence, Card__CardState wanted,
                        const Card__Card **card)
{
        Card__ReportLossRequest request = CARD__REPORT_LOSS_REQUEST__INIT;
        request.name = j->old_card.name;
        request.context = journey_context(j, who, channel);
        request.kind = kind;
        journey_evidence(j, request.context, evidence, j->who.holder->identity_number + 14);
        const region_answer *answer = journey_call(j, who, channel, REGION_CARD, "ReportLoss",
                                                   &request.base, &card__card_result__descriptor);
        if (!journey_take_result(j, answer, &j->old_card, wanted)) return false;
        *card = ((const Card__CardResult *)answer->body)->card;
        return true;
}

bool journey_step_temp_loss(journey *j)
{
        story_step(j->story,
                   (policy_text){"打电话临时挂失", "report the card lost for a while, by phone"});
        const Card__Card *card;
        if (!report_loss(j, &j->cast.hotline, POLICY_CHANNEL_PHONE_12333,
                         CARD__LOSS_KIND__LOSS_KIND_TEMPORARY,
                         COMMON__EVIDENCE_KIND__EVIDENCE_KIND_PHONE_PROOF,
                         CARD__CARD_STATE__CARD_STATE_TEMP_LOST, &card))
                return false;
        journey_expect(j, card->temp_loss_until != NULL,
                       "a temporary loss needs an end (invariant I5)");
        if (card->temp_loss_until) {
                char day[11];
                civil_date_format(civil_date_at(card->temp_loss_until->seconds * 1000), day);
                story_note(j->story, story_format(&j->a, "不处理则于 %s 自动恢复",
                                                  "ends by itself on %s", day));
        }
        return true;
}

bool journey_step_formal_loss(journey *j)
{
        story_step(j->story, (policy_text){"又丢了：到网点正式挂失",
                                           "lost again: reported formally at the outlet"});
        const Card__Card *card;
        return report_loss(j, &j->cast.clerk, POLICY_CHANNEL_BRANCH,
                           CARD__LOSS_KIND__LOSS_KIND_FORMAL,
                           COMMON__EVIDENCE_KIND__EVIDENCE_KIND_ID_DOCUMENT,
                           CARD__CARD_STATE__CARD_STATE_LOST, &card);
}

static Card__ReplaceCardRequest *replace_request(journey *j)
{
        Card__ReplaceCardRequest *request = arena_alloc(&j->a, sizeof *request);
        card__replace_card_request__init(request);
        request->name = j->old_card.name;
        request->context = journey_context(j, &j->cast.holder, POLICY_CHANNEL_ECARD);
        request->reason = CARD__REPLACE_REASON__REPLACE_REASON_LOST;
        request->fulfilment = CARD__FULFILMENT__FULFILMENT_PICKUP;
        request->delivery_outlet = j->who.outlet;
        request->consent = arena_alloc(&j->a, sizeof *request->consent);
        card__consent__init(request->consent);
        request->consent->statement = "CONSENT-2024-1";
        return request;
}

static const region_answer *replace(journey *j)
{
        Card__ReplaceCardRequest *request = replace_request(j);
        return journey_call(j, &j->cast.holder, POLICY_CHANNEL_ECARD, REGION_CARD, "ReplaceCard",
                            &request->base, &card__card_result__descriptor);
}

bool journey_step_refused(journey *j)
{
        story_step(j->story, (policy_text){"马上补一张？被拒绝，并说明怎么办",
                                           "a new one at once? refused, with what to do instead"});
        const region_answer *answer = replace(j);
        journey_expect_refusal(j, answer, FAILURE_FAILED_PRECONDITION, "FORMAL_LOSS_REQUIRED");
        journey_expect(j, answer->refusal && answer->refusal->n_next_steps > 0,
                       "a refusal must name what lifts it (S11)");
        journey_expect(j, *answer->rule != 0, "a refusal must name its rule (S10)");
        journey_expect_foretold(j, "ReplaceCard:LOST", "FORMAL_LOSS_REQUIRED");
        return true;
}

static const region_answer *recover(journey *j, const actor *who, policy_channel channel,
                                    Common__EvidenceKind identity)
{
        Card__RecoverCardRequest request = CARD__RECOVER_CARD_REQUEST__INIT;
        request.name = j->old_card.name;
        request.context = journey_context(j, who, channel);
        journey_evidence(j, request.context, COMMON__EVIDENCE_KIND__EVIDENCE_KIND_CARD_PRESENTED,
                         "");
        journey_evidence(j, request.context, identity, j->who.holder->identity_number + 14);
        return journey_call(j, who, channel, REGION_CARD, "RecoverCard", &request.base,
                            &card__card_result__descriptor);
}

bool journey_step_recover(journey *j)
{
        story_step(j->story,
                   (policy_text){"卡找到了：刷脸解除挂失",
                                 "the card was found: recovered with a look at the face"});
        const region_answer *answer = recover(j, &j->cast.holder, POLICY_CHANNEL_ECARD,
                                              COMMON__EVIDENCE_KIND__EVIDENCE_KIND_FACE_MATCH);
        return journey_take_result(j, answer, &j->old_card, CARD__CARD_STATE__CARD_STATE_NORMAL);
}

bool journey_step_replace(journey *j)
{
        story_step(j->story, (policy_text){"网上申请补卡", "ask for a new card online"});
        const region_answer *answer = replace(j);
        if (!journey_take_result(j, answer, &j->new_card, CARD__CARD_STATE__CARD_STATE_REQUESTED))
                return false;
        const Card__CardResult *result = (const Card__CardResult *)answer->body;
        journey_expect(j, strcmp(result->card->supersedes, j->old_card.name) == 0,
                       "the new card should supersede the old one");
        journey_expect(j, strcmp(result->card->holder, j->holder) == 0,
                       "the new card should be of the same holder");
        for (size_t i = 0; i < result->n_other_cards; i++) {
                const Card__Card *other = result->other_cards[i];
                if (strcmp(other->name, j->old_card.name) != 0) continue;
                j->old_card.version = other->version;
                journey_expect(j, other->state == CARD__CARD_STATE__CARD_STATE_LOST,
                               "the old card should keep its state until the new one is enabled");
                journey_expect(j, strcmp(other->superseded_by, j->new_card.name) == 0,
                               "the old card should name its successor");
        }
        journey_expect(j, result->n_other_cards == 1,
                       "the answer should hold the old card besides the new one");
        return true;
}

bool journey_step_too_late(journey *j)
{
        story_step(j->story,
                   (policy_text){"旧卡又找到了？已申请补卡，不能再解挂",
                                 "the old one turns up? too late, a new one is asked for"});
        const region_answer *answer = recover(j, &j->cast.clerk, POLICY_CHANNEL_BRANCH,
                                              COMMON__EVIDENCE_KIND__EVIDENCE_KIND_ID_DOCUMENT);
        journey_expect_refusal(j, answer, FAILURE_FAILED_PRECONDITION,
                               "REPLACEMENT_ALREADY_REQUESTED");
        return true;
}
