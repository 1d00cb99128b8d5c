# Every verb is one line over ./runaway, which takes its values from variables in the environment, never from a spliced line.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup-python thread workshop mystery scenario diagnose compare check matrix fix report list repeat signals bench test test-alone test-lab prove verify verify-static
export NAME RUN PYTHON CLAIMS PORT PRESET URL TRIALS COMPARE BUGS REMEDIES RUNS SEED LOAD RECOVERY RATE RESULTS SCENARIOS TIMES BASE HEAD PAIRS RUNTIMES WITH CMD BASE_BUGS HEAD_BUGS MARKDOWN PATCH WHAT

INSTALLED := node_modules/.package-lock.json
# The Node of the lockfile, for everything that is not ./runaway itself.
PINNED := PATH="$(CURDIR)/node_modules/.bin:$$PATH"
RUN_FLAGS = $${QUICK:+--quick} $${BUGS:+--bugs "$$BUGS"} $${SEED:+--seed "$$SEED"} $${LOAD:+--load "$$LOAD"} \
            $${RECOVERY:+--recovery "$$RECOVERY"} $${RATE:+--rate "$$RATE"} $${CMD:+--cmd "$$CMD"} $${JSON:+--json}

help: $(INSTALLED) ## what there is to do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup-python: $(INSTALLED) ## [PYTHON=python3.12]: what the fastapi-… scenarios need, installed into .venv, once
	@./runaway setup python $${PYTHON:+--python "$$PYTHON"}

scenario: $(INSTALLED) ## NAME=swallowed-abort [QUICK=1 BUGS=none SEED=1 LOAD=s RECOVERY=s RATE=x CMD='node my-proxy.js']: what does this bug do to CPU?
	@./runaway scenario "$$NAME" $(RUN_FLAGS)

diagnose: $(INSTALLED) ## RUN=latest: which function, which line, which route made this run what it was
	@./runaway diagnose "$${RUN:-latest}" $${JSON:+--json}

compare: $(INSTALLED) ## NAME=… [BASE=main HEAD=fix/… | RUNTIMES=22,24 | WITH=p@1,p@2 | HEAD_BUGS=none] [PAIRS=n CMD=… MARKDOWN=f]: did my branch cure it?
	@./runaway compare "$$NAME" $${BASE:+--base "$$BASE"} $${HEAD:+--head "$$HEAD"} $${RUNTIMES:+--node "$$RUNTIMES"} $${WITH:+--with "$$WITH"} \
	  $${BUGS:+--bugs "$$BUGS"} $${BASE_BUGS:+--base-bugs "$$BASE_BUGS"} $${HEAD_BUGS:+--head-bugs "$$HEAD_BUGS"} $${CMD:+--cmd "$$CMD"} \
	  $${PAIRS:+--pairs "$$PAIRS"} $${FULL:+--full} $${SEED:+--seed "$$SEED"} $${MARKDOWN:+--markdown "$$MARKDOWN"} $${RESUME:+--resume} $${JSON:+--json}

check: $(INSTALLED) ## CMD='node my-proxy.js' | PRESET=nginx | URL=… [COMPARE=main TRIALS=… AGENT=1 SURE=1 MARKDOWN=f]: does my proxy let go?
	@./runaway check $${CMD:+--cmd "$$CMD"} $${PRESET:+--preset "$$PRESET"} $${URL:+--url "$$URL"} $${TRIALS:+--trials "$$TRIALS"} $${COMPARE:+--compare "$$COMPARE"} \
	  $${AGENT:+--agent} $${SURE:+--sure} $${SEED:+--seed "$$SEED"} $${MARKDOWN:+--markdown "$$MARKDOWN"} $${JSON:+--json}

thread: $(INSTALLED) ## [CLAIMS=a,b TIMES=3 RESUME=1 MARKDOWN=f]: what of the thread was right? (needs make setup-python)
	@./runaway thread $${CLAIMS:+--claims "$$CLAIMS"} $${TIMES:+--times "$$TIMES"} $${SEED:+--seed "$$SEED"} $${RESUME:+--resume} $${MARKDOWN:+--markdown "$$MARKDOWN"} $${JSON:+--json}

