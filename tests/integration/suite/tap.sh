# shellcheck shell=bash disable=SC2034
# A few words for tests in shell: check NAME COMMAND… prints a TAP line; tap_end gives the exit code.
set -uo pipefail

TAP_COUNT=0
TAP_FAILED=0
TREE=$PWD # the runfiles: the sources lie under their paths from the root
SCRATCH=$(mktemp -d "${TEST_TMPDIR:-/tmp}/suite.XXXXXX")
NODE=${SUITE_NODE:-node}

check() {
        local name=$1
        shift
        TAP_COUNT=$((TAP_COUNT + 1))
        if ("$@") >"$SCRATCH/check.log" 2>&1; then
                printf 'ok %d - %s\n' "$TAP_COUNT" "$name"
        else
                TAP_FAILED=$((TAP_FAILED + 1))
                printf 'not ok %d - %s\n' "$TAP_COUNT" "$name"
                sed 's/^/# /' "$SCRATCH/check.log"
        fi
}

# True when COMMAND comes true within ten seconds.
eventually() {
        local until=$((SECONDS + 10))
        until "$@"; do
                [ "$SECONDS" -lt "$until" ] || return 1
                sleep 0.05
        done
}

tap_end() {
        printf '1..%d\n' "$TAP_COUNT"
        rm -rf "$SCRATCH"
        [ "$TAP_FAILED" -eq 0 ] && [ "$TAP_COUNT" -gt 0 ]
}
