# Everything works in .venv, inside the checkout.
VENV := .venv
LOWEST := .venv-lowest
# What docs/survey_manager.md is tried in: it holds other libraries back.
SURVEY := .venv-survey
BIN := $(VENV)/bin
# What depends on the libraries, of which the oldest are tried together: the law, its
# properties, its reasons, its packaging, populations. The newest are what pip picks.
LOWEST_TESTS := tests/yaml tests/properties tests/reasons $(wildcard tests/test_*.py) \
  $(addprefix tests/population/test_,api.py compare.py generate.py report.py simulation.py tables.py workbooks.py)
FILES := $(shell git ls-files)
# The prose that people write, wrapped at a hundred columns; the rest of docs/ is generated.
PROSE := $(filter-out docs/coverage.md docs/inputs.md docs/readings.md,$(filter %.md,$(FILES)))
PARAMETERS := $(filter-out %/index.yaml,$(filter openfisca_isv/parameters/%.yaml,$(FILES)))

.PHONY: demo test test-newest test-lowest proof mutation lint format bench docs serve clean

demo: $(VENV)/installed
	$(BIN)/openfisca-isv demo --out out

test: test-newest test-lowest

# As many processes as cores. The tests of a file stay together: they share what they build.
PYTEST := -m pytest --numprocesses auto --dist loadfile

test-newest: $(VENV)/installed $(SURVEY)/installed
	$(BIN)/python $(PYTEST)

test-lowest: $(LOWEST)/installed
	$(LOWEST)/bin/python $(PYTEST) $(LOWEST_TESTS)

# The model against the scalar reading of the tests, on every case: some seven minutes of
# two idle cores, by the processor time that it takes.
# It writes openfisca_isv/law/checked.json, which the site shows.
proof: $(VENV)/installed
	PYTHONPATH=tests $(BIN)/python tests/proof/prove.py

# Every small fault that could stand in the law, against the YAML tests alone. It writes
# to the same file once no fault is left unseen.
mutation: $(VENV)/installed
	PYTHONPATH=tests $(BIN)/python tests/proof/mutation.py

lint: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/yamllint --strict $(filter %.yaml,$(FILES))
	$(BIN)/check-jsonschema --schemafile tests/schemas/parameter.json $(PARAMETERS)
	$(BIN)/mdformat --check $(PROSE)
	$(BIN)/python -m openfisca_isv.law.documentation --check

docs: $(VENV)/installed
	$(BIN)/python -m openfisca_isv.law.documentation

format: $(VENV)/installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/mdformat $(PROSE)

bench: $(VENV)/installed
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.web
	$(BIN)/python -m benchmarks.questions

# The site, with its simulator and the Web API behind it, on http://127.0.0.1:5000.
serve: $(VENV)/installed
	$(BIN)/openfisca-isv site --out out/site
	$(BIN)/openfisca-isv serve --port 5000 --site out/site

clean:
	rm -rf $(VENV) $(LOWEST) $(SURVEY) out build dist

# A Debian machine without python3-venv gets it from its own packages.
define make_venv
	python3 -m venv --clear $(1) || \
	  { apt-get update && apt-get install --yes python3-venv && python3 -m venv --clear $(1); }
	$(1)/bin/python -m pip install --quiet --disable-pip-version-check --editable $(2)
	touch $(1)/installed
endef

$(VENV)/installed: pyproject.toml
	$(call make_venv,$(VENV),'.[dev]')

$(LOWEST)/installed: pyproject.toml .ci/lowest.txt
	$(call make_venv,$(LOWEST),'.[dev]' --constraint .ci/lowest.txt)

$(SURVEY)/installed: pyproject.toml
	$(call make_venv,$(SURVEY),. openfisca-survey-manager)
