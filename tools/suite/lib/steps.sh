# shellcheck shell=bash disable=SC2034
# Steps with progress: "step 3 of 9", what is at work and for how long, the end of the log when one fails.
# On a terminal one line moves; elsewhere a plain line every half minute.

STEP_NOW=0
STEP_COUNT=0
STEP_LOG=''
STEP_SECONDS=0
STEP_CODE=0
STEPS_BEGAN=$SECONDS
STEP_PROCESS=''

# steps_begin COUNT FOLDER: FOLDER below $SUITE_LOGS takes one log a step.
steps_begin() {
        STEP_COUNT=$1
        STEP_FOLDER=$SUITE_LOGS/$2
        STEP_NOW=0
        STEPS_BEGAN=$SECONDS
        rm -rf "$STEP_FOLDER"
        mkdir -p "$STEP_FOLDER"
        trap 'step_interrupted' INT TERM HUP
}

step_interrupted() {
        trap '' INT TERM HUP
        if [ -n "$STEP_PROCESS" ]; then
                kill -INT -- "-$STEP_PROCESS" 2>/dev/null || true
                wait "$STEP_PROCESS" 2>/dev/null || true
        fi
        printf '\n%sInterrupted.%s\n' "$YELLOW" "$PLAIN" >&2
        exit 130
}

# The newest sign of life: Bazel's "[12 / 80] Compiling …", or else the last line.
step_activity() {
        tail -n 20 "$STEP_LOG" 2>/dev/null | grep -av '^[[:space:]]*$' | tail -n 1 | tr -d '\r\t' | cut -c1-"$1"
}

step_watch() {
        local name=$1 process=$2 began=$SECONDS next=30 width elapsed
        width=$(($(tput cols 2>/dev/null || echo 100) - ${#name} - 24))
        [ "$width" -ge 20 ] || width=20
        while kill -0 "$process" 2>/dev/null; do
                elapsed=$((SECONDS - began))
                if [ -n "$SUITE_TTY" ]; then
                        printf '\r\e[K[%d/%d] %s %s%s %s%s' "$STEP_NOW" "$STEP_COUNT" "$name" "$DIM" \
                                "$(seconds_text $elapsed)" "$(step_activity "$width")" "$PLAIN"
                elif [ "$elapsed" -ge "$next" ]; then
                        next=$((next + 30))
                        printf '      … %s, %s: %s\n' "$name" "$(seconds_text $elapsed)" "$(step_activity 110)"
                fi
                if [ "$elapsed" -lt 2 ]; then sleep 0.05; else sleep 0.2; fi
        done
}

# step_run NAME COMMAND…: runs it as a step; its exit code is in STEP_CODE, its output in STEP_LOG. Not to be called in a
# condition: the shell would then not stop the step at its first error.
# The last line that it writes to descriptor 3 stands in the summary line.
step_run() {
        local name=$1 note
        shift
        STEP_NOW=$((STEP_NOW + 1))
        STEP_LOG=$STEP_FOLDER/$(printf '%02d' "$STEP_NOW")-${name//[^A-Za-z0-9]/-}.log
        local began=$SECONDS notes=$STEP_LOG.note
        : >"$STEP_LOG"
        : >"$notes"
        [ -n "$SUITE_TTY" ] || printf '[%d/%d] %s\n' "$STEP_NOW" "$STEP_COUNT" "$name"
        set -m # its own process group: an interrupt reaches all of it
        (set -e && "$@") </dev/null >>"$STEP_LOG" 2>&1 3>>"$notes" &
        STEP_PROCESS=$!
        set +m
        step_watch "$name" "$STEP_PROCESS"
        STEP_CODE=0
        wait "$STEP_PROCESS" || STEP_CODE=$?
        STEP_PROCESS=''
        STEP_SECONDS=$((SECONDS - began))
        note=$(tail -n 1 "$notes")
        rm -f "$notes"
        [ -z "$SUITE_TTY" ] || printf '\r\e[K'
        if [ "$STEP_CODE" -eq 0 ]; then
                printf '%s[%d/%d] ✓ %s%s %s%s\n' "$GREEN" "$STEP_NOW" "$STEP_COUNT" "$name" "$PLAIN" \
                        "$(seconds_text $STEP_SECONDS)" "${note:+ · $note}"
        else
                printf '%s[%d/%d] ✗ %s%s %s%s\n' "$RED" "$STEP_NOW" "$STEP_COUNT" "$name" "$PLAIN" \
                        "$(seconds_text $STEP_SECONDS)" "${note:+ · $note}"
        fi
}

# step_show_log LINES: the end of the last step's log, for a failure.
step_show_log() {
        printf '%s--- the last lines of %s%s\n' "$DIM" "$STEP_LOG" "$PLAIN"
        grep -avE '^(Loading:|Analyzing:|\[[0-9,]+ / [0-9,]+\]|INFO: From )' "$STEP_LOG" | tail -n "$1" | sed 's/^/    /'
        printf '%s---%s\n' "$DIM" "$PLAIN"
}

# step NAME ADVICE COMMAND…: a step without which the rest makes no sense.
step() {
        local name=$1 advice=$2
        shift 2
        step_run "$name" "$@"
        if [ "$STEP_CODE" -ne 0 ]; then
                step_show_log 30
                fail "$name failed (step $STEP_NOW of $STEP_COUNT)." "$advice" "whole log: $STEP_LOG"
        fi
}
