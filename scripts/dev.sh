#!/usr/bin/env bash
# Like run.sh, and builds and starts again whenever a source file changes.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

export BUILD_WASM_OPT=${BUILD_WASM_OPT:-0}
# Whoever changes queries names a migrated database in DATABASE_URL, and has them checked by it.
if [ -n "${DATABASE_URL:-}" ]; then export SQLX_OFFLINE=${SQLX_OFFLINE:-false}; fi
mark=$(mktemp)
server=
stop() { if [ -n "$server" ]; then kill "$server" 2> /dev/null; wait "$server" || true; fi; rm -f "$mark"; }
trap stop EXIT
trap 'exit 130' INT TERM

cd "$root"
while true; do
  touch "$mark"
  if [ -n "$server" ]; then kill "$server" 2> /dev/null || true; wait "$server" || true; server=; fi
  "$root/scripts/run.sh" "$@" &
  server=$!
  until [ -n "$(find app frontend server style public migrations Cargo.toml -newer "$mark" -type f \
    ! -path '*/.sqlx/*' -print -quit)" ]; do
    sleep 1
  done
  say 'a file has changed'
done
