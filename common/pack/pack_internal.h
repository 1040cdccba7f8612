/* A pack while it is read, for the files of this room. */
#ifndef SSCARD_COMMON_PACK_PACK_INTERNAL_H
#define SSCARD_COMMON_PACK_PACK_INTERNAL_H

#include "common/base/arena.h"
#include "common/base/bytes.h"
#include "common/pack/pack.h"

enum {
        PACK_FILE_BYTES_MAX = 4 << 20,
        PACK_OUTLETS_MAX = 20000,
        PACK_BANKS_MAX = 1000,
        PACK_SERVICES_MAX = 1000,
        PACK_TABLES_MAX = 8,
        PACK_NOTICES_MAX = 64,
};

struct rule_pack {
        arena arena;
        const pack_schema *schema;
        const char *region, *version, *hotline;
        policy_text region_name;
        int64_t *values[PACK_TABLES_MAX]; /* as schema->tables */
        pack_bank *banks;
        pack_outlet *outlets;
        pack_service *services;
        size_t bank_count, outlet_count, service_count;
        pack_channel channels[POLICY_CHANNEL_COUNT];
        policy_channels channels_closed;
        const notice_template *notices[PACK_NOTICES_MAX][LANGUAGE_COUNT]; /* as schema->notices */
        bytes national_source, region_source;                             /* as they were read */
        uint32_t holds;
        struct rule_pack *older; /* on the shelf */
};

/* One node of a YAML file. In the order of the file. */
typedef enum pack_node_kind { PACK_NODE_TEXT = 1, PACK_NODE_MAP, PACK_NODE_LIST } pack_node_kind;
typedef struct pack_node {
        pack_node_kind kind;
        int line;
        const char *key;  /* of an entry of a map; else NULL */
        const char *text; /* TEXT */
        struct pack_node *first, *next;
} pack_node;

/* Where something is wrong. */
typedef struct pack_file {
        arena *arena;
        const char *name; /* "330000.yaml" */
        pack_report *report;
} pack_file;
void pack_complain(pack_file *file, int line, const char *format, ...) FORMAT_CHECK(3, 4);

/* The whole file, as text. False: complained. */
bool pack_file_read(pack_file *file, const char *folder, bytes *source) MUST_CHECK;
/* NULL: complained. No anchors, aliases, tags, second document, key twice, deep nesting. */
const pack_node *pack_yaml_read(pack_file *file, bytes source);

/* What a map may hold, and where it goes in `target`. */
typedef enum pack_field_kind {
        PACK_FIELD_TEXT = 1, /* const char * */
        PACK_FIELD_BOTH,     /* policy_text: a map of zh and en, both */
        PACK_FIELD_FLAG,     /* bool: true, false */
        PACK_FIELD_COUNTERS, /* policy_channels: a list of channels */
        PACK_FIELD_NODE,     /* const pack_node *: the caller reads it */
} pack_field_kind;
typedef struct pack_field {
        const char *key;
        pack_field_kind kind;
        size_t offset;
        bool required;
} pack_field;
/* Complains about everything in `node` that does not fit; unknown keys too. */
void pack_fields_read(pack_file *file, const pack_node *node, const pack_field *fields,
                      size_t count, void *target);

/* The sections of a file. `floor`: the pack with the national values; NULL: `p` is it. */
void pack_read_knobs(pack_file *file, const pack_node *node, rule_pack *p);
void pack_read_banks(pack_file *file, const pack_node *node, rule_pack *p);
void pack_read_outlets(pack_file *file, const pack_node *node, rule_pack *p);
void pack_read_channels(pack_file *file, const pack_node *node, rule_pack *p);
void pack_read_services(pack_file *file, const pack_node *node, rule_pack *p);
void pack_read_notices(pack_file *file, const pack_node *node, rule_pack *p);
/* Complains about kinds of notices that have no text. */
void pack_check_notices(pack_file *file, const rule_pack *p);

#endif
