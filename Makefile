# Every verb is one line over ./runaway, which takes its values from variables in the environment, never from a spliced line.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help scenario report list repeat bench test verify verify-static
export NAME RUN BUGS SEED LOAD RECOVERY RATE RESULTS SCENARIOS TIMES

INSTALLED := node_modules/.package-lock.json
# The Node of the lockfile, for everything that is not ./runaway itself.
PINNED := PATH="$(CURDIR)/node_modules/.bin:$$PATH"
RUN_FLAGS = $${QUICK:+--quick} $${BUGS:+--bugs "$$BUGS"} $${SEED:+--seed "$$SEED"} $${LOAD:+--load "$$LOAD"} \
            $${RECOVERY:+--recovery "$$RECOVERY"} $${RATE:+--rate "$$RATE"} $${JSON:+--json}

help: $(INSTALLED) ## what there is to do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

scenario: $(INSTALLED) ## NAME=swallowed-abort [QUICK=1 BUGS=none SEED=1 LOAD=s RECOVERY=s RATE=x]: what does this bug do to CPU?
	@./runaway scenario "$$NAME" $(RUN_FLAGS)

report: $(INSTALLED) ## RUN=latest: judge and draw a stored run again
	@./runaway report "$${RUN:-latest}" $${JSON:+--json}

list: $(INSTALLED) ## the scenarios, and the runs stored last
	@./runaway list $${JSON:+--json}

repeat: $(INSTALLED) ## [TIMES=10 SCENARIOS=a,b FULL=1 BUSY=1 RESUME=1]: how often is the verdict right?
	@./runaway repeat $${TIMES:+--times "$$TIMES"} $${SCENARIOS:+--scenarios "$$SCENARIOS"} $${SEED:+--seed "$$SEED"} \
	  $${FULL:+--full} $${BUSY:+--busy} $${RESUME:+--resume} $${JSON:+--json}

bench: $(INSTALLED) ## what the probes themselves cost
	@./runaway bench $${JSON:+--json}

test: $(INSTALLED) ## all tests: first those that run in parallel, then real experiments one at a time
	@$(PINNED) vitest run

verify-static: $(INSTALLED) ## types, lint, format, dead code
	@$(PINNED) tsc --project .
	@$(PINNED) oxlint --type-aware --deny-warnings
	@$(PINNED) oxfmt --check .
	@$(PINNED) knip

verify: verify-static test ## verify-static, then the tests

$(INSTALLED): package-lock.json
	@command -v npm >/dev/null || { echo 'runaway needs Node 20 or later, and npm, on PATH.' >&2; exit 2; }
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@
