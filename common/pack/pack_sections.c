/* The sections of a pack: knobs, banks, outlets, channels, service classes.
 * Must never let a region be laxer than the nation (S13). */
#include "common/pack/pack_internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- knobs ---- */

/* `values` hold the floor before and the pack's own value after. */
static void read_knob(pack_file *file, const pack_node *node, const policy_knob_table *table,
                      int64_t *values)
{
        int index = policy_knob_find(table->knobs, table->count, node->key);
        if (index < 0) {
                pack_complain(file, node->line, "there is no knob %s in %s", node->key,
                              table->section);
                return;
        }
        policy_knob knob = table->knobs[index];
        char floor[256];
        policy_knob_format(&knob, values[index], floor, sizeof floor);
        knob.national = values[index];
        const char *text = node->kind == PACK_NODE_TEXT ? node->text : "";
        switch (policy_knob_parse(&knob, text, &values[index])) {
        case POLICY_KNOB_ACCEPTED:
                return;
        case POLICY_KNOB_LAXER:
                pack_complain(file, node->line,
                              "%s: %s is laxer than the national floor %s (rule %s, S13)",
                              node->key, text, floor, knob.rule);
                return;
        case POLICY_KNOB_OUT_OF_RANGE:
                pack_complain(file, node->line, "%s: %s is out of range (rule %s)", node->key, text,
                              knob.rule);
                return;
        default:
                pack_complain(file, node->line, "%s: \"%s\" is no value of this knob (rule %s)",
                              node->key, text, knob.rule);
        }
}

static size_t table_of(const pack_schema *schema, const char *section)
{
        size_t i = 0;
        while (schema->tables[i] && strcmp(schema->tables[i]->section, section) != 0)
                i++;
        return i;
}

void pack_read_knobs(pack_file *file, const pack_node *node, rule_pack *p)
{
        if (!node) return;
        if (node->kind != PACK_NODE_MAP) {
                pack_complain(file, node->line, "knobs: expected a map of sections");
                return;
        }
        for (const pack_node *section = node->first; section; section = section->next) {
                size_t table = table_of(p->schema, section->key);
                if (!p->schema->tables[table] || section->kind != PACK_NODE_MAP) {
                        pack_complain(file, section->line, "there is no section of knobs %s",
                                      section->key);
                        continue;
                }
                for (const pack_node *knob = section->first; knob; knob = knob->next)
                        read_knob(file, knob, p->schema->tables[table], p->values[table]);
        }
}

/* ---- lists of things with a code ---- */

static size_t list_length(pack_file *file, const pack_node *node, size_t most)
{
        size_t count = 0;
        if (node->kind != PACK_NODE_LIST) {
                pack_complain(file, node->line, "%s: expected a list", node->key);
                return 0;
        }
        for (const pack_node *n = node->first; n; n = n->next)
                count++;
        if (count <= most) return count;
        pack_complain(file, node->line, "%s: more than %zu entries", node->key, most);
        return 0;
}

