#!/usr/bin/env bash
# A region of real processes: seed fills it, again without an effect; the journey goes as the rules say.
# shellcheck source=tests/integration/suite/tap.sh
. tests/integration/suite/tap.sh

PEOPLE=300
declare -A PIDS
end_all() {
        local name
        for name in "${!PIDS[@]}"; do kill "${PIDS[$name]}" 2>/dev/null; done
        wait
}
trap end_all EXIT
cd "$SCRATCH" || exit 1
# A socket's path has 107 bytes; the scratch folder may lie deeper.
SOCKETS=$(mktemp -d /tmp/journey.XXXXXX)

redis_begin() {
        redis-server --port 0 --unixsocket "$SOCKETS/redis" --save '' --appendonly no --daemonize no >redis.log 2>&1 &
        PIDS[redis]=$!
        eventually redis-cli -s "$SOCKETS/redis" ping
}
redis_end() {
        kill "${PIDS[redis]}"
        wait "${PIDS[redis]}"
        unset 'PIDS[redis]'
}

port_in() { sed -n 's/.*"event":"serving".*"port":\([0-9]*\).*/\1/p' "$1.log"; }
serves() { [ -n "$(port_in "$1")" ]; }
# service_begin NAME [FLAG…]
service_begin() {
        local name=$1
        shift
        mkdir -p "data/$name"
        "$TREE/services/$name/$name" --listen 127.0.0.1:0 --operations-listen 127.0.0.1:0 --keys-dir keys \
                --data-dir "data/$name" --redis "$SOCKETS/redis" --log-format json "$@" >"$name.log" 2>&1 &
        PIDS[$name]=$!
        eventually serves "$name"
}

# context FILE KEYS NAME…: of these services.
context() {
        local file=$1 keys=$2 name separator=''
        shift 2
        {
                printf '{"region": "330000", "keys": "%s", "services": {' "$keys"
                for name in "$@"; do
                        printf '%s"%s": "127.0.0.1:%s"' "$separator" "$name" "$(port_in "$name")"
                        separator=', '
                done
                printf '}}\n'
        } >"$file"
}

seed() { "$TREE/tools/seed/seed" --context context.json --count "$PEOPLE" "$@" | tee seed.log; }
journey() { "$TREE/tools/journey/journey" --lang en "$@" | tee journey.log; }
says() { grep -qF -- "$2" "$1"; }

start() {
        "$TREE/tools/devkeys/devkeys" --dir keys --quiet && redis_begin && service_begin card &&
                service_begin credential --peer "card=127.0.0.1:$(port_in card)" --service-signing-key keys/token-signing.jwk \
                        --pkcs11-pin-file keys/token.pin --softhsm-tokens "$PWD/keys/tokens" --pin-printer-key keys/pin-printer.pub &&
                service_begin status --peer "card=127.0.0.1:$(port_in card)" --peer "credential=127.0.0.1:$(port_in credential)" --service-signing-key keys/token-signing.jwk &&
                context context.json keys card credential status && context alone.json keys card
}
# Not by check: its processes would be children of a subshell that is gone.
start || exit 1

fills() { seed && says seed.log "$PEOPLE people taken over, 0 known already, 0 refused"; }
check "seed takes everybody over" fills
known() { seed && says seed.log "0 people taken over, $PEOPLE known already, 0 refused" && says seed.log "1 of 1 batches were answered before"; }
check "S1: a repeated seed changes nothing" known
known_otherwise() { seed --batch 70 && says seed.log "0 people taken over, $PEOPLE known already, 0 refused"; }
check "R42: people are known again under other request ids" known_otherwise

goes_well() { journey --context context.json --seed 7 && says journey.log "all as the rules say"; }
check "the journey goes as the rules say" goes_well
asked() { ! says journey.log "this region has no status service" && says journey.log "5 skipped"; }
check "with a status service no question is skipped" asked
says_what_is_missing() {
        local name
        for name in bank ecard; do says journey.log "this region has no $name service" || return 1; done
}
check "what a region does not run is named and skipped" says_what_is_missing
plain() { ! grep -q $'\033' journey.log; }
check "without a terminal there are no colours" plain
next_person() { goes_well && says journey.log "has a card already: the next person"; }
check "the same seed again tells it of the next person" next_person
speaks_chinese() { "$TREE/tools/journey/journey" --context context.json --lang zh | tee journey.log && says journey.log "全部符合规则"; }
check "S12: it speaks Chinese" speaks_chinese

redis_end
redis_begin
check "after a restart of Redis, still untrusted, it goes as well" goes_well

alone() { journey --context alone.json && says journey.log "this region has no status service" && says journey.log "all as the rules say"; }
check "without a status service it skips the questions and says so" alone
foreign() {
        local code=0
        "$TREE/tools/devkeys/devkeys" --dir foreign --quiet
        context foreign.json foreign card
        journey --context foreign.json || code=$?
        [ "$code" -eq 1 ] && says journey.log "UNAUTHENTICATED" && says journey.log "not told to the end"
}
check "with foreign keys it says what differs, and fails" foreign
nowhere() {
        local code=0
        journey --context nowhere.json || code=$?
        [ "$code" -eq 3 ]
}
check "without a region it says so" nowhere

rm -rf "$SOCKETS"
tap_end
