"""What can be reached from what, step by step."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

T = TypeVar("T")


def reached(steps: Mapping[T, Iterable[T]], some: Iterable[T]) -> set[T]:
    """Return some nodes and all that can be reached from them by steps."""
    found = set(some)
    waiting = [*found]
    while waiting:
        further = {*steps.get(waiting.pop(), ())} - found
        found |= further
        waiting += further
    return found
