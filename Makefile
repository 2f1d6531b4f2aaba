# Jinlin without Docker. `make` alone says what there is.

PYTHON := .venv/bin/python
LOCAL := $(PYTHON) -m deploy.local
# What tools of the runtime are told: the settings of this service in the local run.
SERVICE ?= petitions
FROM ?=
BEFORE ?=
SEEDS ?= 1000
DATA ?=
ARGS ?=
SUB ?= dev
ROLE ?=
PLACE ?=
ORG ?=
WORKERS ?= 2
BY_FILE := -n $(WORKERS) --dist loadfile --no-loadscope-reorder
STORED ?= 1000000
MINUTES ?= 30
THERE ?=

# Only what is asked for on the command line limits the logs; SERVICE's default does not.
LOGS_OF := $(if $(filter command line environment,$(origin SERVICE)),$(SERVICE))

# What Python has compiled is kept: without that every process of a local run, and every run of the
# tests, compiles all of it anew, and of the tests' collection that is the half. `make clean` removes it.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install up down idp status watch logs demo screenshots test check topics dlq replay rebuild simulate year chaos \
	contracts bench bench-1m curves soak token fmt lock clean ledger-audit client kafka-subscriber smoke compose-test \
	supply audit backup restore archive

help: ## this list
	@echo "make ..."
	@sed -nE 's/^([a-z0-9-]+):[^#]*## (.*)/  \1|\2/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

install: ## put everything a local run needs into the checkout (.venv, build/)
	@python3 -m deploy.local.install

up: install ## start MongoDB, Kafka, the issuer and every service, and wait until all is ready
	@$(LOCAL) up

down: ## stop everything that `make up` or `make demo` started
	@test ! -x $(PYTHON) || $(LOCAL) down

idp: install ## start Keycloak as well, a real OpenID provider for the gateway (Maven Central, 170 MB)
	@$(LOCAL) idp

status: install ## what runs, where, since when; lag, backlog, dead letters, leaders, disk
	@$(LOCAL) status

watch: install ## Prometheus with the alerts beside the local run, until Ctrl-C
	@$(LOCAL) watch

logs: install ## follow the logs of all parts, or of one: SERVICE=petitions
	@$(LOCAL) logs -f $(LOGS_OF)

demo: install ## play a neighbourhood's day; DATA=folder files real messages instead
	@$(PYTHON) -m deploy.demo $(if $(DATA),--data "$(DATA)")

screenshots: demo ## pictures of the main pages, made on the demo's town: docs/screenshots (apt: chromium fonts-noto-cjk)
	@$(PYTHON) -m deploy.demo.screenshots

# Where tests are that run alone: collecting all others as well takes five times as long.
ALONE = $(shell grep -rl "mark\.alone" tests --include="test_*.py" | sort)

# On all cores, each worker with servers of its own and taking the next file when it is done, the longest first
# (tests/servers.py); but for what has time limits: that runs one after the other.
# A path in ARGS may hold tests of one sort only: that none of the other ran (5) is no failure.
test: install ## every test but the longest, with a real MongoDB and a real Kafka
	@$(PYTHON) -m pytest -p no:cacheprovider $(BY_FILE) -m "not servers and not alone" $(ARGS) || [ $$? -eq 5 ]
	@$(PYTHON) -m pytest -p no:cacheprovider $(BY_FILE) -m "servers and not alone" $(ARGS) || [ $$? -eq 5 ]
	@$(PYTHON) -m pytest -p no:cacheprovider -m "alone and not long" $(or $(ARGS),$(ALONE)) || [ $$? -eq 5 ]

chaos: install ## everything that is broken on purpose, the longest too; writes build/chaos.json, docs/reliability.md
	@$(PYTHON) -m pytest -p no:cacheprovider -m chaos $(ARGS); ended=$$?; $(PYTHON) -m tests.chaos.report; exit $$ended

