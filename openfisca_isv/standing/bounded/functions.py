"""The functions of numpy that do not go row by row, on rows known between bounds."""

from collections.abc import Callable

import numpy

from openfisca_isv.standing.bounded.bounds import (
    FUNCTIONS,
    Bounds,
    Rows,
    as_condition,
    ends,
    exactly,
)


def _where(condition, *choices) -> Bounds:
    """Choose row by row; where the condition may be either, span both choices."""
    condition = as_condition(condition)
    yes, no = (ends(choice) for choice in choices)
    if condition.is_exact:
        low = numpy.where(condition.low, yes[0], no[0])
        if yes[0] is yes[1] and no[0] is no[1]:
            return Bounds(low)
        return Bounds(low, numpy.where(condition.low, yes[1], no[1]))
    sure, never = condition.low, ~condition.high
    return Bounds(
        numpy.where(
            sure, yes[0], numpy.where(never, no[0], numpy.minimum(yes[0], no[0]))
        ),
        numpy.where(
            sure, yes[1], numpy.where(never, no[1], numpy.maximum(yes[1], no[1]))
        ),
    )


def _select(conditions, choices, default=0) -> Bounds:
    chosen = default
    for condition, choice in zip(reversed(conditions), reversed(choices), strict=True):
        chosen = _where(condition, choice, chosen)
    return chosen


def _flatnonzero(values) -> Rows | numpy.ndarray:
    condition = as_condition(values)
    if condition.is_exact:
        return numpy.flatnonzero(condition.low)
    index = numpy.flatnonzero(condition.high)
    return Rows(index, condition.low[index])


def _bincount(groups, weights=None, minlength=0) -> Bounds:
    """Sum by group: no weight lowers a sum when it grows."""
    groups = numpy.asarray(groups)
    low, high = ends(weights)
    total = numpy.bincount(groups, low, minlength)
    return Bounds(
        total, total if low is high else numpy.bincount(groups, high, minlength)
    )


def _like(make: Callable) -> Callable:
    return lambda model, *args, **options: Bounds(make(model.low, *args, **options))


def _ordered(function: Callable) -> Callable:
    """Take both ends of the first argument through a function that keeps order."""

    def apply_to_both(values, *args, **options):
        low, high = ends(values)
        return Bounds(
            function(low, *exactly(args), **exactly(options)),
            function(high, *exactly(args), **exactly(options)),
        )

    return apply_to_both


FUNCTIONS |= {
    numpy.where: _where,
    numpy.select: _select,
    numpy.flatnonzero: _flatnonzero,
    numpy.bincount: _bincount,
    numpy.cumsum: _ordered(numpy.cumsum),
    numpy.digitize: _ordered(numpy.digitize),
    numpy.clip: _ordered(numpy.clip),
    numpy.round: _ordered(numpy.round),
    numpy.sum: lambda values: values.sum(),
    numpy.any: lambda values: values.any(),
    numpy.all: lambda values: values.all(),
    numpy.zeros_like: _like(numpy.zeros_like),
    numpy.ones_like: _like(numpy.ones_like),
    numpy.empty_like: _like(numpy.zeros_like),
    numpy.full_like: _like(numpy.full_like),
    numpy.shape: lambda values: values.shape,
    numpy.ndim: lambda values: values.ndim,
    numpy.size: lambda values: values.size,
}
