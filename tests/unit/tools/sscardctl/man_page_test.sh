#!/usr/bin/env bash
# The manual page as people see it: groff complains about nothing, and the words are there.
# shellcheck source=tests/integration/suite/tap.sh
. tests/integration/suite/tap.sh

PAGE=$TREE/tools/sscardctl/sscardctl.1
SHOWN=$SCRATCH/page

check "groff is there (Debian: groff-base)" command -v groff

# groff exits with 0 whatever it has to say.
quiet() { ! groff -K utf8 -T utf8 -P -cbou -man -ww -rLL=100n "$PAGE" 2>&1 >"$SHOWN" | grep .; }
check "groff complains about nothing" quiet

has() { grep -qF -- "$1" "$SHOWN"; }
for words in 'sscardctl - every method' 'card report-loss' 'status get' '--validate-only' '--context FILE' 'SSCARD_CONTEXT' 'EXIT STATUS' 'explain [REASON]'; do
        check "the page says \"$words\"" has "$words"
done
tap_end
