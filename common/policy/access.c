/* One function over access rows. Must never allow what no row says. */
#include "common/policy/access.h"

#include <assert.h>
#include <string.h>

#define DENIED FAILURE_PERMISSION_DENIED

static const policy_refusal REFUSALS[POLICY_DENIAL_COUNT] = {
        [POLICY_DENIAL_NO_ROW] = {"METHOD_NOT_ALLOWED",
                                  DENIED,
                                  "S7",
                                  {"该操作未开放。", "This method is open to nobody."}},
        [POLICY_DENIAL_ROLE] = {"ROLE_NOT_ALLOWED",
                                DENIED,
                                "S7",
                                {"您的身份不能办理此操作。",
                                 "Your role may not call this method."}},
        [POLICY_DENIAL_ACTOR] = {"ACTOR_NOT_ALLOWED",
                                 DENIED,
                                 "S7",
                                 {"不能为该对象办理此操作。",
                                  "Your credentials do not speak for the person that this needs."}},
        [POLICY_DENIAL_CHANNEL_MISSING] = {"CHANNEL_REQUIRED",
                                           FAILURE_INVALID_ARGUMENT,
                                           "S7",
                                           {"请指明办理渠道。",
                                            "Choose one of the channels that your credentials "
                                            "list."},
                                           .field = "context.channel"},
        [POLICY_DENIAL_CHANNEL_FOREIGN] = {"CHANNEL_NOT_GRANTED",
                                           DENIED,
                                           "S7",
                                           {"您的凭证不包含该渠道。",
                                            "Your credentials do not list this channel."}},
        [POLICY_DENIAL_CHANNEL] = {"CHANNEL_NOT_ALLOWED",
                                   DENIED,
                                   "S7",
                                   {"此渠道不能办理，请改用允许的渠道。",
                                    "This channel may not do this; use one that may."}},
        [POLICY_DENIAL_CHANNEL_CLOSED] = {"CHANNEL_NOT_OFFERED",
                                          FAILURE_FAILED_PRECONDITION,
                                          "S13",
                                          {"本地区未开通此渠道，请改用其他渠道。",
                                           "This region does not run this channel; use another "
                                           "one."}},
        [POLICY_DENIAL_ASSURANCE] = {"ASSURANCE_TOO_LOW",
                                     DENIED,
                                     "S7",
                                     {"身份核验级别不足，请重新核验身份。",
                                      "The identification is too weak; identify again more "
                                      "strongly."}},
        [POLICY_DENIAL_CASE_REFERENCE] = {"CASE_REFERENCE_REQUIRED",
                                          DENIED,
                                          "S7",
                                          {"工作人员查询须注明业务编号。",
                                           "Staff must name the case that they read for."}},
        [POLICY_DENIAL_PURPOSE] = {"PURPOSE_NOT_GRANTED",
                                   DENIED,
                                   "S7",
                                   {"该用途未获授权。",
                                    "Your credentials do not grant this purpose."}},
        [POLICY_DENIAL_OPERATOR_ID] = {"OPERATOR_ID_REQUIRED",
                                       DENIED,
                                       "S7",
                                       {"凭证缺少经办人编号。",
                                        "Your credentials do not name the operator."}},
        [POLICY_DENIAL_SECOND_PERSON] = {"SECOND_PERSON_REQUIRED",
                                         DENIED,
                                         "S7",
                                         {"须由第二名工作人员复核。",
                                          "A second operator must approve this."}},
        [POLICY_DENIAL_BANK] = {"NOT_YOUR_BANK",
                                DENIED,
                                "S7",
                                {"该业务属于其他银行。", "This belongs to another bank."}},
        [POLICY_DENIAL_OWNER] = {"NOT_YOUR_RESOURCE",
                                 DENIED,
                                 "S7",
                                 {"只能办理本人或受托的业务。",
                                  "You may act for yourself or for those you speak for only."}},
};

policy_access_span policy_access_find(const policy_access_row *rows, size_t count,
                                      const char *method)
{
        policy_access_span span = {NULL, 0};
        for (size_t i = 0; i < count; i++) {
                if (strcmp(rows[i].method, method) != 0) continue;
                if (span.count == 0) span.rows = &rows[i];
                assert(span.rows + span.count == &rows[i]); /* rows of a method stand together */
                span.count++;
        }
        return span;
}

static policy_access_result deny(const policy_access_row *row, policy_denial denial)
{
        return (policy_access_result){.verdict = POLICY_ACCESS_DENY, .row = row, .denial = denial};
}

/* What the caller knows of the conditions that wait for the resource. */
static policy_denial owned(policy_conditions conditions, const policy_caller *caller,
                           policy_conditions *unknown)
{
        *unknown = 0;
        if (conditions & POLICY_IF_OWN_BANK) {
                if (caller->bank_is_own == POLICY_NO) return POLICY_DENIAL_BANK;
                if (caller->bank_is_own == POLICY_UNKNOWN) *unknown |= POLICY_IF_OWN_BANK;
        }
        if (conditions & POLICY_IF_OWN_RESOURCE) {
                if (caller->is_holder == POLICY_NO) return POLICY_DENIAL_OWNER;
                if (caller->is_holder == POLICY_UNKNOWN) *unknown |= POLICY_IF_OWN_RESOURCE;
        }
        return POLICY_DENIAL_NONE;
}

