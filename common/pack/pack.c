/* Looks things up in a pack. Must never answer "yes" about what the pack does not say. */
#include "common/pack/pack.h"

#include "common/pack/pack_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const char *pack_version(const rule_pack *p)
{
        return p->version;
}

const char *pack_region(const rule_pack *p)
{
        return p->region;
}

policy_text pack_region_name(const rule_pack *p)
{
        return p->region_name;
}

const char *pack_hotline(const rule_pack *p)
{
        return p->hotline;
}

const int64_t *pack_knobs(const rule_pack *p, const policy_knob_table *table)
{
        size_t t = 0;
        while (p->schema->tables[t] != table) {
                assert(p->schema->tables[t]);
                t++;
        }
        return p->values[t];
}

/* Codes are the first member of what is listed. */
static int compare_code(const void *code, const void *item)
{
        return strcmp(code, *(const char *const *)item);
}

static const void *find(const void *items, size_t count, size_t size, const char *code)
{
        if (!code || !*code || count == 0) return NULL;
        return bsearch(code, items, count, size, compare_code);
}

const pack_bank *pack_bank_find(const rule_pack *p, const char *code)
{
        return find(p->banks, p->bank_count, sizeof *p->banks, code);
}

const pack_outlet *pack_outlet_find(const rule_pack *p, const char *code)
{
        return find(p->outlets, p->outlet_count, sizeof *p->outlets, code);
}

const pack_service *pack_service_find(const rule_pack *p, const char *code)
{
        return find(p->services, p->service_count, sizeof *p->services, code);
}

const pack_channel *pack_channel_of(const rule_pack *p, policy_channel channel)
{
        assert((unsigned)channel < POLICY_CHANNEL_COUNT);
        return &p->channels[channel];
}

size_t pack_bank_count(const rule_pack *p)
{
        return p->bank_count;
}

const pack_bank *pack_bank_at(const rule_pack *p, size_t index)
{
        assert(index < p->bank_count);
        return &p->banks[index];
}

size_t pack_outlet_count(const rule_pack *p)
{
        return p->outlet_count;
}

const pack_outlet *pack_outlet_at(const rule_pack *p, size_t index)
{
        assert(index < p->outlet_count);
        return &p->outlets[index];
}

size_t pack_service_count(const rule_pack *p)
{
        return p->service_count;
}

const pack_service *pack_service_at(const rule_pack *p, size_t index)
{
        assert(index < p->service_count);
        return &p->services[index];
}

policy_channels pack_channels_closed(const rule_pack *p)
{
        return p->channels_closed;
}

bool pack_service_is_public(const rule_pack *p, const char *code)
{
        const pack_service *service = pack_service_find(p, code);
        return service && service->is_public;
}

policy_ternary pack_outlet_is_authorised(const rule_pack *p, const char *outlet,
                                         policy_channel channel, const char *operation)
{
        if (!outlet || !*outlet || p->outlet_count == 0) return POLICY_UNKNOWN;
        const pack_outlet *found = pack_outlet_find(p, outlet);
        if (!found || !policy_channels_have(found->channels, channel)) return POLICY_NO;
        if (found->authorised_for_all) return POLICY_YES;
        for (size_t i = 0; found->authorised[i]; i++)
                if (strcmp(found->authorised[i], operation) == 0) return POLICY_YES;
        return POLICY_NO;
}

policy_ternary pack_outlet_is_instant(const rule_pack *p, const char *outlet)
{
        if (!outlet || !*outlet || p->outlet_count == 0) return POLICY_UNKNOWN;
        const pack_outlet *found = pack_outlet_find(p, outlet);
        return policy_ternary_of(found && found->instant);
}
