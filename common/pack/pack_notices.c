/* The section of notices: texts to people, by kind, in every language of the suite.
 * Must never take a text that could be mistaken for a scam, or that leaves out what its kind
 * demands. */
#include "common/pack/pack_internal.h"

#include <assert.h>
#include <string.h>

static size_t kind_of(const pack_schema *schema, const char *code)
{
        size_t i = 0;
        while (i < schema->notice_count && strcmp(schema->notices[i].code, code) != 0)
                i++;
        return i;
}

static void read_text(pack_file *file, int line, const rule_pack *p, size_t kind, const char *text,
                      const notice_template **slot)
{
        const pack_schema *schema = p->schema;
        const pack_notice_kind *about = &schema->notices[kind];
        notice_finding finding;
        const notice_template *compiled =
                notice_template_compile(file->arena, bytes_of_text(text), schema->notice_fields,
                                        schema->notice_field_count, &finding);
        if (!compiled)
                pack_complain(
                        file, line,
                        "notice %s: %s at byte %zu: a notice holds no link and asks for nothing",
                        about->code, notice_fault_name(finding.fault), finding.offset);
        else if (about->must_name && !notice_template_names(compiled, about->must_name))
                pack_complain(file, line, "notice %s: must name {%s}", about->code,
                              about->must_name);
        else
                *slot = compiled;
}

void pack_read_notices(pack_file *file, const pack_node *node, rule_pack *p)
{
        static const pack_field fields[] = {{"text", PACK_FIELD_BOTH, 0, true}};
        if (!node) return;
        if (node->kind != PACK_NODE_MAP) {
                pack_complain(file, node->line, "notices: expected a map of notices");
                return;
        }
        assert(p->schema->notice_count <= PACK_NOTICES_MAX);
        for (const pack_node *n = node->first; n; n = n->next) {
                const size_t kind = kind_of(p->schema, n->key);
                policy_text text = {0};
                if (kind == p->schema->notice_count) {
                        pack_complain(file, n->line, "there is no notice %s", n->key);
                        continue;
                }
                pack_fields_read(file, n, fields, ARRAY_LENGTH(fields), &text);
                if (text.zh)
                        read_text(file, n->line, p, kind, text.zh, &p->notices[kind][LANGUAGE_ZH]);
                if (text.en)
                        read_text(file, n->line, p, kind, text.en, &p->notices[kind][LANGUAGE_EN]);
        }
}

void pack_check_notices(pack_file *file, const rule_pack *p)
{
        for (size_t i = 0; i < p->schema->notice_count; i++)
                if (!p->notices[i][LANGUAGE_ZH] || !p->notices[i][LANGUAGE_EN])
                        pack_complain(file, 0, "notice %s: there is no text",
                                      p->schema->notices[i].code);
}

const notice_template *pack_notice(const rule_pack *p, const char *code, language l)
{
        const size_t kind = kind_of(p->schema, code);
        return kind < p->schema->notice_count ? p->notices[kind][l] : NULL;
}
