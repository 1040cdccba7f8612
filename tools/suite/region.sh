# shellcheck shell=bash disable=SC2034
# What a region is made of on one machine: names, ports, folders, and the command line of each of its programs.
# This is the one place to change when a service gets another option. Sourced by up, down, status, logs, ctl and bench.

REGION=330000
REGION_SANDBOX=''
PORT_BASE=7300

# Names that follow from --region, --sandbox and --port-base. A sandbox has its own data: its clock is not the world's.
region_settle() {
        [[ $REGION =~ ^[0-9]{6}$ ]] || usage_error "A region is six digits, such as 330000; \"$REGION\" is not."
        if ! [[ $PORT_BASE =~ ^[0-9]{4,5}$ ]] || [ "$PORT_BASE" -lt 1024 ] || [ "$PORT_BASE" -gt 65000 ]; then
                usage_error "A port base lies between 1024 and 65000; \"$PORT_BASE\" does not."
        fi
        INSTANCE=$REGION${REGION_SANDBOX:+-sandbox}
        REGION_KEYS=$SUITE_VAR/keys
        REGION_DATA=$SUITE_VAR/data/$INSTANCE
        REGION_LOGS=$SUITE_VAR/log/$INSTANCE
        REGION_CONFIG=$SUITE_VAR/run/config
        REGION_CONTEXT=$SUITE_VAR/run/context.json
        REGION_REDIS=$SUITE_RUN/redis.sock
}

# "name row" of every service that has its room in this tree.
region_services() {
        sed -nE 's/.*"name": *"([a-z]+)".*"row": *([0-9]+).*/\1 \2/p' "$SUITE_ROOT/services/services.bzl" 2>/dev/null |
                while read -r name row; do
                        [ ! -f "$SUITE_ROOT/services/$name/BUILD" ] || printf '%s %s\n' "$name" "$row"
                done
}

# "simulator service peer row" of every outside system that a tool of this tree stands in for.
region_simulators() {
        sed -nE 's/.*"simulator": *"([a-z_]+)".*"of": *"([a-z]+)".*"peer": *"([a-z_]+)".*"port_row": *([0-9]+).*/\1 \2 \3 \4/p' \
                "$SUITE_ROOT/services/services.bzl" 2>/dev/null |
                while read -r simulator service peer row; do
                        [ ! -f "$SUITE_ROOT/tools/$simulator/BUILD" ] || printf '%s %s %s %s\n' "$simulator" "$service" "$peer" "$row"
                done
}
region_simulator_port() { region_simulators | awk -v name="$1" -v base="$PORT_BASE" '$1 == name { print base + $4 }'; }

region_row() { region_services | awk -v name="$1" '$1 == name { print $2 }'; }
region_port() { printf '%d' $((PORT_BASE + $(region_row "$1"))); }
region_operations_port() { printf '%d' $((PORT_BASE + 100 + $(region_row "$1"))); }

# redis_command: sets COMMAND. A cache: nothing is kept, the least used goes first.
redis_command() {
        COMMAND=(redis-server --port 0 --unixsocket "$REGION_REDIS" --unixsocketperm 700 --dir "$SUITE_RUN"
                --save '' --appendonly no --maxmemory 128mb --maxmemory-policy allkeys-lfu --daemonize no --set-proc-title no --loglevel notice)
}

# The program of a service; a sandbox has its own, since no other knows a call that moves the clock.
service_binary() { printf '%s' "$1${REGION_SANDBOX:+_sandbox}"; }

# What a service needs on a development machine beside what all need: services/NAME/development.yaml, if there is one.
service_own_options() {
        local file=$SUITE_ROOT/services/$1/development.yaml
        [ ! -f "$file" ] || sed -e 's/ *#.*//' -e '/^$/d' -e "s|@KEYS@|$REGION_KEYS|g" -e "s|@DATA@|$REGION_DATA/$1|g" "$file"
}

