/* Puts packs in force and keeps the old ones as long as somebody reads them.
 * Must never take a bad pack in the place of a good one. */
#include "common/pack/pack_shelf.h"

#include "common/pack/pack_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What tells that a file is another one. */
typedef struct fingerprint {
        bool exists;
        dev_t device;
        ino_t inode;
        off_t bytes;
        struct timespec changed;
} fingerprint;

struct pack_shelf {
        const pack_schema *schema;
        char *folder; /* NULL: built in */
        char *region;
        fingerprint seen[2];      /* of what was last read, good or bad */
        rule_pack *current, *old; /* old: a list */
        pack_shelf_counts counts;
};

static fingerprint fingerprint_of(const char *folder, const char *name)
{
        SCOPED(arena) a = {0};
        struct stat status;
        fingerprint print = {0};
        if (stat(arena_format(&a, "%s/%s.yaml", folder, name), &status) != 0) return print;
        print.exists = true;
        print.device = status.st_dev;
        print.inode = status.st_ino;
        print.bytes = status.st_size;
        print.changed = status.st_mtim;
        return print;
}

static bool is_same(const fingerprint *a, const fingerprint *b)
{
        return a->exists == b->exists && a->device == b->device && a->inode == b->inode &&
               a->bytes == b->bytes && a->changed.tv_sec == b->changed.tv_sec &&
               a->changed.tv_nsec == b->changed.tv_nsec;
}

/* Remembers what is there now; true: it differs from before. */
static bool look(pack_shelf *shelf)
{
        fingerprint national = fingerprint_of(shelf->folder, "national");
        fingerprint regional = fingerprint_of(shelf->folder, shelf->region);
        bool differs = !is_same(&national, &shelf->seen[0]) || !is_same(&regional, &shelf->seen[1]);
        shelf->seen[0] = national;
        shelf->seen[1] = regional;
        return differs;
}

pack_shelf *pack_shelf_open(const pack_schema *schema, const char *folder, const char *region,
                            failure *f)
{
        pack_shelf *shelf = calloc(1, sizeof *shelf);
        shelf->schema = schema;
        shelf->region = strdup(region);
        if (folder) {
                shelf->folder = strdup(folder);
                (void)look(shelf); /* before reading: what changes meanwhile is read again */
                shelf->current = pack_load(schema, folder, region, NULL, f);
        } else {
                shelf->current = pack_built_in(schema, region);
        }
        if (shelf->current) return shelf;
        pack_shelf_close(shelf);
        return NULL;
}

void pack_shelf_close(pack_shelf *shelf)
{
        if (!shelf) return;
        assert(!shelf->old);
        assert(!shelf->current || shelf->current->holds == 0);
        pack_destroy(shelf->current);
        free(shelf->folder);
        free(shelf->region);
        free(shelf);
}

const rule_pack *pack_shelf_current(const pack_shelf *shelf)
{
        return shelf->current;
}

/* ---- holding ---- */

const rule_pack *pack_hold_take(pack_hold *hold, pack_shelf *shelf)
{
        assert(!hold->pack);
        if (!shelf) return NULL;
        shelf->current->holds++;
        *hold = (pack_hold){.shelf = shelf, .pack = shelf->current};
        return hold->pack;
}

static void drop_unread(pack_shelf *shelf)
{
        rule_pack **at = &shelf->old;
        while (*at) {
                rule_pack *each = *at;
                if (each->holds > 0) {
                        at = &each->older;
                        continue;
                }
                *at = each->older;
                shelf->counts.kept--;
                pack_destroy(each);
        }
}

void pack_hold_release(pack_hold *hold)
{
        if (!hold->pack) return;
        pack_shelf *shelf = hold->shelf;
        rule_pack *held = shelf->current;
        if (held != hold->pack)
                for (held = shelf->old; held != hold->pack; held = held->older)
                        assert(held);
        assert(held->holds > 0);
        held->holds--;
        *hold = (pack_hold){0};
        if (held != shelf->current && held->holds == 0) drop_unread(shelf);
}

/* ---- reloading ---- */

static bool has_source_of(const rule_pack *a, const rule_pack *b)
{
        return bytes_equal(a->national_source, b->national_source) &&
               bytes_equal(a->region_source, b->region_source);
}

static void put_in_force(pack_shelf *shelf, rule_pack *fresh)
{
        rule_pack *before = shelf->current;
        before->older = shelf->old;
        shelf->old = before;
        shelf->counts.kept++;
        shelf->counts.reloads++;
        shelf->current = fresh;
        drop_unread(shelf);
}

pack_reload pack_shelf_reload(pack_shelf *shelf, bool force, failure *f)
{
        if (!shelf->folder) return PACK_RELOAD_UNCHANGED;
        if (!look(shelf) && !force) return PACK_RELOAD_UNCHANGED;
        rule_pack *fresh = pack_load(shelf->schema, shelf->folder, shelf->region, NULL, f);
        if (fresh && has_source_of(fresh, shelf->current)) {
                pack_destroy(fresh);
                return PACK_RELOAD_UNCHANGED;
        }
        if (fresh && strcmp(fresh->version, shelf->current->version) != 0) {
                put_in_force(shelf, fresh);
                return PACK_RELOAD_DONE;
        }
        if (fresh)
                failure_set(f, FAILURE_FAILED_PRECONDITION, "RULE_PACK_VERSION_REUSED",
                            "%s.yaml: version %s is in force with another content", shelf->region,
                            fresh->version);
        pack_destroy(fresh);
        shelf->counts.refusals++;
        return PACK_RELOAD_REFUSED;
}

pack_shelf_counts pack_shelf_count(const pack_shelf *shelf)
{
        return shelf->counts;
}
