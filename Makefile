# Targets print what they do; `make` alone prints this help.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
RECIPE ?= linear
DATA ?= public
IN ?= data/corpus/samples.jsonl
OUT ?= outputs/scored.jsonl
BIN := .venv/bin
RUN := $(BIN)/unpolished
# Address of PyTorch's CPU builds, for CPU-only Linux; see README.
TORCH_INDEX ?=
# What mkdocstrings looks at: the package alone, for it would search .venv beside it as well.
PACKAGE := __init__.py lazy.py version.py cli data inference models training
# Tests run in random order (the seed is printed) by a process for each processor; see CONTRIBUTING.
PYTEST := $(BIN)/python -m pytest -n auto --maxprocesses 8 --dist worksteal
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: help setup data train evaluate compare promote rollback score label take-labels demo check format test test-slow mlflow default-model sentence-encoder folds schema corpus-card disclosure-table exports-page docs quality papers throughput spark-scale studies languages results clean author-stage vet-public sweep ablate reproduce errors service-speed yardstick growth

help: ## Print the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | sort | while IFS=$$'\t' read -r name text; do printf '  make %-14s %s\n' "$$name" "$$text"; done
	@printf '\n  e.g. make train RECIPE=embed DATA=public     (DATA: corpus, public or a file of labelled posts)\n'

# Three levels of installation, each a stamp, so that a target installs no more than it needs.
.make/venv: constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@mkdir -p .make && touch $@

.make/base: pyproject.toml .make/venv
	$(PIP) -e .
	@touch $@

.make/track: pyproject.toml .make/venv
	$(PIP) -e '.[track]'
	@$(RUN) store
	@touch $@ .make/base

.make/dev: pyproject.toml .make/venv
	@$(if $(TORCH_INDEX),$(PIP) torch --index-url $(TORCH_INDEX))
	$(PIP) -e '.[dev]'
	@$(RUN) store
	@touch $@ .make/base .make/track

.make/teacher: .make/dev
	$(PIP) -e '.[teacher]'
	@touch $@

.make/bench: .make/dev
	$(PIP) -e '.[bench]'
	@touch $@

.make/docs: pyproject.toml .make/venv
	$(PIP) -e '.[docs]'
	@touch $@ .make/base

setup: .make/dev ## Make .venv with everything: training, tracking, tests

data: .make/track ## Download (or take from UNPOLISHED_MIRROR), check and convert the public sources
	$(RUN) data

# No torch for recipes that need none; all of it for a file of one's own, whose family is not known here.
NEEDS = $(if $(filter teacher student,$(RECIPE)),.make/teacher,$(if $(filter rules linear,$(RECIPE)),.make/track,.make/dev))

train: $(NEEDS) ## Train, evaluate, track and register: RECIPE=rules|linear|embed|encoder|stack|cascade|teacher|student DATA=corpus|public|FILE (KEEP_FOLDS=1: keep the fold models)
	$(RUN) train --recipe $(RECIPE) --data $(DATA) $(if $(KEEP_FOLDS),--keep-folds)

sweep: $(NEEDS) ## Tune RECIPE on DATA by nested cross-validation; writes outputs/RECIPE-tuned.toml (TRIALS=12, RESUME=1: go on after a stop)
	@mkdir -p outputs
	$(RUN) sweep --recipe $(RECIPE) --data $(DATA) $(if $(TRIALS),--trials $(TRIALS)) $(if $(RESUME),--resume) -o outputs/$(basename $(notdir $(RECIPE)))-tuned.toml --force

ablate: $(NEEDS) ## Take one thing after another away from RECIPE on DATA: one table, also in outputs/RECIPE-ablations.md
	@mkdir -p outputs
	$(RUN) ablate --recipe $(RECIPE) --data $(DATA) -o outputs/$(basename $(notdir $(RECIPE)))-ablations.md --force

evaluate: .make/track ## Print the metrics of the newest completed run (RUN_ID=... for another)
	$(RUN) evaluate $(if $(RUN_ID),--run $(RUN_ID))

