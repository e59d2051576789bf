# One line a target; what takes more is a script under scripts/.
.PHONY: help run dev test e2e check fmt bench sqlx build release clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' Makefile

run: ## build and start on http://127.0.0.1:3000 with demo data; installs what is missing
	@scripts/run.sh

dev: ## like run, and again whenever a file changes
	@scripts/dev.sh

test: ## everything that CI runs, the browser tests included
	@scripts/test.sh

e2e: ## the browser tests alone
	@scripts/e2e.sh

check: ## clippy over all of it
	@scripts/check.sh clippy

fmt: ## format all Rust code
	@scripts/check.sh fmt

bench: ## the benchmarks, as tables
	@scripts/bench.sh

sqlx: ## ask a database about all checked queries again (server/.sqlx)
	@scripts/sqlx.sh

build: ## build without starting
	@scripts/build.sh

release: ## an optimised program and the files of its pages
	@scripts/build.sh release

clean: ## remove what was built; tools stay in the user's cache
	@rm -rf "$${CARGO_TARGET_DIR:-target}" scripts/web/node_modules end2end/node_modules end2end/artifacts