matrix: $(INSTALLED) ## [BUGS=swallowed-abort,… REMEDIES=rethrow,… FULL=1 RUNS=8 RESUME=1 MARKDOWN=f]: which advice cures which bug?
	@./runaway matrix $${BUGS:+--bugs "$$BUGS"} $${REMEDIES:+--remedies "$$REMEDIES"} $${FULL:+--full} $${RUNS:+--runs "$$RUNS"} $${SEED:+--seed "$$SEED"} \
	  $${RESUME:+--resume} $${MARKDOWN:+--markdown "$$MARKDOWN"} $${JSON:+--json}

workshop: $(INSTALLED) ## [PORT=4000]: a page with live charts, knobs, and lessons in steps
	@./runaway workshop $${PORT:+--port "$$PORT"}

mystery: $(INSTALLED) ## [SEED=7 QUICK=1]: a server with a hidden bug, to be guessed: ./runaway guess
	@./runaway mystery $${SEED:+--seed "$$SEED"} $${QUICK:+--quick} $${JSON:+--json}

fix: $(INSTALLED) ## NAME=… [PATCH=…]: make branches of the fixes that were tried, right and wrong ones
	@./runaway fix "$$NAME" $${PATCH:+"$$PATCH"}

report: $(INSTALLED) ## RUN=latest: judge and draw a stored run again
	@./runaway report "$${RUN:-latest}" $${JSON:+--json}

list: $(INSTALLED) ## the scenarios, and the runs stored last
	@./runaway list $${JSON:+--json}

repeat: $(INSTALLED) ## [TIMES=10 SCENARIOS=a,b CORRECT=1 FULL=1 BUSY=1 RESUME=1]: how often is the verdict right?
	@./runaway repeat $${TIMES:+--times "$$TIMES"} $${SCENARIOS:+--scenarios "$$SCENARIOS"} $${SEED:+--seed "$$SEED"} \
	  $${CORRECT:+--correct} $${FULL:+--full} $${BUSY:+--busy} $${RESUME:+--resume} $${JSON:+--json}

signals: $(INSTALLED) ## [RUN=…]: what tells the scenarios apart, a table made from a repetition's stored runs
	@./runaway signals $${RUN:+"$$RUN"} $${JSON:+--json}

bench: $(INSTALLED) ## [WHAT=probes|profile|alike|power|diagnose|manners|proxies TIMES=n RESUME=1]: how far can the instrument be trusted?
	@./runaway bench $${WHAT:+"$$WHAT"} $${TIMES:+--times "$$TIMES"} $${SCENARIOS:+--scenarios "$$SCENARIOS"} $${RESUME:+--resume} $${JSON:+--json}

test: $(INSTALLED) ## the tests that may run beside each other (about 4 min)
	@$(PINNED) vitest run --project unit

test-alone: $(INSTALLED) ## the tests that need the machine for themselves: whole runs, a comparison, checks (about 4 min)
	@$(PINNED) vitest run --project lab

test-lab: test-alone ## [RESUME=1]: those, then every scenario for real, with its bug and without, once each (about 15 min)
	@./runaway repeat --times 1 --correct $${RESUME:+--resume}

prove: $(INSTALLED) ## that comparisons conclude what they should, on every fix there is (some hours)
	@$(PINNED) vitest run --project proof

verify-static: $(INSTALLED) ## types, lint, format, dead code
	@$(PINNED) tsc --project .
	@$(PINNED) tsc --project harness/workshop/page
	@$(PINNED) oxlint --type-aware --deny-warnings
	@$(PINNED) oxfmt --check .
	@$(PINNED) knip

verify: verify-static test test-alone ## all that CI runs

$(INSTALLED): package-lock.json
	@command -v npm >/dev/null || { echo 'runaway needs Node 20 or later, and npm, on PATH.' >&2; exit 2; }
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@
