/* Who calls: reads and writes of a few cards, each noted with what was asked and what came back. */
#include "tests/sim/region/sim_world.h"

#include "sscard/status/v1/status_service.pb-c.h"

#include <stdio.h>
#include <string.h>

enum {
        PAUSE_MS_MAX = 400,
        DEADLINE_MS_MIN = 300,
        DEADLINE_MS_MAX = 6000,
        REPEATS_MAX = 3,
        STALENESS_SECONDS = 5,
        EVIDENCE_MAX = 2,
        STATUS_OK = 0,
};

#define CASE_REFERENCE "case-1"
#define REGION "330000"

/* ---- requests ---- */

static Common__Evidence *evidence_of(arena *a, Common__EvidenceKind kind)
{
        Common__Evidence *item = arena_alloc(a, sizeof *item);
        common__evidence__init(item);
        item->kind = kind;
        item->reference = "1234";
        item->issued_by = "公安机关";
        if (kind != COMMON__EVIDENCE_KIND__EVIDENCE_KIND_ID_DOCUMENT) return item;
        item->valid_until = arena_alloc(a, sizeof *item->valid_until);
        google_type__date__init(item->valid_until);
        item->valid_until->year = 2099;
        item->valid_until->month = item->valid_until->day = 12;
        return item;
}

static Common__RequestContext *context_of(const sim_world *w, arena *a, uint32_t request)
{
        Common__RequestContext *context = arena_alloc(a, sizeof *context);
        common__request_context__init(context);
        context->request_id = arena_format(a, "sim-%012u", request);
        context->channel = COMMON__CHANNEL__CHANNEL_BRANCH;
        context->outlet = w->outlet;
        context->case_reference = CASE_REFERENCE;
        context->evidence = arena_alloc(a, EVIDENCE_MAX * sizeof *context->evidence);
        context->evidence[0] = evidence_of(a, COMMON__EVIDENCE_KIND__EVIDENCE_KIND_ID_DOCUMENT);
        context->evidence[1] = evidence_of(a, COMMON__EVIDENCE_KIND__EVIDENCE_KIND_CARD_PRESENTED);
        context->n_evidence = EVIDENCE_MAX;
        return context;
}

static Common__ReadOptions *read_options_of(const sim_world *w, arena *a)
{
        Common__ReadOptions *options = arena_alloc(a, sizeof *options);
        common__read_options__init(options);
        options->channel = COMMON__CHANNEL__CHANNEL_BRANCH;
        options->outlet = w->outlet;
        options->case_reference = CASE_REFERENCE;
        return options;
}

/* ---- one call ---- */

static bytes pack(arena *a, const ProtobufCMessage *message)
{
        size_t length = protobuf_c_message_get_packed_size(message);
        uint8_t *room = arena_alloc(a, length + 1);
        return bytes_of(room, protobuf_c_message_pack(message, room));
}

static bool is_refusal(int status)
{
        return status == FAILURE_INVALID_ARGUMENT || status == FAILURE_NOT_FOUND ||
               status == FAILURE_PERMISSION_DENIED || status == FAILURE_FAILED_PRECONDITION;
}

/* NULL: no OK; then the outcome says which. */
static ProtobufCMessage *call(task *t, rpc_peer *peer, const char *token, const char *method,
                              const ProtobufCMessage *request,
                              const ProtobufCMessageDescriptor *type, history_outcome *outcome)
{
        rpc_metadata metadata = {"authorization", arena_format(&t->arena, "Bearer %s", token)};
        rpc_answer answer;
        *outcome = HISTORY_UNKNOWN;
        if (!rpc_peer_call(peer, t, method, pack(&t->arena, request), &metadata, 1, &answer))
                return NULL;
        if (is_refusal(answer.status)) *outcome = HISTORY_REFUSED;
        if (answer.status != STATUS_OK) return NULL;
        ProtobufCMessage *message =
                protobuf_c_message_unpack(type, NULL, answer.reply.length, answer.reply.data);
        assert(message);
        *outcome = HISTORY_OK;
        return message;
}

static history_operation *operation_of(sim_client *c)
{
        return &c->world->history[c->operation];
}

static void read_card(task *t, sim_client *c)
{
        sim_world *w = c->world;
        history_operation *o = operation_of(c);
        Card__GetCardRequest request = CARD__GET_CARD_REQUEST__INIT;
        request.name = w->things[o->card];
        request.read_options = read_options_of(w, &t->arena);
        Card__Card *card = (Card__Card *)call(t, w->to_card, w->clerk_token,
                                              "sscard.card.v1.CardService/GetCard", &request.base,
                                              &card__card__descriptor, &o->outcome);
        if (!card) return;
        o->version = (uint64_t)card->version;
        o->state = (int)card->state;
        card__card__free_unpacked(card, NULL);
}

