# shellcheck shell=bash disable=SC2034
# Where things are and how the suite speaks. Sourced by every command; starts nothing.

# Sets: SUITE_ROOT (checkout) SUITE_HASH SUITE_CACHE (ASCII, built things) SUITE_RUN (short, sockets and locks) SUITE_VAR (data).

set -euo pipefail
export LC_ALL=C.UTF-8
export USER=${USER:-sscard} # Bazel insists on one, also where the user id has no name

: "${SUITE_ROOT:=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../../.." && pwd)}"
SUITE_UID=$(id -u)
SUITE_HASH=$(printf '%s' "$SUITE_ROOT" | sha256sum | cut -c1-12)
SUITE_VAR=$SUITE_ROOT/var

# Bazel refuses a path with spaces and crashes on Chinese, so what is built stands under a plain ASCII path.
suite_cache_home() {
        local home=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
        if [[ $home =~ ^/[A-Za-z0-9/._+-]+$ ]] && mkdir -p "$home/sscard" 2>/dev/null && [ -w "$home/sscard" ]; then
                printf '%s/sscard' "$home"
        else
                printf '/var/tmp/sscard-%s' "$SUITE_UID"
        fi
}

# A folder of ours in a place where everyone may write: it must be ours, and nobody else's to read.
private_folder() {
        mkdir -p "$1" 2>/dev/null || true
        if [ -L "$1" ] || [ ! -d "$1" ] || [ ! -O "$1" ]; then
                fail "$1 belongs to somebody else." "Have it removed, then try again."
        fi
        chmod 0700 "$1"
}

SUITE_CACHE_HOME=$(suite_cache_home)
SUITE_CACHE=$SUITE_CACHE_HOME/$SUITE_HASH
SUITE_RUN=/tmp/sscard-$SUITE_UID/$SUITE_HASH # a unix socket's path has room for 107 bytes
SUITE_LOGS=$SUITE_CACHE/logs

if [ -t 1 ]; then
        SUITE_TTY=1 BOLD=$'\e[1m' DIM=$'\e[2m' RED=$'\e[31m' GREEN=$'\e[32m' YELLOW=$'\e[33m' PLAIN=$'\e[0m'
else
        SUITE_TTY='' BOLD='' DIM='' RED='' GREEN='' YELLOW='' PLAIN=''
fi

say() { printf '%s\n' "$*"; }
warn() { printf '%s%s%s\n' "$YELLOW" "$*" "$PLAIN" >&2; }

# fail WHAT ADVICE: ends the command; every failure says what to do.
fail() {
        printf '%s✗ %s%s\n' "$RED" "$1" "$PLAIN" >&2
        shift
        [ $# -eq 0 ] || printf '  → %s\n' "$@" >&2
        exit 1
}

# The same for a command line that cannot be understood.
usage_error() {
        printf '%s✗ %s%s\n  → ./suite help\n' "$RED" "$1" "$PLAIN" >&2
        exit 2
}

private_folder "/tmp/sscard-$SUITE_UID"
private_folder "$SUITE_RUN"
mkdir -p "$SUITE_CACHE" "$SUITE_LOGS"

# lock_take NAME: one holder at a time; freed by the kernel when this process ends, however it ends.
# It is held on descriptor 9, which whatever is left running must close (process.sh and build.sh do).
lock_take() {
        local file=$SUITE_RUN/$1.lock holder
        exec 9>>"$file"
        if ! flock -n 9; then
                holder=$(cat "$file" 2>/dev/null || true)
                fail "Another ./suite is at work in this checkout: ${holder:-unknown}." \
                        "Wait for it to end, or stop it; nothing was changed."
        fi
        : >"$file"
        printf '%s (process %s, since %s)' "$2" "$$" "$(date +%T)" >"$file"
}

# seconds_text 75 → 1m15s
seconds_text() {
        if [ "$1" -ge 60 ]; then
                printf '%dm%02ds' $(($1 / 60)) $(($1 % 60))
        else
                printf '%ds' "$1"
        fi
}
