#!/usr/bin/env bash
# Each rule of the house, each link check: it passes a clean tree and finds the one thing that breaks it.
# shellcheck source=tests/integration/suite/tap.sh
. tests/integration/suite/tap.sh

HOUSE="$SCRATCH/house"

# A small clean tree; every check below breaks it in one place.
build_house() {
        rm -rf "$HOUSE"
        mkdir -p "$HOUSE/common/base" "$HOUSE/services/card" "$HOUSE/tools/lint" "$HOUSE/bin/common/base/_objs/base"
        cp "$TREE"/tools/lint/*_allowed.txt "$HOUSE/tools/lint/"
        printf '#ifndef X_H\n#define X_H\n/* Wildcards and time are words here. */\nint x(void);\n#endif\n' >"$HOUSE/common/base/x.h"
        printf '#include "common/base/x.h"\n\n#include <stddef.h>\n\nint x(void)\n{\n        return 0; /* time() */\n}\n' >"$HOUSE/common/base/x.c"
        # shellcheck disable=SC2016
        printf '# A\n\n`common/base` and [x](common/base/x.h), [itself](#a).\n' >"$HOUSE/ARCHITECTURE.md"
        git -C "$HOUSE" init -q
}
house() { "$NODE" "$TREE/tools/lint/house.mjs" "$HOUSE" "$HOUSE/bin" - 3>/dev/null; }

clean() {
        build_house
        house
}
check "a clean tree passes" clean

# breaks RULE FILE TEXT: appended to FILE, TEXT makes RULE (and the run) fail.
breaks() {
        build_house
        mkdir -p "$(dirname "$HOUSE/$2")"
        printf '%b\n' "$3" >>"$HOUSE/$2"
        local said
        said=$(house) && return 1
        grep -F "not ok - $1" <<<"$said"
}
check "strcpy is found" breaks "no call that is banned" common/base/x.c 'void y(char *a) { strcpy(a, "b"); }'
check "time() is found in a service" breaks "no call that is banned" services/card/y.c 'long y(void) { return time(0); }'
check "goto outside the runtime is found" breaks "goto stays in common/runtime" services/card/y.c 'void y(void) { goto out; out: ; }'
check "an include beside the root is found" breaks "includes are written from the repository root" common/base/x.c '#include "x.h"'
check "a word of cards in common is found" breaks "common/ knows nothing of cards" common/base/x.c '/* the card of a holder */'
check "a rule number in common is found" breaks "common/ knows nothing of cards" common/base/x.h '/* (R19) */'
check "an open end is found" breaks "nothing is left open" services/card/y.c "/* TO""DO: later */"
check "a blank at the end of a line is found" breaks "text files are tidy" services/card/y.c 'int y; '
check "a path that ARCHITECTURE.md invents is found" breaks "ARCHITECTURE.md names what exists" ARCHITECTURE.md 'see common/nowhere'
check "a download address in a lock file is found" breaks "lock files name no download address" tools/lint/package-lock.json '"resolved": "https://x"'
check "a long file is found" breaks "a file holds one thing" services/card/y.c "$(printf 'int a;\\n%.0s' $(seq 801))"

header_order() {
        build_house
        printf '#include <stddef.h>\n\n#include "common/base/x.h"\n' >"$HOUSE/common/base/x.c"
        local said
        said=$(house) && return 1
        grep -F "not ok - a source includes its own header first" <<<"$said"
}
check "a header that is not the first include of its source is found" header_order

# mutable TEXT: a source of that text, compiled, breaks the rule.
mutable() {
        build_house
        printf '%b\n' "$1" >"$HOUSE/common/base/y.c"
        gcc -fPIC -c -o "$HOUSE/bin/common/base/_objs/base/y.pic.o" "$HOUSE/common/base/y.c" || return 2
        local said
        said=$(house) && return 1
        grep -F "not ok - no mutable variable outside an instance" <<<"$said"
}
constant() {
        mutable "$1"
        [ $? -eq 1 ]
}
check "a variable of the file is found" mutable 'static int count;\nint y(void);\nint y(void) { return ++count; }'
check "a variable of the function is found" mutable 'int y(void);\nint y(void) { static int count = 7; return ++count; }'
check "an array of pointers that could be changed is found" mutable 'const char *names[] = {"a"};'
check "a constant table with pointers passes" constant 'extern const char *const names[];\nconst char *const names[] = {"a"};'

links() { "$NODE" "$TREE/tools/lint/links.mjs" "$HOUSE" 3>/dev/null; }
good_links() {
        build_house
        links
}
check "good links pass" good_links
bad_link() {
        build_house
        printf '%s\n' "$1" >>"$HOUSE/ARCHITECTURE.md"
        ! links
}
check "a link to a file that is not there is found" bad_link '[y](common/y.h)'
check "a link to a heading that is not there is found" bad_link '[y](#nowhere)'
check "a link out of the tree is found" bad_link '[y](../../etc/passwd)'

tap_end
