/* ListBanks: the banks of the region's rule pack. About nobody. */
#include "common/service/page.h"
#include "services/bank/handlers/bank_handlers.h"
#include "services/region/region_message.h"

#include "sscard/bank/v1/bank_service.pb-c.h"

static Bank__Bank *bank_message(rpc_call *call, const pack_bank *bank)
{
        const service_call *state = service_call_of(call);
        arena *a = rpc_call_arena(call);
        Bank__Bank *message = arena_alloc(a, sizeof *message);
        bank__bank__init(message);
        message->name = arena_format(a, "regions/%s/banks/%s", state->instance->directory.region,
                                     bank->code);
        message->code = bank->code;
        message->display_name = region_bank_name(state->pack, bank->code, rpc_call_language(call));
        message->phone = bank->phone;
        return message;
}

void handle_list_banks(rpc_call *call, const ProtobufCMessage *message)
{
        const Bank__ListBanksRequest *request = (const Bank__ListBanksRequest *)message;
        service_call *state = service_call_of(call);
        Bank__ListBanksResponse response = BANK__LIST_BANKS_RESPONSE__INIT;
        int32_t size = 0;
        uint32_t next = 0;
        bool first = false;
        state->about_nobody = true;
        if (!service_check_collection(call, "")) return;
        if (!page_read(call, request->page_size, request->page_token, "", &size, &next, sizeof next,
                       &first))
                return;
        size_t count = pack_bank_count(state->pack);
        response.banks = arena_alloc(rpc_call_arena(call), (size_t)size * sizeof *response.banks);
        for (; next < count && response.n_banks < (size_t)size; next++)
                response.banks[response.n_banks++] =
                        bank_message(call, pack_bank_at(state->pack, next));
        if (next < count) response.next_page_token = page_token(call, "", &next, sizeof next);
        rpc_reply(call, &response.base);
}