# service_command NAME: writes the service's configuration file and sets COMMAND.
service_command() {
        local name=$1 peer row peers simulator service config=$REGION_CONFIG/$1.yaml
        mkdir -p "$REGION_CONFIG" "$REGION_DATA/$name"
        {
                printf 'listen: "127.0.0.1:%s"\n' "$(region_port "$name")"
                printf 'operations-listen: "127.0.0.1:%s"\n' "$(region_operations_port "$name")"
                printf 'region: "%s"\n' "$REGION"
                printf 'data-dir: "%s"\n' "$REGION_DATA/$name"
                printf 'keys-dir: "%s"\n' "$REGION_KEYS"
                printf 'regions-dir: "%s"\n' "$SUITE_ROOT/regions"
                printf 'redis: "%s"\n' "$REGION_REDIS"
                printf 'service-signing-key: "%s/token-signing.jwk"\n' "$REGION_KEYS"
                [ -z "$REGION_SANDBOX" ] || printf 'sandbox-clock: "%s/clock"\n' "$REGION_DATA"
                peers=''
                while read -r peer row; do
                        [ "$peer" = "$name" ] || peers+="  $peer: \"127.0.0.1:$((PORT_BASE + row))\""$'\n'
                done < <(region_services)
                while read -r simulator service peer row; do
                        [ "$service" != "$name" ] || peers+="  $peer: \"127.0.0.1:$((PORT_BASE + row))\""$'\n'
                done < <(region_simulators)
                [ -z "$peers" ] || printf 'peer:\n%s' "$peers"
                service_own_options "$name"
        } >"$config"
        COMMAND=("$(bazel_bin release)/services/$name/$(service_binary "$name")" --config "$config")
}

# simulator_command NAME SERVICE: sets COMMAND. A bank calls the service back, as an outside system would.
simulator_command() {
        COMMAND=("$(bazel_bin release)/tools/$1/$1" --listen "127.0.0.1:$(region_simulator_port "$1")")
        [ "$1" != bank_simulator ] ||
                COMMAND+=(--"$2" "127.0.0.1:$(region_port "$2")" --signing-key "$REGION_KEYS/token-signing.jwk")
}

# What tells ctl, seed and journey where the region is and with which keys to make tokens; paths are relative to its folder.
region_write_context() {
        local name row separator=''
        mkdir -p "$(dirname -- "$REGION_CONTEXT")"
        {
                printf '{\n  "region": "%s",\n  "sandbox": %s,\n  "keys": "../keys",\n  "services": {' \
                        "$REGION" "$([ -n "$REGION_SANDBOX" ] && echo true || echo false)"
                while read -r name row; do
                        printf '%s\n    "%s": "127.0.0.1:%s"' "$separator" "$name" $((PORT_BASE + row))
                        separator=,
                done < <(
                        region_services
                        region_simulators | awk '{ print $1, $4 }'
                )
                printf '\n  }\n}\n'
        } >"$REGION_CONTEXT.new"
        mv -f "$REGION_CONTEXT.new" "$REGION_CONTEXT"
}

keys_command() { COMMAND=("$(bazel_bin release)/tools/devkeys/devkeys" --dir "$1" --quiet); }
seed_command() { COMMAND=("$(bazel_bin release)/tools/seed/seed" --context "$REGION_CONTEXT" --holders 1000); }
journey_command() { COMMAND=("$(bazel_bin release)/tools/journey/journey" --context "$REGION_CONTEXT"); }
ctl_command() { COMMAND=("$(bazel_bin release)/tools/sscardctl/sscardctl"); }

# has_tool NAME: the tree has that tool's room, so `up` uses it.
has_tool() { [ -f "$SUITE_ROOT/tools/$1/BUILD" ]; }

# service_is_ready NAME: its operations port answers /readyz with 200.
service_is_ready() {
        local line=''
        {
                exec 4<>"/dev/tcp/127.0.0.1/$(region_operations_port "$1")" || return 1
                printf 'GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n' >&4
                read -r -t 2 line <&4 || true
                exec 4>&-
        } 2>/dev/null
        [[ $line == *" 200 "* ]]
}

# What runs now was started with these; read back by down, status, logs and ctl.
region_remember() {
        mkdir -p "$SUITE_VAR/run"
        printf 'REGION=%s\nREGION_SANDBOX=%s\nPORT_BASE=%s\n' "$REGION" "$REGION_SANDBOX" "$PORT_BASE" >"$SUITE_VAR/run/region"
}
region_recall() {
        local key value
        [ -f "$SUITE_VAR/run/region" ] || return 1
        while IFS='=' read -r key value; do
                case "$key" in
                REGION) REGION=$value ;;
                REGION_SANDBOX) REGION_SANDBOX=$value ;;
                PORT_BASE) PORT_BASE=$value ;;
                esac
        done <"$SUITE_VAR/run/region"
}
