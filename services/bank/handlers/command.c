/* Load, decide, commit, reply. Must never keep anything of an attempt for the next one but the
 * event: after a conflict everything is read anew. */
#include "services/bank/handlers/command.h"

#include "common/service/approval.h"
#include "common/service/message.h"
#include "common/service/request.h"
#include "services/bank/handlers/bank_change.h"
#include "services/bank/handlers/bank_message.h"

#include "sscard/bank/v1/bank_service.pb-c.h"

bank_event *bank_command_begin(rpc_call *call, bank_operation operation)
{
        bank_event *event = arena_zalloc(rpc_call_arena(call), sizeof *event);
        event->operation = operation;
        if (!service_check_part(call, "cards", "bankLink")) return NULL;
        if (!request_evidence(call, card_evidence_counts, &event->evidence)) return NULL;
        return event;
}

/* ---- the answer ---- */

static Common__ChangeSet *preview_message(rpc_call *call, const bank_subject *subject,
                                          const bank_facts *after, const bank_verdict *verdict)
{
        const bank_message_context c = bank_message_context_of(call);
        arena *a = c.arena;
        Common__ChangeSet *set = arena_alloc(a, sizeof *set);
        common__change_set__init(set);
        set->request_hash = approval_request_hash_text(call);
        if (!verdict->changed) return set;
        Common__Change *message = arena_alloc(a, sizeof *message);
        common__change__init(message);
        message->kind = "bank_link";
        message->name = bank_link_name(a, c.region, subject->card);
        message->before =
                message_any(a, &bank_link_message(&c, &subject->facts, subject->card)->base);
        message->after = message_any(a, &bank_link_message(&c, after, subject->card)->base);
        const char **events = arena_alloc(a, sizeof *events);
        events[0] = verdict->event;
        message->events = (__typeof__(message->events))events;
        message->n_events = 1;
        set->changes = arena_alloc(a, sizeof *set->changes);
        set->changes[0] = message;
        set->n_changes = 1;
        return set;
}

static const ProtobufCMessage *result_message(rpc_call *call, const bank_subject *subject,
                                              const bank_holder *links, const bank_verdict *verdict)
{
        const bank_message_context c = bank_message_context_of(call);
        bank_facts after = subject->facts;
        after.links = links;
        Bank__BankLinkResult *message = arena_alloc(c.arena, sizeof *message);
        bank__bank_link_result__init(message);
        message->link = bank_link_message(&c, &after, subject->card);
        message->changed = verdict->changed;
        message->next_steps = message->link->next_steps;
        message->n_next_steps = message->link->n_next_steps;
        if (service_call_of(call)->context.validate_only)
                message->preview = preview_message(call, subject, &after, verdict);
        return &message->base;
}

/* ---- commit ---- */

static service_write_verdict commit(rpc_call *call, const bank_subject *subject,
                                    const bank_verdict *verdict, int attempt)
{
        arena *a = rpc_call_arena(call);
        ulid holder = subject->cards->holder.id;
        bank_write_links *after = arena_alloc(a, sizeof *after);
        if (!bank_links_after(&subject->loaded->links, &verdict->after, after)) {
                rpc_refuse(call, bank_refusal_of(BANK_REFUSAL_TOO_MANY_ACCOUNTS), NULL, 0);
                return SERVICE_WRITE_ANSWERED;
        }
        change_set changes = change_set_begin(a);
        bank_change_add(&changes, subject->app, holder, verdict);
        service_write write = {
                .part = ulid_part(holder),
                .holder = holder,
                .holder_version = subject->loaded->version,
                .holder_is_new = subject->loaded->version == 0,
                .changes = &changes,
                .reply = result_message(call, subject, &after->links, verdict),
                .record = bank_holder_pack(&subject->app->store.keys, a, &after->links),
                .queue_more = bank_queue_leaver,
                .argument = after};
        write.evidence = evidence_packed(call, &write.evidence_count);
        return service_write_commit(call, &write, attempt);
}

static void raise_alarm(rpc_call *call, const bank_verdict *verdict)
{
        if (!verdict->alarm) return;
        log_error(service_call_of(call)->instance->log, "a bank did what it was not asked for",
                  log_setting("event", verdict->event ? verdict->event : "ANSWER_CONTRADICTS"));
}

static bool decide(rpc_call *call, const bank_subject *subject, bank_event *event,
                   bank_verdict *verdict)
{
        const service_call *state = service_call_of(call);
        event->card = subject->card;
        event->ids = bank_ids_new(subject->app, state->now_ms, ulid_part(subject->card));
        bank_rules_apply(&subject->facts, event, verdict);
        if (!state->context.validate_only) raise_alarm(call, verdict);
        if (!bank_verdict_is_refused(verdict)) return true;
        bank_refuse(call, verdict);
        return false;
}

void bank_command_run(rpc_call *call, bank_event *event)
{
        TASK_MAY_SUSPEND(rpc_call_task(call));
        for (int attempt = 1;; attempt++) {
                bank_subject subject;
                bank_verdict verdict;
                if (!bank_subject_of_link(call, &subject)) return;
                const bank_link *stored = bank_subject_stored(&subject);
                if (!service_check_etag(call, stored ? (int64_t)stored->version : 0)) return;
                if (!decide(call, &subject, event, &verdict)) return;
                if (!verdict.changed) {
                        service_write_unchanged(
                                call, subject.cards->holder.id,
                                result_message(call, &subject, &subject.loaded->links, &verdict));
                        return;
                }
                if (commit(call, &subject, &verdict, attempt) == SERVICE_WRITE_ANSWERED) return;
        }
}