/* Codes are the first member of what is listed. */
static int compare_codes(const void *a, const void *b)
{
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort_codes(pack_file *file, int line, void *items, size_t count, size_t size)
{
        qsort(items, count, size, compare_codes);
        for (size_t i = 1; i < count; i++) {
                const char *before = *(const char *const *)((char *)items + (i - 1) * size);
                const char *code = *(const char *const *)((char *)items + i * size);
                if (strcmp(before, code) == 0)
                        pack_complain(file, line, "the code %s stands twice", code);
        }
}

/* ---- banks ---- */

void pack_read_banks(pack_file *file, const pack_node *node, rule_pack *p)
{
        static const pack_field fields[] = {
                {"code", PACK_FIELD_TEXT, offsetof(pack_bank, code), true},
                {"name", PACK_FIELD_BOTH, offsetof(pack_bank, name), true},
                {"phone", PACK_FIELD_TEXT, offsetof(pack_bank, phone), false},
        };
        if (!node) return;
        size_t count = list_length(file, node, PACK_BANKS_MAX);
        p->banks = arena_zalloc(file->arena, (count + 1) * sizeof *p->banks);
        for (const pack_node *n = node->first; n && p->bank_count < count; n = n->next) {
                pack_bank *bank = &p->banks[p->bank_count++];
                *bank = (pack_bank){.code = "", .phone = ""};
                pack_fields_read(file, n, fields, ARRAY_LENGTH(fields), bank);
        }
        sort_codes(file, node->line, p->banks, p->bank_count, sizeof *p->banks);
}

/* ---- outlets ---- */

typedef struct outlet_entry {
        pack_outlet outlet;
        const pack_node *authorised;
} outlet_entry;

#define OUTLET(member) offsetof(outlet_entry, outlet.member)
static const pack_field OUTLET_FIELDS[] = {
        {"code", PACK_FIELD_TEXT, OUTLET(code), true},
        {"name", PACK_FIELD_BOTH, OUTLET(name), true},
        {"address", PACK_FIELD_BOTH, OUTLET(address), true},
        {"hours", PACK_FIELD_BOTH, OUTLET(hours), false},
        {"phone", PACK_FIELD_TEXT, OUTLET(phone), false},
        {"bank", PACK_FIELD_TEXT, OUTLET(bank), false},
        {"counters", PACK_FIELD_COUNTERS, OUTLET(channels), true},
        {"instant", PACK_FIELD_FLAG, OUTLET(instant), false},
        {"authorised", PACK_FIELD_NODE, offsetof(outlet_entry, authorised), false},
};
#undef OUTLET

static void read_authorised(pack_file *file, const pack_node *node, const pack_schema *schema,
                            pack_outlet *outlet)
{
        size_t count = 0;
        if (!node) return;
        if (node->kind == PACK_NODE_TEXT && strcmp(node->text, "all") == 0) {
                outlet->authorised_for_all = true;
                return;
        }
        if (list_length(file, node, PACK_AUTHORISED_MAX - 1) == 0) return;
        for (const pack_node *n = node->first; n; n = n->next) {
                if (n->kind == PACK_NODE_TEXT && schema->knows_operation(n->text))
                        outlet->authorised[count++] = n->text;
                else
                        pack_complain(file, n->line, "authorised: there is no operation %s",
                                      n->kind == PACK_NODE_TEXT ? n->text : "of this kind");
        }
}

static void read_outlet(pack_file *file, const pack_node *node, const rule_pack *p,
                        pack_outlet *outlet)
{
        static const policy_channels counters = POLICY_C(BRANCH) | POLICY_C(BANK_BRANCH) |
                                                POLICY_C(SELF_SERVICE) | POLICY_C(MEDICAL_POS);
        outlet_entry entry = {.outlet = {.code = "", .phone = "", .bank = ""}};
        pack_fields_read(file, node, OUTLET_FIELDS, ARRAY_LENGTH(OUTLET_FIELDS), &entry);
        read_authorised(file, entry.authorised, p->schema, &entry.outlet);
        if (entry.outlet.channels & ~counters)
                pack_complain(file, node->line, "counters: not a channel of outlets");
        if (*entry.outlet.bank && !pack_bank_find(p, entry.outlet.bank))
                pack_complain(file, node->line, "the bank %s is not listed", entry.outlet.bank);
        *outlet = entry.outlet;
}

void pack_read_outlets(pack_file *file, const pack_node *node, rule_pack *p)
{
        if (!node) return;
        size_t count = list_length(file, node, PACK_OUTLETS_MAX);
        p->outlets = arena_zalloc(file->arena, (count + 1) * sizeof *p->outlets);
        for (const pack_node *n = node->first; n && p->outlet_count < count; n = n->next)
                read_outlet(file, n, p, &p->outlets[p->outlet_count++]);
        sort_codes(file, node->line, p->outlets, p->outlet_count, sizeof *p->outlets);
}

/* ---- channels ---- */

void pack_read_channels(pack_file *file, const pack_node *node, rule_pack *p)
{
        static const pack_field fields[] = {
                {"open", PACK_FIELD_FLAG, offsetof(pack_channel, open), false},
                {"name", PACK_FIELD_BOTH, offsetof(pack_channel, name), false},
                {"phone", PACK_FIELD_TEXT, offsetof(pack_channel, phone), false},
        };
        if (!node) return;
        if (node->kind != PACK_NODE_MAP) {
                pack_complain(file, node->line, "channels: expected a map of channels");
                return;
        }
        for (const pack_node *n = node->first; n; n = n->next) {
                policy_channel channel = policy_channel_of(n->key);
                if (channel == POLICY_CHANNEL_UNSPECIFIED) {
                        pack_complain(file, n->line, "there is no channel %s", n->key);
                        continue;
                }
                pack_fields_read(file, n, fields, ARRAY_LENGTH(fields), &p->channels[channel]);
                if (p->channels[channel].open) continue;
                p->channels_closed |= POLICY_CHANNEL_BIT(channel);
                if (!policy_channels_have(p->schema->closable, channel))
                        pack_complain(file, n->line,
                                      "%s: no region may do without this channel (rule S13)",
                                      n->key);
        }
}

/* ---- service classes ---- */

typedef struct service_entry {
        pack_service service;
        const char *class;
} service_entry;

static void read_service(pack_file *file, const pack_node *node, service_entry *entry)
{
        static const pack_field fields[] = {
                {"name", PACK_FIELD_BOTH, offsetof(service_entry, service.name), true},
                {"class", PACK_FIELD_TEXT, offsetof(service_entry, class), true},
        };
        *entry = (service_entry){.service = {.code = node->key}, .class = ""};
        pack_fields_read(file, node, fields, ARRAY_LENGTH(fields), entry);
        entry->service.is_public = strcmp(entry->class, "PUBLIC") == 0;
        if (*entry->class && !entry->service.is_public && strcmp(entry->class, "PERSONAL") != 0)
                pack_complain(file, node->line, "%s: the class is PERSONAL or PUBLIC", node->key);
}

/* The national entries are there already when the region's are read. */
static pack_service *service_slot(rule_pack *p, const char *code)
{
        for (size_t i = 0; i < p->service_count; i++)
                if (strcmp(p->services[i].code, code) == 0) return &p->services[i];
        return NULL;
}

void pack_read_services(pack_file *file, const pack_node *node, rule_pack *p)
{
        if (!node) return;
        if (node->kind != PACK_NODE_MAP) {
                pack_complain(file, node->line, "services: expected a map of services");
                return;
        }
        pack_service *all = arena_zalloc(file->arena, PACK_SERVICES_MAX * sizeof *all);
        if (p->service_count) memcpy(all, p->services, p->service_count * sizeof *all);
        p->services = all;
        for (const pack_node *n = node->first; n; n = n->next) {
                service_entry entry;
                read_service(file, n, &entry);
                pack_service *known = service_slot(p, n->key);
                if (known && !known->is_public && entry.service.is_public)
                        pack_complain(file, n->line,
                                      "%s: PUBLIC is laxer than the national floor PERSONAL "
                                      "(rule S13)",
                                      n->key);
                else if (known)
                        *known = entry.service;
                else if (p->service_count < PACK_SERVICES_MAX)
                        p->services[p->service_count++] = entry.service;
                else
                        pack_complain(file, n->line, "services: more than %d entries",
                                      PACK_SERVICES_MAX);
        }
        sort_codes(file, node->line, p->services, p->service_count, sizeof *p->services);
}
