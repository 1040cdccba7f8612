/* Last act: what stays on record, and what a repeated or outdated request does. */
#include "tools/journey/journey.h"

#include "common/base/failure.h"

#include <inttypes.h>
#include <string.h>

enum { PAGE_SIZE = 50 };

bool journey_step_both_cards(journey *j)
{
        story_step(j->story, (policy_text){"旧卡与新卡", "the old card and the new one"});
        const actor *holder = &j->cast.holder;
        Card__ListCardsRequest request = CARD__LIST_CARDS_REQUEST__INIT;
        request.parent = j->holder;
        request.page_size = PAGE_SIZE;
        request.read_options = journey_read_options(j, holder, POLICY_CHANNEL_ECARD);
        const Card__ListCardsResponse *list = journey_body(
                j, journey_call(j, holder, POLICY_CHANNEL_ECARD, REGION_CARD, "ListCards",
                                &request.base, &card__list_cards_response__descriptor));
        if (!list) return true;
        bool old_there = false, new_there = false;
        for (size_t i = 0; i < list->n_cards; i++) {
                const Card__Card *card = list->cards[i];
                story_item(j->story,
                           arena_format(&j->a, "%s  %s  %s%s",
                                        *card->card_number ? card->card_number : "---------",
                                        card->state_text, journey_state_text(card->state).en,
                                        *card->superseded_by ? "  → …"
                                        : *card->supersedes  ? "  … →"
                                                             : ""));
                old_there |= strcmp(card->name, j->old_card.name) == 0 &&
                             card->state == CARD__CARD_STATE__CARD_STATE_LOST;
                new_there |= strcmp(card->name, j->new_card.name) == 0 &&
                             card->state == CARD__CARD_STATE__CARD_STATE_REQUESTED;
        }
        journey_expect(j, list->n_cards == 2, "there should be two cards");
        journey_expect(j, old_there, "the old card should be listed as LOST");
        journey_expect(j, new_there, "the new card should be listed as REQUESTED");
        return true;
}

static const char *when_of(journey *j, const Google__Protobuf__Timestamp *at)
{
        if (!at) return "-";
        int64_t ms = at->seconds * 1000 + at->nanos / 1000000;
        char day[11];
        civil_date_format(civil_date_at(ms), day);
        int64_t of_day = (ms - civil_date_start_unix_ms(civil_date_at(ms))) / 1000;
        return arena_format(&j->a, "%s %02d:%02d:%02d", day, (int)(of_day / 3600),
                            (int)(of_day / 60 % 60), (int)(of_day % 60));
}

bool journey_step_history(journey *j)
{
        story_step(j->story, (policy_text){"旧卡的经历，每版一条",
                                           "what the old card went through, an entry a version"});
        const actor *clerk = &j->cast.clerk;
        Card__ListCardHistoryRequest request = CARD__LIST_CARD_HISTORY_REQUEST__INIT;
        request.parent = j->old_card.name;
        request.page_size = PAGE_SIZE;
        request.order_by = "version";
        request.read_options = journey_read_options(j, clerk, POLICY_CHANNEL_BRANCH);
        const Card__ListCardHistoryResponse *list = journey_body(
                j, journey_call(j, clerk, POLICY_CHANNEL_BRANCH, REGION_CARD, "ListCardHistory",
                                &request.base, &card__list_card_history_response__descriptor));
        if (!list) return true;
        for (size_t i = 0; i < list->n_entries; i++) {
                const Card__CardHistoryEntry *entry = list->entries[i];
                policy_text after = journey_state_text(entry->state_after);
                story_item(j->story,
                           arena_format(&j->a, "%2" PRId64 "  %s  %-26s %-11s %-12s %s %s",
                                        entry->version, when_of(j, entry->at), entry->event_type,
                                        policy_role_name((policy_role)entry->role),
                                        policy_channel_name((policy_channel)entry->channel),
                                        after.zh, after.en));
                journey_expect(j, entry->version == (int64_t)i + 1,
                               "version %" PRId64 " should be %zu (I3)", entry->version, i + 1);
        }
        journey_expect(j, (int64_t)list->n_entries == j->old_card.version,
                       "%zu entries, should be %" PRId64 " (I3)", list->n_entries,
                       j->old_card.version);
        return true;
}