static void read_status(task *t, sim_client *c)
{
        sim_world *w = c->world;
        history_operation *o = operation_of(c);
        Status__GetCardStatusRequest request = STATUS__GET_CARD_STATUS_REQUEST__INIT;
        request.subject_case = STATUS__GET_CARD_STATUS_REQUEST__SUBJECT_NAME;
        request.name = w->things[o->card];
        request.read_options = read_options_of(w, &t->arena);
        Google__Protobuf__Duration staleness = GOOGLE__PROTOBUF__DURATION__INIT;
        staleness.seconds = STALENESS_SECONDS;
        if (o->kind == HISTORY_STALE_READ) request.read_options->max_staleness = &staleness;
        Status__CardStatus *status = (Status__CardStatus *)call(
                t, w->to_status, w->clerk_token, "sscard.status.v1.StatusService/GetCardStatus",
                &request.base, &status__card_status__descriptor, &o->outcome);
        if (!status) return;
        o->version = (uint64_t)status->version;
        o->state = (int)status->state;
        if (status->as_of)
                o->as_of = sim_stamp_of_unix_ms(status->as_of->seconds * 1000 +
                                                status->as_of->nanos / 1000000);
        status__card_status__free_unpacked(status, NULL);
}

static void write_card(task *t, sim_client *c)
{
        sim_world *w = c->world;
        history_operation *o = operation_of(c);
        Common__RequestContext *context = context_of(w, &t->arena, o->request);
        context->validate_only =
                w->options->planted == SIM_PLANTED_REPLY_WITHOUT_COMMIT && o->request % 20 == 0;
        Card__ReportLossRequest loss = CARD__REPORT_LOSS_REQUEST__INIT;
        loss.name = w->things[o->card];
        loss.context = context;
        loss.kind = CARD__LOSS_KIND__LOSS_KIND_FORMAL;
        Card__RecoverCardRequest recovery = CARD__RECOVER_CARD_REQUEST__INIT;
        recovery.name = loss.name;
        recovery.context = context;
        const char *method = c->recovers ? "sscard.card.v1.CardService/RecoverCard"
                                         : "sscard.card.v1.CardService/ReportLoss";
        Card__CardResult *result = (Card__CardResult *)call(
                t, w->to_card, w->clerk_token, method, c->recovers ? &recovery.base : &loss.base,
                &card__card_result__descriptor, &o->outcome);
        if (!result) return;
        o->version = (uint64_t)result->card->version;
        o->state = (int)result->card->state;
        /* Found everything as it asked for: such an answer says nothing new, and a repeat of it
         * says what once was. */
        if (!result->changed) o->outcome = HISTORY_UNKNOWN;
        card__card_result__free_unpacked(result, NULL);
}

/* ---- one client ---- */

static void client_run(task *t)
{
        sim_client *c = t->owner;
        history_operation *o = operation_of(c);
        if (o->kind == HISTORY_WRITE)
                write_card(t, c);
        else if (o->kind == HISTORY_STALE_READ || sim_random(&c->world->client_random, 3))
                read_status(t, c);
        else
                read_card(t, c);
}

static void operation_choose(sim_client *c, history_operation *o)
{
        sim_world *w = c->world;
        uint64_t dice = sim_random(&w->client_random, 100);
        o->card = (uint32_t)sim_random(&w->client_random, w->card_count);
        o->kind = dice < 40 ? HISTORY_WRITE : dice < 90 ? HISTORY_STRONG_READ : HISTORY_STALE_READ;
        if (o->kind != HISTORY_WRITE) return;
        o->request = ++w->request_count;
        bool lost = w->last_state[o->card] == CARD__CARD_STATE__CARD_STATE_LOST;
        c->recovers = sim_random(&w->client_random, 8) ? lost : !lost;
        c->repeats = REPEATS_MAX;
}

static void client_begins(loop_timer *timer);

static void client_done(task *t)
{
        sim_client *c = t->owner;
        sim_world *w = c->world;
        history_operation *o = operation_of(c);
        o->completed = sim_stamp(w);
        sim_summary *s = w->summary;
        s->oks += o->outcome == HISTORY_OK;
        s->refused += o->outcome == HISTORY_REFUSED;
        s->unknown += o->outcome == HISTORY_UNKNOWN;
        s->strong_reads += o->kind == HISTORY_STRONG_READ;
        s->stale_reads += o->kind == HISTORY_STALE_READ;
        if (o->outcome != HISTORY_UNKNOWN) c->repeats = 0; /* a repeat of a refusal is a new try */
        if (o->outcome == HISTORY_OK) w->last_state[o->card] = o->state;
        if (loop_now_ms(w->loop) > w->calm_ms && w->calm_ms) {
                w->ok_when_calm += o->outcome == HISTORY_OK;
                w->unknown_when_calm += t->failure.kind != FAILURE_NONE;
        }
        c->over = w->ending || w->operation_count == SIM_OPERATIONS_MAX;
        if (c->over) return;
        uint64_t pause_ms = sim_random(&w->client_random, PAUSE_MS_MAX);
        loop_timer_start(&c->pause, loop_now_ms(w->loop) + (int64_t)pause_ms);
}

