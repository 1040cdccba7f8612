/* ListOutlets: where a bank can be met, from the region's rule pack (R10, R44). About nobody. */
#include "common/service/page.h"
#include "common/service/request.h"
#include "services/bank/handlers/bank_handlers.h"
#include "services/region/region_message.h"

#include "sscard/bank/v1/bank_service.pb-c.h"

#include <string.h>

enum { BANK_CODE_MAX = 16 };

static bool is_wanted(const pack_outlet *outlet, const char *bank)
{
        return *outlet->bank && (*bank == '\0' || strcmp(outlet->bank, bank) == 0);
}

void handle_list_outlets(rpc_call *call, const ProtobufCMessage *message)
{
        const Bank__ListOutletsRequest *request = (const Bank__ListOutletsRequest *)message;
        service_call *state = service_call_of(call);
        arena *a = rpc_call_arena(call);
        Bank__ListOutletsResponse response = BANK__LIST_OUTLETS_RESPONSE__INIT;
        const char *bank = request->bank_code;
        int32_t size = 0;
        uint32_t next = 0;
        bool first = false;
        state->about_nobody = true;
        if (!service_check_collection(call, "")) return;
        if (!text_check(call, "bank_code", bank, BANK_CODE_MAX)) return;
        if (!page_read(call, request->page_size, request->page_token, bank, &size, &next,
                       sizeof next, &first))
                return;
        size_t count = pack_outlet_count(state->pack);
        response.outlets = arena_alloc(a, (size_t)size * sizeof *response.outlets);
        for (; next < count; next++) {
                const pack_outlet *outlet = pack_outlet_at(state->pack, next);
                if (!is_wanted(outlet, bank)) continue;
                if (response.n_outlets == (size_t)size) break;
                response.outlets[response.n_outlets++] = region_outlet_message(
                        a, state->pack, outlet->code, rpc_call_language(call));
        }
        if (next < count) response.next_page_token = page_token(call, bank, &next, sizeof next);
        rpc_reply(call, &response.base);
}
