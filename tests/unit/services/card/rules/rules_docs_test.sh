#!/bin/sh
# The pages in docs/rules are what the tables say: prints each again and compares.
# usage: rules_docs_test.sh PRINT_RULES PAGES_FOLDER
set -eu
printer=$1
folder=$2
failed=0
for page in transitions operations refusals knobs access; do
        if "$printer" "$page" | cmp -s - "$folder/card-$page.md"; then
                echo "ok - docs/rules/card-$page.md"
        else
                echo "not ok - docs/rules/card-$page.md differs from the tables"
                "$printer" "$page" | diff - "$folder/card-$page.md" | head -20
                failed=1
        fi
done
if [ "$failed" -ne 0 ]; then
        echo "run docs/rules/print.sh and look at the difference"
fi
exit "$failed"
