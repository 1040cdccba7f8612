/* The electronic card: issued after a look at the face, closed by a loss of the physical card,
 * opened for one service by its holder. */
#include "tools/journey/journey.h"

#include "common/base/failure.h"

#include <string.h>

#define SERVICE "medical_payment"

static const region_answer *call(journey *j, const char *method, const ProtobufCMessage *request,
                                 const ProtobufCMessageDescriptor *answer)
{
        return journey_call(j, &j->cast.holder, POLICY_CHANNEL_ECARD, REGION_ECARD, method, request,
                            answer);
}

/* Made up for this journey alone. */
static const char *password_of(journey *j)
{
        return arena_format(&j->a, "Jo7#%s", j->new_card.name + strlen(j->new_card.name) - 8);
}

static bool issue(journey *j)
{
        Ecard__RealName real_name = ECARD__REAL_NAME__INIT;
        real_name.identity_number = j->who.holder->identity_number;
        Ecard__IssueECardRequest request = ECARD__ISSUE_ECARD_REQUEST__INIT;
        request.name = arena_format(&j->a, "%s/ecard", j->holder);
        request.context = journey_context(j, &j->cast.holder, POLICY_CHANNEL_ECARD);
        request.host = ECARD__HOST__HOST_APP;
        request.real_name = &real_name;
        request.face_capture = arena_format(&j->a, "face-of:%s", j->who.holder->photo_reference);
        request.password = password_of(j);
        const Ecard__ECardResult *result = journey_body(
                j, call(j, "IssueECard", &request.base, &ecard__ecard_result__descriptor));
        if (!result || !result->ecard) return false;
        journey_tell_steps(j, result->next_steps, result->n_next_steps);
        journey_expect(j, strcmp(result->ecard->card, j->new_card.name) == 0,
                       "it should belong to the new card");
        return true;
}

static const region_answer *authorize(journey *j)
{
        Ecard__AuthorizeServiceRequest request = ECARD__AUTHORIZE_SERVICE_REQUEST__INIT;
        request.name = arena_format(&j->a, "%s/ecard", j->holder);
        request.read_options = journey_read_options(j, &j->cast.holder, POLICY_CHANNEL_ECARD);
        request.service = SERVICE;
        return call(j, "AuthorizeService", &request.base,
                    &ecard__authorize_service_response__descriptor);
}

/* It must be allowed, by the gate itself or by that grant. */
static void expect_allowed(journey *j, Ecard__Gate gate, const char *grant)
{
        const Ecard__AuthorizeServiceResponse *answer = journey_body(j, authorize(j));
        if (!answer) return;
        story_note(j->story,
                   *answer->grant
                           ? (policy_text){"凭持卡人的授权可用", "allowed by the holder's grant"}
                           : (policy_text){"可用，无需授权", "allowed, no grant needed"});
        journey_expect(j, answer->gate == gate, "the gate is %d, should be %d (R12, R13)",
                       answer->gate, gate);
        journey_expect(j, strcmp(answer->grant, grant) == 0, "the grant should be \"%s\"", grant);
}

bool journey_step_ecard_issued(journey *j)
{
        if (!journey_has(j, REGION_ECARD,
                         (policy_text){"刷脸签发电子社保卡：随新卡可用",
                                       "an electronic card after a look at the face: open"}))
                return true;
        if (issue(j)) expect_allowed(j, ECARD__GATE__GATE_OPEN, "");
        return true;
}

static bool lose(journey *j)
{
        const actor *hotline = &j->cast.hotline;
        Card__ReportLossRequest request = CARD__REPORT_LOSS_REQUEST__INIT;
        request.name = j->new_card.name;
        request.context = journey_context(j, hotline, POLICY_CHANNEL_PHONE_12333);
        request.kind = CARD__LOSS_KIND__LOSS_KIND_TEMPORARY;
        journey_evidence(j, request.context, COMMON__EVIDENCE_KIND__EVIDENCE_KIND_PHONE_PROOF,
                         j->who.holder->identity_number + 14);
        return journey_take_result(j,
                                   journey_call(j, hotline, POLICY_CHANNEL_PHONE_12333, REGION_CARD,
                                                "ReportLoss", &request.base,
                                                &card__card_result__descriptor),
                                   &j->new_card, CARD__CARD_STATE__CARD_STATE_TEMP_LOST);
}

