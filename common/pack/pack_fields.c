/* Reads maps of known keys. Must never pass over a key that it does not know: a misspelt one would
 * silently leave the national value in force. */
#include "common/pack/pack_internal.h"

#include <string.h>

static void *target_at(void *target, size_t offset)
{
        return (char *)target + offset;
}

static void expect(pack_file *file, const pack_node *node, const char *what)
{
        pack_complain(file, node->line, "%s: expected %s", node->key ? node->key : "this entry",
                      what);
}

static void read_text(pack_file *file, const pack_node *node, const char **text)
{
        if (node->kind == PACK_NODE_TEXT && *node->text)
                *text = node->text;
        else
                expect(file, node, "a text");
}

static void read_both(pack_file *file, const pack_node *node, policy_text *text)
{
        static const pack_field fields[] = {
                {"zh", PACK_FIELD_TEXT, offsetof(policy_text, zh), true},
                {"en", PACK_FIELD_TEXT, offsetof(policy_text, en), true},
        };
        if (node->kind != PACK_NODE_MAP) {
                expect(file, node, "both languages: {zh: ..., en: ...} (S12)");
                return;
        }
        pack_fields_read(file, node, fields, ARRAY_LENGTH(fields), text);
}

static void read_flag(pack_file *file, const pack_node *node, bool *flag)
{
        bool is_text = node->kind == PACK_NODE_TEXT;
        *flag = is_text && strcmp(node->text, "true") == 0;
        if (!*flag && !(is_text && strcmp(node->text, "false") == 0))
                expect(file, node, "true or false");
}

static void read_counters(pack_file *file, const pack_node *node, policy_channels *channels)
{
        if (node->kind != PACK_NODE_LIST) {
                expect(file, node, "a list of channels");
                return;
        }
        for (const pack_node *item = node->first; item; item = item->next) {
                policy_channel channel = item->kind == PACK_NODE_TEXT
                                                 ? policy_channel_of(item->text)
                                                 : POLICY_CHANNEL_UNSPECIFIED;
                if (channel == POLICY_CHANNEL_UNSPECIFIED)
                        pack_complain(file, item->line, "%s: there is no channel %s", node->key,
                                      item->kind == PACK_NODE_TEXT ? item->text : "of this kind");
                else
                        *channels |= POLICY_CHANNEL_BIT(channel);
        }
}

static void read_field(pack_file *file, const pack_node *node, const pack_field *field,
                       void *target)
{
        void *at = target_at(target, field->offset);
        switch (field->kind) {
        case PACK_FIELD_TEXT:
                read_text(file, node, at);
                break;
        case PACK_FIELD_BOTH:
                read_both(file, node, at);
                break;
        case PACK_FIELD_FLAG:
                read_flag(file, node, at);
                break;
        case PACK_FIELD_COUNTERS:
                read_counters(file, node, at);
                break;
        case PACK_FIELD_NODE:
                *(const pack_node **)at = node;
                break;
        }
}

static const pack_field *field_of(const pack_field *fields, size_t count, const char *key)
{
        for (size_t i = 0; i < count; i++)
                if (strcmp(fields[i].key, key) == 0) return &fields[i];
        return NULL;
}

static bool has_key(const pack_node *node, const char *key)
{
        for (const pack_node *n = node->first; n; n = n->next)
                if (strcmp(n->key, key) == 0) return true;
        return false;
}

void pack_fields_read(pack_file *file, const pack_node *node, const pack_field *fields,
                      size_t count, void *target)
{
        if (node->kind != PACK_NODE_MAP) {
                expect(file, node, "a map of keys to values");
                return;
        }
        for (const pack_node *n = node->first; n; n = n->next) {
                const pack_field *field = field_of(fields, count, n->key);
                if (field)
                        read_field(file, n, field, target);
                else
                        pack_complain(file, n->line, "there is no key %s here", n->key);
        }
        for (size_t i = 0; i < count; i++)
                if (fields[i].required && !has_key(node, fields[i].key))
                        pack_complain(file, node->line, "the key %s is missing", fields[i].key);
}
