/* Takes the people of a plan into a running region. */
#include "tools/seed/seed_import.h"

#include "google/rpc/error_details.pb-c.h"
#include "sscard/common/v1/context.pb-c.h"
#include "tools/sscardctl/message_json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { CALL_TIMEOUT_MS = 60000 };

#define IMPORT_PATH "/sscard.card.v1.CardService/ImportHolders"

static const token_claims OLD_SYSTEM = {
        .subject = "old-system",
        .roles = POLICY_R(PLATFORM),
        .channels = POLICY_C(SYSTEM),
        .platform = "old-system",
};

/* One batch under way. */
typedef struct batch_call {
        const char *request_id;
        const person *people;
        uint32_t size;
        arena a;
} batch_call;

static void batch_call_release(batch_call *batch)
{
        arena_release(&batch->a);
}

static void batch_prepare(const seed_import *import, const people *crowd, uint64_t number,
                          batch_call *batch)
{
        uint64_t first;
        seed_plan_batch(import->plan, number, &first, &batch->size);
        batch->request_id = seed_plan_request_id(import->plan, number, &batch->a);
        person *list = arena_alloc(&batch->a, batch->size * sizeof *list);
        for (uint32_t i = 0; i < batch->size; i++)
                people_person(crowd, first + i, &batch->a, &list[i]);
        batch->people = list;
}

static bool batch_send(seed_import *import, batch_call *batch, region_answer *answer)
{
        Common__RequestContext context = COMMON__REQUEST_CONTEXT__INIT;
        context.request_id = batch->request_id;
        context.channel = COMMON__CHANNEL__CHANNEL_SYSTEM;
        context.operator_note = "synthetic people";
        Card__ImportHoldersRequest request = CARD__IMPORT_HOLDERS_REQUEST__INIT;
        request.parent = arena_format(&batch->a, "regions/%s", import->to->ctx.region);
        request.context = &context;
        request.n_holders = batch->size;
        request.holders = arena_alloc(&batch->a, batch->size * sizeof *request.holders);
        for (uint32_t i = 0; i < batch->size; i++)
                request.holders[i] = batch->people[i].holder;
        region_call call = {.service = REGION_CARD,
                            .path = IMPORT_PATH,
                            .request = &request.base,
                            .answer = &card__import_holders_response__descriptor,
                            .caller = &OLD_SYSTEM,
                            .language = import->language,
                            .timeout_ms = CALL_TIMEOUT_MS};
        int64_t pause_ms = SEED_FIRST_PAUSE_MS;
        for (int tried = 1;; tried++) {
                region_call_run(import->to, &call, &batch->a, answer);
                if (answer->code == 0) return true;
                if (!region_answer_may_be_repeated(answer) || tried == SEED_TRIES_MAX) return false;
                if (answer->retry_after_ms > pause_ms) pause_ms = answer->retry_after_ms;
                if (pause_ms > SEED_PAUSE_MAX_MS) pause_ms = SEED_PAUSE_MAX_MS;
                if (!region_pause(import->to, pause_ms)) return false;
                pause_ms *= 2;
        }
}

static const char *text_of_error(const GoogleRpc__Status *error, arena *a)
{
        for (size_t i = 0; error && i < error->n_details; i++) {
                const Google__Protobuf__Any *any = error->details[i];
                if (!strstr(any->type_url, google_rpc__error_info__descriptor.name)) continue;
                const GoogleRpc__ErrorInfo *info = (const GoogleRpc__ErrorInfo *)message_unpack(
                        a, &google_rpc__error_info__descriptor, any->value.data, any->value.len);
                if (info) return arena_format(a, "%s: %s", info->reason, error->message);
        }
        return error ? error->message : "no reason given";
}

/* Says why, for the first few; never who. */
static void show_refusal(const seed_import *import, const person *one,
                         const Card__ImportVerdict *verdict, arena *a)
{
        if (seed_tally_total(&import->tally).refused > SEED_REFUSALS_SHOWN) return;
        fprintf(stderr, "%sperson %" PRIu64 " (%s) refused: %s\n", import->terminal ? "\r" : "",
                one->index, PEOPLE_PROFILES[one->profile].name, text_of_error(verdict->error, a));
}

static bool batch_count(seed_import *import, batch_call *batch, const region_answer *answer,
                        failure *f)
{
        const Card__ImportHoldersResponse *response =
                (const Card__ImportHoldersResponse *)answer->body;
        if (response->n_verdicts != batch->size)
                return failure_set(f, FAILURE_INTERNAL, "VERDICTS_MISSING",
                                   "%zu verdicts for %" PRIu32 " people", response->n_verdicts,
                                   batch->size);
        for (uint32_t i = 0; i < batch->size; i++) {
                const Card__ImportVerdict *verdict = response->verdicts[i];
                seed_tally_add(&import->tally, &batch->people[i], verdict, answer->replayed);
                if (verdict->outcome == CARD__IMPORT_OUTCOME__IMPORT_OUTCOME_REFUSED)
                        show_refusal(import, &batch->people[i], verdict, &batch->a);
        }
        import->tally.replayed_batches += answer->replayed;
        return true;
}

static void show_progress(const seed_import *import, uint64_t done, uint64_t batches)
{
        if (!import->progress) return;
        uint64_t people_done = done * import->plan->batch;
        if (people_done > import->plan->count) people_done = import->plan->count;
        /* Plain lines: ten of them at most. */
        bool worth_a_line = done == batches || done * 10 / batches != (done - 1) * 10 / batches;
        if (!import->terminal && !worth_a_line) return;
        fprintf(import->progress, "%s%" PRIu64 " of %" PRIu64 " people%s",
                import->terminal ? "\r" : "", people_done, import->plan->count,
                import->terminal && done < batches ? "" : "\n");
        fflush(import->progress);
}

bool seed_import_run(seed_import *import, failure *f)
{
        uint64_t batches = seed_plan_batches(import->plan);
        people *crowd = malloc(sizeof *crowd);
        if (!crowd) return failure_set(f, FAILURE_RESOURCE_EXHAUSTED, "MEMORY", "out of memory");
        people_init(crowd, &import->plan->people);
        bool fine = true;
        for (uint64_t i = 0; i < batches && fine; i++) {
                SCOPED(batch_call) batch = {0};
                region_answer answer;
                batch_prepare(import, crowd, i, &batch);
                if (batch_send(import, &batch, &answer))
                        fine = batch_count(import, &batch, &answer, f);
                else
                        fine = failure_set(f, (failure_kind)answer.code, "IMPORT_FAILED",
                                           "batch %" PRIu64 " of %" PRIu64 ": %s %s", i + 1,
                                           batches, answer.reason, answer.message);
                if (fine) show_progress(import, i + 1, batches);
        }
        free(crowd);
        return fine;
}