static void client_begins(loop_timer *timer)
{
        sim_client *c = timer->data;
        sim_world *w = c->world;
        c->over = w->ending || w->operation_count == SIM_OPERATIONS_MAX;
        if (c->over) return;
        history_operation before = w->history[c->operation];
        c->operation = w->operation_count++;
        history_operation *o = operation_of(c);
        *o = (history_operation){.outcome = HISTORY_UNKNOWN};
        if (c->repeats > 0 && before.kind == HISTORY_WRITE) { /* the same request once more (S1) */
                c->repeats--;
                w->summary->repeats++;
                o->kind = HISTORY_WRITE;
                o->card = before.card;
                o->request = before.request;
        } else {
                operation_choose(c, o);
        }
        o->invoked = sim_stamp(w);
        o->as_of = o->invoked;
        int64_t patience_ms =
                DEADLINE_MS_MIN + (int64_t)sim_random(&w->client_random, DEADLINE_MS_MAX);
        if (!task_start(&c->task, loop_now_ms(w->loop) + patience_ms, client_run, client_done))
                abort();
}

void sim_clients_start(sim_world *w)
{
        for (uint32_t i = 0; i < w->options->clients; i++) {
                sim_client *c = &w->clients[i];
                *c = (sim_client){.world = w};
                task_init(&c->task, w->loop, c);
                loop_timer_init(w->loop, &c->pause, client_begins, c);
                loop_timer_start(&c->pause, loop_now_ms(w->loop) + i);
        }
}

bool sim_clients_are_over(const sim_world *w)
{
        for (uint32_t i = 0; i < w->options->clients; i++)
                if (!w->clients[i].over) return false;
        return true;
}

void sim_clients_release(sim_world *w)
{
        for (uint32_t i = 0; i < w->options->clients; i++) {
                task_release(&w->clients[i].task, NULL);
                loop_timer_close(&w->clients[i].pause, NULL);
        }
}

/* ---- the region's beginning ---- */

static const char *token_of(sim_world *w, token_claims claims)
{
        failure f = {0};
        claims.issued_unix_seconds = clock_wall_ms(&w->clock.base) / 1000;
        const char *token = token_issue(w->keys->signer, &claims, &w->arena, &f);
        assert(token);
        return token;
}

void sim_clients_prepare(sim_world *w)
{
        people_options options = {.seed = w->options->seed,
                                  .today = civil_date_at(clock_business_ms(&w->clock.base)),
                                  .region = REGION};
        people_init(&w->crowd, &options);
        person one;
        people_person(&w->crowd, 0, &w->arena, &one);
        w->outlet = one.outlet;
        const char *outlets[] = {w->outlet};
        w->clerk_token = token_of(w, (token_claims){.subject = "clerk-1",
                                                    .roles = POLICY_R(OPERATOR),
                                                    .channels = POLICY_C(BRANCH),
                                                    .outlets = outlets,
                                                    .outlet_count = 1,
                                                    .operator_id = "op-1",
                                                    .case_reference = CASE_REFERENCE,
                                                    .assurance = 3});
        w->platform_token = token_of(w, (token_claims){.subject = "old-system",
                                                       .roles = POLICY_R(PLATFORM),
                                                       .channels = POLICY_C(SYSTEM),
                                                       .platform = "old-system"});
}

void sim_clients_import(task *t)
{
        sim_world *w = t->owner;
        Common__RequestContext context = COMMON__REQUEST_CONTEXT__INIT;
        context.request_id = "import-0000000001";
        context.channel = COMMON__CHANNEL__CHANNEL_SYSTEM;
        Card__ImportHoldersRequest request = CARD__IMPORT_HOLDERS_REQUEST__INIT;
        request.parent = "regions/" REGION;
        request.context = &context;
        Card__ImportedHolder *holders[SIM_CARDS_MAX];
        uint64_t index = 0;
        for (uint32_t i = 0; i < w->options->holders; i++, index++) {
                person one;
                index = people_find(&w->crowd, index, PEOPLE_NORMAL);
                people_person(&w->crowd, index, &t->arena, &one);
                holders[i] = one.holder;
        }
        request.holders = holders;
        request.n_holders = w->options->holders;
        history_outcome outcome;
        Card__ImportHoldersResponse *response = (Card__ImportHoldersResponse *)call(
                t, w->to_card, w->platform_token, "sscard.card.v1.CardService/ImportHolders",
                &request.base, &card__import_holders_response__descriptor, &outcome);
        assert(response && (uint32_t)response->imported_count == w->options->holders);
        for (size_t i = 0; i < response->n_verdicts; i++)
                for (size_t k = 0; k < response->verdicts[i]->n_cards; k++)
                        w->card_count = sim_thing(w, response->verdicts[i]->cards[k]) + 1;
        card__import_holders_response__free_unpacked(response, NULL);
}
