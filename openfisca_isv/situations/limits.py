"""How much a client may ask of the server: one figure each, adjustable."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Self

#: What the environment variables of the limits start with.
PREFIX = "OPENFISCA_ISV_"


def _limit(default: float, description: str) -> float:
    """Declare a limit, with what it bounds."""
    return field(default=default, metadata={"description": description})


@dataclass(frozen=True)
class Limits:
    """The limits of a server.

    Each can be set by an environment variable, its name in capitals after
    ``OPENFISCA_ISV_``, e.g. ``OPENFISCA_ISV_BODY_BYTES``, or by an option of the
    command ``serve``, e.g. ``--body-bytes``.
    """

    body_bytes: int = _limit(1_000_000, "Bytes of the body of a request")
    nesting: int = _limit(16, "Objects and lists inside one another in a body")
    entities: int = _limit(2_000, "Entities of a request, of all kinds together")
    axis_cells: int = _limit(1_000, "Situations that the axes of a request make of one")
    cells: int = _limit(
        100_000,
        "Values given or asked, counted for every entity of the kind, every month "
        "and every cell of the axes",
    )
    seconds: float = _limit(10, "Seconds that the answer to a request may take")
    heavy_bytes: int = _limit(
        65_536, "Bytes of a body from which the request counts as heavy"
    )
    heavy_cells: int = _limit(
        5_000, "Cells from which a request counts as heavy, whatever its size"
    )
    heavy_questions: int = _limit(
        100,
        "Values asked, of different variables or periods, from which a request counts "
        "as heavy",
    )
    heavy_requests: int = _limit(
        1, "Heavy requests that the server answers at the same time"
    )

    def __post_init__(self) -> None:
        """Check that each limit lets something through."""
        for limit in fields(self):
            if getattr(self, limit.name) <= 0:
                message = f"The limit {limit.name} must be more than 0."
                raise ValueError(message)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the limits that the environment sets; the others keep their default.

        Raises:
            ValueError: A limit is not a number, or is not more than 0.
        """
        found = {}
        for limit in fields(cls):
            variable = PREFIX + limit.name.upper()
            if variable in environment:
                try:
                    found[limit.name] = limit.type(environment[variable])
                except ValueError:
                    message = f"{variable} must be a number: {environment[variable]}"
                    raise ValueError(message) from None
        return cls(**found)
