#!/usr/bin/env bash
# ./suite help
set -euo pipefail

cat <<'TEXT'
./suite COMMAND …

  up [--sandbox] [--region N] [--port-base N]
                      start a region here, fill it with synthetic holders, walk a card journey
  down                stop it; data stay in var/
  status              what runs, where, since when
  logs [SERVICE]      the last lines of every service, or follow one (--follow)
  test [quick|NAME…]  build, lint and test everything; quick: format, light lint, unit tests;
                      NAME: a path (services/card), or lint, unit, asan, tsan, integration
  bench [NAME…] [--json FILE]
                      measure against peers built from source, in one run
  lint [NAME…]        the checks of the source alone (./suite lint --list)
  fmt [FILE…]         format C, build files and protos in place
  ctl …               sscardctl with this checkout's context: ./suite ctl help
  help                this text

Works from any folder. What is missing is installed (Debian packages as root; npm packages and
everything built go to a cache folder, never into the checkout).
TEXT
