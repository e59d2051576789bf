#!/usr/bin/env bash
# Writes the answers of a database to all checked queries into server/.sqlx again, so that builds
# need none. Uses the database of DATABASE_URL if set (it must be migrated), else a temporary one.
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

cd "$root"
if [ -z "${DATABASE_URL:-}" ]; then
  steps 4
  setup
  step 'asking a temporary database'
  # Any earlier build will do; it only has to start Postgres.
  [ -x "$punctual" ] || "$cargo" build -p server \
    || die 'the server must have been built once; or give a migrated database in DATABASE_URL'
  SQLX_MIGRATE=1 exec "$punctual" dev postgres -- "$0"
fi

if [ -n "${SQLX_MIGRATE:-}" ]; then
  psql=$(command -v psql || ls /usr/lib/postgresql/*/bin/psql | tail -n 1)
  for migration in migrations/*.sql; do
    "$psql" "$DATABASE_URL" -q -X -v ON_ERROR_STOP=1 -f "$migration" > /dev/null || die "$migration failed"
  done
fi
unset SQLX_OFFLINE
kept=$(mktemp -d)
mkdir -p server/.sqlx
find server/.sqlx -name 'query-*.json' -exec mv -t "$kept" {} +
# Only a compiled query is written, so every crate with queries is compiled again.
grep -rlE 'query(_as|_scalar)?!\(' server --include='*.rs' | xargs -r touch
if "$cargo" build --workspace --exclude frontend --all-targets; then
  say "$(find server/.sqlx -name 'query-*.json' | wc -l) queries, before $(find "$kept" -name 'query-*.json' | wc -l)"
  rm -rf "$kept"
else
  find "$kept" -name 'query-*.json' -exec mv -n -t server/.sqlx {} +
  die 'the build failed; server/.sqlx keeps what it had'
fi
