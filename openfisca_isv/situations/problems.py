"""What is wrong in a request: where, what, why, and how to correct it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from openfisca_isv.names import meant

#: Problems that an answer lists; the others are counted.
MOST_LISTED = 100
#: Longer texts are shown by their beginning, and no name is that long.
_LONGEST = 80
#: Names that a message lists; with more of them, it says how many there are.
_MOST_NAMES = 30
#: Of more names none is looked for that is only like one: a request has many.
_MOST_COMPARED = 500


@dataclass(frozen=True)
class Problem:
    """One thing to correct in a request.

    Attributes:
        path: Where it is in the body, as a JSON pointer (RFC 6901): the keys that
            lead to it, each after a slash. Empty for the body as a whole.
        value: What stands there; ``None`` where nothing does.
        reason: What is wrong with it.
        remedy: What to do about it.
    """

    path: str
    value: object
    reason: str
    remedy: str

    def __str__(self) -> str:
        """Return the place, the value, the reason and the remedy, on one line."""
        if not self.path:
            return f"{self.reason[0].upper()}{self.reason[1:]}. {self.remedy}"
        value = "" if self.value is None else f'"{self.value}" '
        return f"{self.path}: {value}{self.reason}. {self.remedy}"

    def as_json(self) -> dict[str, object]:
        """Return the problem as an object of the answer."""
        return asdict(self)


class Repeated(dict):
    """An object in which a key stands more than once.

    Attributes:
        keys_twice: The keys, each once.
    """

    keys_twice: list[str]


class Problems:
    """The problems found so far: the first ones whole, the others counted."""

    def __init__(self) -> None:
        self.listed: list[Problem] = []
        self.count = 0
        #: Whether each of them is a variable that the model does not have.
        self.are_unknown_variables = True

    def add(
        self,
        path: Iterable[object],
        value: object,
        reason: str,
        remedy: str,
        *,
        is_unknown_variable: bool = False,
    ) -> None:
        """Note a problem.

        Args:
            path: The keys that lead to it.
            value: What stands there.
            reason: What is wrong.
            remedy: What to do.
            is_unknown_variable: Whether OpenFisca answers 404 to it, and not 400.
        """
        self.count += 1
        self.are_unknown_variables &= is_unknown_variable
        if len(self.listed) < MOST_LISTED:
            self.listed.append(Problem(pointer(path), shown(value), reason, remedy))

    def add_repeated(self, path: Iterable[object], found: object) -> None:
        """Note the keys that stand more than once in an object of the body."""
        if isinstance(found, Repeated):
            for key in found.keys_twice:
                reason, remedy = "stands twice in one object", "Keep one of the two"
                self.add((*path, key), None, reason, remedy)

    @property
    def is_full(self) -> bool:
        """Return whether further problems are only counted."""
        return len(self.listed) >= MOST_LISTED


class UnfitError(Exception):
    """A name, a period or a value does not fit where it is written.

    Attributes:
        reason: What is wrong.
        remedy: What to write instead.
        value: The text that does not fit, if it is not what is written as a whole.
    """

    def __init__(self, reason: str, remedy: str, value: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy
        self.value = value


class RefusalError(Exception):
    """A request is refused.

    Attributes:
        status: The status of the answer.
        code: A word for the kind of refusal, for programs.
        problems: What is wrong, at most ``MOST_LISTED``.
        count: How many problems there are.
        headers: Headers that the answer must have.
    """

    def __init__(
        self,
        status: int,
        code: str,
        *problems: Problem,
        count: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.problems = problems
        self.count = len(problems) if count is None else count
        self.headers = headers or {}

    @classmethod
    def of(cls, problems: Problems) -> "RefusalError":
        """Refuse a request for what was found wrong in it."""
        status, code = 400, "wrong_request"
        if problems.are_unknown_variables:
            status, code = 404, "unknown_variable"
        return cls(status, code, *problems.listed, count=problems.count)

    def as_json(self) -> dict[str, object]:
        """Return the body of the answer."""
        first = str(self.problems[0])
        more = f"{self.count} problems, the first: " if self.count > 1 else ""
        return {
            "error": more + first,
            "code": self.code,
            "count": self.count,
            "problems": [problem.as_json() for problem in self.problems],
        }


def pointer(path: Iterable[object]) -> str:
    """Write a JSON pointer; an overlong or unprintable key is shown by its beginning.

    >>> pointer(["missions", "a/b", "start_date"])
    '/missions/a~1b/start_date'
    """
    keys = (shown(str(key)).replace("~", "~0").replace("/", "~1") for key in path)
    return "".join(f"/{key}" for key in keys)


def shown(value: object) -> object:
    """Return what stands in a body in a form that is short and always JSON."""
    if isinstance(value, dict):
        return "{…}" if value else "{}"
    if isinstance(value, list):
        return "[…]" if value else "[]"
    if isinstance(value, str):
        text = value[:_LONGEST].encode("utf-8", "backslashreplace").decode()
        return f"{text}…" if len(value) > _LONGEST else text
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float) and abs(value) < 10**_LONGEST:
        return value
    return str(value)[:_LONGEST]


def suggestion(name: str, names: Iterable[str]) -> str:
    """Name the one that was meant, or all of them where they are few.

    >>> suggestion("strat_date", ["start_date", "end_date"])
    'Did you mean "start_date"?'
    """
    known = list(names)
    if question := meant(name, known, most=_MOST_COMPARED):
        return question
    if len(known) <= _MOST_NAMES:
        return f"Write one of {', '.join(known)}"
    return f"There are {len(known)} of them, and none is like it"