compare: .make/track ## Print completed runs side by side (RUNS="ID ID ...": their paired differences)
	$(RUN) compare $(RUNS)

reproduce: .make/dev ## Train the run RUN_ID again, and say whether it gives the same
	$(RUN) reproduce $(RUN_ID)

errors: .make/track ## Show what the run RUN_ID is most wrong about, and kinds of posts it does worse on
	$(RUN) errors $(RUN_ID)

promote: .make/track ## Make the newest run (RUN_ID=... another) champion if it is better and nowhere worse
	$(RUN) promote $(if $(RUN_ID),--run $(RUN_ID))

rollback: .make/track ## Make the champion before this one champion again (DATA=FILE: that of your posts)
	$(RUN) rollback --data $(DATA)

score: .make/base ## Score posts: IN=posts.csv OUT=scored.jsonl
	@mkdir -p $(dir $(OUT))
	$(RUN) score $(IN) -o $(OUT) --force

label: .make/base ## Write the posts of IN most worth labelling to OUT (a CSV to fill in)
	$(RUN) label $(IN) -o $(OUT)

take-labels: .make/base ## Join the filled CSV IN to its posts POSTS and append them to OUT
	$(RUN) take-labels $(IN) --posts $(POSTS) -o $(OUT)

demo: .make/track ## Train on the shipped corpus with tracking, then score sample posts
	$(RUN) train --recipe linear --data corpus
	@mkdir -p outputs
	@printf '\nThe samples are scored by the model that is shipped, which was trained on public posts. The one\njust trained has seen made-up posts alone: unpolished score --model runs:/RUN/model uses it.\n\n'
	$(RUN) score data/corpus/samples.jsonl -o outputs/samples.jsonl --reasons flagged --force
	$(RUN) show outputs/samples.jsonl --posts data/corpus/samples.jsonl

check: .make/dev ## Format, lint, types, import rules, tests
	$(BIN)/ruff format .
	$(BIN)/ruff check .
	bash .ci/types
	$(PYTEST)

format: .make/dev ## Format the code
	$(BIN)/ruff format .

test: .make/dev ## Run the fast tests
	$(PYTEST)

test-slow: .make/dev ## Run the slow tests
	$(PYTEST) -m slow