static bool same_bytes(journey *j, const ProtobufCMessage *a, const ProtobufCMessage *b)
{
        size_t size = protobuf_c_message_get_packed_size(a);
        if (protobuf_c_message_get_packed_size(b) != size) return false;
        uint8_t *left = arena_alloc(&j->a, size + 1), *right = arena_alloc(&j->a, size + 1);
        protobuf_c_message_pack(a, left);
        protobuf_c_message_pack(b, right);
        return memcmp(left, right, size) == 0;
}

static const region_answer *hand_over_again(journey *j)
{
        return journey_call(j, &j->cast.clerk, POLICY_CHANNEL_BRANCH, REGION_CARD, "CollectCard",
                            &j->repeatable->base, &card__card_result__descriptor);
}

bool journey_step_repeat(journey *j)
{
        story_step(j->story, (policy_text){"网络不好，同一请求再发一次：同一答案",
                                           "a bad line, the same request again: the same answer"});
        const region_answer *answer = hand_over_again(j);
        const Card__CardResult *result = journey_body(j, answer);
        if (!result) return true;
        if (answer->replayed)
                story_note(j->story, (policy_text){"重放的答案 (sscard-replayed)，没有再办一次",
                                                   "a replayed answer, nothing was done twice"});
        journey_expect(j, answer->replayed, "the trailer sscard-replayed is missing (S1)");
        journey_expect(j, same_bytes(j, &result->base, &j->repeatable_answer->base),
                       "the answer differs from the first one (S1)");
        return true;
}

bool journey_step_reuse(journey *j)
{
        story_step(j->story, (policy_text){"同一请求号办别的事：被拒绝",
                                           "the same request id for something else: refused"});
        j->repeatable->enable = false;
        journey_expect_refusal(j, hand_over_again(j), FAILURE_ALREADY_EXISTS, "REQUEST_ID_REUSED");
        j->repeatable->enable = true;
        return true;
}

static const Card__Card *get_card(journey *j, const journey_card *card)
{
        const actor *clerk = &j->cast.clerk;
        Card__GetCardRequest request = CARD__GET_CARD_REQUEST__INIT;
        request.name = card->name;
        request.read_options = journey_read_options(j, clerk, POLICY_CHANNEL_BRANCH);
        return journey_body(j, journey_call(j, clerk, POLICY_CHANNEL_BRANCH, REGION_CARD, "GetCard",
                                            &request.base, &card__card__descriptor));
}

bool journey_step_wrong_etag(journey *j)
{
        story_step(j->story, (policy_text){"凭过时的版本办理：被拒绝，什么也没变",
                                           "with an outdated version: refused, nothing changes"});
        const actor *hotline = &j->cast.hotline;
        Card__ReportLossRequest request = CARD__REPORT_LOSS_REQUEST__INIT;
        request.name = j->new_card.name;
        request.kind = CARD__LOSS_KIND__LOSS_KIND_TEMPORARY;
        request.context = journey_context(j, hotline, POLICY_CHANNEL_PHONE_12333);
        request.context->etag = j->new_card.outdated_etag;
        journey_evidence(j, request.context, COMMON__EVIDENCE_KIND__EVIDENCE_KIND_PHONE_PROOF, "");
        const region_answer *answer =
                journey_call(j, hotline, POLICY_CHANNEL_PHONE_12333, REGION_CARD, "ReportLoss",
                             &request.base, &card__card_result__descriptor);
        journey_expect_refusal(j, answer, FAILURE_ABORTED, "VERSION_CONFLICT");
        journey_expect(
                j, strcmp(region_answer_metadata(answer, "current_etag"), j->new_card.etag) == 0,
                "current_etag is \"%s\", should be \"%s\" (S2)",
                region_answer_metadata(answer, "current_etag"), j->new_card.etag);
        const Card__Card *card = get_card(j, &j->new_card);
        if (card)
                journey_expect(j,
                               card->version == j->new_card.version &&
                                       card->state == CARD__CARD_STATE__CARD_STATE_NORMAL,
                               "the card was changed all the same");
        return true;
}
