#!/bin/sh
# Prints the pages of this folder anew from the tables of the rules.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
bazel build //tests/unit/services/card/rules:print_rules //tests/unit/services/bank/rules:print_rules \
        //tests/unit/services/ecard/rules:print_rules
printers=$(bazel info bazel-bin)/tests/unit/services
for page in transitions operations refusals knobs access; do
        "$printers/card/rules/print_rules" "$page" >"$here/card-$page.md"
done
for page in transitions operations refusals; do
        "$printers/bank/rules/print_rules" "$page" >"$here/bank-$page.md"
done
for page in gate operations refusals; do
        "$printers/ecard/rules/print_rules" "$page" >"$here/ecard-$page.md"
done
