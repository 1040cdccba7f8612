#!/bin/sh
# Prints the pages of this folder anew from the tables of the rules.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
bazel build //tests/unit/services/card/rules:print_rules
printer=$(bazel info bazel-bin)/tests/unit/services/card/rules/print_rules
for page in transitions operations refusals knobs access; do
        "$printer" "$page" >"$here/card-$page.md"
done
