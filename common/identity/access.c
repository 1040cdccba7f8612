/* What a request chooses among its caller's possibilities.
 * Must never grant: it narrows, and the access rows decide. */
#include "common/identity/access.h"

#include "common/crypto/secret_buffer.h"

#include <string.h>

const char *access_fault_reason(access_fault fault)
{
        switch (fault) {
        case ACCESS_FAULT_NONE:
                return "";
        case ACCESS_FAULT_OUTLET:
                return "OUTLET_NOT_GRANTED";
        case ACCESS_FAULT_BANK:
                return "BANK_NOT_GRANTED";
        case ACCESS_FAULT_APPROVAL:
                return "APPROVAL_INVALID";
        }
        return "";
}

static bool is_chosen(const char *text)
{
        return text && *text;
}

static const char *only_one(const char *const *list, size_t count)
{
        return count == 1 ? list[0] : "";
}

static policy_channel choose_channel(const caller *c, policy_channel chosen)
{
        if (chosen != POLICY_CHANNEL_UNSPECIFIED) return chosen;
        bool lists_one = c->channels && (c->channels & (c->channels - 1)) == 0;
        return lists_one ? policy_channels_first(c->channels) : POLICY_CHANNEL_UNSPECIFIED;
}

/* The second person: somebody else of the same kind, who saw this very request. */
static bool approves(const caller *approver, const caller *c, const digest *request_hash)
{
        bool is_same_person = strcmp(approver->subject, c->subject) == 0 &&
                              strcmp(approver->issuer, c->issuer) == 0;
        if (is_same_person || !(approver->roles & c->roles)) return false;
        if (!approver->has_request_hash || !request_hash) return false;
        return secret_equal(bytes_of(approver->request_hash.bytes, DIGEST_BYTES),
                            bytes_of(request_hash->bytes, DIGEST_BYTES));
}

access_fault access_choose(const caller *c, const access_choice *choice, policy_caller *who)
{
        *who = (policy_caller){
                .issuer = c->issuer,
                .subject = c->subject,
                .roles = c->roles,
                .channels_allowed = c->channels,
                .channel = choose_channel(c, choice->channel),
                .actor = c->actor,
                .assurance = c->assurance,
                .operator_id = c->operator_id,
                .bank = only_one(c->banks, c->bank_count),
                .outlet = only_one(c->outlets, c->outlet_count),
                .region = c->region,
                .platform = c->platform,
                .has_case_reference = *c->case_reference != '\0',
                .purpose_granted =
                        is_chosen(choice->purpose) && caller_has_purpose(c, choice->purpose),
        };
        if (is_chosen(choice->outlet)) {
                if (!caller_has_outlet(c, choice->outlet)) return ACCESS_FAULT_OUTLET;
                who->outlet = choice->outlet;
        }
        if (is_chosen(choice->bank)) {
                if (!caller_has_bank(c, choice->bank)) return ACCESS_FAULT_BANK;
                who->bank = choice->bank;
        }
        if (choice->approver) {
                if (!approves(choice->approver, c, choice->request_hash))
                        return ACCESS_FAULT_APPROVAL;
                who->approver = choice->approver->subject;
        }
        return ACCESS_FAULT_NONE;
}
