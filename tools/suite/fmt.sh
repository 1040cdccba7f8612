#!/usr/bin/env bash
# ./suite fmt [FILE…]: lays out C, BUILD files and protos in place; without names, all of them.
set -euo pipefail
# shellcheck source=tools/suite/lib/base.sh
. "$SUITE_ROOT/tools/suite/lib/base.sh"
for part in install lint; do
        # shellcheck disable=SC1090
        . "$SUITE_ROOT/tools/suite/lib/$part.sh"
done

command -v clang-format >/dev/null || fail "clang-format is missing." "./suite test quick installs it."
if [ $# -gt 0 ]; then
        files=()
        for file in "$@"; do
                [ -f "$file" ] || fail "There is no file $file."
                files+=("$(realpath -- "$file")")
        done
else
        cd "$SUITE_ROOT"
        mapfile -d '' -t files < <(source_files '*.c' '*.h' '*.cpp' BUILD '*/BUILD' WORKSPACE '*.bzl')
fi

code=()
build_files=()
for file in "${files[@]}"; do
        case "${file##*/}" in
        *.c | *.h | *.cpp) code+=("$file") ;;
        BUILD | WORKSPACE | *.bzl) build_files+=("$file") ;;
        esac
done
[ "${#code[@]}" -eq 0 ] || clang-format -i -- "${code[@]}"
if [ "${#build_files[@]}" -gt 0 ]; then
        buildifier=$SUITE_CACHE/npm/node_modules/.bin/buildifier
        if [ -x "$buildifier" ]; then
                "$buildifier" --mode=fix "${build_files[@]}"
        else
                warn "buildifier is not installed yet (./suite lint installs it): ${#build_files[@]} BUILD files left as they are."
        fi
fi
say "${#code[@]} C files, ${#build_files[@]} build files"
