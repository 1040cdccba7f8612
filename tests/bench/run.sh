#!/usr/bin/env bash
# run.sh [ROW…] [--json FILE] [--rounds N] [--ms N]: measures the built release against its peers.
# SUITE_BIN is Bazel's output folder of the release build. `run.sh --help` names the rows.
set -euo pipefail
exec node "$(dirname "$0")/run.mjs" "$@"