static policy_access_result evaluate_row(const policy_access_row *row, const policy_caller *caller)
{
        policy_roles roles = row->roles & caller->roles & POLICY_ROLES_ALL;
        if (roles == 0) return deny(row, POLICY_DENIAL_ROLE);
        if (row->actors != 0 && !((row->actors >> caller->actor) & 1))
                return deny(row, POLICY_DENIAL_ACTOR);

        bool chosen = caller->channel != POLICY_CHANNEL_UNSPECIFIED;
        if (!chosen && row->channels != 0) return deny(row, POLICY_DENIAL_CHANNEL_MISSING);
        if (chosen && !policy_channels_have(caller->channels_allowed, caller->channel))
                return deny(row, POLICY_DENIAL_CHANNEL_FOREIGN);
        if (row->channels != 0 && !policy_channels_have(row->channels, caller->channel)) {
                policy_access_result result = deny(row, POLICY_DENIAL_CHANNEL);
                result.channels = row->channels;
                return result;
        }
        if (chosen && policy_channels_have(caller->channels_closed, caller->channel)) {
                policy_access_result result = deny(row, POLICY_DENIAL_CHANNEL_CLOSED);
                policy_channels possible = row->channels != 0 ? row->channels : POLICY_CHANNELS_ALL;
                result.channels = possible & ~caller->channels_closed;
                return result;
        }
        if (caller->assurance < row->assurance_min) {
                policy_access_result result = deny(row, POLICY_DENIAL_ASSURANCE);
                result.assurance_min = row->assurance_min;
                return result;
        }
        if ((row->conditions & POLICY_IF_CASE_REFERENCE) && !caller->has_case_reference)
                return deny(row, POLICY_DENIAL_CASE_REFERENCE);
        if ((row->conditions & POLICY_IF_PURPOSE_GRANTED) && !caller->purpose_granted)
                return deny(row, POLICY_DENIAL_PURPOSE);
        if ((row->conditions & POLICY_IF_OPERATOR_ID) &&
            (caller->operator_id == NULL || caller->operator_id[0] == '\0'))
                return deny(row, POLICY_DENIAL_OPERATOR_ID);
        if ((row->conditions & POLICY_IF_SECOND_PERSON) && caller->approver == NULL)
                return deny(row, POLICY_DENIAL_SECOND_PERSON);

        policy_conditions unknown;
        policy_denial denial = owned(row->conditions, caller, &unknown);
        if (denial != POLICY_DENIAL_NONE) return deny(row, denial);
        return (policy_access_result){
                .verdict = unknown != 0 ? POLICY_ACCESS_ALLOW_IF_OWNER : POLICY_ACCESS_ALLOW,
                .role = policy_roles_first(roles),
                .pending = unknown,
                .row = row,
        };
}

policy_access_result policy_access_evaluate(policy_access_span span, const policy_caller *caller)
{
        policy_access_result best = deny(NULL, POLICY_DENIAL_NO_ROW);
        for (size_t i = 0; i < span.count; i++) {
                policy_access_result result = evaluate_row(&span.rows[i], caller);
                if (result.verdict == POLICY_ACCESS_ALLOW) return result;
                if (best.verdict == POLICY_ACCESS_DENY) {
                        if (result.verdict != POLICY_ACCESS_DENY || result.denial > best.denial)
                                best = result;
                        else if (result.denial == POLICY_DENIAL_CHANNEL &&
                                 best.denial == POLICY_DENIAL_CHANNEL)
                                best.channels |= result.channels;
                }
        }
        return best;
}

policy_access_result policy_access_settle(const policy_access_result *result,
                                          const policy_caller *caller)
{
        if (result->verdict != POLICY_ACCESS_ALLOW_IF_OWNER) return *result;
        policy_conditions unknown;
        policy_denial denial = owned(result->row->conditions, caller, &unknown);
        if (denial == POLICY_DENIAL_NONE && (unknown & POLICY_IF_OWN_RESOURCE))
                denial = POLICY_DENIAL_OWNER;
        if (denial == POLICY_DENIAL_NONE && (unknown & POLICY_IF_OWN_BANK))
                denial = POLICY_DENIAL_BANK;
        if (denial != POLICY_DENIAL_NONE) return deny(result->row, denial);
        policy_access_result allowed = *result;
        allowed.verdict = POLICY_ACCESS_ALLOW;
        allowed.pending = 0;
        return allowed;
}

const policy_refusal *policy_access_refusal(const policy_access_result *result,
                                            policy_details *details)
{
        if (result->denial == POLICY_DENIAL_NONE) return NULL;
        assert(result->verdict == POLICY_ACCESS_DENY);
        assert((unsigned)result->denial < POLICY_DENIAL_COUNT);
        if (details != NULL && result->channels != 0) {
                char names[POLICY_DETAIL_VALUE_BYTES];
                policy_details_add(details, "allowed_channels", "%s",
                                   policy_channels_format(result->channels, names, sizeof names));
        }
        if (details != NULL && result->assurance_min > 0)
                policy_details_add(details, "required_assurance", "%u", result->assurance_min);
        if (details != NULL && result->row != NULL && result->row->rule != NULL)
                policy_details_add(details, "access_rule", "%s", result->row->rule);
        return &REFUSALS[result->denial];
}

const policy_refusal *policy_access_refusal_find(const char *reason)
{
        for (int i = POLICY_DENIAL_NONE + 1; i < POLICY_DENIAL_COUNT; i++)
                if (strcmp(REFUSALS[i].reason, reason) == 0) return &REFUSALS[i];
        return NULL;
}

const char *policy_actor_name(policy_actor actor)
{
        static const char *const names[] = {"NONE", "SELF", "WARD", "PRINCIPAL"};
        _Static_assert(ARRAY_LENGTH(names) == POLICY_ACTOR_COUNT, "a name for every actor");
        return names[(unsigned)actor < POLICY_ACTOR_COUNT ? actor : POLICY_ACTOR_NONE];
}
