/* From two files to a pack. Must never give a pack with a line that was not understood. */
#include "common/pack/pack_internal.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct top {
        const char *version, *region, *hotline;
        policy_text name;
        const pack_node *knobs, *banks, *outlets, *channels, *services, *notices;
} top;

static const pack_field NATIONAL_FIELDS[] = {
        {"version", PACK_FIELD_TEXT, offsetof(top, version), true},
        {"knobs", PACK_FIELD_NODE, offsetof(top, knobs), true},
        {"services", PACK_FIELD_NODE, offsetof(top, services), false},
        {"notices", PACK_FIELD_NODE, offsetof(top, notices), false},
};
static const pack_field REGION_FIELDS[] = {
        {"version", PACK_FIELD_TEXT, offsetof(top, version), true},
        {"region", PACK_FIELD_TEXT, offsetof(top, region), true},
        {"name", PACK_FIELD_BOTH, offsetof(top, name), true},
        {"hotline", PACK_FIELD_TEXT, offsetof(top, hotline), true},
        {"knobs", PACK_FIELD_NODE, offsetof(top, knobs), false},
        {"banks", PACK_FIELD_NODE, offsetof(top, banks), false},
        {"outlets", PACK_FIELD_NODE, offsetof(top, outlets), false},
        {"channels", PACK_FIELD_NODE, offsetof(top, channels), false},
        {"services", PACK_FIELD_NODE, offsetof(top, services), false},
        {"notices", PACK_FIELD_NODE, offsetof(top, notices), false},
};

static void file_release(FILE **file)
{
        if (*file) fclose(*file);
}
typedef FILE *file;

bool pack_file_read(pack_file *from, const char *folder, bytes *source)
{
        SCOPED(file) input = fopen(arena_format(from->arena, "%s/%s", folder, from->name), "re");
        if (!input) {
                pack_complain(from, 0, "cannot be read: %s", strerror(errno));
                return false;
        }
        size_t room = 1 << 16, length = 0;
        char *text = malloc(room);
        for (size_t got; (got = fread(text + length, 1, room - length, input)) > 0;) {
                length += got;
                if (length == room && room <= PACK_FILE_BYTES_MAX) text = realloc(text, room *= 2);
        }
        bool fine = !ferror(input) && length <= PACK_FILE_BYTES_MAX;
        if (fine)
                *source = bytes_of(arena_copy(from->arena, text, length), length);
        else
                pack_complain(from, 0, "cannot be read, or is larger than 4 MiB");
        free(text);
        return fine;
}

static rule_pack *pack_begin(const pack_schema *schema, const char *region)
{
        rule_pack *p = calloc(1, sizeof *p);
        p->schema = schema;
        p->region = arena_strdup(&p->arena, region);
        p->version = "built-in";
        p->hotline = "";
        p->region_name = (policy_text){"", ""};
        for (size_t t = 0; schema->tables[t]; t++) {
                const policy_knob_table *table = schema->tables[t];
                assert(t < PACK_TABLES_MAX);
                p->values[t] = arena_alloc(&p->arena, table->count * sizeof **p->values);
                for (size_t i = 0; i < table->count; i++)
                        p->values[t][i] = table->knobs[i].national;
        }
        for (int c = 0; c < POLICY_CHANNEL_COUNT; c++)
                p->channels[c] = (pack_channel){.channel = (policy_channel)c,
                                                .open = true,
                                                .name = policy_channel_text((policy_channel)c),
                                                .phone = ""};
        return p;
}

static const pack_node *read_file(pack_file *file, const char *folder, bytes *source,
                                  const pack_field *fields, size_t count, top *head)
{
        *head = (top){.version = "", .region = "", .hotline = ""};
        if (!pack_file_read(file, folder, source)) return NULL;
        const pack_node *root = pack_yaml_read(file, *source);
        if (root) pack_fields_read(file, root, fields, count, head);
        return root;
}

static void read_national(rule_pack *p, const char *folder, pack_report *report, top *head)
{
        pack_file file = {.arena = &p->arena, .name = "national.yaml", .report = report};
        if (!read_file(&file, folder, &p->national_source, NATIONAL_FIELDS,
                       ARRAY_LENGTH(NATIONAL_FIELDS), head))
                return;
        pack_read_knobs(&file, head->knobs, p);
        pack_read_services(&file, head->services, p);
        pack_read_notices(&file, head->notices, p);
        pack_check_notices(&file, p);
}

static void read_region(rule_pack *p, const char *folder, pack_report *report, top *head)
{
        pack_file file = {.arena = &p->arena,
                          .name = arena_format(&p->arena, "%s.yaml", p->region),
                          .report = report};
        const pack_node *root = read_file(&file, folder, &p->region_source, REGION_FIELDS,
                                          ARRAY_LENGTH(REGION_FIELDS), head);
        if (!root) return;
        if (*head->region && strcmp(head->region, p->region) != 0)
                pack_complain(&file, root->line, "region: the file is of region %s", head->region);
        p->region_name = head->name;
        p->hotline = head->hotline;
        pack_read_knobs(&file, head->knobs, p);
        pack_read_banks(&file, head->banks, p);
        pack_read_outlets(&file, head->outlets, p);
        pack_read_channels(&file, head->channels, p);
        pack_read_services(&file, head->services, p);
        pack_read_notices(&file, head->notices, p);
}

rule_pack *pack_load(const pack_schema *schema, const char *folder, const char *region,
                     pack_report *report, failure *f)
{
        pack_report own;
        if (!report) report = &own;
        report->count = 0;
        report->text[0] = '\0';
        top national, regional;
        rule_pack *p = pack_begin(schema, region);
        read_national(p, folder, report, &national);
        read_region(p, folder, report, &regional);
        if (report->count == 0) {
                p->version = arena_format(&p->arena, "%s+%s", regional.version, national.version);
                return p;
        }
        failure_set(f, FAILURE_FAILED_PRECONDITION, "RULE_PACK_REFUSED", "%.*s",
                    (int)strcspn(report->text, "\n"), report->text);
        pack_destroy(p);
        return NULL;
}

rule_pack *pack_built_in(const pack_schema *schema, const char *region)
{
        return pack_begin(schema, region);
}

void pack_destroy(rule_pack *p)
{
        if (!p) return;
        arena_release(&p->arena);
        free(p);
}
