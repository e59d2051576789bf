#!/usr/bin/env bash
# Runs the benchmarks of every crate and prints their tables. Each has a database server of its own,
# which waits for the disk as one that is kept does, and is thrown away afterwards.
# `scripts/bench.sh herd devices` runs those two; what follows a `--` goes to each of them.
. "$(dirname "${BASH_SOURCE[0]}")/build.sh"
cd "$root"

wanted=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do wanted+=("$1"); shift; done
if [ $# -gt 0 ]; then shift; fi

# Without a database to ask: cargo would build everything anew for each other DATABASE_URL.
unset DATABASE_URL
export SQLX_OFFLINE=true
wants() { [ ${#wanted[@]} -eq 0 ] || [[ " ${wanted[*]} " == *" $1 "* ]]; }
count=0
while read -r name; do
  if wants "$name"; then count=$((count + 1)); fi
done < <(grep -rhA 1 --include=Cargo.toml '^\[\[bench\]\]' app server | sed -n 's/^name = "\(.*\)"/\1/p')
[ $count -gt 0 ] || die "no benchmark is called ${wanted[*]}"

steps $((4 + count))
setup
step 'building the benchmarks'
packages=()
while read -r manifest; do
  packages+=(-p "$(sed -n 's/^name = "\(.*\)"/\1/p' "$manifest" | head -n 1)")
done < <(grep -rl --include=Cargo.toml '^\[\[bench\]\]' app server | sort)
built=$CARGO_TARGET_DIR/benches.json
"$cargo" bench "${packages[@]}" --features model/zone --benches --no-run \
  --message-format=json-render-diagnostics > "$built"

# Lines of: package's folder, name, executable; only of targets that are benches.
mapfile -t programs < <(node -e '
  const { readFileSync } = require("fs"), { dirname } = require("path");
  for (const line of readFileSync(process.argv[1], "utf8").split("\n").filter(Boolean)) {
    const made = JSON.parse(line);
    if (made.reason !== "compiler-artifact" || !made.executable) continue;
    if (!made.target.kind.includes("bench")) continue;
    console.log([dirname(made.manifest_path), made.target.name, made.executable].join("\t"));
  }' "$built" | sort)
[ ${#programs[@]} -gt 0 ] || die 'cargo built no benchmark'

failed=()
for program in "${programs[@]}"; do
  IFS=$'\t' read -r folder name executable <<< "$program"
  if ! wants "$name"; then continue; fi
  step "running $name of ${folder#"$root"/}"
  if ! (cd "$folder" && "$CARGO_TARGET_DIR/release/punctual" dev postgres --durable -- "$executable" --bench "$@"); then
    failed+=("$name")
  fi
done
took
[ ${#failed[@]} -eq 0 ] || die "failed: ${failed[*]}"
