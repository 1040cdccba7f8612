#!/usr/bin/env bash
# Processes of a region: found again, ended, and never confused with somebody else's.
# shellcheck source=tests/integration/suite/tap.sh
. tests/integration/suite/tap.sh

# A checkout of its own, so that the run folder is its own too; the path has a blank and Chinese in it.
SUITE_ROOT="$SCRATCH/检出 x"
mkdir -p "$SUITE_ROOT/services/card" "$SUITE_ROOT/services/status"
export SUITE_ROOT
export XDG_CACHE_HOME="$SCRATCH/cache"
# shellcheck source=tools/suite/lib/base.sh
. "$TREE/tools/suite/lib/base.sh"
# shellcheck source=tools/suite/lib/process.sh
. "$TREE/tools/suite/lib/process.sh"
# shellcheck source=tools/suite/region.sh
. "$TREE/tools/suite/region.sh"
set +e

spawn_and_end() {
        process_spawn sleeper "$SCRATCH/sleeper.log" sleep 300
        local id
        id=$(process_id sleeper) || return 1
        process_end_all
        [ ! -d "/proc/$id" ] && [ -z "$(process_names)" ]
}
check "a process that was started is found, ended, and its pid file goes" spawn_and_end

lost_pid_file() {
        process_spawn sleeper "$SCRATCH/sleeper.log" sleep 300
        local id
        id=$(process_id sleeper) || return 1
        rm "$PROCESS_FOLDER/sleeper.pid"
        eventually test -n "$(process_tagged)" || return 1
        process_end_all
        [ ! -d "/proc/$id" ]
}
check "a process whose pid file is lost is found by its tag" lost_pid_file

foreign_process() {
        sleep 300 &
        local id=$!
        # The id is right, the start time is not: another process got the number of one that is gone.
        printf '%s 1\n' "$id" >"$PROCESS_FOLDER/sleeper.pid"
        process_id sleeper && return 1
        process_end_all
        local alive=0
        kill -0 "$id" || alive=1
        kill "$id"
        return "$alive"
}
check "a process that only has the number of ours is left alone" foreign_process

stubborn_process() {
        process_spawn stubborn "$SCRATCH/stubborn.log" bash -c 'trap "" TERM; echo here; while :; do sleep 1; done'
        eventually grep -q here "$SCRATCH/stubborn.log" || return 1
        local id
        id=$(process_id stubborn) || return 1
        SUITE_DRAIN_SECONDS=1
        process_end_all
        [ ! -d "/proc/$id" ] && [ -z "$(process_tagged)" ]
}
check "a process that does not listen is killed after the bound, with its children" stubborn_process

half_pid_file() {
        : >"$PROCESS_FOLDER/empty.pid"
        printf '123' >"$PROCESS_FOLDER/half.pid"
        ! process_id empty && ! process_id half && process_end_all && [ -z "$(process_names)" ]
}
check "a half-written pid file names nobody" half_pid_file

held_port() {
        "$NODE" -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => console.log(s.address().port))' >"$SCRATCH/port" &
        local id=$! said
        eventually test -s "$SCRATCH/port" || return 1
        said=$(port_holder "$(cat "$SCRATCH/port")")
        kill "$id"
        [[ $said == "process $id ("* ]]
}
check "who holds a port is named" held_port

two_at_once() {
        exec 9>&-
        (lock_take both "the first" && : >"$SCRATCH/held" && while [ ! -f "$SCRATCH/enough" ]; do sleep 0.05; done) &
        eventually test -f "$SCRATCH/held" || return 1
        local said
        said=$(lock_take both "the second" 2>&1) && return 1
        : >"$SCRATCH/enough"
        wait
        [[ $said == *"the first"* ]] && (lock_take both "the third")
}
check "the second of two at once is told who is at work, the third gets the lock" two_at_once

rows() {
        cat >"$SUITE_ROOT/services/services.bzl" <<'TEXT'
SERVICES = [
    {"name": "card", "row": 1, "store": "sqlite"},
    {"name": "status", "row": 5, "store": "sqlite"},
]
TEXT
        [ -z "$(region_services)" ] || return 1
        touch "$SUITE_ROOT/services/status/BUILD"
        PORT_BASE=9300
        region_settle
        [ "$(region_services)" = "status 5" ] && [ "$(region_port status)" = 9305 ] && [ "$(region_operations_port status)" = 9405 ]
}
check "ports follow the rows of services.bzl, and a service without a room is absent" rows

ascii_cache() { [[ $(XDG_CACHE_HOME=/tmp/缓存 suite_cache_home) == /var/tmp/sscard-* ]]; }
check "a cache path with Chinese in it gives way to an ASCII one" ascii_cache

process_end_all
rmdir "$SUITE_RUN" 2>/dev/null || rm -rf "$SUITE_RUN"
tap_end