# What breaks most often and is told soonest: the rules of the business, the public language, the shape of the code.
CHECKED := tests/architecture tests/contracts tests/merkle tests/neighbourhood tests/worktime $(wildcard tests/services/*/domain)

check: install ## the fast part: style, types, import rules; tests of domains, contracts and architecture
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports --cache-dir build/import-linter
	@$(PYTHON) -m pytest -p no:cacheprovider -q -n $(WORKERS) -m "not servers and not slow" $(or $(ARGS),$(CHECKED))

topics: install ## make every Kafka topic that is missing
	@$(LOCAL) run $(SERVICE) -- $(PYTHON) -m shared.runtime.tools.topics $(ARGS)

dlq: install ## dead letters: ARGS="list", "show ID", "replay ID", "replay --all", "drop ID --reason ..."
	@$(LOCAL) run $(SERVICE) -- $(PYTHON) -m shared.runtime.tools.dlq $(ARGS)

replay: install ## publish again from the commits: SERVICE=petitions FROM=2026-01-01
	@$(LOCAL) run $(SERVICE) -- $(PYTHON) -m shared.runtime.tools.replay --service $(SERVICE) --from "$(FROM)"

rebuild: install ## fold all commits of SERVICE into states and compare with the stored ones
	@$(LOCAL) run $(SERVICE) -- $(PYTHON) -m shared.runtime.tools.rebuild --service $(SERVICE)

backup: install ## all stores at one moment into var/backups, while services run: ARGS="--to FOLDER --key FILE"
	@$(PYTHON) -m deploy.backup make $(ARGS)

restore: install ## put a backup back, services stopped: FROM=folder ARGS="--key FILE --replace --only petitions"
	@$(PYTHON) -m deploy.backup restore "$(FROM)" $(ARGS)

archive: install ## ended streams to Parquet, with the ledger's proofs: SERVICE=petitions BEFORE=2026-01-01, or ARGS="verify FOLDER"
	@$(LOCAL) run $(SERVICE) -- $(PYTHON) -m deploy.archive $(if $(BEFORE),write $(SERVICE) --before "$(BEFORE)") $(ARGS)

ledger-audit: install ## read the whole log and compare it with its heads and anchors: ARGS="https://... --anchors FILE"
	@$(LOCAL) run ledger -- $(PYTHON) -m services.ledger.audit $(ARGS)

simulate: install ## the whole platform in one process, once for each of SEEDS seeds
	@$(PYTHON) -m tests.simulation --seeds $(SEEDS)

year: install ## a year of eight communities in volunteering, reckoned a second time (minutes, some GB)
	@$(PYTHON) -m tests.services.volunteering.year

contracts: install ## generate the JSON Schemas, the samples and the AsyncAPI document again
	@$(PYTHON) -m shared.contracts.generate

client: install ## the client for other systems as a wheel: build/client/jinlin_client-*.whl
	@$(PYTHON) -m deploy.client

kafka-subscriber: install ## another system's user at Kafka: ARGS="--bootstrap kafka1:9092 add NAME --services petitions"
	@$(PYTHON) -m deploy.kafka.subscriber $(ARGS)

bench: install ## measure; writes build/bench.json and docs/performance.md
	@$(PYTHON) -m tests.bench $(ARGS)

bench-1m: install ## measure with a million petitions stored; writes beside the rest
	@$(PYTHON) -m tests.bench --stored $(STORED)

curves: install ## measure over load, connections and stored petitions; draws docs/plots
	@$(PYTHON) -m tests.bench.curves $(ARGS)

soak: install ## half of the highest load for MINUTES=30: memory, lag, errors
	@$(PYTHON) -m tests.bench.soak --minutes $(MINUTES) $(ARGS)

token: install ## an access token: make -s token ROLE=grid-worker PLACE=350102 SUB=w1
	@$(LOCAL) token --sub "$(SUB)" --role "$(ROLE)" --place "$(PLACE)" --org "$(ORG)"

smoke: $(if $(THERE),install) ## play the demo's day on the running compose file, or on what THERE=file has the addresses of
	@$(if $(THERE),set -a && . "$(abspath $(THERE))" && $(PYTHON) -m deploy.demo --there,python3 -m deploy.compose.smoke)

compose-test: install ## run the compose file for real: up, the demo's day, every container killed, down, up again; ARGS="--profile full"
	@$(PYTHON) -m deploy.compose.rehearsal $(ARGS)

supply: install ## licences and materials (CycloneDX) of the image into build/; fails on unknown licences and checked-in secrets
	@$(PYTHON) -m deploy.supply

audit: install ## ask PyPI's advisories about every pinned version; says which could not be asked about
	@$(PYTHON) -m deploy.supply.audit

fmt: install ## put code into shape
	@$(PYTHON) -m ruff check --fix --quiet . || true
	@$(PYTHON) -m ruff format .

lock: install ## write requirements.lock anew from pyproject.toml
	@$(PYTHON) -m deploy.local.lock

clean: down ## remove everything that was installed, built or stored by a local run
	rm -rf .venv build var
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
