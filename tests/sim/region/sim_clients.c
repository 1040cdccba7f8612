/* Who calls: everything that may happen to the cards of a few people, each call noted with what was
 * asked and what came back. */
#include "tests/sim/region/sim_world.h"

#include "common/rpc/error.h"
#include "sscard/status/v1/status_service.pb-c.h"

#include <stdio.h>
#include <string.h>

enum {
        PAUSE_MS_MAX = 400,
        DEADLINE_MS_MIN = 300,
        DEADLINE_MS_MAX = 6000,
        REPEATS_MAX = 3,
        STALENESS_SECONDS = 5,
        STATUS_OK = 0,
        TRIES = 12,
        NEWCOMERS_MAX = 16,
};

#define CASE_REFERENCE "case-1"
#define REGION "330000"

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
               status == FAILURE_PERMISSION_DENIED || status == FAILURE_FAILED_PRECONDITION ||
               status == FAILURE_ALREADY_EXISTS;
}

static history_operation *operation_of(sim_client *c)
{
        return &c->world->history[c->operation];
}

/* What was listed as allowed at this very version is refused: guidance lied (S11). What the request
 * itself brings is not the list's to know, and the version of a card is not that of the person,
 * whose entitlement may be told meanwhile. */
static void note_refusal(task *t, sim_client *c, const rpc_answer *answer)
{
        sim_summary *s = c->world->summary;
        const char *reason = rpc_error_reason(&t->arena, answer->details);
        bool is_about_state = answer->status == FAILURE_FAILED_PRECONDITION ||
                              answer->status == FAILURE_PERMISSION_DENIED;
        bool is_excused = strcmp(reason, "BANK_UNCHANGED") == 0 ||
                          strcmp(reason, "LOCAL_ENTITLEMENTS_IN_USE") == 0;
        if (!c->promised || !is_about_state || is_excused || *s->lie) return;
        snprintf(s->lie, sizeof s->lie, "%s of %s was listed as allowed and refused: %s",
                 sim_operation_name(c->wish.operation), c->wish.card, reason);
}

/* NULL: no OK; then the outcome says which. */
static ProtobufCMessage *call(task *t, rpc_peer *peer, const char *token, const char *method,
                              const ProtobufCMessage *request,
                              const ProtobufCMessageDescriptor *type)
{
        sim_client *c = t->owner;
        history_outcome *outcome = &operation_of(c)->outcome;
        rpc_metadata metadata = {"authorization", arena_format(&t->arena, "Bearer %s", token)};
        rpc_answer answer;
        *outcome = HISTORY_UNKNOWN;
        if (!rpc_peer_call(peer, t, method, pack(&t->arena, request), &metadata, 1, &answer))
                return NULL;
        if (is_refusal(answer.status)) {
                *outcome = HISTORY_REFUSED;
                note_refusal(t, c, &answer);
        }
        if (answer.status != STATUS_OK) return NULL;
        ProtobufCMessage *message =
                protobuf_c_message_unpack(type, NULL, answer.reply.length, answer.reply.data);
        assert(message);
        *outcome = HISTORY_OK;
        return message;
}

/* ---- reads ---- */

static void learn_card(sim_world *w, const Card__Card *card, uint64_t person)
{
        uint32_t thing = sim_thing(w, card->name);
        w->known[thing] = (sim_thing_known){.is_card = true,
                                            .person = person,
                                            .holder = sim_thing(w, card->holder),
                                            .state = (int)card->state};
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
                                              &card__card__descriptor);
        if (!card) return;
        o->version = (uint64_t)card->version;
        o->state = (int)card->state;
        learn_card(w, card, w->known[o->card].person);
        card__card__free_unpacked(card, NULL);
}

/* How many of a holder's cards are NORMAL, duplicates of the past excepted (L5). */
static uint32_t normal_cards_of(const Status__CardStatus *status)
{
        uint32_t count = status->state == CARD__CARD_STATE__CARD_STATE_NORMAL &&
                         !status->duplicate_in_province;
        for (size_t i = 0; i < status->n_other_cards; i++)
                count += status->other_cards[i]->display_status ==
                                 STATUS__DISPLAY_STATUS__DISPLAY_STATUS_NORMAL &&
                         !status->other_cards[i]->duplicate_in_province;
        return count;
}

