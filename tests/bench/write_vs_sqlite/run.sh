#!/usr/bin/env bash
# write_vs_sqlite: durable ReportLoss a second at 128 in flight, through the whole service, against a bare loop that
# commits the same rows, for the same cards, in groups of the same size. Each round begins with a copy of one database
# that the service itself has filled: what a write costs depends on how many pages there are to hit. Prints one line of
# JSON, as ./suite bench writes it; the rest goes to stderr. The order is A B B A; a round beside which something else
# ran is thrown away and done again.
#
#   SUITE_BIN=<bazel-bin> run.sh [--quick]
set -euo pipefail

: "${SUITE_BIN:?the folder of the built binaries}"
BAR=0.6
IN_FLIGHT=128
PEOPLE=60000
ROUND_MS=2500
ROUNDS=2
TRIES=8
IMPORTS=6 # at a time: each goes on by one holder after the other
FOREIGN_PERCENT_MAX=${FOREIGN_PERCENT_MAX:-8}
if [ "${1:-}" = --quick ]; then
        PEOPLE=12000 ROUND_MS=700 ROUNDS=1
fi

BENCH=$SUITE_BIN/tests/bench/write_vs_sqlite
WORK=$(mktemp -d "${TMPDIR:-/tmp}/write_vs_sqlite.XXXXXX")
declare -A PIDS
end_all() {
        local name
        for name in "${!PIDS[@]}"; do kill "${PIDS[$name]}" 2>/dev/null || true; done
        wait
        rm -rf "$WORK"
}
trap end_all EXIT
cd "$WORK"

say() { printf '%s\n' "$*" >&2; }
give_up() {
        say "write_vs_sqlite: $*"
        exit 1
}
eventually() {
        local _
        for _ in $(seq 200); do
                "$@" >/dev/null 2>&1 && return
                sleep 0.1
        done
        give_up "waited in vain: $*"
}
number_in() { sed -n "s/.*\"$2\": \([0-9.]*\).*/\1/p" <<<"$1"; }

