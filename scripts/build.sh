#!/usr/bin/env bash
# Builds Punctual: the server, the browser part, and the files of the pages under target/site.
# What has not changed since the last time is not made again.
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

server_profile=dev     # `make release` sets release

build_server() {
  step 'building the server'
  (cd "$root" && "$cargo" build -p server --profile "$server_profile")
}

build_browser() {
  step 'building the browser part'
  (cd "$root" && "$cargo" build -p frontend --target "$wasm" --profile wasm)
}

# changed NAME DIGEST: whether the digest differs from the one that `done_with` recorded last.
changed() { [ "$(cat "$site/.made/$1" 2> /dev/null)" != "$2" ]; }
done_with() { mkdir -p "$site/.made"; echo "$2" > "$site/.made/$1"; }

build_pages() {
  step 'making the files of the pages'
  mkdir -p "$site/pkg"
  pages_wasm
  pages_style
  pages_public
}

pages_wasm() {
  local module=$CARGO_TARGET_DIR/$wasm/wasm/frontend.wasm digest work=$site/.work optimise=yes
  if [ "${BUILD_WASM_OPT:-1}" = 0 ]; then optimise=no; fi
  digest="$(sha256sum < "$module") $(locked wasm-bindgen) $optimise"
  if ! changed wasm "$digest"; then return; fi
  rm -rf "$work"
  "$bindgen" "$module" "$work"
  if [ $optimise = no ]; then
    say 'not optimised, since BUILD_WASM_OPT is 0: larger than what a release serves'
  elif "$root/scripts/web/node_modules/.bin/wasm-opt" -Oz "$work/punctual_bg.wasm" -o "$work/smaller.wasm"; then
    mv "$work/smaller.wasm" "$work/punctual_bg.wasm"
  else
    die 'wasm-opt failed; BUILD_WASM_OPT=0 builds without it'
  fi
  rm -rf "$site/pkg/snippets"
  cp -R "$work/." "$site/pkg/"
  rm -rf "$work"
  compress "$site/pkg/punctual.js" "$site/pkg/punctual_bg.wasm"
  done_with wasm "$digest"
}

pages_style() {
  local digest
  digest=$(cd "$root" && find style -name '*.css' -print0 | sort -z | xargs -0 sha256sum | sha256sum)
  if ! changed style "$digest"; then return; fi
  "$root/scripts/web/node_modules/.bin/lightningcss" --minify --bundle \
    --targets 'chrome >= 123, firefox >= 121, safari >= 17.5' \
    "$root/style/main.css" -o "$site/pkg/punctual.css" \
    || die 'the style sheets could not be bundled'
  compress "$site/pkg/punctual.css"
  done_with style "$digest"
}

pages_public() {
  if [ -d "$root/public" ]; then cp -R "$root/public/." "$site/"; fi
}

# compress FILE…: a brotli copy beside each, for the server to send as it is.
compress() {
  node -e '
    const fs = require("fs"), zlib = require("zlib");
    for (const file of process.argv.slice(1)) {
      fs.writeFileSync(file + ".br", zlib.brotliCompressSync(fs.readFileSync(file)));
    }' "$@"
  local file
  for file; do
    say "$(basename "$file"): $(stat -c %s "$file") bytes, $(stat -c %s "$file.br") in brotli"
  done
}

build() {
  setup "${1:-}"
  build_server
  build_browser
  build_pages
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  steps 6
  if [ "${1:-}" = release ]; then server_profile=release; fi
  build
  took
  if [ "$server_profile" = release ]; then
    say "the program: $CARGO_TARGET_DIR/release/punctual"
    say "the pages:   $site (LEPTOS_SITE_ROOT)"
  fi
fi
