/* ListCardHistory: every change of one card, from the audit trail (S7). */
#include "common/service/page.h"
#include "services/card/handlers/card_handlers.h"
#include "services/card/handlers/card_message.h"
#include "services/card/handlers/read.h"
#include "services/card/rules/card_masking.h"
#include "services/card/rules/card_texts.h"

#include "common/commit/journal.h"
#include "common/service/message.h"

#include "sscard/card/v1/card_service.pb-c.h"

#include <string.h>

enum { HISTORY_ROWS_MAX = 2000 };

static bool read_order(rpc_call *call, const char *order_by, bool *latest_first)
{
        *latest_first = *order_by == '\0' || strcmp(order_by, "version desc") == 0;
        if (*latest_first || strcmp(order_by, "version") == 0) return true;
        rpc_reply_invalid(call, "order_by", "ORDER_BY_INVALID", NULL,
                          "order_by must be version desc or version");
        return false;
}

/* All of the card's rows, latest first: a holder's cards change a few dozen times in their life. */
static bool read_rows(rpc_call *call, const char *name, ulid holder, journal_row **rows,
                      size_t *count)
{
        task *t = rpc_call_task(call);
        arena *a = rpc_call_arena(call);
        store *s = commit_engine_store(service_call_of(call)->instance->commit);
        journal_row *page = NULL;
        size_t found = 0;
        *count = 0;
        if (!journal_list_of_holder(t, s, a, ulid_part(holder), &holder, 0, HISTORY_ROWS_MAX, &page,
                                    &found))
                return false;
        *rows = arena_alloc(a, (found + 1) * sizeof **rows);
        for (size_t i = 0; i < found; i++)
                if (strcmp(page[i].name, name) == 0) (*rows)[(*count)++] = page[i];
        return true;
}

static Card__CardState state_of(rpc_call *call, ProtobufCBinaryData packed)
{
        card_record card;
        failure f = {0};
        if (packed.len == 0 || !card_record_unpack(NULL, rpc_call_arena(call),
                                                   bytes_of(packed.data, packed.len), &card, &f))
                return CARD__CARD_STATE__CARD_STATE_UNSPECIFIED;
        return (Card__CardState)card_state_number(card.state);
}

static void fill_evidence(rpc_call *call, const Journal__Record *record, bool with_references,
                          Card__CardHistoryEntry *entry)
{
        arena *a = rpc_call_arena(call);
        entry->evidence = arena_alloc(a, (record->n_evidence + 1) * sizeof *entry->evidence);
        for (size_t i = 0; i < record->n_evidence; i++) {
                Common__Evidence *item = common__evidence__unpack(NULL, record->evidence[i].len,
                                                                  record->evidence[i].data);
                if (!item) continue;
                Common__Evidence *copy = arena_alloc(a, sizeof *copy);
                common__evidence__init(copy);
                copy->kind = item->kind;
                copy->mobility_ground = item->mobility_ground;
                if (with_references) copy->reference = arena_strdup(a, item->reference);
                common__evidence__free_unpacked(item, NULL);
                entry->evidence[entry->n_evidence++] = copy;
        }
}

static Card__CardHistoryEntry *entry_of(rpc_call *call, const journal_row *row)
{
        const message_context c = message_context_of(call);
        const service_instance *instance = service_call_of(call)->instance;
        Card__CardHistoryEntry *entry = arena_alloc(c.arena, sizeof *entry);
        card__card_history_entry__init(entry);
        entry->version = row->version;
        entry->event_type = row->event;
        entry->at = message_timestamp(c.arena, row->at);
        bool erased = false;
        const Journal__Record *record =
                journal_open_record(instance->keys.data, c.arena, row, &erased);
        if (!record) return entry;
        entry->state_before = state_of(call, record->before);
        entry->state_after = state_of(call, record->after);
        entry->role = (Common__Role)policy_role_of(record->caller_role);
        entry->channel = (Common__Channel)policy_channel_of(record->channel);
        entry->outlet = record->outlet;
        entry->rule_pack = record->pack_version;
        if (card_is_shown(CARD_PRIVATE_REQUEST_ID, c.role)) entry->request_id = record->request_id;
        fill_evidence(call, record, card_is_shown(CARD_PRIVATE_EVIDENCE_REFERENCE, c.role), entry);
        return entry;
}

void handle_list_card_history(rpc_call *call, const ProtobufCMessage *message)
{
        const Card__ListCardHistoryRequest *request = (const Card__ListCardHistoryRequest *)message;
        const service_call *state = service_call_of(call);
        bool latest_first = true, first = true;
        int32_t size = 0;
        uint32_t start = 0;
        int index = -1;
        const char *filter =
                arena_format(rpc_call_arena(call), "%s %s", request->parent, request->order_by);
        if (!service_check_collection(call, "cards") ||
            !read_order(call, request->order_by, &latest_first) ||
            !page_read(call, request->page_size, request->page_token, filter, &size, &start,
                       sizeof start, &first))
                return;
        const holder_record *record = read_holder_of_card(call, state->name.id, &index);
        journal_row *rows = NULL;
        size_t count = 0;
        if (!record || !read_rows(call, request->parent, record->holder.id, &rows, &count)) return;
        Card__ListCardHistoryResponse response = CARD__LIST_CARD_HISTORY_RESPONSE__INIT;
        response.entries =
                arena_alloc(rpc_call_arena(call), ((size_t)size + 1) * sizeof *response.entries);
        for (size_t i = start; i < count && response.n_entries < (size_t)size; i++)
                response.entries[response.n_entries++] =
                        entry_of(call, &rows[latest_first ? i : count - 1 - i]);
        uint32_t next = start + (uint32_t)response.n_entries;
        if (next < count) response.next_page_token = page_token(call, filter, &next, sizeof next);
        rpc_reply(call, &response.base);
}
