"""Run the YAML tests of the law under plain pytest, each under its own name.

``pytest -k loi-2005-159-art-4`` selects the tests that cite an article or one of its
paragraphs. ``openfisca test -c openfisca_isv tests/yaml`` runs the same files.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.tools.test_runner import (
    TEST_KEYWORDS,
    Loader,
    OpenFiscaPlugin,
    YamlFile,
    YamlItem,
    yaml,
)

from openfisca_isv import CountryTaxBenefitSystem

_SYSTEM = CountryTaxBenefitSystem()

# The same examples in every run, so that a change is judged on what it changes;
# `--hypothesis-profile=explore` looks for new ones.
settings.register_profile("same", derandomize=True)
settings.register_profile("explore", derandomize=False)
settings.load_profile("same")


@pytest.fixture(scope="session")
def system() -> TaxBenefitSystem:
    """Give the law in force, built once. Not to be modified: clone it."""
    return _SYSTEM


class LawFile(YamlFile):
    """A YAML file of tests, which says clearly what is wrong with one of them."""

    def collect(self) -> Iterator[YamlItem]:
        """Collect each test under its name, with its provisions as keywords."""
        tests = yaml.load(self.path.read_text("utf-8"), Loader=Loader)
        for number, test in enumerate(tests, 1):
            where = f"{self.path.name}, test {number} ({test.get('name')!r})"
            if unknown := set(test) - TEST_KEYWORDS:
                message = f"{where}: unknown keys {sorted(unknown)}"
                raise self.CollectError(message)
            for key in ("name", "keywords", "period", "output"):
                if not test.get(key):
                    message = f"{where}: {key!r} is missing or empty"
                    raise self.CollectError(message)
            item = YamlItem.from_parent(
                self,
                name=test["name"],
                baseline_tax_benefit_system=self.tax_benefit_system,
                test=test,
                options=self.options,
            )
            item.extra_keyword_matches.update(test["keywords"])
            yield item


def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> pytest.Collector | None:
    """Collect the YAML tests, unless ``openfisca test`` does already."""
    plugins = parent.config.pluginmanager.get_plugins()
    if any(isinstance(plugin, OpenFiscaPlugin) for plugin in plugins):
        return None
    if file_path.suffix == ".yaml" and "yaml" in file_path.parent.parts:
        return LawFile.from_parent(
            parent, path=file_path, tax_benefit_system=_SYSTEM, options={}
        )
    return None
