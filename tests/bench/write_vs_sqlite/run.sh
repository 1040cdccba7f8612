#!/usr/bin/env bash
# write_vs_sqlite: durable ReportLoss a second at 128 in flight, through the whole service, against a bare loop that
# commits the same rows in groups of the same size. Prints one line of JSON, as ./suite bench writes it; the rest goes
# to stderr. The order is A B B A; a round beside which something else ran is thrown away and done again.
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
# measured COMMAND…: its line of JSON in RESULT; again if it was disturbed.
measured() {
        local machine own foreign began all
        for _ in $(seq "$TRIES"); do
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

# A card is reported lost once; a disturbed round has used its cards, too.
SEED=0
people_more() {
        local seed pids=()
        for seed in $(seq "$IMPORTS"); do
                SEED=$((SEED + 1))
                "$SUITE_BIN/tools/seed/seed" --context context.json --count $((PEOPLE / IMPORTS)) --seed "$SEED" \
                        >"seed.$seed.log" &
                pids+=($!)
        done
        for seed in "${pids[@]}"; do wait "$seed" || give_up "seed: $(cat seed.*.log)"; done
}
normal_cards() { sqlite3 -readonly data/card.db 'SELECT count(*) FROM card WHERE state = 5' 2>/dev/null || echo 0; }

DISTURBED=false
OURS=() PEER=()
ours() {
        local token=hotline.token
        "$SUITE_BIN/tools/devkeys/devkeys" token --dir keys --role HOTLINE --channels PHONE_12333 --region 330000 \
                --subject hotline-12333 --operator-id 4711 --assurance 2 >"$token"
        ours_once() {
                [ "$(normal_cards)" -gt $((PEOPLE / 2)) ] || people_more
                "$BENCH/report_loss_load" --target "127.0.0.1:$PORT" --database data/card.db --token "$token" \
                        --in-flight "$IN_FLIGHT" --ms "$ROUND_MS"
        }
        local batches groups
        batches=$(metric sscard_store_batches_total) groups=$(metric sscard_store_groups_total)
        measured ours_once
        GROUP=$((($(metric sscard_store_batches_total) - batches) / ($(metric sscard_store_groups_total) - groups)))
        [ "$GROUP" -gt 0 ] || GROUP=1
        OURS+=("$(number_in "$RESULT" writes_per_s)")
        say "  ours: $RESULT, $GROUP a commit"
}
peer() {
        peer_once() {
                rm -rf peer && cp -r peer.seed peer
                "$BENCH/bare_sqlite" peer "$PEOPLE" "$GROUP" "$((ROUND_MS < 1000 ? 1 : ROUND_MS / 1000))"
        }
        measured peer_once
        PEER+=("$(number_in "$RESULT" writes_per_s)")
        say "  bare: $RESULT"
}

say "write_vs_sqlite: $PEOPLE people"
"$SUITE_BIN/tools/devkeys/devkeys" --dir keys --quiet
redis-server --port 0 --unixsocket "$WORK/redis" --save '' --appendonly no --maxmemory 512mb \
        --maxmemory-policy allkeys-lfu --daemonize no >redis.log 2>&1 &
PIDS[redis]=$!
eventually redis-cli -s "$WORK/redis" ping
mkdir data
"$SUITE_BIN/services/card/card" --listen 127.0.0.1:0 --operations-listen 127.0.0.1:0 --keys-dir keys --data-dir data \
        --redis "$WORK/redis" --log-format json >card.log 2>&1 &
PIDS[card]=$!
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
eventually serves
PORT=$(port)
printf '{"region": "330000", "keys": "keys", "services": {"card": "127.0.0.1:%s"}}\n' "$PORT" >context.json
people_more
"$BENCH/seed" "$(mkdir -p peer.seed && echo peer.seed)" "$PEOPLE"

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
