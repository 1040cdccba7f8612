/* Asking a bank. The wait is a child's, so that a silent bank costs its deadline and no more. */
#include "services/bank/ports/bank_gateway.h"

#include "sscard/port/v1/bank_gateway.pb-c.h"

#include <string.h>

typedef struct asking {
        rpc_peer *gateway;
        const bank_question *question;
        bank_answer *answer;
        arena *arena; /* of who asks: where the answer's texts go */
} asking;

static const char *const METHODS[BANK_REQUEST_KIND_COUNT] = {
        [BANK_REQUEST_PRE_OPEN] = "sscard.port.v1.BankGateway/PreOpenAccount",
        [BANK_REQUEST_ACTIVATE] = "sscard.port.v1.BankGateway/ActivateAccount",
        [BANK_REQUEST_CONFIRM_LOSS] = "sscard.port.v1.BankGateway/ConfirmLoss",
        [BANK_REQUEST_CLOSE] = "sscard.port.v1.BankGateway/CloseAccount",
};

static const bank_request *request_of(const bank_question *question)
{
        return &question->link->requests[question->kind];
}

static bool is_short(const char *text)
{
        return strlen(text) <= BANK_TEXT_MAX;
}

/* Is it an answer to this question at all? */
static bool makes_sense(const asking *a, const char *reference,
                        const Port__BankGatewayResponse *response)
{
        if (strcmp(response->reference, reference) != 0) return false;
        if (strcmp(response->bank_code, a->question->link->bank) != 0) return false;
        if (!is_short(response->account_reference) || !is_short(response->reason)) return false;
        bool opened = a->question->kind == BANK_REQUEST_PRE_OPEN &&
                      response->verdict == PORT__BANK_VERDICT__BANK_VERDICT_DONE;
        return opened == (*response->account_reference != '\0');
}

static void read_answer(const asking *a, const char *reference,
                        const Port__BankGatewayResponse *response)
{
        bank_answer *answer = a->answer;
        answer->problem = BANK_PROBLEM_MALFORMED;
        if (!makes_sense(a, reference, response)) return;
        switch (response->verdict) {
        case PORT__BANK_VERDICT__BANK_VERDICT_DONE:
                answer->kind = BANK_ANSWER_DONE;
                break;
        case PORT__BANK_VERDICT__BANK_VERDICT_PENDING:
                answer->kind = BANK_ANSWER_PENDING;
                break;
        case PORT__BANK_VERDICT__BANK_VERDICT_REFUSED:
                answer->kind = BANK_ANSWER_REFUSED;
                break;
        default:
                return;
        }
        answer->problem = BANK_PROBLEM_NONE;
        answer->account = arena_strdup(a->arena, response->account_reference);
        answer->reason = arena_strdup(a->arena, response->reason);
}

static bank_problem problem_of(const failure *f)
{
        if (f->kind == FAILURE_UNAVAILABLE || f->kind == FAILURE_RESOURCE_EXHAUSTED)
                return BANK_PROBLEM_UNREACHABLE;
        if (f->kind == FAILURE_DEADLINE_EXCEEDED || f->kind == FAILURE_CANCELLED)
                return BANK_PROBLEM_TIMEOUT;
        if (strcmp(f->reason, "MALFORMED_ANSWER") == 0) return BANK_PROBLEM_MALFORMED;
        return BANK_PROBLEM_FAILED;
}

static void ask(task *t, void *argument)
{
        const asking *a = argument;
        const bank_request *asked = request_of(a->question);
        char reference[ULID_TEXT_BYTES + 1];
        Google__Protobuf__Timestamp at = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
        Port__BankGatewayRequest request = PORT__BANK_GATEWAY_REQUEST__INIT;
        ulid_format(asked->reference, reference);
        at.seconds = asked->asked_at_ms / 1000;
        at.nanos = (int32_t)(asked->asked_at_ms % 1000) * 1000000;
        request.name = a->question->name;
        request.reference = reference;
        request.bank_code = a->question->link->bank;
        request.holder = a->question->holder;
        request.account_reference = a->question->link->account;
        request.asked_at = &at;
        request.at_counter = asked->at_counter;
        ProtobufCMessage *reply = NULL;
        if (rpc_peer_call_message(a->gateway, t, METHODS[a->question->kind], &request.base,
                                  &port__bank_gateway_response__descriptor, NULL, 0, &reply))
                read_answer(a, reference, (const Port__BankGatewayResponse *)reply);
        else
                a->answer->problem = problem_of(&t->failure);
}

bool bank_gateway_ask(task *t, rpc_peer *gateway, const bank_question *question,
                      bank_answer *answer)
{
        TASK_MAY_SUSPEND(t);
        *answer = (bank_answer){.reference = request_of(question)->reference,
                                .kind = BANK_ANSWER_MISSING,
                                .problem = BANK_PROBLEM_UNREACHABLE,
                                .attempted = true,
                                .account = "",
                                .reason = ""};
        if (!gateway) return !task_is_interrupted(t);
        asking a = {gateway, question, answer, &t->arena};
        task_group *group = task_group_begin_within(t, BANK_GATEWAY_DEADLINE_MS);
        task_group_spawn(group, ask, &a);
        return task_group_wait(group);
}
