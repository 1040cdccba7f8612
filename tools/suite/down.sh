#!/usr/bin/env bash
# ./suite down: ends everything of ours, and nothing else. The data stay.
set -euo pipefail
# shellcheck source=tools/suite/lib/base.sh
. "$SUITE_ROOT/tools/suite/lib/base.sh"
for part in build process; do
        # shellcheck disable=SC1090
        . "$SUITE_ROOT/tools/suite/lib/$part.sh"
done

[ $# -eq 0 ] || usage_error "./suite down takes no argument."
lock_take region "./suite down"
mapfile -t running < <(process_all)
process_end_all
bazel_stop
rm -f "$SUITE_RUN"/*.sock "$SUITE_VAR/run/ready" "$SUITE_VAR/run/region" "$SUITE_VAR/run/context.json"
mapfile -t left < <(process_all)
if [ "${#left[@]}" -gt 0 ]; then
        fail "Still running: ${left[*]}" "Are they stuck in the kernel (state D)? Run ./suite down again later."
fi
if [ "${#running[@]}" -eq 0 ]; then
        say "Nothing was running."
else
        say "Stopped ${#running[@]} processes. The data stay in var/; ./suite up goes on with them."
fi
