#!/bin/sh
# The pages in docs/rules are what the tables say: prints each again and compares.
# usage: rules_docs_test.sh PRINT_RULES PAGES_FOLDER [SERVICE PAGE…]
set -eu
printer=$1
folder=$2
service=${3:-card}
shift 2
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- transitions operations refusals knobs access
failed=0
for page in "$@"; do
        if "$printer" "$page" | cmp -s - "$folder/$service-$page.md"; then
                echo "ok - docs/rules/$service-$page.md"
        else
                echo "not ok - docs/rules/$service-$page.md differs from the tables"
                "$printer" "$page" | diff - "$folder/$service-$page.md" | head -20
                failed=1
        fi
done
if [ "$failed" -ne 0 ]; then
        echo "run docs/rules/print.sh and look at the difference"
fi
exit "$failed"
