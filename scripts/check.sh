#!/usr/bin/env bash
# `fmt` formats all Rust code; `clippy` reads it for faults. Debian's compiler has neither, so both
# come from rustup where it is.
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

cd "$root"
own=${CARGO_HOME:-$HOME/.cargo}/bin/cargo
case ${1:-} in
  fmt)
    name=$(rustup_with rustfmt) || die 'no rustfmt on this machine; rustup has it'
    RUSTUP_TOOLCHAIN=$name exec "$own" fmt --all
    ;;
  clippy)
    name=$(rustup_with cargo-clippy) || die 'no clippy on this machine; rustup has it'
    # Apart from the builds when it is another compiler, which would only overwrite each other's work.
    if [ "$cargo" = /usr/bin/cargo ]; then export CARGO_TARGET_DIR=$cache/clippy PATH="${own%/*}:$PATH"; fi
    unset RUSTC
    RUSTUP_TOOLCHAIN=$name exec "$own" clippy --workspace --exclude frontend --all-targets -- -D warnings
    ;;
  *) die 'usage: check.sh fmt|clippy' ;;
esac
