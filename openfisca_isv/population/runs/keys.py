"""Identifiers as arrays of numpy: to divide them into parts, to find those repeated."""

import numpy
import pyarrow as pa

#: Bytes of an identifier that say to which part it belongs.
_WIDTH = 64
_MULTIPLIER = numpy.uint64(0x9E3779B97F4A7C15)
_FIRST_ROUND, _LAST_ROUND = numpy.uint64(30), numpy.uint64(31)


def sorting_keys(names: pa.Array) -> numpy.ndarray:
    """Give the first bytes of each identifier, which sort as the identifiers do.

    Args:
        names: Texts, shape ``(n,)``; a null is the empty text.

    Returns:
        Bytes of a fixed width, shape ``(n,)``.
    """
    content, starts, lengths = _bytes_of(names)
    if not len(names):
        return numpy.zeros(0, "S1")
    shortest, longest = int(lengths.min()), int(lengths.max())
    if shortest == longest and 0 < longest <= _WIDTH:
        whole = content[starts[0] : starts[0] + longest * len(names)]
        return whole.view(f"S{longest}")
    width = max(min(longest, _WIDTH), 1)
    matrix = numpy.zeros((len(names), width), numpy.uint8)
    # Column by column: identifiers are short, and there are many of them.
    for place in range(width):
        has = numpy.flatnonzero(lengths > place)
        matrix[has, place] = content[starts[has] + place]
    return matrix.reshape(-1).view(f"S{width}")


def hashes(names: pa.Array) -> numpy.ndarray:
    """Give a number of 64 bits for each identifier; equal ones have the same.

    Different ones may have the same, once in a thousand million million times.
    """
    content, starts, lengths = _bytes_of(names)
    result = lengths.astype(numpy.uint64)
    for place in range(int(lengths.max(initial=0))):
        if int(lengths.min()) > place:
            result = _mixed(result ^ content[starts + place])
        else:
            has = numpy.flatnonzero(lengths > place)
            result[has] = _mixed(result[has] ^ content[starts[has] + place])
    return result


def _mixed(numbers: numpy.ndarray) -> numpy.ndarray:
    """Spread the bits of numbers, one to one."""
    numbers = (numbers ^ (numbers >> _FIRST_ROUND)) * _MULTIPLIER
    return numbers ^ (numbers >> _LAST_ROUND)


def _bytes_of(
    names: pa.Array,
) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]:
    """Give the bytes of texts, and where each starts and how long it is."""
    names = names.fill_null("")
    _, offsets, content = names.buffers()
    ends = numpy.frombuffer(offsets, numpy.int32)[
        names.offset : names.offset + len(names) + 1
    ]
    content = numpy.frombuffer(content or b"", numpy.uint8)
    return content, ends[:-1].astype(numpy.int64), numpy.diff(ends)
