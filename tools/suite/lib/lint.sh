# shellcheck shell=bash disable=SC2034
# The checks of the source. Each is a function lint_<name>: findings on stdout, exit code 1 when there are any.

LINT_QUICK=(format house links shell)
LINT_ALL=(format house links shell buildifier protos breaking layering storeys branches tidy)

lint_format() {
        local files
        mapfile -d '' -t files < <(source_files '*.c' '*.h' '*.cpp')
        [ "${#files[@]}" -gt 0 ] || return 0
        (cd "$SUITE_ROOT" && clang-format --dry-run -Werror -- "${files[@]}") || {
                echo "→ ./suite fmt puts it right"
                return 1
        }
}

# Tracked files and new ones that nobody ignores, NUL-separated, relative to the checkout.
source_files() {
        (cd "$SUITE_ROOT" && git -c safe.directory="*" ls-files -z --cached --others --exclude-standard -- "$@" |
                while IFS= read -r -d '' file; do [ ! -f "$file" ] || printf '%s\0' "$file"; done)
}

lint_house() { node "$SUITE_ROOT/tools/lint/house.mjs" "$SUITE_ROOT" "$(bazel_bin release)" "$TALLY"; }
lint_links() { node "$SUITE_ROOT/tools/lint/links.mjs" "$SUITE_ROOT"; }

lint_shell() {
        local files
        mapfile -d '' -t files < <(source_files '*.sh' suite .ci/run tools/suite/pre-commit)
        (cd "$SUITE_ROOT" && shellcheck --external-sources --source-path=SCRIPTDIR --source-path=. -- "${files[@]}")
}

lint_buildifier() {
        local files
        mapfile -d '' -t files < <(source_files BUILD '*/BUILD' WORKSPACE '*.bzl')
        (cd "$SUITE_ROOT" && "$SUITE_CACHE/npm/node_modules/.bin/buildifier" --mode=check --lint=warn \
                --warnings=-module-docstring,-function-docstring,-native-sh-test,-native-cc-library,-native-cc-test,-native-cc-binary "${files[@]}") || {
                echo "→ ./suite fmt puts the layout right"
                return 1
        }
}

lint_protos() {
        if [ ! -f "$SUITE_ROOT/proto/buf.yaml" ]; then
                echo "no proto/buf.yaml yet" >&3
                return 0
        fi
        (cd "$SUITE_ROOT/proto" && "$SUITE_CACHE/npm/node_modules/@bufbuild/buf-linux-$(npm_cpu)/bin/buf" lint)
}

# The API against the one that clients may already hold. The check checks itself: a field with another number must be refused.
lint_breaking() {
        local buf broken=$SUITE_LOGS/broken_protos
        buf=$SUITE_CACHE/npm/node_modules/@bufbuild/buf-linux-$(npm_cpu)/bin/buf
        (cd "$SUITE_ROOT/proto" && "$buf" breaking --against baseline.binpb) || return 1
        rm -rf "$broken"
        cp -r "$SUITE_ROOT/proto" "$broken"
        sed -i 's/^  string name = 1;/  string name = 999;/' "$broken/sscard/card/v1/card.proto"
        if (cd "$broken" && "$buf" breaking --against baseline.binpb >/dev/null 2>&1); then
                echo "buf breaking lets a renumbered field through"
                return 1
        fi
        rm -rf "$broken"
}

# Bazel lists the system's headers once, when it looks for the compiler: with other packages it has to look again.
layering_look_again() {
        local known=$BAZEL_ROOT/layering.packages
        cmp -s "$SUITE_ROOT/tools/suite/packages.txt" "$known" && return 0
        if [ -d "$BAZEL_ROOT/layering" ]; then
                bazel_in layering shutdown || return 1
                chmod -R u+w "$BAZEL_ROOT/layering"
                rm -rf "$BAZEL_ROOT/layering"
        fi
        mkdir -p "$BAZEL_ROOT"
        cp "$SUITE_ROOT/tools/suite/packages.txt" "$known"
}

# An #include needs a `deps` line of its own; what only a transitive dependency brings is refused by clang's module maps.
lint_layering() {
        mirror_refresh
        layering_look_again || return 1
        bazel_in layering build --config=layering --keep_going --show_progress_rate_limit=2 -- //... || return 1
        # The check checks itself: this target includes what it does not name, so it must not build.
        if bazel_in layering build --config=layering -- //tools/lint/layering_probe:includes_what_it_does_not_name 2>"$SUITE_LOGS/probe"; then
                echo "the layering check lets a forbidden #include through"
                return 1
        fi
        grep -q 'layering_probe.*does not depend on a module exporting\|does not directly depend' "$SUITE_LOGS/probe"
}

# The rules of a service stand on `base` and `policy` alone.
lint_storeys() {
        local found rules bad=0
        for rules in "$SUITE_ROOT"/services/*/rules; do
                [ -f "$rules/BUILD" ] || continue
                rules=${rules#"$SUITE_ROOT"/}
                found=$(bazel_in main query --noshow_progress "kind(cc_library, deps(//$rules) intersect //common/...)") || return 1
                if grep -vE '^(//common/base(:.*)?|//common/policy(:.*)?|)$' <<<"$found"; then
                        echo "→ //$rules may stand on //common/base and //common/policy only"
                        bad=1
                fi
        done
        return "$bad"
}

# 100 % of the branches of the rules, by tests of the rules.
lint_branches() { node "$SUITE_ROOT/tools/lint/branches.mjs" "$SUITE_ROOT" "$SUITE_LOGS/branches"; }

lint_tidy() {
        compile_commands && node "$SUITE_ROOT/tools/lint/tidy.mjs" "$SUITE_ROOT" "$SUITE_CACHE" "$(bazel_bin release)"
}

# Without them some checks fail, the rest goes on.
npm_step() {
        step_run "npm packages" npm_install
        [ "$STEP_CODE" -eq 0 ] && return 0
        step_show_log 15
        warn "  → Is the npm registry reachable? buildifier, buf and the foreign client in Node come from there."
        tally_add build 0 1 "npm packages"
}

declare -A LINT_TITLES=(
        [format]="clang-format" [house]="rules of the house" [links]="links in documents" [shell]="shellcheck"
        [buildifier]="buildifier" [protos]="buf lint" [breaking]="buf breaking" [layering]="layering (clang, module maps)"
        [storeys]="what rules stand on" [branches]="branches of the rules" [tidy]="clang-tidy"
)

# lint_step NAME: the check as a step that is counted; `house` counts its own rules.
lint_step() {
        step_run "${LINT_TITLES[$1]}" "lint_$1"
        if [ "$STEP_CODE" -eq 0 ]; then
                [ "$1" = house ] || tally_add lint 1 0
        else
                step_show_log 60
                [ "$1" = house ] || tally_add lint 0 1 "${LINT_TITLES[$1]}"
        fi
}
