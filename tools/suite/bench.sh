#!/usr/bin/env bash
# ./suite bench [NAME…] [--json FILE]: builds the release and the peers, then measures one against the other in one run.
set -euo pipefail
# shellcheck source=tools/suite/lib/base.sh
. "$SUITE_ROOT/tools/suite/lib/base.sh"
for part in steps install build tests; do
        # shellcheck disable=SC1090
        . "$SUITE_ROOT/tools/suite/lib/$part.sh"
done

[ -f "$SUITE_ROOT/tests/bench/run.mjs" ] || fail "This tree has no tests/bench/run.mjs." "Benches stand in tests/bench/."
install_preflight
node_preflight
lock_take test "./suite bench"
trap bazel_stop EXIT
steps_begin 2 bench
step "Debian packages" "Look at the log; a repeated run goes on where this one stopped." packages_install
step "build (release)" "The log names the file that does not compile." build release //services/... //tools/... //tests/bench/...
bazel_stop # nothing else is to run beside what is measured
SUITE_BIN=$(bazel_bin release)
export SUITE_BIN SUITE_RUN # where the binaries are; a short folder for sockets
code=0
node "$SUITE_ROOT/tests/bench/run.mjs" "$@" 9>&- || code=$?
tests_leave_nothing
exit "$code"
