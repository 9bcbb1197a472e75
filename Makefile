# Everything works in .venv, inside the checkout.
VENV := .venv
LOWEST := .venv-lowest
# What docs/survey_manager.md is tried in: it holds other libraries back.
SURVEY := .venv-survey
BIN := $(VENV)/bin
# The oldest libraries that are admitted are tried together, on the law and on one case of
# what is done with them: reasons, a population through tables, workbooks and a report. The
# newest, which pip picks, are tried on everything.
LOWEST_TESTS := tests/yaml tests/properties/test_against_scalar_reading.py \
  $(filter-out %_benchmarks.py %_documentation.py %_locale.py %_packaging.py,$(wildcard tests/test_*.py)) \
  $(addprefix tests/reasons/test_reasons_,any_package.py command.py contract.py rights.py) \
  $(addprefix tests/population/test_,api.py report.py simulation.py tables.py workbooks.py)
FILES := $(shell git ls-files)
# The prose that people write, wrapped at a hundred columns; the rest of docs/ is generated.
PROSE := $(filter-out docs/coverage.md docs/inputs.md docs/readings.md,$(filter %.md,$(FILES)))
PARAMETERS := $(filter-out %/index.yaml,$(filter openfisca_isv/parameters/%.yaml,$(FILES)))

# Without compiled files, which a variable of the environment can forbid, each command that
# a test starts would compile the package again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test environments python3-venv test-newest test-lowest proof mutation lint format bench docs serve clean

demo: $(VENV)/installed
	$(BIN)/openfisca-isv demo --out out

test: environments
	$(MAKE) test-newest test-lowest

environments:
	$(MAKE) --jobs $(VENV)/installed $(SURVEY)/installed $(LOWEST)/installed

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
python3-venv:
	@python3 -c "import ensurepip" || { apt-get update && apt-get install --yes python3-venv; }

define make_venv
	python3 -m venv --clear $(1)
	$(1)/bin/python -m pip install --quiet --disable-pip-version-check --editable $(2)
	touch $(1)/installed
endef

$(VENV)/installed: pyproject.toml | python3-venv
	$(call make_venv,$(VENV),'.[dev]')

$(LOWEST)/installed: pyproject.toml .ci/lowest.txt | python3-venv
	$(call make_venv,$(LOWEST),'.[dev]' --constraint .ci/lowest.txt)

$(SURVEY)/installed: pyproject.toml | python3-venv
	$(call make_venv,$(SURVEY),. openfisca-survey-manager)
