"""How the server writes JSON: days as ISO 8601, and nothing that is not JSON."""

import math
from datetime import date

from flask.json.provider import DefaultJSONProvider

from openfisca_isv.situations.values import INFINITY


class Provider(DefaultJSONProvider):
    """OpenFisca's JSON, with readable days and with words for infinite numbers."""

    @staticmethod
    def default(value: object) -> object:
        """Write what JSON has no form for."""
        if isinstance(value, date):
            return value.isoformat()
        return DefaultJSONProvider.default(value)

    def dumps(self, obj: object, **options: object) -> str:
        """Write an object; infinite numbers, which are rare, cost a second pass."""
        try:
            return super().dumps(obj, allow_nan=False, **options)
        except ValueError:
            return super().dumps(_finite(obj), allow_nan=False, **options)


def _finite(found: object) -> object:
    """Put words in place of the numbers that are not finite."""
    if isinstance(found, dict):
        return {key: _finite(value) for key, value in found.items()}
    if isinstance(found, list | tuple):
        return [_finite(value) for value in found]
    if isinstance(found, float) and not math.isfinite(found):
        if math.isnan(found):
            return "NaN"
        return INFINITY if found > 0 else f"-{INFINITY}"
    return found
