#!/usr/bin/env bash
# ./suite test [quick | NAME…]: builds, lints and tests. Its last line is "N passed, N failed", and nothing stays running.
set -euo pipefail
# shellcheck source=tools/suite/lib/base.sh
. "$SUITE_ROOT/tools/suite/lib/base.sh"
for part in steps install build tests lint; do
        # shellcheck disable=SC1090
        . "$SUITE_ROOT/tools/suite/lib/$part.sh"
done

sets=()
paths=()
for argument in "$@"; do
        case "$argument" in
        quick | lint | unit | asan | tsan | integration) sets+=("$argument") ;;
        -*) usage_error "./suite test does not know $argument." ;;
        *) paths+=("${argument%/}") ;;
        esac
done
if [ "${#sets[@]}" -eq 0 ] && [ "${#paths[@]}" -eq 0 ]; then
        sets=(lint unit integration asan tsan)
fi

wants() { [[ " ${sets[*]:-} " == *" $1 "* ]]; }

checks=()
if wants lint; then checks=("${LINT_ALL[@]}"); fi
if wants quick; then checks=("${LINT_QUICK[@]}"); fi
steps=$((4 + ${#checks[@]}))
if [ "${#sets[@]}" -gt 0 ]; then steps=$((steps + 1)); fi
for phase in unit integration asan tsan; do
        if wants $phase; then steps=$((steps + 1)); fi
done
if wants quick; then steps=$((steps + 1)); fi
if [ "${#paths[@]}" -gt 0 ]; then steps=$((steps + 1)); fi

install_preflight
node_preflight
lock_take test "./suite test $*"
mirror_refresh
trap bazel_stop EXIT
rm -rf "$SUITE_LOGS/test"
steps_begin "$steps" test
tally_begin

step "Debian packages" "Look at the log; a repeated run goes on where this one stopped." packages_install
npm_step

# A failed build is counted and shown; what did build is still tested. Named tests build what they need and no more.
if [ "${#sets[@]}" -gt 0 ]; then
        step_run "build (release)" build release //...
        if [ "$STEP_CODE" -eq 0 ]; then
                tally_add build 1 0
        else
                step_show_log 60
                tally_add build 0 1 "bazel build //... (release)"
        fi
fi

find_tests() {
        tests_query "$TESTS_ALL" "$SUITE_LOGS/all" &&
                tests_query "attr(tags, '\bintegration\b', $TESTS_ALL)" "$SUITE_LOGS/integration" &&
                tests_query "attr(tags, '\btsan\b', $TESTS_ALL)" "$SUITE_LOGS/tsan" &&
                tests_query "$TESTS_ALL except attr(tags, '\bno-asan\b', $TESTS_ALL)" "$SUITE_LOGS/asan" || return 1
        # Threads meet in these rooms, whatever the tags of their tests.
        grep -E '^//tests/unit/common/(runtime|store|telemetry|commit|rpc)[:/]' "$SUITE_LOGS/all" | sort -u - "$SUITE_LOGS/tsan" >"$SUITE_LOGS/tsan.all" || true
        mv "$SUITE_LOGS/tsan.all" "$SUITE_LOGS/tsan"
        # What stands under tests/integration is that, whatever its tags.
        grep '^//tests/integration/' "$SUITE_LOGS/all" | sort -u - "$SUITE_LOGS/integration" >"$SUITE_LOGS/integration.all" || true
        mv "$SUITE_LOGS/integration.all" "$SUITE_LOGS/integration"
        comm -23 "$SUITE_LOGS/all" "$SUITE_LOGS/integration" >"$SUITE_LOGS/unit"
        # A path selects every test whose label contains it: services/card takes //tests/unit/services/card/… too,
        # and common/base/arena.c its namesake.
        if [ $# -gt 0 ]; then
                printf '%s\n' "$@" | sed 's#^\./##; s#^//##; s#:#/#; s#\.[a-z]*$##' >"$SUITE_LOGS/patterns"
                awk 'NR == FNR { wanted[$0] = 1; next }
                        { path = $0; sub(":", "/", path); for (name in wanted) if (index(path, name)) { print; next } }' \
                        "$SUITE_LOGS/patterns" "$SUITE_LOGS/all" >"$SUITE_LOGS/named"
        fi
        echo "$(wc -l <"$SUITE_LOGS/all") programs" >&3
}
step "find the tests" "A BUILD file does not load: the log says which." find_tests ${paths[@]+"${paths[@]}"}
if [ "${#paths[@]}" -gt 0 ] && [ ! -s "$SUITE_LOGS/named" ]; then
        fail "No test has ${paths[*]} in its label." "bazel labels look like //tests/unit/common/base:arena_test; see $SUITE_LOGS/all"
fi

for check in ${checks[@]+"${checks[@]}"}; do
        lint_step "$check"
done

run_phase() {
        step_run "$@"
        [ "$STEP_CODE" -eq 0 ] || step_show_log 60
}
sanitizers=(
        "--test_env=ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:allocator_may_return_null=1"
        "--test_env=UBSAN_OPTIONS=print_stacktrace=1"
        "--test_env=LSAN_OPTIONS=suppressions=$MIRROR/tools/suite/sanitizers/lsan.supp:print_suppressions=0"
        "--test_env=TSAN_OPTIONS=suppressions=$MIRROR/tools/suite/sanitizers/tsan.supp:halt_on_error=0:second_deadlock_stack=1"
        "--test_timeout=180,600,1200,3600"
)
if wants unit || wants quick; then
        run_phase "unit tests" tests_run unit release "$SUITE_LOGS/unit"
fi
if [ "${#paths[@]}" -gt 0 ]; then
        run_phase "tests of ${paths[*]}" tests_run named release "$SUITE_LOGS/named"
fi
if wants integration; then
        run_phase "integration tests" tests_run integration release "$SUITE_LOGS/integration"
fi
if wants asan; then
        run_phase "all tests under ASan and UBSan" tests_run asan asan "$SUITE_LOGS/asan" "${sanitizers[@]}"
fi
if wants tsan; then
        run_phase "threads under TSan" tests_run tsan tsan "$SUITE_LOGS/tsan" "${sanitizers[@]}"
fi
tests_leave_nothing
step_run "stop Bazel" bazel_stop
tally_print