mlflow: .make/track ## Open the tracking UI on http://127.0.0.1:5000
	@printf 'Open http://127.0.0.1:5000/#/experiments?workflowType=machine_learning\n'
	MLFLOW_DISABLE_TELEMETRY=true MLFLOW_ALLOW_PICKLE_DESERIALIZATION=false $(BIN)/mlflow ui --backend-store-uri $${MLFLOW_TRACKING_URI:-sqlite:///mlflow.db} --host 127.0.0.1

default-model: .make/teacher ## Train and ship both models that come with the package, and store scores of theirs
	$(RUN) ship default
	$(RUN) ship linear
	$(BIN)/python tests/models/store_scores.py

sentence-encoder: .make/dev ## Write the sentence encoder that compares posts with a brief; after default-model, whose token embeddings it reads
	$(BIN)/python -m unpolished.training.selection.ship_sentences

author-stage: .make/track ## Fit, measure and ship the stage by which vet reads a post beside its author's others
	$(RUN) author-stage

folds: .make/track ## Rebuild data/labels/folds.csv
	$(RUN) folds

schema: .make/base ## Rebuild the committed schemas of the output row
	$(BIN)/python -m unpolished.inference.schema.write
	$(BIN)/python -m unpolished.inference.vetting.schema

exports-page: .make/base ## Write the page of the exports that are recognised
	$(BIN)/python tests/data/io/exports/page.py > docs/exports.md

disclosure-table: .make/base ## Print what each jurisdiction says of words that disclose, each rule with a case
	@cd tests/data/text && $(abspath $(BIN))/python -m disclosure.print_table

corpus-card: .make/track ## Measure the corpus anew and write the figures of its data card
	$(BIN)/python -m unpolished.training.reports.corpus_card

docs: .make/docs ## Build the documentation site into build/site; a broken link or name is an error
	$(BIN)/python -m unpolished.cli.reference
	@rm -rf build/look && mkdir -p build/look/unpolished
	@ln -s $(addprefix $(CURDIR)/,$(PACKAGE)) build/look/unpolished
	$(BIN)/zensical build --strict --clean

quality: .make/bench ## Judge ours beside its peers on the same rows and folds; rewrite docs/quality.md
	$(BIN)/python benchmarks/quality.py

papers: .make/dev ## Set what papers report beside ours on the same data; rewrite docs/papers.md
	$(BIN)/python benchmarks/papers.py

# The build that speed is measured against: the last one before speed was worked on.
YARDSTICK ?= 448b320
BESIDE := build/yardstick-$(YARDSTICK)
AGAINST ?= $(wildcard $(BESIDE))

yardstick: .make/venv ## Install the build that speed is measured against into build/yardstick-COMMIT
	@rm -rf $(BESIDE) && mkdir -p $(BESIDE)/source
	git archive $(YARDSTICK) | tar -x -C $(BESIDE)/source
	$(PYTHON) -m venv $(BESIDE)/.venv
	$(BESIDE)/.venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt ./$(BESIDE)/source
	@rm -rf $(BESIDE)/source

throughput: .make/bench ## Time ours beside its peers and AGAINST, another build (QUICK=1: under eight minutes); rewrite docs/throughput.md
	$(BIN)/python benchmarks/throughput.py $(if $(QUICK),--quick) $(if $(AGAINST),--against $(AGAINST))

growth: .make/bench ## Time ever larger files, up to ten million posts; goes on where it was interrupted
	$(BIN)/python benchmarks/growth.py $(if $(AGAINST),--against $(AGAINST))

service-speed: .make/dev ## Time the service beside FastAPI around transformers.pipeline (QUICK=1: five minutes)
	$(BIN)/python benchmarks/service.py $(if $(QUICK),--quick)

spark-scale: .make/dev ## Time Spark with one thread and two, and estimate a cluster (QUICK=1: a few minutes, nothing written); rewrite docs/spark.md
	$(BIN)/python benchmarks/spark/scale.py $(if $(QUICK),--quick,--write)

studies: .make/bench .make/teacher ## What each source adds, the learning curve, likely label errors, shortcuts, changes over time
	$(BIN)/python benchmarks/studies/sources.py linear
	$(BIN)/python benchmarks/studies/sources.py embed --folds 2
	$(BIN)/python benchmarks/studies/sources.py encoder --folds 1 --only aruneshmathur/affiliate-marketing-disclosures --only lauramsfernandes/DisasterReponsePipeline
	$(BIN)/python benchmarks/studies/choices.py embed
	$(BIN)/python benchmarks/studies/ablations.py linear
	$(BIN)/python benchmarks/studies/learning_curve.py
	$(BIN)/python benchmarks/studies/label_errors.py
	$(BIN)/python benchmarks/studies/disclosure_rules.py --doubt linear
	$(BIN)/python benchmarks/studies/left_out_sources.py --fit "linear, with readings" --fit "teacher, with readings"
	$(BIN)/python benchmarks/studies/shortcuts.py
	$(BIN)/python benchmarks/studies/brief.py
	$(BIN)/python benchmarks/studies/faithfulness.py
	$(BIN)/python benchmarks/studies/author_stage.py linear embed
	$(RUN) train --recipe linear --data public --keep-folds
	$(BIN)/python benchmarks/studies/drift.py

vet-public: .make/track ## Vet the corpus and the public captions with the fold models of RUN_ID (default: the newest run of linear)
	$(BIN)/python benchmarks/studies/vet_public.py $(RUN_ID)

languages: .make/bench ## Measure how often English is called another language, and others English; rewrite docs/languages.md
	$(BIN)/python benchmarks/studies/languages.py

results: .make/track ## Write the results table of docs/results.md from the tracked runs
	$(RUN) results

clean: ## Remove the virtual environment and build stamps
	rm -rf .venv .make build *.egg-info
