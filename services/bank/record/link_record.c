/* The codec of the bank service's records. One message type for rows, journal and cache, so that
 * what is published is what was stored. */
#include "services/bank/record/link_record.h"

#include "common/text/mask.h"

#include "services/bank/record/link_record.pb-c.h"

#include <string.h>

const char *account_mask(arena *a, const char *account)
{
        size_t length = strlen(account);
        if (length == 0) return "";
        return length < 8 ? "****" : arena_format(a, "****%s", account + length - 4);
}

/* ---- packing ---- */

static LinkRecord__Request *request_message(arena *a, int kind, const bank_request *request)
{
        LinkRecord__Request *message = arena_alloc(a, sizeof *message);
        link_record__request__init(message);
        message->kind = (uint32_t)kind;
        message->state = request->state;
        message->reference = record_id(&request->reference);
        message->asked_at = request->asked_at_ms;
        message->next_at = request->next_at_ms;
        message->answered_at = request->answered_at_ms;
        message->attempts = request->attempts;
        message->problem = request->problem;
        message->at_counter = request->at_counter;
        message->reason = request->reason;
        return message;
}

static ProtobufCBinaryData seal_link(const record_keys *keys, arena *a, const bank_link *link)
{
        LinkRecord__LinkPrivate secret = LINK_RECORD__LINK_PRIVATE__INIT;
        if (*link->account == '\0') return (ProtobufCBinaryData){0};
        secret.account = link->account;
        return record_seal(keys, a, "bank_link", &link->card, record_pack(a, &secret.base));
}

static void fill(LinkRecord__Link *message, const record_keys *keys, arena *a,
                 const bank_link *link)
{
        link_record__link__init(message);
        message->card = record_id(&link->card);
        message->version = (int64_t)link->version;
        message->state = link->state;
        message->loss = link->loss;
        message->loss_since = link->loss_since_ms;
        message->loss_of = link->loss_of_ms;
        message->bank = link->bank;
        message->loaded_at = link->loaded_at_ms;
        message->activated_at = link->activated_at_ms;
        message->closed_at = link->closed_at_ms;
        message->closure = record_id(&link->closure.id);
        message->closure_cause = link->closure.cause;
        message->closure_opened_at = link->closure.opened_at_ms;
        message->closure_agency_done_at = link->closure.agency_done_at_ms;
        message->closure_bank_done_at = link->closure.bank_done_at_ms;
        message->account_masked = account_mask(a, link->account);
        message->sealed = seal_link(keys, a, link);
        message->requests = arena_alloc(a, BANK_REQUEST_KIND_COUNT * sizeof *message->requests);
        for (int kind = 1; kind < BANK_REQUEST_KIND_COUNT; kind++)
                if (link->requests[kind].state != BANK_REQUEST_NEVER)
                        message->requests[message->n_requests++] =
                                request_message(a, kind, &link->requests[kind]);
}

bytes bank_link_pack(const record_keys *keys, arena *a, const bank_link *link)
{
        LinkRecord__Link message;
        fill(&message, keys, a, link);
        return record_pack(a, &message.base);
}

bytes bank_holder_pack(const record_keys *keys, arena *a, const bank_holder *holder)
{
        LinkRecord__Holder message = LINK_RECORD__HOLDER__INIT;
        LinkRecord__Link *links = arena_alloc(a, BANK_LINKS_MAX * sizeof *links);
        LinkRecord__Link **list = arena_alloc(a, BANK_LINKS_MAX * sizeof(LinkRecord__Link *));
        message.id = record_id(&holder->id);
        for (uint8_t i = 0; i < holder->link_count; i++) {
                fill(&links[i], keys, a, &holder->links[i]);
                list[i] = &links[i];
        }
        message.n_links = holder->link_count;
        message.links = list;
        return record_pack(a, &message.base);
}

/* ---- unpacking ---- */

static bool read_request(const LinkRecord__Request *message, bank_link *link)
{
        if (message->kind == 0 || message->kind >= BANK_REQUEST_KIND_COUNT) return false;
        bank_request *request = &link->requests[message->kind];
        *request = (bank_request){.state = (bank_request_state)message->state,
                                  .asked_at_ms = message->asked_at,
                                  .next_at_ms = message->next_at,
                                  .answered_at_ms = message->answered_at,
                                  .attempts = message->attempts,
                                  .problem = (bank_problem)message->problem,
                                  .at_counter = message->at_counter,
                                  .reason = message->reason};
        return record_id_read(message->reference, &request->reference);
}

static bool open_account(const keyring *ring, arena *a, const LinkRecord__Link *message,
                         bank_link *link, failure *f)
{
        link->account = ring ? "" : message->account_masked;
        if (!ring || message->sealed.len == 0) return true;
        bytes plain;
        if (!record_open(ring, a, "bank_link", &link->card, message->sealed, &plain, f))
                return false;
        const LinkRecord__LinkPrivate *secret = (const LinkRecord__LinkPrivate *)record_unpack(
                a, &link_record__link_private__descriptor, plain);
        if (!secret) return record_malformed(f, "bank link");
        link->account = secret->account;
        return true;
}

static bool read_link(const keyring *ring, arena *a, const LinkRecord__Link *message,
                      bank_link *link, failure *f)
{
        *link = (bank_link){.version = (uint64_t)message->version,
                            .state = (bank_state)message->state,
                            .loss = (bank_loss)message->loss,
                            .loss_since_ms = message->loss_since,
                            .loss_of_ms = message->loss_of,
                            .bank = message->bank,
                            .loaded_at_ms = message->loaded_at,
                            .activated_at_ms = message->activated_at,
                            .closed_at_ms = message->closed_at,
                            .closure = {.cause = (bank_closure_cause)message->closure_cause,
                                        .opened_at_ms = message->closure_opened_at,
                                        .agency_done_at_ms = message->closure_agency_done_at,
                                        .bank_done_at_ms = message->closure_bank_done_at}};
        bool fine = record_id_read(message->card, &link->card) &&
                    record_id_read(message->closure, &link->closure.id);
        for (size_t i = 0; fine && i < message->n_requests; i++)
                fine = read_request(message->requests[i], link);
        if (!fine) return record_malformed(f, "bank link");
        if (!open_account(ring, a, message, link, f)) return false;
        bank_link_tidy(link);
        return bank_link_broken(link) == NULL || record_malformed(f, "bank link");
}

bool bank_link_unpack(const keyring *ring, arena *a, bytes packed, bank_link *link, failure *f)
{
        const LinkRecord__Link *message =
                (const LinkRecord__Link *)record_unpack(a, &link_record__link__descriptor, packed);
        if (!message) return record_malformed(f, "bank link");
        return read_link(ring, a, message, link, f);
}

bool bank_holder_unpack(const keyring *ring, arena *a, bytes packed, bank_holder *holder,
                        failure *f)
{
        const LinkRecord__Holder *message = (const LinkRecord__Holder *)record_unpack(
                a, &link_record__holder__descriptor, packed);
        if (!message || message->n_links > BANK_LINKS_MAX ||
            !record_id_read(message->id, &holder->id))
                return record_malformed(f, "bank holder");
        holder->link_count = (uint8_t)message->n_links;
        for (uint8_t i = 0; i < holder->link_count; i++)
                if (!read_link(ring, a, message->links[i], &holder->links[i], f)) return false;
        return true;
}
