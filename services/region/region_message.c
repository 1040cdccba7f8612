/* Names from the rule pack. Must never invent one: what the pack does not list stays empty. */
#include "services/region/region_message.h"

static const char *text_in(policy_text text, const char *language)
{
        const char *chosen = policy_text_in(text, language);
        return chosen ? chosen : "";
}

Common__Outlet *region_outlet_message(arena *a, const rule_pack *region, const char *code,
                                      const char *language)
{
        if (!code || !*code) return NULL;
        const pack_outlet *outlet = pack_outlet_find(region, code);
        Common__Outlet *message = arena_alloc(a, sizeof *message);
        common__outlet__init(message);
        message->code = code;
        if (!outlet) return message;
        message->name = text_in(outlet->name, language);
        message->region = pack_region(region);
        message->phone = outlet->phone;
        message->address = text_in(outlet->address, language);
        message->bank_code = outlet->bank;
        return message;
}

const char *region_bank_name(const rule_pack *region, const char *code, const char *language)
{
        const pack_bank *bank = pack_bank_find(region, code);
        return bank ? text_in(bank->name, language) : "";
}

/* R34: the hotline of the issuing place, with its area code. */
static bool fill_hotline(const rule_pack *region, const char *language, Common__Contact *contact)
{
        const pack_channel *hotline = pack_channel_of(region, POLICY_CHANNEL_PHONE_12333);
        contact->phone = pack_hotline(region);
        contact->name = text_in(hotline->name, language);
        return *contact->phone != '\0';
}

static bool fill_outlet(const rule_pack *region, const char *code, const char *language,
                        Common__Contact *contact)
{
        const pack_outlet *outlet = pack_outlet_find(region, code);
        if (!outlet) return false;
        contact->name = text_in(outlet->name, language);
        contact->phone = outlet->phone;
        contact->address = text_in(outlet->address, language);
        contact->outlet = outlet->code;
        return true;
}

static bool fill_bank(const rule_pack *region, const char *code, const char *language,
                      Common__Contact *contact)
{
        const pack_bank *bank = pack_bank_find(region, code);
        if (!bank) return false;
        contact->name = text_in(bank->name, language);
        contact->phone = bank->phone;
        return true;
}

static bool fill(const rule_pack *region, const policy_step *step, const region_concern *about,
                 const char *language, Common__Contact *contact)
{
        switch (step->contact) {
        case POLICY_CONTACT_ISSUING_12333:
        case POLICY_CONTACT_LOCAL_12333:
                return fill_hotline(region, language, contact);
        case POLICY_CONTACT_OUTLET:
                return fill_outlet(region, about->outlet, language, contact);
        case POLICY_CONTACT_BANK:
                return fill_bank(region, about->bank, language, contact);
        default: /* nobody, or an office that no pack lists */
                return false;
        }
}

Common__Contact *region_contact_message(arena *a, const rule_pack *region, const policy_step *step,
                                        const region_concern *about, const char *language)
{
        if (step->contact == POLICY_CONTACT_NONE) return NULL;
        Common__Contact *contact = arena_alloc(a, sizeof *contact);
        common__contact__init(contact);
        return fill(region, step, about, language, contact) ? contact : NULL;
}

static void leave_out_closed(const rule_pack *region, Common__NextStep *message)
{
        size_t kept = 0;
        for (size_t i = 0; i < message->n_channels; i++)
                if (!policy_channels_have(pack_channels_closed(region),
                                          (policy_channel)message->channels[i]))
                        message->channels[kept++] = message->channels[i];
        message->n_channels = kept;
}

void region_contacts_fill(arena *a, const rule_pack *region, const policy_step *const *steps,
                          const region_concern *about, const char *language,
                          Common__NextStep *const *messages, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                messages[i]->contact = region_contact_message(a, region, steps[i], about, language);
                leave_out_closed(region, messages[i]);
        }
}
