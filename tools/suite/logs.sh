#!/usr/bin/env bash
# ./suite logs [NAME] [--follow]: what the processes of the region have written.
set -euo pipefail
# shellcheck source=tools/suite/lib/base.sh
. "$SUITE_ROOT/tools/suite/lib/base.sh"
# shellcheck source=tools/suite/region.sh
. "$SUITE_ROOT/tools/suite/region.sh"

name=''
follow=''
for argument in "$@"; do
        case "$argument" in
        -f | --follow) follow=1 ;;
        -*) usage_error "./suite logs does not know $argument." ;;
        *) name=$argument ;;
        esac
done
region_recall || true
region_settle
have=()
for file in "$REGION_LOGS"/*.log; do
        [ ! -f "$file" ] || have+=("$(basename -- "$file" .log)")
done
[ "${#have[@]}" -gt 0 ] || fail "There is no log of region $INSTANCE yet." "./suite up starts it."
if [ -n "$name" ]; then
        [ -f "$REGION_LOGS/$name.log" ] || fail "There is no log of \"$name\"." "There are: ${have[*]}"
        exec tail -n 100 ${follow:+-F} -- "$REGION_LOGS/$name.log"
fi
if [ -n "$follow" ]; then
        exec tail -n 10 -F -- "$REGION_LOGS"/*.log
fi
for name in "${have[@]}"; do
        say "${BOLD}$name${PLAIN}"
        tail -n 12 -- "$REGION_LOGS/$name.log" | sed 's/^/  /'
done
