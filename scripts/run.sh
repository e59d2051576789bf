#!/usr/bin/env bash
# Builds what has changed and starts Punctual with demo data. Arguments go to `punctual serve`.
. "$(dirname "${BASH_SOURCE[0]}")/build.sh"

# A database named for running is not one to check queries against while building.
export SQLX_OFFLINE=${SQLX_OFFLINE:-true}

steps 7
build
step 'starting'
cd "$root"
# Not exported earlier: the compiler would take the names for its own configuration.
export LEPTOS_OUTPUT_NAME=punctual LEPTOS_SITE_ROOT=$site LEPTOS_SITE_PKG_DIR=pkg
exec "$punctual" serve --demo "$@"
