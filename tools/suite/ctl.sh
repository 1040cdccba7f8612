#!/usr/bin/env bash
# ./suite ctl …: sscardctl against the region of this checkout.
set -euo pipefail
# shellcheck source=tools/suite/lib/base.sh
. "$SUITE_ROOT/tools/suite/lib/base.sh"
for part in lib/build region; do
        # shellcheck disable=SC1090
        . "$SUITE_ROOT/tools/suite/$part.sh"
done

region_recall || true
region_settle
ctl_command
[ -x "${COMMAND[0]}" ] || fail "sscardctl is not built yet." "./suite up builds it and starts a region."
[ ! -f "$REGION_CONTEXT" ] || export SSCARD_CONTEXT=$REGION_CONTEXT
exec "${COMMAND[@]}" "$@"
