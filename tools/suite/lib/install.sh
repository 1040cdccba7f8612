# shellcheck shell=bash
# Brings what packages.txt and the npm lock file name, and only what is missing of it.

packages_wanted() { grep -vE '^[[:space:]]*(#|$)' "$SUITE_ROOT/tools/suite/packages.txt"; }

packages_missing() {
        # shellcheck disable=SC2046
        { dpkg-query -W -f='${Package} ${db:Status-Status}\n' $(packages_wanted) 2>/dev/null || true; } |
                awk 'NR == FNR { if ($2 == "installed") have[$1] = 1; next } !($1 in have)' - <(packages_wanted)
}

# Installing a package must not start a system-wide server (Debian's way to say so is policy-rc.d).
packages_apt_install() {
        local policy=/usr/sbin/policy-rc.d mine='' code=0
        if [ ! -e "$policy" ]; then
                printf '#!/bin/sh\nexit 101\n' >"$policy"
                chmod 755 "$policy"
                mine=1
        fi
        DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 \
                install -y --no-install-recommends "$@" 9>&- || code=$?
        [ -z "$mine" ] || rm -f "$policy"
        return "$code"
}

packages_install() {
        local missing
        mapfile -t missing < <(packages_missing)
        if [ "${#missing[@]}" -eq 0 ]; then
                echo "all there" >&3
                return 0
        fi
        echo "installing: ${missing[*]}"
        echo "installed: ${missing[*]}" >&3
        # A list that was never fetched, or an old one that names files the mirror no longer has.
        if ! apt-get install --simulate -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1; then
                echo "fetching Debian's package lists"
                apt-get -o Acquire::Retries=3 update
        fi
        packages_apt_install "${missing[@]}" && return 0
        echo "once more, with fresh package lists"
        apt-get -o Acquire::Retries=3 update
        packages_apt_install "${missing[@]}"
}

# npm packages (linters, the foreign client of the tests) live in the cache; the lock file is the key.
npm_install() {
        local folder=$SUITE_CACHE/npm lock=$SUITE_ROOT/tools/lint/package-lock.json key
        key=$(sha256sum <"$lock" | cut -c1-32)
        if [ "$(cat "$folder/.installed" 2>/dev/null)" = "$key" ]; then
                echo "all there" >&3
                return 0
        fi
        mkdir -p "$folder"
        cp "$SUITE_ROOT/tools/lint/package.json" "$lock" "$folder/"
        (cd "$folder" && npm ci --no-audit --no-fund --ignore-scripts --no-update-notifier --prefer-offline)
        printf '%s' "$key" >"$folder/.installed"
        echo "installed" >&3
}

npm_cpu() { if [ "$(uname -m)" = x86_64 ]; then echo x64; else uname -m; fi; }

# install_preflight: what a normal user cannot mend is said before anything starts.
install_preflight() {
        local missing
        command -v dpkg-query >/dev/null || fail "This is not a Debian system." \
                "Debian 12 is what is supported; elsewhere install what tools/suite/packages.txt names by hand."
        missing=$(packages_missing | tr '\n' ' ')
        [ -n "$missing" ] || return 0
        [ "$SUITE_UID" -eq 0 ] || fail "These Debian packages are missing: $missing" \
                "sudo apt-get update && sudo apt-get install -y --no-install-recommends $missing"
        say "Missing Debian packages, installed now: $missing"
}

# node and npm come with the machine; only lint and the foreign client need them.
node_preflight() {
        command -v npm >/dev/null ||
                fail "npm is missing." "Install Node.js 18 or newer (on Debian: apt-get install nodejs npm)."
}
