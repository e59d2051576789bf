# Sourced by every other script: where things are, which compiler, and how to speak to people.
# BUILD_CACHE, BUILD_COMPILER=debian and BUILD_WASM_OPT=0 change what the build does; none of them
# begins with PUNCTUAL_, since the program refuses settings that it does not know.
# shellcheck shell=bash disable=SC2034
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export HOME=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}
# What outlives a clean checkout: tools, the compiler's extra parts, what was learnt about the network.
cache=${BUILD_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/punctual}
tools=$cache/tools
python=$cache/python/bin/python     # with Stripe's client, for the tests
mkdir -p "$cache" "$tools"
# rustup's programs, where a shell's own start-up files have not said so.
export PATH=$PATH:${CARGO_HOME:-$HOME/.cargo}/bin

case ${CARGO_TARGET_DIR:-} in
  '') CARGO_TARGET_DIR=$root/target ;;
  /*) ;;
  *) CARGO_TARGET_DIR=$PWD/$CARGO_TARGET_DIR ;;
esac
export CARGO_TARGET_DIR
site=$CARGO_TARGET_DIR/site
punctual=$CARGO_TARGET_DIR/debug/punctual

# The checked queries come from server/.sqlx unless there is a database to ask.
if [ -z "${DATABASE_URL:-}" ]; then export SQLX_OFFLINE=true; fi

# --- words ------------------------------------------------------------------------------------
step_now=${step_now:-0} step_of=${step_of:-0} step_began=$SECONDS

# steps N: how many steps there will be; the outermost script decides.
steps() { if [ "$step_of" = 0 ]; then step_of=$1; fi; }
# step WHAT: names the next step and how long the last one took.
step() {
  took
  step_now=$((step_now + 1)) step_began=$SECONDS
  printf '\033[1m[%s/%s]\033[0m %s …\n' "$step_now" "$step_of" "$1" >&2
}
took() {
  local seconds=$((SECONDS - step_began))
  if [ "$step_now" -gt 0 ] && [ "$seconds" -ge 2 ]; then printf '      %s s\n' "$seconds" >&2; fi
}
say() { printf '      %s\n' "$*" >&2; }
die() { printf '\nStopped: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" > /dev/null 2>&1; }

# --- the compiler -----------------------------------------------------------------------------
wasm=wasm32-unknown-unknown
sysroot=$cache/sysroot

# use_compiler: takes the one that the set-up chose, recorded in $cache/compiler as `rustup NAME`
# or `debian`. One compiler builds server and browser part, or every macro would be built twice.
use_compiler() {
  local kind name
  [ -r "$cache/compiler" ] && read -r kind name < "$cache/compiler" || return 1
  case $kind in
    rustup)
      export PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH" RUSTUP_TOOLCHAIN=$name
      cargo=cargo
      ;;
    debian)
      export PATH="/usr/bin:$PATH" RUSTC=/usr/bin/rustc
      export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="--sysroot=$sysroot"
      export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=/usr/bin/wasm-ld-22
      cargo=/usr/bin/cargo
      ;;
    *) return 1 ;;
  esac
  has "$cargo"
}
use_compiler || cargo=

# rustup_with COMPONENT: the name of a rustup toolchain that has it (clippy, rustfmt), if any.
rustup_with() {
  has rustup || return 1
  local name
  for name in "${RUSTUP_TOOLCHAIN:-}" stable; do
    if [ -n "$name" ] && rustup +"$name" which "$1" > /dev/null 2>&1; then echo "$name"; return; fi
  done
  return 1
}