static const char *open_session(journey *j)
{
        Ecard__VerifyPasswordRequest request = ECARD__VERIFY_PASSWORD_REQUEST__INIT;
        request.name = arena_format(&j->a, "%s/ecard", j->holder);
        request.context = journey_context(j, &j->cast.holder, POLICY_CHANNEL_ECARD);
        request.password = password_of(j);
        const Ecard__VerifyPasswordResponse *answer =
                journey_body(j, call(j, "VerifyPassword", &request.base,
                                     &ecard__verify_password_response__descriptor));
        return answer ? answer->session : NULL;
}

/* The name of the grant; NULL: refused, and that is told. */
static const char *grant(journey *j, const char *session)
{
        const char *services[] = {SERVICE};
        Common__Channel channels[] = {COMMON__CHANNEL__CHANNEL_ECARD};
        Ecard__GrantAuthorizationRequest request = ECARD__GRANT_AUTHORIZATION_REQUEST__INIT;
        request.name = arena_format(&j->a, "%s/ecard", j->holder);
        request.context = journey_context(j, &j->cast.holder, POLICY_CHANNEL_ECARD);
        request.n_services = 1;
        request.services = services;
        request.n_channels = 1;
        request.channels = channels;
        request.session = session;
        const Ecard__GrantResult *result = journey_body(
                j, call(j, "GrantAuthorization", &request.base, &ecard__grant_result__descriptor));
        return result && result->grant ? result->grant->name : NULL;
}

bool journey_step_ecard_loss(journey *j)
{
        if (!journey_has(j, REGION_ECARD,
                         (policy_text){"新卡也挂失了：电子卡须本人授权",
                                       "the new card is lost: the electronic one asks its holder"}))
                return true;
        if (!lose(j)) return false;
        journey_expect_refusal(j, authorize(j), FAILURE_FAILED_PRECONDITION,
                               "HOLDER_AUTHORIZATION_REQUIRED");
        const char *session = open_session(j);
        const char *granted = session ? grant(j, session) : NULL;
        if (granted) expect_allowed(j, ECARD__GATE__GATE_AUTH_REQUIRED, granted);
        return true;
}

bool journey_step_ecard_recovered(journey *j)
{
        if (!journey_has(j, REGION_ECARD,
                         (policy_text){"卡找到了：解除挂失，电子卡恢复",
                                       "found and recovered: the electronic card is open again"}))
                return true;
        const actor *clerk = &j->cast.clerk;
        Card__RecoverCardRequest request = CARD__RECOVER_CARD_REQUEST__INIT;
        request.name = j->new_card.name;
        request.context = journey_context(j, clerk, POLICY_CHANNEL_BRANCH);
        journey_evidence(j, request.context, COMMON__EVIDENCE_KIND__EVIDENCE_KIND_CARD_PRESENTED,
                         "");
        journey_evidence(j, request.context, COMMON__EVIDENCE_KIND__EVIDENCE_KIND_ID_DOCUMENT,
                         j->who.holder->identity_number + 14);
        const region_answer *answer =
                journey_call(j, clerk, POLICY_CHANNEL_BRANCH, REGION_CARD, "RecoverCard",
                             &request.base, &card__card_result__descriptor);
        if (!journey_take_result(j, answer, &j->new_card, CARD__CARD_STATE__CARD_STATE_NORMAL))
                return false;
        expect_allowed(j, ECARD__GATE__GATE_OPEN, "");
        return true;
}
