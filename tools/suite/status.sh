#!/usr/bin/env bash
# ./suite status: what runs, where and since when. Exit code 0: all of it; 3: nothing; 1: a part.
set -euo pipefail
# shellcheck source=tools/suite/lib/base.sh
. "$SUITE_ROOT/tools/suite/lib/base.sh"
for part in lib/build lib/process region; do
        # shellcheck disable=SC1090
        . "$SUITE_ROOT/tools/suite/$part.sh"
done

[ $# -eq 0 ] || usage_error "./suite status takes no argument."
if ! region_recall || [ -z "$(process_names)" ]; then
        say "No region runs here. ./suite up starts one."
        exit 3
fi
region_settle
say "Region $REGION${REGION_SANDBOX:+ (sandbox)}"
printf '  %-16s %-10s %-22s %8s %10s %10s\n' name state address process since memory
code=0
for name in $(process_names); do
        state=gone address='' since='' memory=''
        case "$name" in
        redis-*) address=unix ;;
        *_simulator) address=127.0.0.1:$(region_simulator_port "$name") ;;
        *) address=127.0.0.1:$(region_port "$name") ;;
        esac
        if id=$(process_id "$name"); then
                since=$(seconds_text "$(process_seconds "$id")")
                memory=$(awk '/^VmRSS/ { printf "%.1f MB", $2 / 1024 }' "/proc/$id/status")
                state=runs
                case "$name" in
                redis-* | *_simulator) ;;
                *) if service_is_ready "$name"; then state=ready; else state='not ready' code=1; fi ;;
                esac
        else
                id=- code=1
        fi
        printf '  %-16s %-10s %-22s %8s %10s %10s\n' "$name" "$state" "$address" "$id" "$since" "$memory"
done
[ "$code" -eq 0 ] || say "./suite logs NAME tells why; ./suite down and ./suite up start anew, the data stay."
exit "$code"