/* The business clock leaps, the history's does not. */
static int64_t stamp_of_business(const sim_world *w, const Google__Protobuf__Timestamp *at)
{
        int64_t ahead_ms = w->clock.business_ms - w->clock.wall_ms;
        return sim_stamp_of_unix_ms(at->seconds * 1000 + at->nanos / 1000000 - ahead_ms);
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
                &request.base, &status__card_status__descriptor);
        if (!status) return;
        o->version = (uint64_t)status->version;
        o->state = (int)status->state;
        o->normal_cards = normal_cards_of(status);
        if (status->as_of) o->as_of = stamp_of_business(w, status->as_of);
        status__card_status__free_unpacked(status, NULL);
}

/* ---- what may be done, and doing it ---- */

static void promise_take(sim_client *c, const Status__ListAllowedActionsResponse *response)
{
        sim_world *w = c->world;
        history_operation *o = operation_of(c);
        if (response->n_actions == 0) return;
        const Status__AllowedAction *action =
                response->actions[sim_random(&w->client_random, response->n_actions)];
        if (action->verdict != STATUS__ACTION_VERDICT__ACTION_VERDICT_ALLOWED &&
            action->verdict != STATUS__ACTION_VERDICT__ACTION_VERDICT_NEEDS)
                return;
        card_operation operation = card_operation_find(action->operation);
        assert(operation < CARD_OPERATION_COUNT);
        if (card_operation_row_of(operation)->scope != CARD_SCOPE_CARD) return;
        snprintf(c->etag, sizeof c->etag, "%s", response->etag);
        c->wish = (sim_wish){.operation = (int)operation,
                             .card = w->things[o->card],
                             .person = w->known[o->card].person,
                             .role = POLICY_ROLE_OPERATOR,
                             .channel = POLICY_CHANNEL_BRANCH,
                             .etag = c->etag};
        c->promised = true;
}

static void read_actions(task *t, sim_client *c)
{
        sim_world *w = c->world;
        history_operation *o = operation_of(c);
        Status__ListAllowedActionsRequest request = STATUS__LIST_ALLOWED_ACTIONS_REQUEST__INIT;
        request.subject_case = STATUS__LIST_ALLOWED_ACTIONS_REQUEST__SUBJECT_NAME;
        request.name = w->things[o->card];
        request.read_options = read_options_of(w, &t->arena);
        request.channel = COMMON__CHANNEL__CHANNEL_BRANCH;
        request.role = COMMON__ROLE__ROLE_OPERATOR;
        Status__ListAllowedActionsResponse *response = (Status__ListAllowedActionsResponse *)call(
                t, w->to_status, w->clerk_token,
                "sscard.status.v1.StatusService/ListAllowedActions", &request.base,
                &status__list_allowed_actions_response__descriptor);
        if (!response) return;
        o->version = (uint64_t)response->version;
        o->state = HISTORY_STATE_UNTOLD;
        w->summary->probes++;
        promise_take(c, response);
        status__list_allowed_actions_response__free_unpacked(response, NULL);
}

/* ---- writes ---- */

/* An answer that changed nothing says nothing new, and a repeat of it says what once was. */
static void outcome_settle(history_operation *o, bool changed)
{
        if (!changed) o->outcome = HISTORY_UNKNOWN;
}

static void take_card_result(sim_client *c, Card__CardResult *result)
{
        sim_world *w = c->world;
        history_operation *o = operation_of(c);
        learn_card(w, result->card, c->wish.person);
        for (size_t i = 0; i < result->n_other_cards; i++)
                learn_card(w, result->other_cards[i], c->wish.person);
        o->card = sim_thing(w, result->card->name);
        o->version = (uint64_t)result->card->version;
        o->state = (int)result->card->state;
        outcome_settle(o, result->changed);
        card__card_result__free_unpacked(result, NULL);
}

static void take_holder_result(sim_client *c, Card__HolderResult *result)
{
        history_operation *o = operation_of(c);
        o->card = sim_thing(c->world, result->holder->name);
        o->version = (uint64_t)result->holder->version;
        o->state = HISTORY_STATE_UNTOLD;
        outcome_settle(o, result->changed);
        card__holder_result__free_unpacked(result, NULL);
}

