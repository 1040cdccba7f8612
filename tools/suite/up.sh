#!/usr/bin/env bash
# ./suite up: from nothing to a region that has walked a card journey. Run again, it takes seconds.
set -euo pipefail
# shellcheck source=tools/suite/lib/base.sh
. "$SUITE_ROOT/tools/suite/lib/base.sh"
for part in lib/steps lib/install lib/build lib/process region; do
        # shellcheck disable=SC1090
        . "$SUITE_ROOT/tools/suite/$part.sh"
done

while [ $# -gt 0 ]; do
        case "$1" in
        --sandbox) REGION_SANDBOX=1 ;;
        --region | --port-base)
                [ $# -ge 2 ] || usage_error "$1 needs a value."
                if [ "$1" = --region ]; then REGION=$2; else PORT_BASE=$2; fi
                shift
                ;;
        --region=*) REGION=${1#*=} ;;
        --port-base=*) PORT_BASE=${1#*=} ;;
        *) usage_error "./suite up does not know $1." ;;
        esac
        shift
done
region_settle
umask 077 # personal data and keys
wanted="region $REGION${REGION_SANDBOX:+ (sandbox)}"

# Something runs already: all of it, or the rest of an accident.
meet_what_runs() {
        local name expected=0 alive=0 dead=() running
        mapfile -t running < <(process_all)
        for name in $(process_names); do
                expected=$((expected + 1))
                if process_id "$name" >/dev/null; then alive=$((alive + 1)); else dead+=("$name"); fi
        done
        if [ "$expected" -gt 0 ] && [ "$alive" -eq "$expected" ] && [ -f "$SUITE_VAR/run/region" ] && [ -f "$SUITE_VAR/run/ready" ]; then
                (
                        region_recall
                        say "Region $REGION${REGION_SANDBOX:+ (sandbox)} runs already: ./suite status shows it."
                )
                say "./suite down stops it; a new up starts what was built since."
                exit 0
        fi
        [ "${#running[@]}" -gt 0 ] || [ "$expected" -gt 0 ] || return 0
        warn "The last run was not stopped cleanly${dead:+ (gone: ${dead[*]})}: its rest is cleared away, its data are kept."
        process_end_all
        rm -f "$SUITE_VAR/run/ready"
}

ports_are_free() {
        local name row port holder
        while read -r name row; do
                for port in $((PORT_BASE + row)) $((PORT_BASE + 100 + row)); do
                        if holder=$(port_holder "$port"); then
                                fail "Port $port, which the $name service needs, is held by $holder." \
                                        "Stop that process, or choose other ports: ./suite up --port-base $((PORT_BASE + 1000))"
                        fi
                done
        done < <(region_services)
        while read -r name _; do
                port=$(region_simulator_port "$name")
                if holder=$(port_holder "$port"); then
                        fail "Port $port, which $name needs, is held by $holder." \
                                "Stop that process, or choose other ports: ./suite up --port-base $((PORT_BASE + 1000))"
                fi
        done < <(region_simulators)
}

# Keys are made beside their place and moved there whole; the marker says that they are complete, and which they are.
keys_make() {
        local fresh=$REGION_KEYS.new marker=$REGION_KEYS/.complete
        if [ -f "$marker" ]; then
                # A key that is there is never replaced; one that a newer release asks for is added.
                keys_command "$REGION_KEYS"
                "${COMMAND[@]}"
                echo "kept" >&3
                return 0
        fi
        if [ -n "$(find "$SUITE_VAR/data" -name .initialised -print -quit 2>/dev/null)" ]; then
                echo "var/keys is missing or half-written, and var/data has been written under the keys that stood there."
                echo "Put the right var/keys back, with its file .complete; or move var/data and var/keys away to begin anew."
                return 1
        fi
        if [ -e "$REGION_KEYS" ]; then
                mv -T -- "$REGION_KEYS" "$REGION_KEYS.half-written-$(date +%Y%m%d-%H%M%S)"
                echo "moved a half-written var/keys aside" >&3
        fi
        rm -rf -- "$fresh"
        mkdir -p -- "$SUITE_VAR"
        mkdir -- "$fresh"
        keys_command "$fresh"
        "${COMMAND[@]}"
        printf '%s %s\n' "$(date +%FT%T)" "$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')" >"$fresh/.complete"
        sync -- "$fresh/.complete"
        mv -T -- "$fresh" "$REGION_KEYS"
        echo "made: development keys, worth nothing elsewhere" >&3
}

# The data folder remembers its keys: opened under others, every personal column would be unreadable.
data_check() {
        local marker=$REGION_DATA/.initialised keys
        keys=$(cat "$REGION_KEYS/.complete" 2>/dev/null || echo none)
        if [ -f "$marker" ] && [ "$(cat "$marker")" != "$keys" ]; then
                fail "var/data/$INSTANCE was written under other keys than those in var/keys." \
                        "Put the right var/keys back, or move var/data/$INSTANCE away to begin anew."
        fi
        if [ ! -f "$marker" ] && [ -n "$(ls -A "$REGION_DATA" 2>/dev/null)" ]; then
                warn "var/data/$INSTANCE was not finished the last time: it is completed now, nothing is thrown away."
        fi
        mkdir -p "$REGION_DATA"
}

