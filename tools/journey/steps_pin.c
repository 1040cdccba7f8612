/* The password of the card: issued, changed, locked by six errors, unlocked at the counter. */
#include "tools/journey/journey.h"

#include "tools/devkeys/keys.h"

#include "common/crypto/base64url.h"

#include <string.h>

enum { ERRORS_MAX = 6 };
#define SOCIAL CREDENTIAL__PASSWORD_KIND__PASSWORD_KIND_SOCIAL_SECURITY
static const char NEW_PIN[] = "904172", WRONG_PIN[] = "317509";

static const char *pin_name(journey *j)
{
        return arena_format(&j->a, "%s/credential", j->old_card.name);
}

static void expect_state(journey *j, const Credential__Credential *credential,
                         Credential__CredentialState wanted)
{
        if (!credential) {
                story_differs(j->story, "the answer holds no credential");
                return;
        }
        story_quote(j->story, credential->state_text);
        journey_tell_steps(j, credential->next_steps, credential->n_next_steps);
        journey_expect(j, credential->state == wanted, "state is %d, should be %d",
                       credential->state, wanted);
}

/* What the printer of a development region prints. "" when it cannot be read. */
static const char *print(journey *j, const Credential__SealedPin *sealed)
{
        const char *keys = context_file(&j->to->ctx, "keys", &j->a);
        char *text, *pin = arena_zalloc(&j->a, PIN_TEXT_BYTES);
        failure f = {0};
        if (!sealed || !keys) return "";
        text = arena_zalloc(&j->a, base64url_length(sealed->sealed.len) + 1);
        base64url_encode(bytes_of(sealed->sealed.data, sealed->sealed.len), text);
        return keys_open_pin(keys, text, pin, &f) ? pin : "";
}

static const Credential__CredentialResult *issue(journey *j)
{
        Credential__IssueCredentialRequest request = CREDENTIAL__ISSUE_CREDENTIAL_REQUEST__INIT;
        request.name = pin_name(j);
        request.context = journey_context(j, &j->cast.factory, POLICY_CHANNEL_SYSTEM);
        return journey_body(j, journey_call(j, &j->cast.factory, POLICY_CHANNEL_SYSTEM,
                                            REGION_CREDENTIAL, "IssueCredential", &request.base,
                                            &credential__credential_result__descriptor));
}

static const Credential__CredentialResult *change(journey *j, const char *old_pin)
{
        Credential__ChangePinRequest request = CREDENTIAL__CHANGE_PIN_REQUEST__INIT;
        request.name = pin_name(j);
        request.context = journey_context(j, &j->cast.clerk, POLICY_CHANNEL_BRANCH);
        request.old_pin = old_pin;
        request.new_pin = NEW_PIN;
        request.password = SOCIAL;
        return journey_body(j, journey_call(j, &j->cast.clerk, POLICY_CHANNEL_BRANCH,
                                            REGION_CREDENTIAL, "ChangePin", &request.base,
                                            &credential__credential_result__descriptor));
}

static const region_answer *verify(journey *j, const char *pin)
{
        Credential__VerifyPinRequest request = CREDENTIAL__VERIFY_PIN_REQUEST__INIT;
        request.name = pin_name(j);
        request.context = journey_context(j, &j->cast.pharmacy, POLICY_CHANNEL_MEDICAL_POS);
        journey_evidence(j, request.context, COMMON__EVIDENCE_KIND__EVIDENCE_KIND_CARD_PRESENTED,
                         "");
        request.pin = pin;
        request.password = SOCIAL;
        return journey_call(j, &j->cast.pharmacy, POLICY_CHANNEL_MEDICAL_POS, REGION_CREDENTIAL,
                            "VerifyPin", &request.base,
                            &credential__verify_pin_response__descriptor);
}

