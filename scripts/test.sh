#!/usr/bin/env bash
# All that CI runs: formatting, unit and integration tests on a private database, browser tests.
. "$(dirname "${BASH_SOURCE[0]}")/build.sh"

# A database of the developer's own is not for tests: they get one that is thrown away.
unset DATABASE_URL
export SQLX_OFFLINE=true
log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=()

steps 9
setup test

step 'checking the format'
if name=$(rustup_with rustfmt); then
  (cd "$root" && RUSTUP_TOOLCHAIN=$name "${CARGO_HOME:-$HOME/.cargo}/bin/cargo" fmt --all --check) || failed+=(format)
else
  say 'skipped: no rustfmt on this machine'
fi

step 'building the server and its tests'
(cd "$root" && "$cargo" test --workspace --exclude frontend --no-run --quiet)
if [ ! -x "$punctual" ]; then (cd "$root" && "$cargo" build -p server); fi
build_browser
build_pages

step 'running the unit and integration tests'
# The tests learn the database's address from their runner. Cargo must not know it: it would compile
# every checked query again, since the address is another one each time.
host=$("${RUSTC:-rustc}" -vV | sed -n 's/^host: //p' | tr 'a-z-' 'A-Z_')
# shellcheck disable=SC2016
(cd "$root" && "$punctual" dev postgres -- bash -c '
  address=$DATABASE_URL host=$1
  shift
  exec env -u DATABASE_URL "CARGO_TARGET_${host}_RUNNER=env DATABASE_URL=$address" "$@"
' _ "$host" "$cargo" test --workspace --exclude frontend --no-fail-fast) \
  2>&1 < /dev/null | tee -a "$log" || failed+=('unit and integration tests')

step 'running the browser tests'
"$root/scripts/e2e.sh" --built 2>&1 < /dev/null | tee -a "$log" || failed+=('browser tests')
took

# The counts of both runners: `test result: ok. 3 passed; 0 failed; 1 ignored` and `# pass 3`.
counts=$(sed 's/\x1b\[[0-9;]*m//g' "$log" | awk '
  /^test result: / { passed += $4; failed += $6; skipped += $8 }
  /^(#|ℹ) pass /   { passed += $3 }
  /^(#|ℹ) fail /   { failed += $3 }
  /^(#|ℹ) skipped / { skipped += $3 }
  END { printf "%d passed, %d failed, %d skipped", passed, failed, skipped }')
if [ ${#failed[@]} -gt 0 ]; then printf '\nFailed: %s\n' "$(IFS=,; echo "${failed[*]}")"; fi
printf '\n%s\n' "$counts"
[ ${#failed[@]} = 0 ]
