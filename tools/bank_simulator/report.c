/* Reports of simulated banks, each a task of its own. */
#include "tools/bank_simulator/report.h"

#include "common/base/ulid.h"
#include "sscard/bank/v1/bank_service.pb-c.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

typedef struct report {
        task task;
        reporter *reporter;
        account_request *request; /* stands as long as the simulator */
        uint32_t delay_ms;
        int times;
        struct report *prev, *next;
} report;

/* A request id for each report: a bank that repeats itself does not know of ours. */
static bool report_once(task *t, report *r)
{
        reporter *to = r->reporter;
        char id[ULID_TEXT_BYTES + 1];
        int64_t now_ms = clock_wall_ms(loop_clock(to->loop));
        ulid_format(ulid_new(now_ms, to->random, 0), id);
        token_claims claims = {.subject = "bank-simulator",
                               .roles = POLICY_R(PLATFORM),
                               .channels = POLICY_C(SYSTEM),
                               .platform = "bank",
                               .region = "330000",
                               .issued_unix_seconds = now_ms / 1000};
        const char *token = token_issue(to->signer, &claims, &t->arena, &t->failure);
        if (!token) return false;
        rpc_metadata authorization = {"authorization", arena_format(&t->arena, "Bearer %s", token)};
        Common__RequestContext context = COMMON__REQUEST_CONTEXT__INIT;
        Bank__ReportBankAnswerRequest request = BANK__REPORT_BANK_ANSWER_REQUEST__INIT;
        context.request_id = id;
        context.channel = COMMON__CHANNEL__CHANNEL_SYSTEM;
        request.name = r->request->link;
        request.context = &context;
        request.reference = r->request->reference;
        request.account_reference = r->request->account;
        request.answer = r->request->carried_out ? BANK__BANK_ANSWER__BANK_ANSWER_DONE
                                                 : BANK__BANK_ANSWER__BANK_ANSWER_REFUSED;
        request.reason = r->request->reason;
        ProtobufCMessage *reply = NULL;
        return rpc_peer_call_message(to->peer, t, "sscard.bank.v1.BankLinkService/ReportBankAnswer",
                                     &request.base, &bank__bank_link_result__descriptor,
                                     &authorization, 1, &reply);
}

static void run(task *t)
{
        report *r = t->owner;
        if (r->delay_ms && !task_sleep(t, r->delay_ms)) return;
        accounts_carry_out(r->reporter->accounts, r->request);
        for (int i = 0; i < r->times && !task_is_interrupted(t); i++) {
                if (report_once(t, r)) continue;
                if (task_is_interrupted(t) || !task_sleep(t, 200)) return;
                failure_clear(&t->failure);
        }
}

static void freed(loop_timer *timer)
{
        task *t = timer->data;
        free(t->owner);
}

static void done(task *t)
{
        report *r = t->owner;
        DL_DELETE(r->reporter->open, r);
        task_release(&r->task, freed);
}

void reporter_send(reporter *to, account_request *request, uint32_t delay_ms, int times)
{
        if (!to->peer) return;
        report *r = calloc(1, sizeof *r);
        if (!r) abort();
        r->reporter = to;
        r->request = request;
        r->delay_ms = delay_ms;
        r->times = times;
        task_init(&r->task, to->loop, r);
        DL_APPEND(to->open, r);
        if (!task_start(&r->task, TASK_NO_DEADLINE, run, done)) done(&r->task);
}

void reporter_interrupt(reporter *to)
{
        report *each, *next;
        DL_FOREACH_SAFE(to->open, each, next) task_interrupt(&each->task, FAILURE_CANCELLED);
}
