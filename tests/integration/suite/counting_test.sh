#!/usr/bin/env bash
# Counting: what a log says is what is counted, and what never ran is a failure.
# shellcheck source=tests/integration/suite/tap.sh
. tests/integration/suite/tap.sh

# count STATUS: counts $SCRATCH/test.log of one test whose overall status is STATUS; prints "passed failed".
count() {
        printf '{"id":{"testSummary":{"label":"//x:y"}},"testSummary":{"overallStatus":"%s","passed":[{"uri":"file://%s"}]}}\n' \
                "$1" "$SCRATCH/test.log" >"$SCRATCH/events"
        echo //x:y >"$SCRATCH/labels"
        rm -f "$SCRATCH/tally" "$SCRATCH/tally.failed"
        "$NODE" "$TREE/tools/suite/count_tests.mjs" "$SCRATCH/events" "$SCRATCH/labels" unit "$SCRATCH/tally" 3>/dev/null
        awk -F'\t' '{ print $2, $3 }' "$SCRATCH/tally"
}

cat >"$SCRATCH/test.log" <<'TEXT'
[==========] Running 3 test(s).
[ RUN      ] one
[       OK ] one
[ RUN      ] two
some words of the program[       OK ] two
[ RUN      ] three
[  SKIPPED ] three
[==========] 3 test(s) run.
[  PASSED  ] 2 test(s).
TEXT
check "each cmocka test is one; a skipped one is none" test "$(count PASSED)" = "2 0"

cat >"$SCRATCH/test.log" <<'TEXT'
[ RUN      ] one
[       OK ] one
[ RUN      ] two
[  ERROR   ] --- 0x1 != 0
[   LINE   ] --- x.c:1: error: Failure!
[  FAILED  ] two
[==========] 2 test(s) run.
[  FAILED  ] 1 test(s), listed below:
[  FAILED  ] two
TEXT
check "a failure is counted once though cmocka names it twice" test "$(count FAILED)" = "1 1"

cat >"$SCRATCH/test.log" <<'TEXT'
[ RUN      ] one
[       OK ] one
[ RUN      ] two
AddressSanitizer:DEADLYSIGNAL
TEXT
check "a test that died on its way has failed" test "$(count FAILED)" = "1 1"

printf 'ok 1 - one\nnot ok 2 - two\nok 3 - three\n1..3\n' >"$SCRATCH/test.log"
check "TAP lines are counted" test "$(count FAILED)" = "2 1"

printf 'talk\n7 passed, 0 failed\n' >"$SCRATCH/test.log"
check "a closing line with figures is believed" test "$(count PASSED)" = "7 0"

printf 'nothing of the kind\n' >"$SCRATCH/test.log"
check "a silent program that passes is one test" test "$(count PASSED)" = "1 0"
check "a silent program that times out is one failure" test "$(count TIMEOUT)" = "0 1"

printf '[ RUN      ] one\n[       OK ] one\n' >"$SCRATCH/test.log"
check "a program that fails after its tests is a failure all the same" test "$(count FAILED)" = "1 1"

not_built() {
        : >"$SCRATCH/events"
        echo //x:y >"$SCRATCH/labels"
        rm -f "$SCRATCH/tally"
        ! "$NODE" "$TREE/tools/suite/count_tests.mjs" "$SCRATCH/events" "$SCRATCH/labels" unit "$SCRATCH/tally" 3>/dev/null &&
                grep -q '^unit.0.1$' "$SCRATCH/tally" && grep -q 'not built' "$SCRATCH/tally.failed"
}
check "a test that was not built has failed" not_built

tap_end
