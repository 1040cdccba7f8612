/* The financial function: the account that the bank opens by itself, activated at its counter. */
#include "tools/journey/journey.h"

static const Bank__BankLink *get_link(journey *j)
{
        const actor *teller = &j->cast.teller;
        Bank__GetBankLinkRequest request = BANK__GET_BANK_LINK_REQUEST__INIT;
        request.name = arena_format(&j->a, "%s/bankLink", j->new_card.name);
        request.read_options = journey_read_options(j, teller, POLICY_CHANNEL_BANK_BRANCH);
        return journey_body(j, journey_call(j, teller, POLICY_CHANNEL_BANK_BRANCH, REGION_BANK,
                                            "GetBankLink", &request.base,
                                            &bank__bank_link__descriptor));
}

/* The bank answers when it likes. NULL: it has not, or the link cannot be read; told. */
static const Bank__BankLink *wait_for(journey *j, Bank__BankLinkState wanted)
{
        const Bank__BankLink *link = get_link(j);
        while (link && link->state != wanted && journey_wait(j))
                link = get_link(j);
        if (!link) return NULL;
        story_note(j->story, story_format(&j->a, "账户：%s (%s)", "the account: %s (%s)",
                                          link->state_text, link->bank_name));
        story_quote(j->story, link->meaning);
        journey_tell_steps(j, link->next_steps, link->n_next_steps);
        journey_expect(j, link->state == wanted, "the account is %d, should be %d (R8)",
                       link->state, wanted);
        journey_expect(j, !link->contributions_affected,
                       "an account must never touch contributions (R40)");
        return link->state == wanted ? link : NULL;
}

static void expect_payout(journey *j, Status__FinancialStatus financial,
                          Status__PayoutReadiness payout)
{
        const Status__CardStatus *status = journey_status(j, &j->new_card);
        if (!status) return;
        story_note(j->story,
                   status->benefit_payout_ready == STATUS__PAYOUT_READINESS__PAYOUT_READINESS_READY
                           ? (policy_text){"待遇可以发到此卡", "benefits can be paid to this card"}
                           : (policy_text){"待遇还不能发到此卡", "no benefits to this card yet"});
        journey_expect(j, status->financial_status == financial,
                       "the financial function is %d, should be %d (R3)", status->financial_status,
                       financial);
        journey_expect(j, status->benefit_payout_ready == payout,
                       "payout readiness is %d, should be %d (R5)", status->benefit_payout_ready,
                       payout);
}

bool journey_step_bank_loaded(journey *j)
{
        if (!journey_has(j, REGION_BANK,
                         (policy_text){"银行已预开户，尚未激活",
                                       "the bank opened an account in advance, not active yet"}))
                return true;
        if (wait_for(j, BANK__BANK_LINK_STATE__BANK_LINK_STATE_LOADED))
                expect_payout(j, STATUS__FINANCIAL_STATUS__FINANCIAL_STATUS_LOADED,
                              STATUS__PAYOUT_READINESS__PAYOUT_READINESS_NOT_READY);
        return true;
}

bool journey_step_bank_activated(journey *j)
{
        if (!journey_has(j, REGION_BANK,
                         (policy_text){"本人到银行柜台激活金融功能",
                                       "activated in person at the bank's counter"}))
                return true;
        const actor *teller = &j->cast.teller;
        Bank__ActivateFinancialFunctionRequest request =
                BANK__ACTIVATE_FINANCIAL_FUNCTION_REQUEST__INIT;
        request.name = arena_format(&j->a, "%s/bankLink", j->new_card.name);
        request.context = journey_context(j, teller, POLICY_CHANNEL_BANK_BRANCH);
        journey_evidence(j, request.context, COMMON__EVIDENCE_KIND__EVIDENCE_KIND_ID_DOCUMENT,
                         j->who.holder->identity_number + 14);
        journey_evidence(j, request.context, COMMON__EVIDENCE_KIND__EVIDENCE_KIND_CARD_PRESENTED,
                         "");
        journey_evidence(j, request.context, COMMON__EVIDENCE_KIND__EVIDENCE_KIND_IN_PERSON, "");
        const Bank__BankLinkResult *result =
                journey_body(j, journey_call(j, teller, POLICY_CHANNEL_BANK_BRANCH, REGION_BANK,
                                             "ActivateFinancialFunction", &request.base,
                                             &bank__bank_link_result__descriptor));
        if (result && wait_for(j, BANK__BANK_LINK_STATE__BANK_LINK_STATE_ACTIVE))
                expect_payout(j, STATUS__FINANCIAL_STATUS__FINANCIAL_STATUS_ACTIVE,
                              STATUS__PAYOUT_READINESS__PAYOUT_READINESS_READY);
        return true;
}
