# shellcheck shell=bash
# Processes that outlive the command: started, found again and ended, and never anybody else's. A process is ours when id *and*
# start time are those of its pid file, or when its environment carries our tag (a pid file may be lost, a tag cannot).

PROCESS_FOLDER=$SUITE_ROOT/var/run
PROCESS_TAG=SUITE_RUN=$SUITE_RUN

# Field 22 of stat, counted behind the last bracket: a name may hold blanks and brackets.
process_start_time() {
        local stat
        stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
        stat=${stat##*) }
        # shellcheck disable=SC2086
        set -- $stat
        [ "$1" != Z ] || return 1
        printf '%s' "${20}"
}

# process_spawn NAME LOG COMMAND…: in the background, in a session of its own, without our descriptors and environment.
process_spawn() {
        local name=$1 log=$2 id
        shift 2
        mkdir -p "$PROCESS_FOLDER" "$(dirname -- "$log")"
        if [ -f "$log" ] && [ "$(stat -c %s -- "$log")" -gt 33554432 ]; then
                mv -f -- "$log" "$log.1"
        fi
        env -i PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 "$PROCESS_TAG" setsid "$@" </dev/null >>"$log" 2>&1 3>&- 9>&- &
        id=$!
        disown "$id"
        printf '%s %s\n' "$id" "$(process_start_time "$id")" >"$PROCESS_FOLDER/$name.pid"
}

# process_id NAME: the id of a process of ours that lives; fails otherwise.
process_id() {
        local id started
        read -r id started 2>/dev/null <"$PROCESS_FOLDER/$1.pid" || return 1
        [ -n "$started" ] && [ "$(process_start_time "$id")" = "$started" ] || return 1
        printf '%s' "$id"
}

# Names with a pid file, in order of their start.
process_names() {
        local file
        for file in "$PROCESS_FOLDER"/*.pid; do
                [ ! -f "$file" ] || printf '%s %s\n' "$(cut -d' ' -f2 "$file")" "$(basename "$file" .pid)"
        done | sort -n | cut -d' ' -f2
}

process_tagged() { grep -lzsxF -- "$PROCESS_TAG" /proc/[0-9]*/environ | cut -d/ -f3 || true; }

# Ids of everything of ours that lives.
process_all() {
        local name
        {
                for name in $(process_names); do process_id "$name" && echo; done
                process_tagged
        } | sort -nu
}

process_seconds() {
        local started ticks now
        started=$(process_start_time "$1") || return 1
        ticks=$(getconf CLK_TCK)
        now=$(cut -d. -f1 /proc/uptime)
        printf '%s' $((now - started / ticks))
}

# process_wait_gone SECONDS ID…: true when all have ended in time.
process_wait_gone() {
        local until=$((SECONDS + $1)) id alive
        shift
        while :; do
                alive=''
                for id in "$@"; do
                        if process_start_time "$id" >/dev/null; then alive=1; fi
                done
                [ -n "$alive" ] || return 0
                [ "$SECONDS" -lt "$until" ] || return 1
                sleep 0.05
        done
}

# Ends what is ours: asks, waits with a bound (a drain takes its time), then kills by id. Services go before Redis.
process_end_all() {
        local redis='' others=() id name
        for name in $(process_names); do
                case "$name" in redis-*) redis+=" $(process_id "$name" || true)" ;; esac
        done
        for id in $(process_all); do
                [[ " $redis " == *" $id "* ]] || others+=("$id")
        done
        process_end_some "${others[@]}"
        # shellcheck disable=SC2086
        process_end_some $redis
        # Who was killed may have started another on its last breath.
        for _ in 1 2 3; do
                id=$(process_all)
                [ -n "$id" ] || break
                # shellcheck disable=SC2086
                process_end_some $id
        done
        rm -f "$PROCESS_FOLDER"/*.pid
}

process_end_some() {
        [ $# -gt 0 ] || return 0
        kill -TERM "$@" 2>/dev/null || true
        process_wait_gone "${SUITE_DRAIN_SECONDS:-20}" "$@" && return 0
        warn "Not gone after ${SUITE_DRAIN_SECONDS:-20} s of draining, killed now: $*"
        kill -KILL "$@" 2>/dev/null || true
        process_wait_gone 5 "$@" || warn "Still there: $*"
}

# port_holder PORT: prints who listens on 127.0.0.1:PORT or on all addresses; fails when nobody does.
port_holder() {
        local hex inode owner
        hex=$(printf '%04X' "$1")
        inode=$(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
                awk -v port=":$hex" '$4 == "0A" && substr($2, length($2) - 4) == port { print $10; exit }')
        [ -n "$inode" ] || return 1
        owner=$(find /proc/[0-9]*/fd -lname "socket:\[$inode\]" 2>/dev/null | head -n 1 | cut -d/ -f3) || true
        if [ -z "$owner" ]; then
                printf 'a process of another user'
        else
                printf 'process %s (%s)' "$owner" "$(tr '\0' ' ' <"/proc/$owner/cmdline" | cut -c1-100)"
        fi
}
