"""Where the formulas of the other readings are kept, by alternative and variable."""

from collections.abc import Callable

#: The formula of each variable that an alternative computes otherwise.
FORMULAS: dict[tuple[str, str], Callable] = {}


def alternative(identifier: str, *variables: str) -> Callable[[Callable], Callable]:
    """Register the decorated function as the formula of variables of an alternative."""

    def register(formula: Callable) -> Callable:
        for variable in variables:
            FORMULAS[identifier, variable] = formula
        return formula

    return register