# CPU in clock ticks: of the whole machine (interrupts are nobody's), and of us with our servers.
machine_ticks() { awk '$1 == "cpu" { print $2 + $3 + $4 + $9 }' /proc/stat; }
own_ticks() {
        local total pid
        total=$(awk '{ sub(/.*\) /, ""); print $12 + $13 + $14 + $15 }' "/proc/$$/stat")
        for pid in "${PIDS[@]}"; do
                total=$((total + $(awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$pid/stat")))
        done
        echo "$total"
}

THROWN_AWAY=0
# measured COMMAND…: prepare, then its line of JSON in RESULT; again if it was disturbed.
measured() {
        local machine own foreign began all
        for _ in $(seq "$TRIES"); do
                prepare
                machine=$(machine_ticks) own=$(own_ticks) began=$(date +%s%N)
                "$@" >result.json
                RESULT=$(cat result.json)
                foreign=$(($(machine_ticks) - machine - ($(own_ticks) - own)))
                all=$((($(date +%s%N) - began) * $(nproc) / 10000000))
                [ $((foreign * 100)) -le $((all * FOREIGN_PERCENT_MAX)) ] && return
                THROWN_AWAY=$((THROWN_AWAY + 1))
                say "  round thrown away: others ran $((foreign * 100 / all)) % of the time"
        done
        DISTURBED=true
}

people_import() {
        local seed pids=()
        for seed in $(seq "$IMPORTS"); do
                "$SUITE_BIN/tools/seed/seed" --context context.json --count $((PEOPLE / IMPORTS)) --seed "$seed" \
                        >"seed.$seed.log" &
                pids+=($!)
        done
        for seed in "${pids[@]}"; do wait "$seed" || give_up "seed: $(cat seed.*.log)"; done
}
copy_of_seeded() {
        rm -rf "$1"
        cp -r seeded "$1"
        sync "$1"/*
}

port() { sed -n 's/.*"event":"serving".*"port":\([0-9]*\).*/\1/p' card.log; }
operations_port() { sed -n 's/.*"event":"serving".*"operations_port":\([0-9]*\).*/\1/p' card.log; }
# metric NAME: a counter of the service, as a whole number.
metric() {
        exec 3<>"/dev/tcp/127.0.0.1/$(operations_port)"
        printf 'GET /metrics HTTP/1.0\r\n\r\n' >&3
        awk -v name="$1" '$1 ~ "^" name { print int($2) }' <&3
        exec 3>&-
}
serves() { [ -n "$(port)" ]; }
is_trusted() { [ "$(metric sscard_cache_trusted)" = 1 ]; }
service_start() {
        : >card.log
        redis-cli -s "$WORK/redis" flushall >/dev/null # what it knows may be of another copy's future
        "$SUITE_BIN/services/card/card" --listen 127.0.0.1:0 --operations-listen 127.0.0.1:0 --keys-dir keys \
                --data-dir "$1" --redis "$WORK/redis" --log-format json >card.log 2>&1 &
        PIDS[card]=$!
        eventually serves
        eventually is_trusted
}
service_stop() {
        kill "${PIDS[card]}"
        wait "${PIDS[card]}" || give_up "the service ended badly: $(tail -n 3 card.log)"
        unset 'PIDS[card]'
}

DISTURBED=false
OURS=() PEER=()
ours_once() {
        "$BENCH/report_loss_load" --target "127.0.0.1:$(port)" --database data/card.db --token hotline.token \
                --in-flight "$IN_FLIGHT" --ms "$ROUND_MS"
}
ours() {
        local batches groups
        prepare() {
                [ -z "${PIDS[card]:-}" ] || service_stop
                copy_of_seeded data
                service_start data
                batches=$(metric sscard_store_batches_total) groups=$(metric sscard_store_groups_total)
        }
        measured ours_once
        GROUP=$((($(metric sscard_store_batches_total) - batches) / ($(metric sscard_store_groups_total) - groups)))
        [ "$GROUP" -gt 0 ] || GROUP=1
        service_stop
        OURS+=("$(number_in "$RESULT" writes_per_s)")
        say "  ours: $RESULT, $GROUP a commit"
}
peer() {
        prepare() { copy_of_seeded peer; }
        measured "$BENCH/bare_sqlite" peer "$GROUP" "$ROUND_MS"
        PEER+=("$(number_in "$RESULT" writes_per_s)")
        say "  bare: $RESULT"
}

say "write_vs_sqlite: $PEOPLE people"
"$SUITE_BIN/tools/devkeys/devkeys" --dir keys --quiet
redis-server --port 0 --unixsocket "$WORK/redis" --save '' --appendonly no --maxmemory 512mb \
        --maxmemory-policy allkeys-lfu --daemonize no >redis.log 2>&1 &
PIDS[redis]=$!
eventually redis-cli -s "$WORK/redis" ping
"$SUITE_BIN/tools/devkeys/devkeys" token --dir keys --role HOTLINE --channels PHONE_12333 --region 330000 \
        --subject hotline-12333 --operator-id 4711 --assurance 2 >hotline.token
mkdir seeded
service_start seeded
printf '{"region": "330000", "keys": "keys", "services": {"card": "127.0.0.1:%s"}}\n' "$(port)" >context.json
people_import
service_stop

GROUP=1 # so many a commit as the last round of ours had
for _ in $(seq "$ROUNDS"); do
        ours
        peer
        peer
        ours
done

printf '%s\n' "${OURS[@]}" >ours.txt
printf '%s\n' "${PEER[@]}" >peer.txt
awk -v bar=$BAR -v thrown="$THROWN_AWAY" -v disturbed=$DISTURBED -v group=$GROUP '
        FILENAME == "ours.txt" { ours += $1; n++ }
        FILENAME == "peer.txt" { peer += $1; m++ }
        END {
                ratio = ours / n / (peer / m)
                printf "{\"write_vs_sqlite\": {\"ratio\": %.3f, \"bar\": %s, \"pass\": %s, \"ours\": %.0f, \"peer\": %.0f, " \
                        "\"unit\": \"durable writes/s\", \"group\": %d, \"thrown_away\": %d, \"disturbed\": %s}}\n",
                        ratio, bar, (ratio >= bar ? "true" : "false"), ours / n, peer / m, group, thrown, disturbed
        }' ours.txt peer.txt
