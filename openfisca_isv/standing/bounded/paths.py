"""The ways that a formula may take where a condition for all rows may be either."""

from collections.abc import Callable, Iterator
from contextvars import ContextVar

from openfisca_isv.standing.bounded.arithmetic import UndeterminedError

#: Turns of one formula that are followed: twice as many ways with each.
_MOST_TURNS = 4


class Path:
    """The turns that a formula takes, each a condition that may be either."""

    def __init__(self) -> None:
        self._turns: list[bool] = []
        self._place = 0

    def turn(self) -> bool:
        """Take the next turn.

        Raises:
            UndeterminedError: There are too many.
        """
        if self._place == len(self._turns):
            if self._place == _MOST_TURNS:
                message = "a formula has too many ways"
                raise UndeterminedError(message)
            self._turns.append(True)
        self._place += 1
        return self._turns[self._place - 1]

    def goes_on(self) -> bool:
        """Go back to the last turn that has another way; tell whether there is one."""
        while self._turns and not self._turns[-1]:
            self._turns.pop()
        if not self._turns:
            return False
        self._turns[-1] = False
        self._place = 0
        return True


#: The path of the formula that is run, if any.
PATH: ContextVar[Path | None] = ContextVar("PATH", default=None)


def each_way(run: Callable[[], object]) -> Iterator[object]:
    """Run a formula along each way that it may take, and give each result."""
    path = Path()
    while True:
        token = PATH.set(path)
        try:
            result = run()
        finally:
            PATH.reset(token)
        yield result
        if not path.goes_on():
            return
