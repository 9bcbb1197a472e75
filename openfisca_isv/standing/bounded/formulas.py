"""The formulas of the model, made to run on rows known only between bounds.

A formula is the same code, in a copy of its module in which the functions it calls are
those of ``calendar``, and in which numpy makes arrays that can hold bounds. Nothing
of the model is written twice, and nothing in it knows of bounds.
"""

import sys
from collections.abc import Callable, Hashable
from types import FunctionType, ModuleType

import numpy

from openfisca_isv.standing.bounded.bounds import Bounds
from openfisca_isv.standing.bounded.calendar import REPLACED
from openfisca_isv.standing.bounded.functions import FUNCTIONS

#: Packages whose functions are called as they are: numpy hands bounds back to them.
_LEFT_ALONE = frozenset({"numpy", "openfisca_core", *sys.stdlib_module_names})
_MAKERS = ("zeros", "ones", "empty", "full")


class _Numpy(ModuleType):
    """numpy, whose new arrays can hold bounds."""

    def __getattr__(self, name: str) -> object:
        value = getattr(numpy, name)
        if name in _MAKERS:
            value = _maker(value)
        elif isinstance(value, Hashable):
            value = FUNCTIONS.get(value, value)
        setattr(self, name, value)
        return value


def _maker(make: Callable) -> Callable:
    return lambda *args, **options: Bounds(make(*args, **options))


class Formulas:
    """The formulas of models, each made once."""

    def __init__(self) -> None:
        self._made: dict[object, object] = dict(REPLACED)
        self._modules: dict[int, tuple[dict, dict]] = {}
        self._numpy = _Numpy("numpy")

    def __getitem__(self, function: FunctionType) -> FunctionType:
        """Return a function that runs on bounds."""
        if function not in self._made:
            self._made[function] = FunctionType(
                function.__code__,
                self._module(function.__globals__),
                function.__name__,
                function.__defaults__,
                function.__closure__,
            )
            self._made[function].__kwdefaults__ = function.__kwdefaults__
        return self._made[function]

    def _module(self, module: dict) -> dict:
        if id(module) not in self._modules:
            names = dict(module)
            # The module itself is kept, so that no other has its identity.
            self._modules[id(module)] = (module, names)
            for name, value in module.items():
                names[name] = self._replace(value)
        return self._modules[id(module)][1]

    def _replace(self, value: object) -> object:
        if value is numpy:
            return self._numpy
        if isinstance(value, type | FunctionType) and value in REPLACED:
            return REPLACED[value]
        is_function = isinstance(value, FunctionType)
        package = str(getattr(value, "__module__", "")).partition(".")[0]
        if is_function and package not in _LEFT_ALONE:
            return self[value]
        return value
