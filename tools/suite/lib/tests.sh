# shellcheck shell=bash disable=SC2034
# Runs sets of Bazel tests and counts what ran, test by test. A tally file holds one line a phase: name, passed, failed.

TALLY=$SUITE_LOGS/tally

tally_begin() {
        mkdir -p "$SUITE_LOGS"
        : >"$TALLY"
        : >"$TALLY.failed"
        : >"$TALLY.reports"
}

# tally_add PHASE PASSED FAILED [NAME OF WHAT FAILED]
tally_add() {
        printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$TALLY"
        [ -z "${4:-}" ] || printf '%s\t%s\n' "$1" "$4" >>"$TALLY.failed"
}

# The end of every test run: a table, what failed, and the one last line.
tally_print() {
        local passed failed
        passed=$(awk -F'\t' '{ n += $2 } END { print n + 0 }' "$TALLY")
        failed=$(awk -F'\t' '{ n += $3 } END { print n + 0 }' "$TALLY")
        if [ -s "$TALLY.reports" ]; then
                say ""
                cat "$TALLY.reports"
        fi
        say ""
        awk -F'\t' '{ if (!($1 in seen)) { order[++n] = $1; seen[$1] = 1 } p[$1] += $2; f[$1] += $3 }
                END { for (i = 1; i <= n; i++) printf "  %-14s %6d passed  %4d failed\n", order[i], p[order[i]], f[order[i]] }' "$TALLY"
        if [ -s "$TALLY.failed" ]; then
                say ""
                say "Failed:"
                awk -F'\t' '{ printf "  %s: %s\n", $1, $2 }' "$TALLY.failed" | head -n 60
                say ""
                say "Logs: $SUITE_LOGS"
        fi
        say ""
        say "$(seconds_text $((SECONDS - STEPS_BEGAN))) in all"
        printf '%d passed, %d failed\n' "$passed" "$failed"
        [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

# tests_query EXPRESSION FILE: the labels of a set of tests, one a line.
tests_query() {
        local code=0
        bazel_in main query --keep_going --noshow_progress "$1" >"$2.all" || code=$?
        sort -u "$2.all" >"$2"
        rm -f "$2.all"
        # 3: some package does not load; what does load is still tested, and the build step has failed already.
        [ "$code" -eq 0 ] || [ "$code" -eq 3 ]
}

# All tests but the manual ones, by what they are.
TESTS_ALL='tests(//...) except attr(tags, "\bmanual\b", tests(//...))'

# tests_run PHASE MODE LABELS_FILE [BAZEL ARGUMENTS…]
tests_run() {
        local phase=$1 mode=$2 labels=$3 events=$SUITE_LOGS/events-$1.json
        shift 3
        rm -f "$events"
        if [ ! -s "$labels" ]; then
                echo "no tests" >&3
                return 0
        fi
        bazel_in main test --config="$mode" --keep_going --show_progress_rate_limit=2 \
                --test_tmpdir="$BAZEL_TESTS" --build_event_json_file="$events" --build_tests_only \
                --test_env=SUITE_NODE_MODULES="$SUITE_CACHE/npm/node_modules" --test_env=SUITE_NODE="$(command -v node)" \
                --target_pattern_file="$labels" "$@" || true
        node "$SUITE_ROOT/tools/suite/count_tests.mjs" "$events" "$labels" "$phase" "$TALLY"
}

# What a test has left running is a failure of that test; it is named, and ended by its id.
tests_leave_nothing() {
        local environment process left=''
        for environment in /proc/[0-9]*/environ; do
                process=${environment#/proc/}
                process=${process%/environ}
                if grep -qzsF "TEST_TMPDIR=$BAZEL_TESTS/" "$environment" 2>/dev/null; then
                        left+="$process $(tr '\0' ' ' <"/proc/$process/cmdline" 2>/dev/null | cut -c1-120); "
                        kill -KILL "$process" 2>/dev/null || true
                fi
        done
        rm -rf "$BAZEL_TESTS"
        if [ -n "$left" ]; then
                tally_add processes 0 1 "left running by a test: $left"
        else
                tally_add processes 1 0
        fi
}