redis_start() {
        rm -f "$REGION_REDIS"
        redis_command
        process_spawn "redis-$INSTANCE" "$REGION_LOGS/redis.log" "${COMMAND[@]}"
        local until=$((SECONDS + 15))
        until redis-cli -s "$REGION_REDIS" ping 2>/dev/null | grep -q PONG; do
                if ! process_id "redis-$INSTANCE" >/dev/null || [ "$SECONDS" -ge "$until" ]; then
                        echo "Redis did not answer:"
                        tail -n 20 "$REGION_LOGS/redis.log"
                        return 1
                fi
                sleep 0.02
        done
}

services_start() {
        local name row service list=()
        while read -r name service _; do
                simulator_command "$name" "$service"
                process_spawn "$name" "$REGION_LOGS/$name.log" "${COMMAND[@]}"
                list+=("$name:$(region_simulator_port "$name")")
        done < <(region_simulators)
        while read -r name row; do
                service_command "$name"
                process_spawn "$name" "$REGION_LOGS/$name.log" "${COMMAND[@]}"
                list+=("$name:$((PORT_BASE + row))")
        done < <(region_services)
        if [ "${#list[@]}" -gt 0 ]; then echo "${list[*]}" >&3; else echo "the tree has none" >&3; fi
}

services_wait() {
        local name row until=$((SECONDS + 30))
        while read -r name row; do
                until service_is_ready "$name"; do
                        if ! process_id "$name" >/dev/null; then
                                echo "The $name service has ended. The end of $REGION_LOGS/$name.log:"
                                tail -n 25 "$REGION_LOGS/$name.log"
                                return 1
                        fi
                        if [ "$SECONDS" -ge "$until" ]; then
                                echo "The $name service was not ready in time. The end of $REGION_LOGS/$name.log:"
                                tail -n 25 "$REGION_LOGS/$name.log"
                                return 1
                        fi
                        sleep 0.02
                done
        done < <(region_services)
        printf '%s\n' "$(cat "$REGION_KEYS/.complete" 2>/dev/null || echo none)" >"$REGION_DATA/.initialised"
}

holders_load() {
        if [ -f "$REGION_DATA/.seeded" ]; then
                echo "kept" >&3
                return 0
        fi
        seed_command
        "${COMMAND[@]}"
        date +%FT%T >"$REGION_DATA/.seeded"
        echo "1,000 synthetic holders" >&3
}

install_preflight
lock_take region "./suite up"
started=''
leave() {
        local code=$?
        bazel_stop
        # Half a region helps nobody: what was started goes, what was written stays.
        if [ "$code" -ne 0 ] && [ -n "$started" ]; then process_end_all; fi
}
trap leave EXIT
meet_what_runs
ports_are_free

steps=5
for tool in devkeys seed; do
        if has_tool $tool; then steps=$((steps + 1)); fi
done
steps_begin "$steps" up
say "${BOLD}SSCard: $wanted${PLAIN}"
step "Debian packages" "Look at the log; a repeated run goes on where this one stopped." packages_install
targets=()
while read -r name row; do
        targets+=("//services/$name:$(service_binary "$name")")
done < <(region_services)
while read -r name _; do
        targets+=("//tools/$name")
done < <(region_simulators)
for tool in devkeys seed journey sscardctl; do
        if has_tool $tool; then targets+=("//tools/$tool"); fi
done
step "build (release)" "The log names the file that does not compile." build release "${targets[@]}"
bazel_stop &
stopping=$!
if has_tool devkeys; then
        step "keys" "The log says what is in the way." keys_make
fi
data_check
started=1
region_remember
step "Redis" "The log says why." redis_start
step "services" "The log says why." services_start
step "services are ready" "./suite logs NAME shows more." services_wait
region_write_context
if has_tool seed; then
        step "holders" "A repeated run goes on where this one stopped." holders_load
fi
touch "$SUITE_VAR/run/ready"
wait "$stopping" || true
if has_tool journey; then
        say ""
        journey_command
        "${COMMAND[@]}" 9>&- || fail "The journey did not come to its end; the region runs on." "./suite logs shows what the services say."
fi
say ""
say "${GREEN}$wanted is up${PLAIN} after $(seconds_text $((SECONDS - STEPS_BEGAN))). Data: var/data/$INSTANCE"
say "  ./suite status    what runs and where"
say "  ./suite ctl help  what can be asked and done"
[ -z "$REGION_SANDBOX" ] || say "  ./suite ctl clock advance --by 60d    what sixty days bring"
say "  ./suite down      stop it; the data stay"
