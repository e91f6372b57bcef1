# Two commands: `make run` and `make test`. Both install what is missing on Debian 12 with Rust and Node.
# Always the whole workspace: another selection of packages has other features, and would build the typesetter again.
# The target folder stands outside the checkout, so that fresh clones reuse what was built before.
export CARGO_TARGET_DIR ?= $(HOME)/.cache/nhaviec/target

ASSETS := services/ui/assets

.PHONY: run test fuzz build setup assets browser screenshots release

run: setup-run assets
	cargo build --workspace
	$(CARGO_TARGET_DIR)/debug/xtask run

test: setup assets browser
	cargo build --workspace --all-targets
	$(CARGO_TARGET_DIR)/debug/xtask test --minutes-max 45

# Longer than the tests do: make fuzz SECONDS=3600
SECONDS ?= 600
fuzz:
	@scripts/setup build fuzz
	cargo xtask fuzz --seconds $(SECONDS)

build: assets
	cargo build --workspace --all-targets

# What building and running needs.
setup-run:
	@scripts/setup build

# What the tests need besides: a browser, PostgreSQL, readers of PDF and QR codes, a C++ compiler for the fuzzer.
setup:
	@scripts/setup build test fuzz

# Style sheets, scripts, icons: built once, and again when their sources changed.
assets: $(ASSETS)/dist/manifest.json

$(ASSETS)/dist/manifest.json: $(ASSETS)/package-lock.json $(ASSETS)/build.mjs $(shell find $(ASSETS)/src $(ASSETS)/fonts -type f 2>/dev/null)
	cd $(ASSETS) && npm ci --ignore-scripts --no-audit --no-fund && node build.mjs

browser: browser/node_modules/.package-lock.json

browser/node_modules/.package-lock.json: browser/package-lock.json
	cd browser && npm ci --ignore-scripts --no-audit --no-fund

# The pictures of the README, from the running program.
screenshots: setup assets browser
	cargo build --workspace
	node --test --test-concurrency=1 browser/tests/journey.test.mjs
	cp test-results/journey-dossier.png docs/screens/dossier-desk.png
	cp test-results/journey-counter.png docs/screens/receive-desk.png
	cp test-results/journey-citizen-follow.png docs/screens/follow-phone.png

# What is handed out, in dist/: an archive, a Debian package, and their sums.
release: setup-run assets
	cargo xtask release
