/* The pack that is in force, and those of before that somebody still reads. Loop thread only.
 *
 *   file changes ──▶ pack_shelf_reload() ──▶ good: in force from now on; the old one goes when the
 *                                           last call that began with it has ended
 *                                      └──▶ bad: refused and counted; the old one stays in force */
#ifndef SSCARD_COMMON_PACK_PACK_SHELF_H
#define SSCARD_COMMON_PACK_PACK_SHELF_H

#include "common/pack/pack.h"

typedef struct pack_shelf pack_shelf;

/* `folder` NULL: the built-in pack, for ever. NULL and `f` set: there is no good pack to begin
 * with. `schema` outlives the shelf. Pair: pack_shelf_close(). */
pack_shelf *pack_shelf_open(const pack_schema *schema, const char *folder, const char *region,
                            failure *f) MUST_CHECK;
/* Nobody holds a pack any more. NULL is fine. */
void pack_shelf_close(pack_shelf *shelf);

/* Valid until the caller's next suspension; hold it beyond that. */
const rule_pack *pack_shelf_current(const pack_shelf *shelf);

/* A pack kept over suspensions: `SCOPED(pack_hold) hold = {0};`. */
typedef struct pack_hold {
        pack_shelf *shelf;
        const rule_pack *pack;
} pack_hold;
/* The pack in force, kept until pack_hold_release(). A NULL shelf gives NULL. */
const rule_pack *pack_hold_take(pack_hold *hold, pack_shelf *shelf);
void pack_hold_release(pack_hold *hold);

typedef enum pack_reload {
        PACK_RELOAD_UNCHANGED = 0, /* the files are as they were when last looked at */
        PACK_RELOAD_DONE,
        PACK_RELOAD_REFUSED, /* `f` says the first thing that is wrong; said once a change */
} pack_reload;
/* Looks at the files and reads them if they have changed; `force`: reads them anyway. A pack of the
 * same version with another content is refused: a version names one content. */
pack_reload pack_shelf_reload(pack_shelf *shelf, bool force, failure *f);

typedef struct pack_shelf_counts {
        uint64_t reloads, refusals;
        size_t kept; /* old packs that somebody still reads */
} pack_shelf_counts;
pack_shelf_counts pack_shelf_count(const pack_shelf *shelf);

#endif