/* What the holder sees of it on her phone. */
static void expect_status(journey *j, Credential__CredentialState wanted)
{
        const Status__CardStatus *status = journey_status(j, &j->old_card);
        if (!status) return;
        journey_expect(j, status->pin && status->pin->state == wanted,
                       "the status should hold the password as %d (R19)", wanted);
        if (!status->pin) return;
        story_item(j->story,
                   arena_format(&j->a, "%s  %s", status->display_text, status->pin->state_text));
        journey_tell_steps(j, status->next_steps, status->n_next_steps);
}

bool journey_step_pin_first(journey *j)
{
        if (!journey_has(j, REGION_CREDENTIAL,
                         (policy_text){"初始密码随卡寄出，到网点改密",
                                       "the first password comes with the card, and is "
                                       "changed at the outlet"}))
                return true;
        const Credential__CredentialResult *issued = issue(j);
        if (!issued) return true;
        expect_state(j, issued->credential, CREDENTIAL__CREDENTIAL_STATE__CREDENTIAL_STATE_INITIAL);
        const Credential__CredentialResult *changed = change(j, print(j, issued->sealed_pin));
        if (changed)
                expect_state(j, changed->credential,
                             CREDENTIAL__CREDENTIAL_STATE__CREDENTIAL_STATE_ACTIVE);
        return true;
}

bool journey_step_pin_locked(journey *j)
{
        if (!journey_has(j, REGION_CREDENTIAL,
                         (policy_text){"药店六次输错：锁定，输对也不行",
                                       "six errors at a pharmacy: locked, and the right one "
                                       "does not help"}))
                return true;
        for (int left = ERRORS_MAX - 1; left >= 0; left--) {
                const region_answer *answer = verify(j, WRONG_PIN);
                journey_expect_refusal(j, answer, FAILURE_FAILED_PRECONDITION, "PIN_WRONG");
                const char *told = region_answer_metadata(answer, "remaining_attempts");
                const char *wanted = arena_format(&j->a, "%d", left);
                journey_expect(j, strcmp(told, wanted) == 0,
                               "attempts left are \"%s\", should be %s (R19)", told, wanted);
        }
        journey_expect_refusal(j, verify(j, NEW_PIN), FAILURE_FAILED_PRECONDITION,
                               "CREDENTIAL_LOCKED");
        expect_status(j, CREDENTIAL__CREDENTIAL_STATE__CREDENTIAL_STATE_LOCKED);
        return true;
}

bool journey_step_pin_unlocked(journey *j)
{
        if (!journey_has(j, REGION_CREDENTIAL,
                         (policy_text){"本人带身份证到网点解锁",
                                       "unlocked at the outlet, with the identity document"}))
                return true;
        Credential__UnlockPinRequest request = CREDENTIAL__UNLOCK_PIN_REQUEST__INIT;
        request.name = pin_name(j);
        request.context = journey_context(j, &j->cast.clerk, POLICY_CHANNEL_BRANCH);
        journey_evidence(j, request.context, COMMON__EVIDENCE_KIND__EVIDENCE_KIND_ID_DOCUMENT,
                         j->who.holder->identity_number + 14);
        request.password = SOCIAL;
        const Credential__CredentialResult *unlocked =
                journey_body(j, journey_call(j, &j->cast.clerk, POLICY_CHANNEL_BRANCH,
                                             REGION_CREDENTIAL, "UnlockPin", &request.base,
                                             &credential__credential_result__descriptor));
        if (unlocked)
                expect_state(j, unlocked->credential,
                             CREDENTIAL__CREDENTIAL_STATE__CREDENTIAL_STATE_ACTIVE);
        const Credential__VerifyPinResponse *right = journey_body(j, verify(j, NEW_PIN));
        if (right)
                expect_state(j, right->credential,
                             CREDENTIAL__CREDENTIAL_STATE__CREDENTIAL_STATE_ACTIVE);
        expect_status(j, CREDENTIAL__CREDENTIAL_STATE__CREDENTIAL_STATE_ACTIVE);
        return true;
}
