#!/usr/bin/env bash
# ./suite lint [NAME… | --list]: the checks of the source alone.
set -euo pipefail
# shellcheck source=tools/suite/lib/base.sh
. "$SUITE_ROOT/tools/suite/lib/base.sh"
for part in steps install build tests lint; do
        # shellcheck disable=SC1090
        . "$SUITE_ROOT/tools/suite/lib/$part.sh"
done

checks=()
for argument in "$@"; do
        case "$argument" in
        --list)
                for check in "${LINT_ALL[@]}"; do printf '%-12s %s\n' "$check" "${LINT_TITLES[$check]}"; done
                exit 0
                ;;
        *)
                [ -n "${LINT_TITLES[$argument]:-}" ] || usage_error "There is no check \"$argument\"; ./suite lint --list"
                checks+=("$argument")
                ;;
        esac
done
[ "${#checks[@]}" -gt 0 ] || checks=("${LINT_ALL[@]}")

install_preflight
node_preflight
lock_take test "./suite lint $*"
trap bazel_stop EXIT
steps_begin $((3 + ${#checks[@]})) lint
tally_begin
step "Debian packages" "Look at the log; a repeated run goes on where this one stopped." packages_install
npm_step
# Generated headers and object files are what some checks look at.
step_run "build (release)" build release //...
[ "$STEP_CODE" -eq 0 ] || step_show_log 40
for check in "${checks[@]}"; do
        lint_step "$check"
done
tally_print