static void take_import(sim_client *c, Card__ImportHoldersResponse *response)
{
        sim_world *w = c->world;
        history_operation *o = operation_of(c);
        const Card__ImportVerdict *verdict = response->verdicts[0];
        bool imported = verdict->outcome == CARD__IMPORT_OUTCOME__IMPORT_OUTCOME_IMPORTED;
        for (size_t i = 0; imported && i < verdict->n_cards; i++) {
                uint32_t thing = sim_thing(w, verdict->cards[i]);
                w->known[thing] = (sim_thing_known){.is_card = true,
                                                    .person = c->wish.person,
                                                    .holder = sim_thing(w, verdict->holder),
                                                    .state = CARD__CARD_STATE__CARD_STATE_NORMAL};
                o->card = thing;
        }
        o->version = 1;
        o->state = HISTORY_STATE_UNTOLD;
        outcome_settle(o, imported && verdict->n_cards > 0);
        card__import_holders_response__free_unpacked(response, NULL);
}

static void write_card(task *t, sim_client *c)
{
        sim_world *w = c->world;
        history_operation *o = operation_of(c);
        sim_request request;
        sim_request_make(w, &t->arena, &c->wish, &request);
        request.context->validate_only =
                w->options->planted == SIM_PLANTED_REPLY_WITHOUT_COMMIT && o->request % 20 == 0;
        ProtobufCMessage *answer =
                call(t, w->to_card, request.token, request.method, request.message, request.answer);
        if (!answer) return;
        w->summary->operation_oks[c->wish.operation]++;
        w->summary->promises_kept += c->promised;
        if (request.answer == &card__card_result__descriptor)
                take_card_result(c, (Card__CardResult *)answer);
        else if (request.answer == &card__holder_result__descriptor)
                take_holder_result(c, (Card__HolderResult *)answer);
        else
                take_import(c, (Card__ImportHoldersResponse *)answer);
}

/* ---- one client ---- */

static void client_run(task *t)
{
        sim_client *c = t->owner;
        history_operation *o = operation_of(c);
        if (o->kind == HISTORY_WRITE)
                write_card(t, c);
        else if (c->asks)
                read_actions(t, c);
        else if (o->kind == HISTORY_STALE_READ || sim_random(&c->world->client_random, 3))
                read_status(t, c);
        else
                read_card(t, c);
}

/* Mostly one that is still in use: the fewer they are, the more they meet there. */
static uint32_t any_card(sim_world *w)
{
        for (int tried = 0;; tried++) {
                uint32_t thing = (uint32_t)sim_random(&w->client_random, w->thing_count);
                const sim_thing_known *known = &w->known[thing];
                bool ended = known->state >= CARD__CARD_STATE__CARD_STATE_CANCELLED;
                if (known->is_card && (!ended || tried > TRIES)) return thing;
        }
}

static bool makes_a_thing(int operation)
{
        return operation == SIM_OPERATION_IMPORT || operation == CARD_OPERATION_APPLY ||
               card_operation_row_of((card_operation)operation)->event == CARD_REQUEST_REPLACEMENT;
}

/* Mostly what makes sense there; sometimes anything. */
static int operation_wish(sim_world *w, int state)
{
        uint64_t dice = random_u64(&w->client_random.base);
        if (w->options->narrow)
                return state == CARD__CARD_STATE__CARD_STATE_LOST ||
                                       state == CARD__CARD_STATE__CARD_STATE_TEMP_LOST
                               ? CARD_OPERATION_RECOVER
                       : dice % 4 ? CARD_OPERATION_REPORT_FORMAL_LOSS
                                  : CARD_OPERATION_REPORT_TEMP_LOSS;
        if (dice % 12) return sim_operation_for(state, dice / 12);
        int operation = (int)(dice / 12 % SIM_OPERATION_COUNT);
        return sim_operation_exists(operation) ? operation : CARD_OPERATION_COLLECT;
}

