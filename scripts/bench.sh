#!/usr/bin/env bash
# Runs the benchmarks of every crate that has some, on a database that is thrown away, and prints
# their tables. Arguments go to the benchmark programs.
. "$(dirname "${BASH_SOURCE[0]}")/build.sh"

unset DATABASE_URL
export SQLX_OFFLINE=true
steps 5
setup
build_server
step 'running the benchmarks'
cd "$root"
packages=()
while read -r manifest; do
  packages+=(-p "$(sed -n 's/^name = "\(.*\)"/\1/p' "$manifest" | head -n 1)")
done < <(grep -rl --include=Cargo.toml '^\[\[bench\]\]' app server | sort)
[ ${#packages[@]} -gt 0 ] || die 'no crate has a benchmark'
"$punctual" dev postgres -- "$cargo" bench "${packages[@]}" --features model/zone --benches -- "$@"
took
