/* A small schema, and a folder of packs that a test writes. */
#ifndef SSCARD_TESTS_UNIT_COMMON_PACK_FIXTURE_H
#define SSCARD_TESTS_UNIT_COMMON_PACK_FIXTURE_H

#include "common/pack/pack.h"

enum { SHOP_KNOB_DAYS = 0, SHOP_KNOB_MODE, SHOP_KNOB_COUNTERS, SHOP_KNOB_COUNT };

extern const policy_knob_table SHOP_KNOB_TABLE;
extern const pack_schema SHOP_SCHEMA;

/* Good files that say a little of everything. */
extern const char SHOP_NATIONAL[], SHOP_REGION[];

typedef struct pack_folder {
        char path[512];
} pack_folder;
void pack_folder_make(pack_folder *folder);
void pack_folder_write(const pack_folder *folder, const char *file, const char *text,
                       size_t length);
void pack_folder_remove(const pack_folder *folder);

#endif
