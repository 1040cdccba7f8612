#!/bin/sh
# A good pack is shown, a bad one is refused with everything that is wrong, and usage is told.
set -eu
check=$1
failed=0
expect() {
        if ! printf '%s' "$2" | grep -q -- "$1"; then
                echo "not ok: \"$1\" is not in: $2"
                failed=1
        fi
}

said=$("$check" regions 330000)
expect '330000 Zhejiang: version 2026' "$said"
expect 'card.temp_loss_days: 10 (A3)' "$said"

folder=$(mktemp -d "${TEST_TMPDIR:-/tmp}/packs.XXXXXX")
cp regions/national.yaml regions/330000.yaml "$folder"
chmod u+w "$folder"/*.yaml
sed -i 's/    temp_loss_days: 10/    temp_loss_days: 5\n    collect_by_agents: false/; s/counters: \[BANK_BRANCH\]/counters: [BANK]/' "$folder/330000.yaml"
code=0
said=$("$check" "$folder" 330000 2>&1) || code=$?
[ "$code" = 1 ] || { echo "not ok: exit code $code"; failed=1; }
expect '330000.yaml:11: there is no knob collect_by_agents in card' "$said"
expect 'there is no channel BANK' "$said"

sed -i 's/    collect_by_agents: false//; s/counters: \[BANK\]/counters: [BANK_BRANCH]/' "$folder/330000.yaml"
expect 'card.temp_loss_days: 5 \* (A3)' "$("$check" "$folder" 330000)"

code=0
"$check" regions 33 2>/dev/null || code=$?
[ "$code" = 2 ] || { echo "not ok: exit code $code"; failed=1; }
rm -r "$folder"
exit "$failed"