static void wish_choose(sim_client *c, uint32_t card)
{
        sim_world *w = c->world;
        const sim_thing_known *known = &w->known[card];
        sim_wish *wish = &c->wish;
        *wish = (sim_wish){.card = w->things[card],
                           .holder = w->things[known->holder],
                           .person = known->person,
                           .dice = random_u64(&w->client_random.base)};
        wish->operation = operation_wish(w, known->state);
        bool crowded = w->newcomers_left == 0;
        if (crowded && wish->operation == SIM_OPERATION_IMPORT)
                wish->operation = CARD_OPERATION_APPLY;
        bool full = w->thing_count + SIM_THINGS_TO_SPARE > SIM_THINGS_MAX;
        if (full && makes_a_thing(wish->operation)) wish->operation = CARD_OPERATION_RECOVER;
        bool is_new = wish->operation == SIM_OPERATION_IMPORT ||
                      (wish->operation == CARD_OPERATION_APPLY && sim_random(&w->client_random, 2));
        if (!is_new || crowded) return;
        if (sim_random(&w->client_random, 3) == 0)
                w->next_person = people_find(&w->crowd, w->next_person, PEOPLE_EXPIRING);
        wish->person = w->next_person++;
        w->newcomers_left--;
}

static void operation_choose(sim_client *c, history_operation *o)
{
        sim_world *w = c->world;
        uint64_t dice = sim_random(&w->client_random, 100);
        o->card = any_card(w);
        o->kind = dice < 40 || c->promised ? HISTORY_WRITE
                  : dice < 90              ? HISTORY_STRONG_READ
                                           : HISTORY_STALE_READ;
        c->asks = o->kind == HISTORY_STRONG_READ && dice < 50 && !w->options->narrow;
        if (o->kind != HISTORY_WRITE) return;
        if (!c->promised) wish_choose(c, o->card);
        o->request = ++w->request_count;
        c->wish.request = o->request;
        c->wish.asked_ms = clock_business_ms(&w->clock.base);
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
        if (o->kind == HISTORY_WRITE && c->repeats == 0) c->promised = false;
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

/* The same people for every seed, so that their tokens are issued once. */
enum { SEED_OF_PEOPLE = 7 };

void sim_clients_prepare(sim_world *w)
{
        people_options options = {.seed = SEED_OF_PEOPLE,
                                  .today = civil_date_at(clock_business_ms(&w->clock.base)),
                                  .region = REGION};
        people_init(&w->crowd, &options);
        person one;
        people_person(&w->crowd, 0, &w->arena, &one);
        w->outlet = one.outlet;
        w->clerk_token = sim_token(w, POLICY_ROLE_OPERATOR, 0, NULL);
}

void sim_clients_import(task *t)
{
        sim_world *w = t->owner;
        for (uint32_t i = 0; i < w->options->holders; i++) {
                uint64_t person = people_find(&w->crowd, w->next_person, PEOPLE_NORMAL);
                sim_wish wish = {.operation = SIM_OPERATION_IMPORT,
                                 .person = person,
                                 .request = ++w->request_count};
                sim_request request;
                sim_request_make(w, &t->arena, &wish, &request);
                rpc_metadata metadata = {"authorization",
                                         arena_format(&t->arena, "Bearer %s", request.token)};
                rpc_answer answer;
                if (!rpc_peer_call(w->to_card, t, request.method, pack(&t->arena, request.message),
                                   &metadata, 1, &answer))
                        abort();
                assert(answer.status == STATUS_OK);
                Card__ImportHoldersResponse *response = card__import_holders_response__unpack(
                        NULL, answer.reply.length, answer.reply.data);
                assert(response && response->imported_count == 1);
                const Card__ImportVerdict *verdict = response->verdicts[0];
                w->known[sim_thing(w, verdict->cards[0])] =
                        (sim_thing_known){.is_card = true,
                                          .person = person,
                                          .holder = sim_thing(w, verdict->holder),
                                          .state = CARD__CARD_STATE__CARD_STATE_NORMAL};
                card__import_holders_response__free_unpacked(response, NULL);
                w->next_person = person + 1;
        }
        w->newcomers_left = (uint32_t)sim_random(&w->client_random, NEWCOMERS_MAX);
}
