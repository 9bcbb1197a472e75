"""A brake on refusals: clients that send nothing right do not take up the server."""

import time

#: Seconds for which the answer to a refused request is held where there are many.
_HOLD_SECONDS = 0.25
_REFUSED = b" 4"


class Brake:
    """Counts the refusals of the last moments.

    Args:
        quick: Refusals a second that are sent at once.
    """

    def __init__(self, quick: float) -> None:
        self._quick = quick
        self._left = quick
        self._when = time.monotonic()

    def seconds(self, status_line: bytes) -> float:
        """Tell how long to hold an answer.

        Args:
            status_line: How it begins, as ``HTTP/1.1 400 Bad Request``.
        """
        if status_line[8:10] != _REFUSED:
            return 0
        now = time.monotonic()
        self._left += (now - self._when) * self._quick
        self._left = min(self._left, self._quick)
        self._when = now
        if self._left < 1:
            return _HOLD_SECONDS
        self._left -= 1
        return 0
