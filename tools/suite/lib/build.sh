# shellcheck shell=bash
# Bazel in a mirror: a folder of symlinks to the checkout's top-level entries under an ASCII path (base.sh says why).

MIRROR=$SUITE_CACHE/tree
BAZEL_ROOT=$SUITE_CACHE/bazel
BAZEL_TESTS=$SUITE_RUN/t # TEST_TMPDIR: short, since tests put unix sockets there

mirror_refresh() {
        local entry name
        mkdir -p "$MIRROR"
        for entry in "$MIRROR"/* "$MIRROR"/.[!.]*; do
                name=${entry##*/}
                if [ -L "$entry" ] && { [ ! -e "$entry" ] || [ "$(readlink "$entry")" != "$SUITE_ROOT/$name" ]; }; then
                        rm -f "$entry"
                fi
        done
        for entry in "$SUITE_ROOT"/* "$SUITE_ROOT"/.[!.]*; do
                name=${entry##*/}
                case "$name" in
                .git | var | bazel-* | node_modules | compile_commands.json) continue ;;
                esac
                if [ -e "$entry" ] && [ ! -L "$MIRROR/$name" ]; then
                        ln -s "$entry" "$MIRROR/$name"
                fi
        done
}

# bazel_in BASE ARGUMENTS…: BASE is an output base of its own ("main", "layering"). No home .bazelrc, no descriptor of ours
# (the server would hold the lock), and the server goes by itself when it is forgotten.
bazel_in() {
        local base=$1 compiler=gcc
        shift
        [ "$base" != layering ] || compiler=clang
        mkdir -p "$BAZEL_TESTS"
        (cd "$MIRROR" && CC=$compiler exec bazel --nohome_rc --output_user_root="$BAZEL_ROOT" --output_base="$BAZEL_ROOT/$base" \
                --max_idle_secs=60 "$@" 9>&-)
}

# The outputs of MODE (release, debug, asan, tsan): "bazel-bin".
bazel_bin() { printf '%s/main/execroot/sscard/bazel-out/%s-fastbuild-%s/bin' "$BAZEL_ROOT" "$(bazel_cpu)" "$1"; }
bazel_cpu() { if [ "$(uname -m)" = x86_64 ]; then echo k8; else uname -m; fi; }

# build MODE TARGETS…
build() {
        local mode=$1
        shift
        mirror_refresh
        bazel_in main build --config="$mode" --keep_going --show_progress_rate_limit=2 -- "$@"
}

# Ends the servers that this checkout has started, waiting for the end with a bound.
bazel_stop() {
        local base pid
        for base in main layering; do
                [ -f "$BAZEL_ROOT/$base/server/server.pid.txt" ] || continue
                pid=$(cat "$BAZEL_ROOT/$base/server/server.pid.txt")
                if [ -d "/proc/$pid" ] && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF "$BAZEL_ROOT/$base"; then
                        bazel_in "$base" shutdown >/dev/null 2>&1 || true
                fi
                for _ in $(seq 100); do
                        [ -d "/proc/$pid" ] || break
                        sleep 0.1
                done
        done
}

# compile_commands.json for clang-tidy and editors: what the build would call, from Bazel's own plan.
compile_commands() {
        mirror_refresh
        bazel_in main aquery --config=release --output=jsonproto --keep_going 'mnemonic("CppCompile", //...)' \
                >"$SUITE_CACHE/aquery.json"
        node "$SUITE_ROOT/tools/suite/compile_commands.mjs" "$SUITE_CACHE/aquery.json" "$SUITE_ROOT" \
                "$BAZEL_ROOT/main/execroot/sscard" >"$SUITE_CACHE/compile_commands.json"
        [ ! -w "$SUITE_ROOT" ] || cp "$SUITE_CACHE/compile_commands.json" "$SUITE_ROOT/compile_commands.json"
}
