"""The YAML tests of the law: what each one asks, and where it stands."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from openfisca_isv.law.evidence import YamlTest, yaml_tests
from openfisca_isv.web.site.content import urls

#: Where the tests stand in a checkout; an installed package has none.
FOLDER = Path(__file__).parents[4] / "tests" / "yaml"


@dataclass(frozen=True)
class LocatedTest:
    """A test, as a place of the site.

    Attributes:
        test: What the test says of the law.
        line: Its first line in its file.
    """

    test: YamlTest
    line: int

    @property
    def url(self) -> str:
        """The place of the test on the page of its file."""
        return urls.file_of_tests(self.test.file, self.line)


def read_tests(folder: Path = FOLDER) -> list[LocatedTest]:
    """Read the tests below a folder, in the order of their files."""
    lines = {
        file.relative_to(folder).as_posix(): iter(_first_lines(file))
        for file in folder.rglob("*.yaml")
    }
    return [LocatedTest(test, next(lines[test.file])) for test in yaml_tests(folder)]


def by_file(tests: Iterable[LocatedTest]) -> dict[str, list[LocatedTest]]:
    """Put tests by the file they stand in."""
    files = defaultdict(list)
    for located in tests:
        files[located.test.file].append(located)
    return dict(files)


def _first_lines(file: Path) -> list[int]:
    node = yaml.compose(file.read_text("utf-8"), yaml.CSafeLoader)
    tests = node.value if isinstance(node, yaml.SequenceNode) else [node]
    return [test.start_mark.line + 1 for test in tests]
