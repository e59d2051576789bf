#!/usr/bin/env bash
# Browser tests against the real program. `--built` trusts that it is built; other arguments are
# spec files (all by default). E2E_SHOTS=1 keeps screenshots in end2end/artifacts.
. "$(dirname "${BASH_SOURCE[0]}")/build.sh"

if [ "${1:-}" = --built ]; then
  shift
else
  unset DATABASE_URL
  steps 7
  setup test
  build_server
  build_browser
  build_pages
  step 'running the browser tests'
fi
cd "$root/end2end"
if [ $# = 0 ]; then set -- tests/*.spec.mjs; fi
E2E_BIN=$punctual E2E_SITE=$site E2E_PYTHON=$python exec node --test --test-reporter=spec "$@"
